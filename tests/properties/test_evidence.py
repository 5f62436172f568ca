"""Evidence of the engines: no verdict says more than was done, and every finding can be looked up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from impl.flaws import GALLERY
from model.scope import SCOPES
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.catalogue import CATALOGUE
from properties.conform import Conformance, conform
from properties.evidence.conformances import of_conformance
from properties.evidence.explorations import of_exploration
from properties.evidence.part import PASSIVE, SEEN_CODE, SEEN_QR, Part, assumptions_of, evidence
from properties.evidence.proofs import of_proofs
from properties.exploration.explore import explore
from properties.exploration.independence import independence
from properties.flaws import DROPPED, dropped
from properties.proofs.necessity import needs
from properties.proofs.prove import prove
from reports.evidence import Evidence, Result

BY_QR, BY_CODE = {"L1", "L2", "L3", "L4", "L5", "L6", "L7"}, {"L8", "L9", "L10"}


def document(*parts: Part) -> Evidence:
    """The parts in one document that the format accepts."""
    started = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    found = evidence(parts, tool_version="0", command="pentad", started=started, seconds=1.0, seed=0)
    found.to_json()
    return found


def result(found: Evidence, id: str) -> Result:
    (only,) = (result for result in found.results if result.property == id)
    return only


def test_a_proof_and_what_it_needs() -> None:
    claim = CATALOGUE["L4"]
    found = document(of_proofs(prove(MULTI_DEVICE, [claim]), seconds=1.0, needs=needs(MULTI_DEVICE, [claim])))
    assert result(found, "L4").verdict == "holds" and result(found, "L4").scope == "unbounded"
    (needed,) = (table for table in found.runs[0].tables if table.title.startswith("Conditions"))
    rows = {(row[0], row[1]): row[3] for row in needed.rows}
    assert rows["linking.confirm", "linking_secret"] == "L4"
    assert rows["fanout.send", "unsent"] is None


def test_a_refuted_proof_is_a_finding_that_admits_what_it_does_not_know() -> None:
    without = frozenset({("linking.confirm", "linking_secret")})
    proofs = prove(MULTI_DEVICE, [CATALOGUE["L4"]], without=without)
    found = document(of_proofs(proofs, seconds=1.0, without=without))
    (finding,) = found.findings
    assert result(found, "L4").finding == finding.id
    assert "for explore to say" in finding.explanation[-1]


def test_an_exploration_claims_no_more_than_it_met() -> None:
    scope, properties = SCOPES["tiny"], list(CATALOGUE.values())
    claims = [p for p in properties if p.explored]
    explored = explore(MULTI_DEVICE, scope, claims, threads=1)
    independent = {CATALOGUE[id]: independence(MULTI_DEVICE, scope, CATALOGUE[id]) for id in ("F10", "C4")}
    found = document(of_exploration(explored, properties, independent))
    assert result(found, "R1").detail.startswith("By definition")
    assert result(found, "F10").verdict == "holds" and result(found, "F10").counts["moves"] > 0
    assert result(found, "C4").verdict == "not_checked", "nobody calls at this scope"
    assert result(found, "F14").detail.startswith("It can from every reachable state, in 5,320 of which it is not so;")
    apart = of_exploration(explored, properties, independent, unable="it is not told so")
    assert (result(document(apart), "F14").verdict, result(document(apart), "F14").detail) == (
        "not_checked",
        "It is not told so.",
    )
    unmet = {p.id for p in claims if p not in explored.reached}
    assert {r.property for r in found.results if "premise" in r.detail} == unmet
    never = [gap.what for gap in found.not_checked if gap.engine == "explore"]
    assert len(never) == 1 and "fanout.forge" in never[0]


def test_a_search_that_stopped_leaves_the_others_unknown() -> None:
    properties = [CATALOGUE["D2"], CATALOGUE["L2"]]
    explored = explore(MULTI_DEVICE, SCOPES["tiny"], properties, threads=1, without=dropped("KF-11"))
    found = document(of_exploration(explored, properties, {}, without=dropped("KF-11"), flaw="KF-11"))
    assert (result(found, "D2").verdict, result(found, "L2").verdict) == ("violated", "unknown")
    (finding,) = found.findings
    assert finding.flaw == "KF-11" and finding.trace is not None and finding.trace["property"] == "D2"


def test_conformance_claims_nothing_where_nothing_happened() -> None:
    found = document(of_conformance(MULTI_DEVICE, Conformance((SCOPES["tiny"],), 0, None)))
    assert {r.verdict for r in found.results} == {"not_checked"}
    assert result(found, "H3").detail.startswith("In these steps nothing changed")


def test_a_disagreement_is_one_finding_that_replays() -> None:
    walked = conform(steps=2_000, flaw="KF-11")
    found = document(of_conformance(MULTI_DEVICE, walked))
    (finding,) = found.findings
    assert finding.property == "D2" and result(found, "D2").finding == result(found, "M1").finding == "D2"
    assert result(found, "L2").verdict in ("unknown", "not_checked")
    assert finding.trace is not None
    assert Trace.loads(json.dumps(finding.trace)).flaw == "KF-11"


def test_what_was_interrupted_is_unknown() -> None:
    cut = replace(conform(steps=100), interrupted=True)
    part = of_conformance(MULTI_DEVICE, cut)
    assert part.interrupted
    assert result(document(part), "M1").verdict == "unknown"


@pytest.mark.parametrize("id", CATALOGUE)
def test_assumptions_follow_area_and_threat(id: str) -> None:
    property = CATALOGUE[id]
    assumed = assumptions_of(property)
    assert (SEEN_QR in assumed, SEEN_CODE in assumed) == (id in BY_QR, id in BY_CODE)
    assert (PASSIVE in assumed) == ("P" in property.against)


def test_what_is_not_built_is_said() -> None:
    gaps = " ".join(gap.what for gap in document().not_checked)
    assert all(word in gaps for word in ("App state", "elements of their own", "by code"))


@pytest.mark.parametrize("flaw", DROPPED)
def test_a_flaw_is_missed_by_a_proof(flaw: str) -> None:
    """What a flaw drops from the model breaks one of the properties that the gallery says it breaks."""
    properties = [CATALOGUE[id] for id in GALLERY[flaw].breaks if id in CATALOGUE]
    verdicts = {proof.verdict for proof in prove(MULTI_DEVICE, properties, without=dropped(flaw), processes=1)}
    assert "violated" in verdicts
