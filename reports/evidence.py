"""Evidence: what every engine writes down, as plain data (docs/evidence.md).

Verdicts of several engines, or of one engine at several scopes, add up to the gravest that somebody
reached; `not_checked` counts only where nobody checked.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Hashable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from reports import schema, trace
from reports.files import replace_file
from reports.schema import EvidenceError, Mismatch

__all__ = [
    "ENGINES",
    "FILE",
    "Cell",
    "Engine",
    "Evidence",
    "EvidenceError",
    "Finding",
    "NotChecked",
    "PropertyInfo",
    "Result",
    "Run",
    "Table",
    "Verdict",
    "load",
]

FORMAT = "pentad-evidence"
VERSION = 1
FILE = "evidence.json"

Engine = Literal["prove", "necessity", "explore", "conform", "fuzz"]
Verdict = Literal["violated", "unknown", "holds", "not_checked"]
Cell = str | int | float | None
Name = TypeVar("Name", bound=Hashable)

ENGINES: tuple[Engine, ...] = get_args(Engine)
GRAVEST_FIRST: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class PropertyInfo:
    """A property of the catalogue: `threat` is what it answers, `kind` always, step, sometimes, ..."""

    id: str
    statement: str
    source: str
    threat: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine found out about one property within one scope.

    `finding` is the id of a finding of the same engine; `detail` is one sentence.
    """

    property: str
    engine: Engine
    verdict: Verdict
    scope: str
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    detail: str = ""
    assumptions: list[str] = field(default_factory=list)
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that need rows and columns; every row is as long as `columns`."""

    title: str
    columns: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one engine; `seed` is None where nothing is drawn at random."""

    engine: Engine
    seed: int | None
    scope: str
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Finding:
    """A counterexample: `trace` in the trace JSON, or `input` as hexadecimal text, or both.

    `id` is unique within its engine; `flaw` names the seeded flaw that was switched on, if any.
    """

    id: str
    engine: Engine
    property: str
    title: str
    trace: dict[str, Any] | None = None
    input: str | None = None
    explanation: list[str] = field(default_factory=list)
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """What nobody should believe was checked; `engine` is whose gap it is, None for the whole project's."""

    what: str
    why: str
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one command found out, or several merged; `started` is ISO 8601 in UTC."""

    tool_version: str
    command: str
    started: str
    seconds: float
    seed: int
    versions: dict[str, str]
    properties: list[PropertyInfo] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)

    @property
    def engines(self) -> list[Engine]:
        """The engines that left anything here."""
        left = {run.engine for run in self.runs} | {claim.engine for claim in self.claims}
        return [engine for engine in ENGINES if engine in left]

    @property
    def claims(self) -> list[Result | Finding]:
        return [*self.results, *self.findings]

    def results_of(self, property: str, engine: Engine) -> list[Result]:
        return [result for result in self.results if (result.property, result.engine) == (property, engine)]

    def findings_of(self, property: str, engine: Engine) -> list[Finding]:
        return [item for item in self.findings if (item.property, item.engine) == (property, engine)]

    def verdict(self, property: str, engine: Engine | None = None) -> Verdict | None:
        """The gravest verdict on a property, of one engine or of all; None if they said nothing."""
        return _gravest(claim for claim in self.claims if claim.property == property and engine in (None, claim.engine))

    @property
    def overall(self) -> Verdict:
        return _gravest(self.claims) or "not_checked"

    def exit_code(self) -> int:
        """0 if something was checked and all of it holds; 1 otherwise, for unknown too."""
        return 0 if self.overall == "holds" else 1

    def merge(self, newer: Evidence) -> Evidence:
        """Add `newer`: what an engine says there replaces all that it said here.

        The commands, run again in the order in which they stand, give the merged evidence again.
        """
        again = newer.engines
        if set(self.engines) <= set(again):
            return newer
        runs = [run for run in self.runs if run.engine not in again]
        said_again = {gap.what for gap in newer.not_checked}
        return replace(
            newer,
            tool_version=_both(self.tool_version, newer.tool_version, ", "),
            command=_both(self.command, newer.command, "\n"),
            started=self.started,
            seconds=sum(run.seconds for run in runs) + newer.seconds,
            versions={
                name: _both(self.versions.get(name, ""), newer.versions.get(name, ""), ", ")
                for name in self.versions | newer.versions
            },
            properties=list({info.id: info for info in (*self.properties, *newer.properties)}.values()),
            results=[item for item in self.results if item.engine not in again] + newer.results,
            runs=runs + newer.runs,
            findings=[item for item in self.findings if item.engine not in again] + newer.findings,
            not_checked=[gap for gap in self.not_checked if gap.engine not in again and gap.what not in said_again]
            + newer.not_checked,
        )

    def to_json(self) -> str:
        """The text of an evidence file, with a line to every value, so that two runs can be compared.

        Raises EvidenceError rather than write what `load` would refuse.
        """
        document = {"format": FORMAT, "version": VERSION, **asdict(self)}
        _read(document)
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    def write(self, directory: Path) -> Path:
        """Write the evidence file into `directory` and return its path: at once, or not at all.

        Raises EvidenceError as `to_json` does, and OSError if the text cannot be stored; an older file
        then stays as it was.
        """
        path = directory / FILE
        replace_file(path, self.to_json())
        return path


def load(path: Path) -> Evidence:
    """Read an evidence file, or the one in a folder. Raises EvidenceError, with one line, if it is no use."""
    path = path / FILE if path.is_dir() else path
    try:
        return _read(_parse(path.read_bytes()))
    except Mismatch as error:
        raise EvidenceError(f"{path}: {error}; the file was changed or damaged, run the engines again") from None
    except EvidenceError as error:
        raise EvidenceError(f"{path}: {error}") from None
    except FileNotFoundError:
        raise EvidenceError(f"{path}: no evidence here; run an engine that writes into this folder") from None
    except OSError as error:
        raise EvidenceError(f"{path}: {error.strerror}; make it readable or name another") from None


def _parse(data: bytes) -> object:
    # Bytes that are not UTF-8 become lone surrogates, which `schema.read` refuses where they stand.
    text = data.decode(errors="surrogateescape").rstrip()
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        # A whole file closes in the first column, and nothing before its end does.
        if not text or (text.startswith("{") and not text.endswith("\n}")):
            raise EvidenceError(f"cut short at {place}; run the engines again") from None
        raise EvidenceError(f"not JSON at {place}; name a file that pentad wrote") from None
    except (ValueError, RecursionError):
        raise EvidenceError("JSON beyond any sensible size; name a file that pentad wrote") from None


def _read(document: object) -> Evidence:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise EvidenceError("not evidence of pentad; name a file that pentad wrote")
    if (version := document.get("version")) != VERSION:
        raise EvidenceError(
            f"evidence version {reprlib.repr(version)}, not the {VERSION} that this pentad reads; run the engines again"
        )
    entries = {key: value for key, value in document.items() if key not in ("format", "version")}
    evidence: Evidence = schema.read(Evidence, entries, "evidence")
    _check(evidence)
    return evidence


def _check(evidence: Evidence) -> None:
    """What types cannot say: unique names, references that lead somewhere, encodings. Raises Mismatch."""
    if not _is_utc(evidence.started):
        raise Mismatch(f"evidence.started is {reprlib.repr(evidence.started)}, not ISO 8601 in UTC")
    known = _distinct("property", (info.id for info in evidence.properties))
    found = _distinct("finding", ((finding.engine, finding.id) for finding in evidence.findings))
    for claim in evidence.claims:
        if claim.property not in known:
            raise Mismatch(f"{claim.engine} speaks of a property {reprlib.repr(claim.property)} not listed")
    for result in evidence.results:
        if result.finding is not None and (result.engine, result.finding) not in found:
            raise Mismatch(f"{result.engine} names a finding {reprlib.repr(result.finding)} not listed")
    for finding in evidence.findings:
        at = f"finding {reprlib.repr(finding.id)}"
        if finding.trace is not None:
            trace.read(finding.trace, f"{at}: trace")
        if finding.input is not None and not _is_hex(finding.input):
            raise Mismatch(f"{at}: input is not hexadecimal text")
    for table in (table for run in evidence.runs for table in run.tables):
        if any(len(row) != len(table.columns) for row in table.rows):
            raise Mismatch(f"table {reprlib.repr(table.title)} has a row that is not as long as its columns")


def _distinct(kind: str, names: Iterable[Name]) -> set[Name]:
    seen: set[Name] = set()
    for name in names:
        if name in seen:
            raise Mismatch(f"{kind} {reprlib.repr(name)} is there twice")
        seen.add(name)
    return seen


def _is_utc(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() == timedelta()
    except ValueError:
        return False


def _is_hex(text: str) -> bool:
    try:
        return bytes.fromhex(text) is not None
    except ValueError:
        return False


def _gravest(claims: Iterable[Result | Finding]) -> Verdict | None:
    reached = {claim.verdict if isinstance(claim, Result) else "violated" for claim in claims}
    return next((verdict for verdict in GRAVEST_FIRST if verdict in reached), None)


def _both(older: str, newer: str, between: str) -> str:
    parts = [part for part in older.split(between) if part and part not in newer.split(between)]
    return between.join([*parts, newer] if newer else parts)
