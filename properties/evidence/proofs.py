"""Proofs as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from properties.conditions import Without
from properties.evidence.part import Part, assumptions_of, weakened
from properties.proofs.necessity import Need
from properties.proofs.prove import SEED, Discharge, Proof
from reports.evidence import Cell, Finding, NotChecked, Result, Run, Table, Verdict

SLOWEST = 5
VERDICTS: dict[str, Verdict] = {"holds": "holds", "violated": "violated", "unknown": "unknown"}
TO_INDUCTION = (
    "A counterexample to induction: whether the state before can be reached is for explore to say. "
    "Conditions that are listed nowhere do not hold."
)


def of_proofs(
    proofs: list[Proof],
    *,
    seconds: float,
    without: Without = frozenset(),
    flaw: str | None = None,
    needs: Iterable[Need] = (),
) -> Part:
    """A result a property; a finding for each that is refuted, with the plainest counterexample."""
    scope = weakened("unbounded", without)
    discharges = list({d.obligation: d for proof in proofs for d in proof.discharges}.values())
    counts = {
        "obligations": len(discharges),
        "by solver": sum(d.verdict == "proven" for d in discharges),
        "untouched": sum(d.verdict == "untouched" for d in discharges),
        "not shown": sum(d.verdict in ("refuted", "unknown") for d in discharges),
        "outside the decidable fragment": sum(bool(d.cycle) for d in discharges),
        "seeds": max((len(d.answers) for d in discharges), default=0),
        "that depend on the seed": sum(d.wavers for d in discharges),
    }
    asked = [d for d in discharges if d.second]
    if asked:
        counts |= {
            "cvc5 agrees on": sum(d.second is not None and d.second.verdict == d.verdict for d in asked),
            "cvc5 does not know": sum(d.second is not None and d.second.verdict == "unknown" for d in asked),
            "cvc5 disagrees on": sum(d.disputed for d in asked),
        }
    return Part(
        results=[_result(proof, scope) for proof in proofs],
        runs=[Run("prove", SEED, scope, seconds, counts, list(_tables(discharges, list(needs))))],
        findings=[
            *(_finding(proof, flaw) for proof in proofs if proof.verdict == "violated"),
            *(_dispute(discharge, proofs) for discharge in discharges if discharge.disputed),
        ],
        not_checked=[
            NotChecked(f"A second opinion on {d.obligation}", d.second.reason, "prove")
            for d in asked
            if d.second and d.second.verdict == "unknown"
        ],
    )


def _result(proof: Proof, scope: str) -> Result:
    claim = proof.claim
    return Result(
        property=claim.id,
        engine="prove",
        verdict=VERDICTS[proof.verdict],
        scope=scope,
        counts=proof.counts(),
        seconds=sum(discharge.seconds for discharge in proof.discharges),
        detail=_detail(proof),
        assumptions=assumptions_of(claim),
        finding=claim.id if proof.verdict == "violated" else None,
    )


def _detail(proof: Proof) -> str:
    if proof.failures:
        told = [f"{d.obligation}{f' ({d.reason})' if d.reason else ''}" for d in proof.failures]
        return f"Not shown: {', '.join(told)}."
    if proof.claim.kind == "refusal":
        return "What an attempt means in this language; conform is where an implementation can fail it."
    if proof.claim.kind == "independent":
        return "Two states that differ in nothing else enable the same moves, with the same outcome."
    if proof.claim.kind == "progress":
        return "Wherever something is not so, moves that count make it so, and undo nothing."
    return "Inductive over every action."


def _finding(proof: Proof, flaw: str | None) -> Finding:
    first, *others = [failure for failure in proof.failures if failure.verdict == "refuted"]
    told = first.counterexample.lines() if first.counterexample else []
    also = [f"also refuted: {other.obligation}" for other in others]
    return Finding(
        id=proof.claim.id,
        engine="prove",
        property=proof.claim.id,
        title=f"{first.obligation} is refuted",
        explanation=[*told, *also, TO_INDUCTION],
        flaw=flaw,
    )


def _dispute(discharge: Discharge, proofs: list[Proof]) -> Finding:
    """Of the first property whose proof rests on it."""
    claim = next(proof.claim for proof in proofs if discharge in proof.discharges)
    return Finding(
        id=f"{discharge.obligation}, disputed",
        engine="prove",
        property=claim.id,
        title=f"{discharge.obligation}: the solvers disagree",
        explanation=[
            discharge.reason,
            "`pentad export --to smtlib` writes the question, for a third.",
            "Else the translation is wrong: model/export/smtlib.py.",
        ],
    )


def _tables(discharges: list[Discharge], needs: list[Need]) -> Iterable[Table]:
    slowest = sorted(discharges, key=lambda d: -d.seconds)[:SLOWEST]
    yield _table(
        "Slowest obligations", ["obligation", "seconds"], [(d.obligation, round(d.seconds, 3)) for d in slowest]
    )
    if asked := [(d.second, d.obligation) for d in discharges if d.second]:
        seconds = sum(answer.seconds for answer, _ in asked)
        longest, obligation = max(asked, key=lambda pair: pair[0].seconds)
        row = len(asked), round(seconds, 3), obligation, round(longest.seconds, 3)
        yield _table("Second opinion, by cvc5", ["obligations", "seconds", "slowest", "its seconds"], [row])
    if len(by_seed := list(_by_seed(discharges))) > 1:
        yield _table("By seed", ["seed", "proven", "not proven", "seconds", "slowest", "its seconds"], by_seed)
    if outside := [(d.obligation, " -> ".join([*d.cycle, d.cycle[0]])) for d in discharges if d.cycle]:
        yield _table("Outside the decidable fragment", ["obligation", "sorts"], outside)
    if needs:
        yield _table(
            "Conditions, and the claims that are no longer shown without them",
            ["action", "condition", "said by", "claims"],
            [(n.action, n.condition, n.kind, ", ".join(map(repr, n.claims)) or None) for n in needs],
        )


def _by_seed(discharges: list[Discharge]) -> Iterable[Sequence[Cell]]:
    """What came of every obligation that was asked under a seed, and which took longest."""
    for seed in range(max((len(d.answers) for d in discharges), default=0)):
        asked = [(d.answers[seed], d.obligation) for d in discharges if len(d.answers) > seed]
        proven = sum(answer.verdict == "proven" for answer, _ in asked)
        slowest, obligation = max(asked, key=lambda pair: pair[0].seconds)
        seconds = sum(answer.seconds for answer, _ in asked)
        yield seed, proven, len(asked) - proven, round(seconds, 3), obligation, round(slowest.seconds, 3)


def _table(title: str, columns: list[str], rows: Iterable[Sequence[Cell]]) -> Table:
    return Table(title, columns, [list(row) for row in rows])
