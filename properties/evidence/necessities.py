"""Whether proofs say anything, as evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from model.trace import Trace
from properties.evidence.part import Part, assumptions_of
from properties.proofs.leaning import Leaning
from properties.proofs.matrix import Matrix, Row
from properties.proofs.vacuity import Consistent, Reached
from properties.property import Property
from reports.evidence import Cell, NotChecked, Result, Run, Table, Verdict

EXCLUDED = "The lemmas leave no room for it: as long as they hold, the others refuse first."
INTERRUPTED = "It was interrupted before this was shown."
NOT_FOUND = "No scope that was searched has it."


def of_vacuity(
    properties: Iterable[Property], reached: list[Reached], consistent: list[Consistent], seconds: float
) -> Part:
    """A result a property, whose premise is met or not; what is never reached, or contradicts itself, is a gap."""
    premises = {found.what: found for found in reached if found.kind == "premise"}
    contradictory = [found for found in consistent if found.answer != "sat"]
    counts = {
        f"{kind}s reached": sum(found.kind == kind and found.trace is not None for found in reached)
        for kind in ("premise", "action", "refusal")
    }
    counts |= {"never reached": sum(found.trace is None for found in reached), "contradictions": len(contradictory)}
    return Part(
        results=[_result(claim, premises.get(repr(claim)), contradictory) for claim in properties],
        runs=[
            Run("necessity", None, "the nearest that shows it", seconds, counts, [_reach(reached), _sat(consistent)])
        ],
        not_checked=[
            NotChecked(f"The {found.kind} of {found.what}", EXCLUDED if found.excluded else NOT_FOUND, "necessity")
            for found in reached
            if found.trace is None
        ],
    )


def name_of(found: Reached) -> str:
    """The name of the file that its trace is kept in."""
    return f"{found.kind}-{found.what.replace(', ', '.')}"


def traces(reached: Iterable[Reached]) -> dict[str, Trace]:
    """By the name of the file."""
    return {name_of(found): found.trace for found in reached if found.trace}


def of_leanings(leanings: list[Leaning], seconds: float) -> Part:
    """The graph of lemmas as a table. What is listed in vain is a gap: it is for somebody to delete."""
    rows: list[list[Cell]] = [
        [each.claim, ", ".join(each.needed) or None, ", ".join(each.unused) or None] for each in leanings
    ]
    counts = {"claims": len(leanings), "listed in vain": sum(len(each.unused) for each in leanings)}
    table = Table("What each proof leans on", ["claim", "leans on", "lists in vain"], rows)
    gaps = [
        NotChecked(f"Why {each.claim} lists {', '.join(each.unused)}", "Its proof needs them not.", "necessity")
        for each in leanings
        if each.unused
    ]
    return Part(runs=[Run("necessity", None, "lemmas", seconds, counts, [table])], not_checked=gaps)


def of_matrix(properties: Iterable[Property], matrix: Matrix, seconds: float) -> Part:
    """The matrix guard by property. A guard that nothing needs is a gap, and so is one that no trace does without."""
    rows = matrix.rows
    cells: list[list[Cell]] = [
        [
            row.name,
            ", ".join(row.claims) or None,
            ", ".join(f"{id} in {len(trace.steps)}" for id, trace in row.traces.items()) or None,
            next((trace.scope.name for trace in row.traces.values()), None),
        ]
        for row in rows
    ]
    columns = ["without", "no longer shown", "broken, in so many moves", "scope"]
    counts = {
        "guards": len(rows),
        "needed by a proof": sum(bool(row.claims) for row in rows),
        "with a trace": sum(bool(row.traces) for row in rows),
        "needed by nothing": sum(not row.claims for row in rows),
    }
    gaps = [
        NotChecked(f"Whether {row.name} is needed", INTERRUPTED if matrix.interrupted else _why(row), "necessity")
        for row in rows
        if not row.traces
    ]
    guarded = {claim for row in rows for claim in (*row.claims, *row.traces)}
    free: list[list[Cell]] = [[p.id, p.statement] for p in properties if p.id not in guarded]
    tables = [
        Table("Guards, and what breaks without them", columns, cells),
        Table("Properties that no guard protects: only an effect could break them", ["property", "says"], free),
    ]
    run = Run("necessity", None, "guards dropped one by one", seconds, counts, tables)
    return Part(runs=[run], not_checked=gaps, interrupted=matrix.interrupted)


def _why(row: Row) -> str:
    if not row.claims:
        return "No proof needs it: remove it, or say what it protects in the catalogue."
    needed = f"The proof of {row.claims[0]} needs it"
    if row.excluded:
        return f"{needed}, but with all lemmas the other guards make up for it."
    return f"{needed}, but no scope that was searched breaks anything without it."


def _result(claim: Property, premise: Reached | None, contradictory: list[Consistent]) -> Result:
    shown = Result(
        property=claim.id,
        engine="necessity",
        verdict="holds",
        scope="unbounded",
        counts={"steps": len(premise.trace.steps)} if premise and premise.trace else {},
        detail="What it speaks of is always there." if premise is None else "What it speaks of happens.",
        assumptions=assumptions_of(claim),
    )
    if contradictory:
        detail = f"Not shown that axioms and lemmas leave room for {contradictory[0].action}."
        return _but(shown, "unknown", detail)
    return shown if premise is None or premise.trace else _but(shown, "not_checked", "Its premise is never met.")


def _but(result: Result, verdict: Verdict, detail: str) -> Result:
    return replace(result, verdict=verdict, detail=detail)


def _reach(reached: list[Reached]) -> Table:
    rows: list[list[Cell]] = [
        [f.kind, f.what, f.trace.scope.name, len(f.trace.steps), f"{name_of(f)}.json"]
        if f.trace
        else [f.kind, f.what, "excluded by the lemmas" if f.excluded else "not found", None, None]
        for f in reached
    ]
    return Table("What happens, and the shortest way there", ["kind", "of", "scope", "steps", "trace"], rows)


def _sat(consistent: list[Consistent]) -> Table:
    rows: list[list[Cell]] = [
        [f.action, f.answer, ", ".join(f"{n} {sort}" for sort, n in f.witness.items()) or None] for f in consistent
    ]
    return Table("Axioms, lemmas and each action together", ["action", "together", "in a state of"], rows)
