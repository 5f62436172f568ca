"""What `pentad export` writes: the model and the catalogue in the words of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from model.export.dot import dot
from model.export.murphi import murphi
from model.export.names import identifier
from model.export.pages import Promise, pages
from model.export.promela import promela
from model.export.tla import tla
from model.language import Claim, ModelError, System
from model.scope import Scope
from properties.proofs import second_opinion
from properties.property import Property


@dataclass(frozen=True)
class Exported:
    """The files, and the properties that the language has no words for."""

    files: list[Path]
    unsaid: list[Property]


def _promela(system: System, scope: Scope, claims: list[Claim]) -> Mapping[str, str]:
    return {f"{_name(system, scope)}.pml": promela(system, scope, claims)}


def _murphi(system: System, scope: Scope, claims: list[Claim]) -> Mapping[str, str]:
    return {f"{_name(system, scope)}.m": murphi(system, scope, claims)}


def _tla(system: System, scope: Scope, claims: list[Claim]) -> Mapping[str, str]:
    name, module, configuration = tla(system, scope, claims)
    return {f"{name}.tla": module, f"{name}.cfg": configuration}


def _dot(system: System, scope: Scope, claims: list[Claim]) -> Mapping[str, str]:
    return {f"{_name(system, scope)}.dot": dot(system, scope)}


def _name(system: System, scope: Scope) -> str:
    return identifier(f"{system.name}_{scope.name}")


Written = Callable[[System, Scope, list[Claim]], Mapping[str, str]]
LANGUAGES: dict[str, Written] = {"promela": _promela, "murphi": _murphi, "tla": _tla, "dot": _dot}
OBLIGATIONS, PAGES = "smtlib", "pages"


def export(to: str, system: System, scope: Scope, properties: Iterable[Property], directory: Path) -> Exported:
    """Writes files into the folder. Raises ModelError for a language that is none of ours."""
    properties = list(properties)
    if to == OBLIGATIONS:
        return Exported(second_opinion.write(system, properties, directory), [])
    if to == PAGES:
        texts = pages(system, [Promise(p.id, p.statement, p) for p in properties])
        return Exported(_written({f"{name}.md": text for name, text in texts.items()}, directory), [])
    if to not in LANGUAGES:
        raise ModelError(f"nothing is exported to {to!r}; there are {', '.join([*LANGUAGES, OBLIGATIONS, PAGES])}")
    said = [] if to == "dot" else [p for p in properties if p.stated]
    files = _written(LANGUAGES[to](system, scope, list(said)), directory)
    return Exported(files, [p for p in properties if p not in said])


def _written(texts: Mapping[str, str], directory: Path) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    return [directory / name for name in texts]
