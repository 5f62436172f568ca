"""Modules as pages to read: what there is, who may do what and when, and a picture of it, in the model's own text.

Everything on a page is taken from the module: its docstrings, its comments and its lines of Python as they stand, and
what its actions read and change as the engines see it. Pictures are Mermaid, which code forges draw.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from model.language import Action, Along, Claim, Formula, Module, Relation, Sort, System, Taken
from model.mentioned import mentioned

CONDITIONS = {"when": "possible if", "require": "checked"}


@dataclass(frozen=True)
class Promise:
    """Something that is claimed of a system, by its name and in a sentence."""

    id: str
    sentence: str
    claim: Claim


def pages(system: System, promises: Sequence[Promise]) -> dict[str, str]:
    """A page a module in Markdown, by the module's name, and `README` that lists them."""
    taken = {name: _taken(system, action) for name, action in system.actions.items()}
    reads = {promise.id: _read_by(system, promise.claim) for promise in promises}
    written = {_name(module): _page(system, module, taken, promises, reads) for module in system.modules}
    return {"README": _contents(system, promises)} | written


def _contents(system: System, promises: Sequence[Promise]) -> str:
    lines = [
        f"# The model `{system.name}`",
        "",
        f"{len(system.modules)} modules, {len(system.actions)} actions, {len(system.relations)} relations, and "
        f"{len(promises)} properties that are claimed of them. Written by `pentad export --to pages --out docs/model`.",
        "",
        "| module | what it is about |",
        "|---|---|",
        *[f"| [{_name(module)}]({_name(module)}.md) | {_headline(module)} |" for module in system.modules],
    ]
    return "\n".join(lines) + "\n"


def _page(
    system: System,
    module: type[Module],
    taken: dict[str, Taken],
    promises: Sequence[Promise],
    reads: dict[str, set[Relation]],
) -> str:
    parts = list(vars(module).values())
    relations = [part for part in parts if isinstance(part, Relation)]
    actions = [part for part in parts if isinstance(part, Action)]
    alongs = [part for part in parts if isinstance(part, Along)]
    told = [promise for promise in promises if reads[promise.id] & set(relations)]
    lines = [f"# {_name(module)}", "", inspect.cleandoc(_file(module).__doc__ or "")]
    if actions:
        lines += ["", *_diagram(system, relations, [taken[action.name] for action in actions])]
    if relations:
        lines += ["", "## State", "", *_relations(module, relations)]
    for claim in parts:
        if isinstance(claim, Claim):
            lines += ["", *_claimed(claim)]
    if actions or alongs:
        lines += ["", "## Actions"]
    for action in actions:
        lines += ["", *_action(f"### {_called(action)}", _spoken(action), action.fn, taken[action.name])]
    for also in alongs:
        lines += ["", *_action(f"### along with {_called(also.action)}", inspect.getdoc(also.fn) or "", also.fn)]
    if words := list(_words(module)):
        lines += ["", "## Words", "", *words]
    if told:
        lines += ["", "## Claimed of it", "", *[f"- **{each.id}** {each.sentence}" for each in told]]
    return "\n".join(lines) + "\n"


def _diagram(system: System, relations: Iterable[Relation], taken: Iterable[Taken]) -> Iterator[str]:
    """What its actions ask about (dotted) and change (drawn through); of another module, only that it is one."""
    own = {relation for relation in relations if not relation.frozen}
    lines: dict[str, None] = {}
    for each in taken:
        node = f"do_{_short(each.action)}"
        lines[f"    {node}([{_short(each.action)}])"] = None
        asked = _relations_in(system, [*each.when.values(), *each.guards.values()])
        for relation in sorted((relation for relation in asked if not relation.frozen), key=repr):
            lines[f"    {_node(relation, own)} -.-> {node}"] = None
        for effect in each.effects:
            lines[f"    {node} --> {_node(effect.relation, own)}"] = None
    return iter(["```mermaid", "flowchart LR", *lines, "```"])


def _relations(module: type[Module], relations: Iterable[Relation]) -> Iterator[str]:
    comments = _comments(module)
    yield "| relation | of | gives | |"
    yield "|---|---|---|---|"
    for relation in relations:
        of = ", ".join(sort.__name__ for sort in relation.of)
        gives = relation.gives.__name__ if issubclass(relation.gives, Sort) else "true or false"
        fixed = "never changes; " if relation.frozen else ""
        said = f"{fixed}{comments.get(_short(relation), '')}".strip("; ")
        yield f"| `{_short(relation)}` | {of} | {gives} | {said} |"


