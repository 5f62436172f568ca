"""What every engine's evidence has in common, and how parts become one document."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from properties.catalogue import CATALOGUE, area_of
from properties.conditions import Without
from properties.property import Property
from reports.evidence import Evidence, Finding, NotChecked, PropertyInfo, Result, Run

LIBRARIES = ("z3-solver", "cvc5", "numba", "llvmlite", "hypothesis", "cryptography", "pynacl", "protobuf", "atheris")
SYMBOLIC = "Cryptography is perfect: nobody signs, decrypts or inverts a hash without the key."
PINNED = "Account keys are known: users have compared security codes, so that a list is verified with the right key."
SEEN_QR = "The owner of a phone scans a QR only off the screen of the companion in sight."
SEEN_CODE = "The owner of a phone types a code only off the screen of a companion in sight."
PASSIVE = "Compromise copies what is stored; a compromised phone is not spoken for."
NOT_BUILT = {
    "App state: conflicts of two devices": "A patch of the model is one change; what it says is not looked into.",
    "What modules with elements of their own have to do with the others": "Sessions, lost state, changed identities,"
    " stale lists and linking by code are each modelled alone: L1, say, counts companions that were linked by QR.",
    "Linking by code: how long and how often": "No property counts guesses or the time that one takes; tests do.",
}


@dataclass
class Part:
    """What one engine has to say. `properties` are those that are not in the catalogue.

    `interrupted` is whether somebody stopped it before its time.
    """

    results: list[Result] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    properties: list[PropertyInfo] = field(default_factory=list)
    interrupted: bool = False


def evidence(
    parts: Iterable[Part], *, tool_version: str, command: str, started: datetime, seconds: float, seed: int
) -> Evidence:
    """One document of all parts: the catalogue, what the engines say, and what the project does not cover yet."""
    parts = list(parts)
    properties = {info.id: info for info in map(info_of, CATALOGUE.values())}
    properties |= {info.id: info for part in parts for info in part.properties}
    return Evidence(
        tool_version=tool_version,
        command=command,
        started=started.astimezone(UTC).isoformat(timespec="seconds"),
        seconds=seconds,
        seed=seed,
        versions=versions(),
        properties=list(properties.values()),
        results=[result for part in parts for result in part.results],
        runs=[run for part in parts for run in part.runs],
        findings=[finding for part in parts for finding in part.findings],
        not_checked=[
            *(NotChecked(what, why) for what, why in NOT_BUILT.items()),
            *(gap for part in parts for gap in part.not_checked),
        ],
    )


def info_of(property: Property) -> PropertyInfo:
    threat = "" if property.against == "-" else property.against
    return PropertyInfo(property.id, property.statement, property.source, threat, property.kind, area_of(property))


def assumptions_of(property: Property) -> list[str]:
    """What a verdict about the model rests on: always the same two, others by area and threat."""
    area = area_of(property)
    others = {SEEN_QR: area == "Linking", SEEN_CODE: area == "Linking by code", PASSIVE: "P" in property.against}
    return [SYMBOLIC, PINNED, *(assumption for assumption, applies in others.items() if applies)]


def versions() -> dict[str, str]:
    """The interpreter, and the libraries that a verdict may depend on."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def weakened(scope: str, without: Without, against: str = "") -> str:
    """The scope with who attacks and what was dropped: no verdict about less than all looks like one about it."""
    dropped = ", ".join(f"{action}.{condition}" for action, condition in sorted(without))
    return ", ".join(part for part in (scope, against, f"without {dropped}" if dropped else "") if part)
