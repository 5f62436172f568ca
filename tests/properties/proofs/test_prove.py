"""prove: the catalogue holds, and every condition that is taken away is missed by the property it protects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import z3

from model.accounts import Device
from model.fanout import Fanout
from model.language import UNBOUNDED, Action, ModelError, Sort, some
from model.linking import Linking
from model.scope import SCOPES, sized
from model.simulate import Simulation
from model.systems import MULTI_DEVICE, TETHERED
from properties.catalogue import CATALOGUE
from properties.conditions import conditions
from properties.exploration.explore import explore
from properties.exploration.independence import independence
from properties.proofs import prove as engine
from properties.proofs.necessity import Need, needs
from properties.proofs.obligations import Obligation, Obligations
from properties.proofs.prove import Proof, Prover, prove
from properties.property import always
from tests.properties.variants import FORGETFUL, SHARED_KEYS, WHOLE_CHAINS

GOLDEN = Path(__file__).parent / "golden"

# no dropped condition can break these: what is wrong then is an effect, or an implementation
BY_EFFECT_ONLY = {
    "F10": "tethered, below",
    "F11": "forgetful, below",
    "F14": "tethered, below; forgetful, test_progress",
    "S4": "shared_keys, below",
    "R1": "by definition; an implementation can",
}
BY_EFFECT_ONLY |= {"E1": "returning, test_ephemeral", "E3": "everlasting, test_ephemeral", "C4": "test_calls"}
BY_EFFECT_ONLY |= {"B1": "one_key_for_all, test_backup", "H7": "overwriting, test_demand"}

BREAKS = {
    ("devicelist.show", "signature"): "D1",
    ("devicelist.show", "not_older"): "D2",
    ("linking.scan", "seat_free"): "L1",
    ("linking.scan", "not_a_phone"): "L2",
    ("linking.scan", "qr_in_sight"): "L3",
    ("linking.scan", "honest"): "L6",
    ("linking.confirm", "linking_secret"): "L4",
    ("linking.confirm", "account_signature"): "L4",
    ("linking.confirm", "secret_unused"): "L4",
    ("fanout.meet", "account_signature"): "L5",
    ("fanout.meet", "device_signature"): "L5",
    ("fanout.send", "linked"): "F9",
    ("fanout.receive", "intact"): "F4",
    ("fanout.receive", "for_this_device"): "F3",
    ("fanout.receive", "fresh"): "F5",
    ("fanout.receive", "own_copy"): "F6",
    ("fanout.receive", "view_once"): "E2",
    ("ephemeral.view", "unopened"): "E2",
    ("groups.send", "member"): "G1",
    ("groups.send", "nobody_has_left"): "G2",
    ("groups.send", "nobody_was_unlinked"): "G2",
    ("groups.take_key", "intact"): "G1",
    ("groups.take_key", "fresh"): "G6",
    ("groups.take_key", "signatures"): "G1",
    ("groups.take_key", "author_listed"): "G1",
    ("groups.take_key", "member"): "G4",
    ("groups.take_key", "key_of_group"): "G1",
    ("groups.receive", "fresh"): "G6",
    ("groups.receive", "sender_key"): "G4",
    ("groups.receive", "key_of_sender"): "G4",
    ("groups.receive", "author_listed"): "G4",
    ("groups.receive", "newest_key"): "G5",
    ("groups.receive", "signature"): "G4",
    ("groups.receive", "reached"): "G3",
    ("history.share", "device_signature"): "H1",
    ("history.import", "from_own_account"): "F7",
    ("history.import", "from_the_phone"): "H3",
    ("history.import", "blob_intact"): "H4",
}


@cache
def whole_catalogue() -> list[Proof]:
    return prove(MULTI_DEVICE, CATALOGUE.values())


@cache
def all_needs() -> list[Need]:
    return needs(MULTI_DEVICE, CATALOGUE.values())


def broken(id: str, *dropped: tuple[str, str]) -> Proof:
    (proof,) = prove(MULTI_DEVICE, [CATALOGUE[id]], without=frozenset(dropped), processes=1)
    return proof


@pytest.mark.parametrize("id", CATALOGUE)
def test_every_property_holds(id: str) -> None:
    proof = next(proof for proof in whole_catalogue() if proof.claim.id == id)
    assert proof.verdict == "holds", proof.failures
    actions, claims = len(MULTI_DEVICE.actions), len(proof.claim.closure())
    assert proof.counts()["obligations"] == claims * (actions + 1)
    assert proof.counts()["by solver"] > 0


def test_every_obligation_is_in_the_decidable_fragment() -> None:
    assert [d.obligation for proof in whole_catalogue() for d in proof.outside] == []


def test_an_obligation_that_leaves_the_fragment_is_told() -> None:
    @always("X1", "Every device has another.", source="", against="-")
    def there_is_another(device: Device) -> object:
        return some(Device, lambda other: Linking.shows_qr(other) & (other != device))

    (proof,) = prove(MULTI_DEVICE, [there_is_another], processes=1)
    assert {discharge.obligation for discharge in proof.outside} >= {"X1 over linking.confirm"}
    assert all(discharge.cycle == ["Device"] for discharge in proof.outside)


@pytest.mark.parametrize(("condition", "id"), BREAKS.items(), ids=[".".join(condition) for condition in BREAKS])
def test_a_dropped_condition_breaks_the_property_that_it_protects(condition: tuple[str, str], id: str) -> None:
    proof = broken(id, condition)
    assert proof.verdict == "violated"
    action, name = condition
    told = [failure.counterexample.lines() for failure in proof.failures if failure.counterexample]
    assert all(f"fault   the guard {name} was dropped, and does not hold here" in lines for lines in told)
    assert any(line.startswith(f"step    {action}(") for lines in told for line in lines)
    assert not any("!" in line or "val" in line.split() for lines in told for line in lines)


@pytest.mark.parametrize(
    ("condition", "id"),
    [(("linking.confirm", "linking_secret"), "L4"), (("devicelist.show", "not_older"), "D2")],
    ids=["L4", "D2"],
)
def test_a_counterexample_reads_well(condition: tuple[str, str], id: str) -> None:
    counterexample = broken(id, condition).failures[0].counterexample
    assert counterexample is not None
    assert "\n".join(counterexample.lines()) + "\n" == (GOLDEN / f"{id}.txt").read_text(encoding="utf-8")


def test_every_property_can_be_broken() -> None:
    missed = {claim for need in all_needs() for claim in need.claims}
    assert {id for id, property in CATALOGUE.items() if property not in missed} == set(BY_EFFECT_ONLY)


@pytest.mark.parametrize(
    "condition", [("linking.confirm", "linking_secret"), ("fanout.receive", "intact")], ids=".".join
)
def test_what_is_needed_is_what_is_missed_when_dropped(condition: tuple[str, str]) -> None:
    """The unsat cores of `needs`, against dropping the condition for real."""
    action, _ = condition
    prover = Prover(MULTI_DEVICE, frozenset({condition}))
    claims = {claim for property in CATALOGUE.values() for claim in property.closure()}
    discharged = {claim: prover.discharge(Obligation(claim, MULTI_DEVICE.actions[action])) for claim in claims}
    missed = {claim for claim, discharge in discharged.items() if discharge.verdict == "refuted"}
    assert {c for n in all_needs() if (n.action, n.condition) == condition for c in n.claims} == missed


def test_the_old_design_depends_on_the_phone() -> None:
    (proof,) = prove(TETHERED, [CATALOGUE["F10"]], processes=1)
    assert proof.verdict == "violated"
    failure = next(each for each in proof.failures if each.obligation == "F10 over fanout.send")
    assert failure.counterexample is not None
    assert failure.counterexample.fault == ["its condition phone_reachable depends on accounts.offline"]


def test_in_the_old_design_nothing_is_delivered_while_the_phone_is_off() -> None:
    (proof,) = prove(TETHERED, [CATALOGUE["F14"]], processes=1)
    assert [failure.obligation for failure in proof.failures] == ["F14 on the way"]


def test_a_key_shared_by_all_devices_reveals_the_others() -> None:
    (proof,) = prove(SHARED_KEYS, [CATALOGUE["S4"]], processes=1)
    assert [failure.obligation for failure in proof.failures] == ["S4 over compromise.compromise"]
    assert proof.failures[0].counterexample is not None
    assert proof.failures[0].counterexample.fault == ["without the effect on compromise.unsealed the claim would stand"]


def test_a_server_that_keeps_nothing_parts_conversations() -> None:
    (proof,) = prove(FORGETFUL, [CATALOGUE["F11"]], processes=1)
    assert [failure.obligation for failure in proof.failures] == ["F11 over fanout.send"]


def test_a_chain_handed_out_from_its_beginning_opens_what_was_before() -> None:
    (proof,) = prove(WHOLE_CHAINS, [CATALOGUE["G3"]], processes=1)
    assert "G3 over groups.send" in {failure.obligation for failure in proof.failures}
    found = explore(WHOLE_CHAINS, SCOPES["group"], [CATALOGUE["G3"], CATALOGUE["G2"]]).counterexamples
    assert [counterexample.violation.claim.name for counterexample in found] == ["opens_only_where_it_was_meant_to"]


def test_independence_at_a_scope() -> None:
    scope = sized(users=2, devices=4, lists=2, messages=4)
    clean, tethered = (independence(system, scope, CATALOGUE["F10"]) for system in (MULTI_DEVICE, TETHERED))
    assert clean.moves > 0 and not clean.dependent
    assert "fanout.send(message 3) reads accounts.offline" in tethered.dependent


def test_unknown_is_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TIMEOUT_MS", 1)
    proof = broken("L1")
    assert proof.verdict == "unknown"
    assert {failure.verdict for failure in proof.failures} == {"unknown"}
    assert all(failure.reason.startswith("z3 gave up: ") for failure in proof.failures)


def test_no_proof_depends_on_the_seed() -> None:
    proofs = prove(MULTI_DEVICE, CATALOGUE.values(), seeds=5)
    discharges = {d.obligation: d for proof in proofs for d in proof.discharges}
    assert [d.obligation for d in discharges.values() if d.verdict not in ("proven", "untouched")] == []
    assert {len(d.answers) for d in discharges.values() if d.verdict == "proven"} == {5}


def test_what_another_seed_does_not_prove_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_no_time(assertions: list[object], seed: int = 0) -> object:
        solver = new_solver(assertions, seed)
        if seed == 2:
            solver.set("timeout", 1)
        return solver

    new_solver = engine.new_solver
    monkeypatch.setattr(engine, "new_solver", in_no_time)
    (proof,) = prove(MULTI_DEVICE, [CATALOGUE["L1"]], seeds=3, processes=1)
    wavering = [d for d in proof.discharges if d.wavers]
    assert proof.verdict == "unknown" and wavering
    told = "depends on the seed: proven under seed 0, proven under seed 1, unknown under seed 2"
    assert {(d.verdict, d.reason) for d in wavering} == {("unknown", told)}


def test_a_solver_that_contradicts_itself_proves_nothing() -> None:
    answers = [engine.Answer("proven", "", 0.1), engine.Answer("refuted", "", 0.1)]
    assert engine.summed(answers) == (
        "unknown",
        "z3 contradicts itself: proven under seed 0, refuted under seed 1",
    )


def test_quantified_variables_are_fresh() -> None:
    """A claim's `other` and `device` are any two devices, whatever an action calls its own."""

    @always("X1", "Nobody has met anybody.", source="", against="-")
    def nobody_has_met(other: Device, device: Device) -> object:
        return ~Fanout.met(other, device)

    (proof,) = prove(MULTI_DEVICE, [nobody_has_met], processes=1)
    verdicts = {discharge.obligation: discharge.verdict for discharge in proof.discharges}
    # meet(device, other) never makes met(other, device) true: captured, the claim would be proven
    assert verdicts["X1 over fanout.meet"] == "refuted"
    assert verdicts["X1 over linking.confirm"] == "untouched"