def _claimed(claim: Claim) -> Iterator[str]:
    what = {"configuration": "Given", "start": "At first"}.get(claim.about, "Always")
    yield f"{what}, `{_short(claim)}`:"
    yield ""
    yield from _fenced(_body(claim.fn))


def _action(title: str, sentence: str, fn: Callable[..., None], taken: Taken | None = None) -> Iterator[str]:
    conditions, rest = _conditions(fn)
    elsewhere = [] if taken is None else [name for name in taken.when if name not in {n for _, n, _ in conditions}]
    yield title
    yield ""
    yield sentence
    if conditions or elsewhere:
        yield ""
        yield "| | condition | |"
        yield "|---|---|---|"
        if elsewhere:
            yield f"| {CONDITIONS['when']} | {', '.join(elsewhere)} | |"
        for kind, name, text in conditions:
            yield f"| {CONDITIONS[kind]} | {name} | `{text}` |"
    if rest:
        yield ""
        yield from _fenced(rest)


def _words(module: type[Module]) -> Iterator[str]:
    """The functions beside it that its lines are written with."""
    file = _file(module)
    for name, fn in vars(file).items():
        if inspect.isfunction(fn) and inspect.getmodule(fn) is file and not name.startswith("_"):
            said = (inspect.getdoc(fn) or "").split("\n\n")[0].replace("\n", " ")
            yield f"- `{name}({', '.join(inspect.signature(fn).parameters)})` {said or f'is `{_body(fn)[-1]}`'}"


def _conditions(fn: Callable[..., None]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The named conditions as (kind, name, text), and all other lines as they stand."""
    conditions: list[tuple[str, str, str]] = []
    rest: list[str] = []
    for statement, lines in _statements(fn):
        match statement:
            case ast.Expr(ast.Call(func=ast.Name(id="when" | "require" as kind), keywords=keywords)):
                conditions += [(kind, each.arg or "", ast.unparse(each.value).replace("|", "\\|")) for each in keywords]
            case _:
                rest += lines
    return conditions, rest


def _statements(fn: Callable[..., object]) -> Iterator[tuple[ast.stmt, list[str]]]:
    """Its statements but for the docstring, each with its lines as they stand."""
    source = textwrap.dedent(inspect.getsource(fn))
    (definition,) = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    documented = ast.get_docstring(definition) is not None
    for statement in definition.body[documented:]:
        lines = source.splitlines()[statement.lineno - 1 : statement.end_lineno]
        yield statement, textwrap.dedent("\n".join(lines)).splitlines()


def _body(fn: Callable[..., object]) -> list[str]:
    return [line for _, lines in _statements(fn) for line in lines]


def _comments(module: type[Module]) -> dict[str, str]:
    """What is said behind the line that declares each relation."""
    lines = inspect.getsource(module).splitlines()
    split = [line.partition("  # ") for line in lines if " = Relation(" in line]
    return {code.split("=")[0].strip(): comment.strip() for code, _, comment in split}


def _taken(system: System, action: Action) -> Taken:
    return system.take(action, system.arguments(action), system.state())


def _read_by(system: System, claim: Claim) -> set[Relation]:
    before, after = system.state(), system.state(prime="'")
    return _relations_in(system, [claim.formula(before, after if claim.about == "step" else None)])


def _relations_in(system: System, formulas: Iterable[Formula]) -> set[Relation]:
    return {relation for formula in formulas for relation in mentioned(formula, system)}


def _file(module: type[Module]) -> object:
    return inspect.getmodule(module)


def _headline(module: type[Module]) -> str:
    return (inspect.getdoc(_file(module)) or "").split("\n\n")[0].replace("\n", " ")


def _name(module: type[Module]) -> str:
    return module.__module__.rsplit(".", 1)[-1]


def _short(part: Relation | Action | Claim) -> str:
    return part.name.rsplit(".", 1)[-1]


def _node(relation: Relation, own: AbstractSet[Relation]) -> str:
    module, name = relation.name.split(".")
    return f"{name}[{name}]" if relation in own else f"of_{module}[/{module}/]"


def _called(action: Action) -> str:
    return f"{action.name}({', '.join(action.parameters)})"


def _spoken(action: Action) -> str:
    return action.sentence.replace("{", "*").replace("}", "*")


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    yield "```python"
    yield from lines
    yield "```"
