"""Which relations a formula speaks of."""

from __future__ import annotations

import z3

from model.language import Formula, Relation, System


def mentioned(formula: Formula, system: System) -> set[Relation]:
    """The relations that a formula speaks of, whichever state it reads them in."""
    named = {relation.name: relation for relation in system.relations}
    found, todo, seen = set(), [formula], set()
    while todo:
        expression = todo.pop()
        if expression.get_id() in seen:
            continue
        seen.add(expression.get_id())
        if z3.is_quantifier(expression):
            todo.append(expression.body())
        elif z3.is_app(expression):
            name = expression.decl().name().rstrip("'")
            if name in named:
                found.add(named[name])
            todo.extend(expression.children())
    return found
