"""Test vectors of Project Wycheproof, stored as they are; provenance: ../README.md.

A file is read only if it consists of exactly what its reader expects: a release with a new attribute or flag
has to be looked at before a verdict on it counts. Source: C2SP/wycheproof, testvectors_v1 and schemas.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_GROUP = {"source", "tests", "type"}
_CASE = {"comment", "flags", "result", "tcId"}


class UnknownFormat(Exception):
    """A file has, or lacks, something that its reader does not know."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One case, and the attributes of its group without the cases."""

    group: dict[str, Any]
    case: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.case["tcId"])

    @property
    def flags(self) -> frozenset[str]:
        return frozenset(self.case["flags"])

    @property
    def valid(self) -> bool:
        return self.case["result"] == "valid"

    def data(self, name: str) -> bytes:
        """The bytes of one hexadecimal attribute of the case."""
        return bytes.fromhex(self.case[name])

    def __str__(self) -> str:
        return "-".join([str(self.number), *sorted(self.flags)])


def load(name: str, schema: str, group: set[str], case: set[str], flags: Collection[str]) -> list[Vector]:
    """All cases of `name`_test.json; its parameters are those of `parse`."""
    path = Path(__file__).with_name(f"{name}_test.json")
    return parse(json.loads(path.read_text(encoding="utf-8")), schema, group, case, flags)


def parse(data: Any, schema: str, group: set[str], case: set[str], flags: Collection[str]) -> list[Vector]:
    """UnknownFormat unless the attributes (besides those of every file) and the flags are exactly these."""
    found = [
        Vector({name: value for name, value in each.items() if name != "tests"}, test)
        for each in data["testGroups"]
        for test in each["tests"]
    ]
    _expect("schema", {data["schema"]}, {schema})
    _expect("number of tests", {data["numberOfTests"]}, {len(found)})
    for each in data["testGroups"]:
        _expect("group", set(each), group | _GROUP)
    for vector in found:
        _expect(f"case {vector.number}", set(vector.case), case | _CASE)
    _expect("flags", {flag for vector in found for flag in vector.flags}, set(flags))
    return found


def _expect(what: str, found: set[Any], expected: set[Any]) -> None:
    if found != expected:
        raise UnknownFormat(f"{what}: found {found - expected}, missed {expected - found}")