@pytest.mark.parametrize("action", MULTI_DEVICE.actions.values(), ids=str)
def test_nothing_is_proven_from_a_contradiction(action: Action) -> None:
    """The axioms, every lemma and the conditions of the action hold together in some state, of two elements a sort."""
    obligations = Obligations(MULTI_DEVICE)
    claims = {claim for property in CATALOGUE.values() for claim in property.closure() if claim.about == "state"}
    taken = obligations.taken(action)
    assumed = [obligations.formula(claim) for claim in claims if getattr(claim, "kind", "always") == "always"]
    conditions = [*taken.when.values(), *taken.guards.values()]
    solver = engine.new_solver([*obligations.axioms.values(), *assumed, *conditions, *few_elements()])
    assert solver.check() == z3.sat


def few_elements() -> Iterator[object]:
    """There are two elements of each sort, or one."""
    sorts = dict.fromkeys(sort for relation in MULTI_DEVICE.relations for sort in (*relation.of, relation.gives))
    for sort in (UNBOUNDED.sort(sort) for sort in sorts if issubclass(sort, Sort) and sort.fixed_size is None):
        one, two, any_ = (z3.FreshConst(sort) for _ in range(3))
        yield z3.ForAll([any_], z3.Or(any_ == one, any_ == two))


def test_a_lemma_that_contradicts_the_start_is_refuted_there() -> None:
    @always("X1", "Everybody shows a QR.", source="", against="-")
    def everybody_shows_a_qr(device: Device) -> object:
        return Linking.shows_qr(device)

    (proof,) = prove(MULTI_DEVICE, [everybody_shows_a_qr], processes=1)
    assert "X1 at the start" in {failure.obligation for failure in proof.failures}


