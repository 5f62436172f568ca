"""Evidence on a terminal: one table, and the findings as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from reports import trace
from reports.evidence import Evidence, Finding, Verdict
from reports.folder import trace_path
from reports.html import SYMBOLS

REASONS = 3  # that are told on a terminal
STYLES: dict[Verdict | None, str] = {"holds": "green", "violated": "bold red", "unknown": "yellow"}
WORDS: dict[Verdict, str] = {
    "holds": "holds",
    "violated": "violated",
    "unknown": "unknown",
    "not_checked": "not checked",
}


def summary(evidence: Evidence) -> Table:
    """Property by engine, and why something is unknown; properties of which no engine speaks are left out."""
    why = "\n".join(doubts(evidence))
    table = Table(
        box=None, pad_edge=False, header_style="bold", caption=Text(why) if why else None, caption_justify="left"
    )
    table.add_column("", no_wrap=True)
    table.add_column("property")
    for engine in evidence.engines:
        table.add_column(engine, justify="center", no_wrap=True)
    for info in evidence.properties:
        verdicts = [evidence.verdict(info.id, engine) for engine in evidence.engines]
        if any(verdicts):
            cells = [Text(SYMBOLS[v] if v else "", STYLES.get(v, "dim")) for v in verdicts]
            table.add_row(Text(info.id), Text(info.statement), *cells)
    return table


def doubts(evidence: Evidence) -> Iterator[str]:
    """Why what is unknown is so, each reason once: the first of them, if there are many."""
    unknown = [result for result in evidence.results if result.verdict == "unknown" and result.detail]
    reasons = dict.fromkeys(f"{SYMBOLS['unknown']} {result.engine}: {result.detail}" for result in unknown)
    yield from list(reasons)[:REASONS]
    if len(reasons) > REASONS:
        yield f"{SYMBOLS['unknown']} and {len(reasons) - REASONS} reasons more, in the report"


def tabled(evidence: Evidence) -> Iterator[Table]:
    """The tables of the runs, as wide as they need."""
    for found in (table for run in evidence.runs for table in run.tables):
        table = Table(title=found.title, title_justify="left", box=None, pad_edge=False, header_style="bold")
        for place, column in enumerate(found.columns):
            numbers = all(isinstance(row[place], int) for row in found.rows)
            table.add_column(column, justify="right" if numbers else "left")
        for row in found.rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        yield table


def legend() -> str:
    """What the symbols of the table mean."""
    return "  ".join(f"{SYMBOLS[verdict]} {word}" for verdict, word in WORDS.items())


def told(finding: Finding, directory: Path) -> Iterator[str]:
    """A finding line by line, with the place where its trace is kept."""
    flaw = f" (seeded flaw {finding.flaw})" if finding.flaw else ""
    yield f"{finding.engine}: {finding.property} {finding.title}{flaw}"
    yield from (f"  {line}" for line in finding.explanation)
    if finding.trace is not None:
        yield from (f"  {line}" for line in trace.read(finding.trace).lines())
        yield f"  trace: {trace_path(finding, directory)}"
    if finding.input is not None:
        yield f"  input: {finding.input}"
