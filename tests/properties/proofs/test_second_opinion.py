"""A second solver: it agrees on everything, and where it does not, nothing is proven."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import z3

from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.evidence.part import evidence
from properties.evidence.proofs import of_proofs
from properties.proofs import second_opinion
from properties.proofs.prove import Proof, prove
from reports.evidence import Evidence

SECRET = frozenset({("linking.confirm", "linking_secret")})


def document(proofs: list[Proof]) -> Evidence:
    part = of_proofs(proofs, seconds=1.0)
    now = datetime(2026, 1, 2, tzinfo=UTC)
    return evidence([part], tool_version="0", command="pentad", started=now, seconds=1.0, seed=0)


def test_cvc5_agrees_on_every_obligation() -> None:
    proofs = prove(MULTI_DEVICE, CATALOGUE.values(), second_opinion=True)
    asked = {d.obligation: d for proof in proofs for d in proof.discharges if d.verdict != "untouched"}
    assert {d.second.verdict if d.second else "" for d in asked.values()} == {"proven"}
    counts = document(proofs).runs[0].counts
    assert counts["cvc5 agrees on"] == counts["by solver"] == len(asked)
    assert counts["cvc5 disagrees on"] == counts["cvc5 does not know"] == 0


def test_cvc5_refutes_what_a_dropped_condition_breaks() -> None:
    (proof,) = prove(MULTI_DEVICE, [CATALOGUE["L4"]], without=SECRET, second_opinion=True, processes=1)
    (failure,) = proof.failures
    assert failure.second is not None and failure.second.verdict == "refuted" and not failure.disputed


def test_a_disagreement_is_a_finding_and_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "script", lambda formulas, title: "(check-sat)")
    proofs = prove(MULTI_DEVICE, [CATALOGUE["L2"]], second_opinion=True, processes=1)
    assert proofs[0].verdict == "unknown"
    assert all(f.reason == "z3 says proven, cvc5 refuted: one of them is wrong" for f in proofs[0].failures)
    found = document(proofs)
    assert found.findings and all("disagree" in finding.title for finding in found.findings)
    assert found.exit_code() == 1


def test_what_cvc5_does_not_know_is_told_with_what_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "TIMEOUT_MS", 1)
    proofs = prove(MULTI_DEVICE, [CATALOGUE["L1"]], second_opinion=True, processes=1)
    found = document(proofs)
    assert found.runs[0].counts["cvc5 does not know"] > 0
    gap = next(gap for gap in found.not_checked if gap.what.startswith("A second opinion on "))
    assert gap.why.startswith("cvc5 gave up: timeout; ") and "try other options" in gap.why


def test_obligations_are_files_that_another_solver_reads(tmp_path: Path) -> None:
    written = second_opinion.write(MULTI_DEVICE, [CATALOGUE["L4"]], tmp_path)
    assert tmp_path / "linking.confirm" / "L4.smt2" in written and tmp_path / "start" / "L4.smt2" in written
    for path in written:
        solver = z3.Solver()
        solver.from_file(str(path))
        assert solver.check() == z3.unsat


def test_a_dropped_condition_is_left_out_of_the_script() -> None:
    from properties.proofs.obligations import Obligation, Obligations

    obligation = Obligation(CATALOGUE["L4"], MULTI_DEVICE.actions["linking.confirm"])
    question = Obligations(MULTI_DEVICE).question(obligation)
    assert question is not None
    assert ":named linking.confirm.linking_secret" in second_opinion.text(obligation, question)
    assert "linking_secret" not in second_opinion.text(obligation, question, SECRET)
