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
from reports.words import hexdump, number, seconds

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
    "necessity": "its proof is not empty: what it speaks of happens",
    "explore": "in every reachable state of a finite scope",
    "conform": "in every step that was tried",
    "fuzz": "for every input that was tried",
}


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
    environment.filters.update(anchor=_anchor, seconds=seconds, number=number, hexdump=hexdump, json=_json)
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
    total, held = len(evidence.properties), len(ids["holds"])
    unchecked = len(ids["not_checked"]) + len(ids[None])
    if unchecked == total:
        return "Nothing was checked."
    if held == total:
        return f"All {total} properties hold."
    told = [
        f"{len(names)} {'is' if len(names) == 1 else 'are'} {word}: {', '.join(names)}"
        for names, word in ((ids["violated"], "violated"), (ids["unknown"], "undecided"))
        if names
    ]
    told = told or [f"{held} hold"]
    if unchecked:
        told.append(f"{unchecked} not checked")
    return f"Of {total} properties, {'; '.join(told)}."


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
    excused: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for result in evidence.results:
        if result.verdict == "not_checked":
            excused[result.engine, result.scope, result.detail].append(result.property)
    skipped = [
        NotChecked(f"{', '.join(names)} by {engine}, {scope}", why) for (engine, scope, why), names in excused.items()
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
    facts = [("scope", run.scope), ("took", seconds(run.seconds))]
    if run.seed is not None:
        facts.append(("seed", str(run.seed)))
    return facts + [(name, number(count)) for name, count in run.counts.items()]


def _result_facts(result: Result) -> list[str]:
    counts = [f"{number(count)} {name}" for name, count in result.counts.items()]
    return [result.scope, *counts, *([seconds(result.seconds)] if result.seconds else [])]


def _is_figures(table: Table, column: int) -> bool:
    return all(isinstance(row[column], int | float | None) for row in table.rows)


def _draw(told: trace.Trace) -> Markup:
    return Markup(chart.draw(told))


def _anchor(parts: Iterable[str]) -> str:
    # Quoted in the id and in the link alike: a browser compares them as they stand first.
    return quote("-".join(parts), safe="")


def _json(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False)
