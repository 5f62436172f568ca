"""A property in full: what it says, where it comes from, what its proof leans on."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator

from model.language import System
from properties.proofs.necessity import Need, needs
from properties.property import Property
from properties.words import THREATS

KINDS = {
    "always": "of every reachable state",
    "step": "of every step, from a state to the next",
    "independent": "of the actors that the formula describes: what they can do does not depend on {of}",
    "refusal": "of every attempt that a guard refuses",
    "progress": "that it can always still come true, by {through}",
}


def explain(system: System, property: Property) -> Iterator[str]:
    """Line by line; takes a few seconds, for the conditions are dropped one by one."""
    yield f"{property.id}  {property.statement}"
    yield ""
    yield f"source    {property.source}"
    for threat in property.against.split():
        yield f"against   {THREATS[threat] if threat == '-' else f'{threat}, {THREATS[threat]}'}"
    yield f"claimed   {KINDS[property.kind].format(of=', '.join(map(repr, property.of)), through=_through(property))}"
    if property.kind != "refusal":
        yield ""
        yield from formula(property)
    if lemmas := property.closure()[1:]:
        yield ""
        yield "Its proof leans on" if property.kind == "progress" else "It is inductive together with"
        yield from (f"    {str(lemma).replace('_', ' ')}" for lemma in lemmas)
    yield ""
    yield from _conditions(property, needs(system, [property]))


def _through(property: Property) -> str:
    return ", ".join(
        f"{action} that {counts.__name__.replace('_', ' ')}" for action, counts in property.through.items()
    )


def formula(property: Property) -> Iterator[str]:
    """The property's own source, without its decorator."""
    source = textwrap.dedent(inspect.getsource(property.fn))
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    for name, sort in property.parameters.items():
        yield f"for every {name}: {sort.__name__}"
    yield from (f"    {line.removeprefix('    ')}" for line in source.splitlines()[definition.body[0].lineno - 1 :])


def _conditions(property: Property, found: list[Need]) -> Iterator[str]:
    needed = [need for need in found if need.claims]
    if not needed:
        yield "No condition of an action is needed for it: only another effect could break it."
        return
    yield f"Without one of these conditions it is no longer shown (* {property.id} itself, else a lemma)"
    width = max(len(f"{need.action}.{need.condition}") for need in needed)
    for need in needed:
        mark = "*" if property in need.claims else " "
        yield f"  {mark} {f'{need.action}.{need.condition}':<{width}}  {need.kind}"