def test_all_processes_together_say_the_same_as_one() -> None:
    properties = [CATALOGUE[id] for id in ("D1", "L4")]
    one, two = (prove(MULTI_DEVICE, properties, processes=n) for n in (1, 2))
    assert [[(d.obligation, d.verdict) for d in p.discharges] for p in one] == [
        [(d.obligation, d.verdict) for d in p.discharges] for p in two
    ]


def test_a_condition_that_no_action_has_names_the_nearest() -> None:
    with pytest.raises(ModelError, match="did you mean linking_secret"):
        broken("L4", ("linking.confirm", "linkin_secret"))
    with pytest.raises(ModelError, match=r"did you mean linking\.confirm"):
        broken("L4", ("linking.confrm", "linking_secret"))


def test_conditions_come_in_order_and_by_kind() -> None:
    assert conditions(MULTI_DEVICE, "devicelist.show") == {
        "honest": "when",
        "switched_on": "when",
        "active": "when",
        "signature": "require",
        "not_older": "require",
    }


def test_every_scope_fits_the_axioms_that_proofs_assume() -> None:
    """What is proven speaks of the configurations that are explored: they satisfy the same axioms."""
    for scope in SCOPES.values():
        simulation = Simulation(MULTI_DEVICE, scope)
        assert all(simulation.holds(axiom, simulation.start) is None for axiom in MULTI_DEVICE.axioms)
