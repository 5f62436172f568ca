"""Evidence as one self-contained page: nothing is fetched, nothing runs, and it prints."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import chart, trace
from reports.evidence import (
    ENGINES,
    Engine,
    Evidence,
    Finding,
    NotChecked,
    PropertyInfo,
    Result,
    Run,
    Table,
    Verdict,
)

AREAS = (
    "Linking",
    "Device lists",
    "Fan-out",
    "Sessions",
    "Groups",
    "History",
    "App state",
    "Refusal",
    "Wire",
)
SYMBOLS: dict[Verdict, str] = {"holds": "✓", "violated": "✗", "unknown": "?", "not_checked": "–"}
WORTH: dict[Engine, str] = {
    "prove": "for any number of users, devices and messages",
    "explore": "in every reachable state of a finite scope",
    "conform": "in every step that model and implementation took side by side",
    "fuzz": "for every input that was tried",
}
SHOWN_BYTES = 512


@dataclass(frozen=True, slots=True)
class Section:
    """What one engine left: its runs, and property by property its results and findings."""

    engine: Engine
    runs: list[Run]
    claims: list[tuple[str, list[Result], list[Finding]]]


def render(evidence: Evidence) -> str:
    """Return the page as text, to be stored as UTF-8."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(anchor=_anchor, seconds=_seconds, number=_number, hexdump=_hexdump, json=_json)
    environment.tests.update(figures=_is_figures)
    environment.globals.update(
        engines=ENGINES,
        symbols=SYMBOLS,
        worth=WORTH,
        read=trace.read,
        draw=_draw,
        finding_facts=_finding_facts,
        run_facts=_run_facts,
        result_facts=_result_facts,
    )
    return environment.get_template("report.html.j2").render(
        evidence=evidence,
        headline=headline(evidence),
        areas=_areas(evidence.properties),
        sections=[_section(evidence, engine) for engine in evidence.engines],
        gaps=_gaps(evidence),
        assumptions=_assumptions(evidence.results),
    )


def headline(evidence: Evidence) -> str:
    """The verdict: what is violated or undecided, or else what holds, and how much nobody checked."""
    ids: dict[Verdict | None, list[str]] = defaultdict(list)
    for info in evidence.properties:
        ids[evidence.verdict(info.id)].append(info.id)
    total, unchecked = len(evidence.properties), len(ids["not_checked"]) + len(ids[None])
    if unchecked == total:
        return "Nothing was checked."
    sentences = [
        f"{_count(len(names), total)} {word}: {', '.join(names)}."
        for word, names in (("violated", ids["violated"]), ("undecided", ids["unknown"]))
        if names
    ]
    if not sentences:
        held = len(ids["holds"])
        sentences = [
            f"All {total} properties hold." if held == total else f"{held} of {total} properties hold."
        ]
    if unchecked:
        sentences.append(f"{unchecked} {'was' if unchecked == 1 else 'were'} not checked.")
    return " ".join(sentences)


def _count(few: int, total: int) -> str:
    return f"{few} of {total} properties {'is' if few == 1 else 'are'}"


def _areas(properties: Iterable[PropertyInfo]) -> list[tuple[str, list[PropertyInfo]]]:
    """Areas in the order of the catalogue, those it does not name at the end."""

    def rank(info: PropertyInfo) -> tuple[int, str]:
        return (AREAS.index(info.area) if info.area in AREAS else len(AREAS), info.area)

    ranked = sorted(properties, key=rank)
    return [(area, list(group)) for area, group in groupby(ranked, key=lambda info: info.area)]


def _section(evidence: Evidence, engine: Engine) -> Section:
    runs = [run for run in evidence.runs if run.engine == engine]
    claims = [
        (info.id, evidence.results_of(info.id, engine), evidence.findings_of(info.id, engine))
        for info in evidence.properties
        if evidence.verdict(info.id, engine)
    ]
    return Section(engine, runs, claims)


def _gaps(evidence: Evidence) -> list[NotChecked]:
    """What engines declared, and what can be seen to be missing."""
    skipped = [
        NotChecked(f"{result.property} by {result.engine}, {result.scope}", result.detail)
        for result in evidence.results
        if result.verdict == "not_checked"
    ]
    silent = [
        NotChecked(f"{info.id} {info.statement}", "No engine reported on it.")
        for info in evidence.properties
        if evidence.verdict(info.id) is None
    ]
    absent = [
        NotChecked(f"Anything that {engine} checks", "It did not run.")
        for engine in ENGINES
        if engine not in evidence.engines
    ]
    return [*evidence.not_checked, *absent, *silent, *skipped]


def _assumptions(results: Iterable[Result]) -> dict[str, dict[Engine, list[str]]]:
    """Each assumption, and under each engine the properties that rest on it."""
    resting: dict[str, dict[Engine, list[str]]] = {}
    for result in results:
        for assumption in result.assumptions:
            names = resting.setdefault(assumption, {}).setdefault(result.engine, [])
            if result.property not in names:
                names.append(result.property)
    return resting


def _finding_facts(finding: Finding) -> list[tuple[str, str]]:
    facts = [("finding", finding.id), ("property", finding.property), ("found by", finding.engine)]
    return [*facts, ("seeded flaw", finding.flaw)] if finding.flaw else facts


def _run_facts(run: Run) -> list[tuple[str, str]]:
    facts = [("scope", run.scope), ("took", _seconds(run.seconds))]
    if run.seed is not None:
        facts.append(("seed", str(run.seed)))
    return facts + [(name, _number(count)) for name, count in run.counts.items()]


def _result_facts(result: Result) -> list[str]:
    counts = [f"{_number(count)} {name}" for name, count in result.counts.items()]
    return [result.scope, *counts, _seconds(result.seconds)]


def _is_figures(table: Table, column: int) -> bool:
    return all(isinstance(row[column], int | float | None) for row in table.rows)


def _draw(told: trace.Trace) -> Markup:
    return Markup(chart.draw(told))


def _anchor(parts: Iterable[str]) -> str:
    # Quoted in the id and in the link alike: a browser compares them as they stand first.
    return quote("-".join(parts), safe="")


def _seconds(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _number(cell: str | int | float | None) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:,}" if isinstance(cell, int) else f"{cell:,.4g}"


def _json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)


def _hexdump(text: str) -> str:
    """Sixteen bytes a line: offset, hexadecimal, printable ASCII; the beginning only of a long input."""
    data = bytes.fromhex(text)
    lines = []
    for offset in range(0, min(len(data), SHOWN_BYTES), 16):
        row = data[offset : offset + 16]
        ascii = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{offset:04x}  {row.hex(' '):<47}  {ascii}")
    if len(data) > SHOWN_BYTES:
        lines.append(f"… {len(data) - SHOWN_BYTES:,} bytes more; the evidence file has them all")
    return "\n".join(lines)
