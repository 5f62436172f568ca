"""The explorer: the states of the plain model, the same for any number of threads, and shortest counterexamples."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from model.accounts import Accounts, Device, User
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.ground import ground
from model.language import Claim, Formula, implies
from model.linking import Linking
from model.native import native
from model.scope import scope
from model.simulate import Simulation, State, breadth_first
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration import kernel, search
from properties.exploration.explore import Exploration, NotReproduced, Progress, ScopeTooLarge, explore
from tests.properties.counting import counted
from tests.properties.visiting import STATED, actions_of, visited


def never_back(device: Device, user: User) -> Formula:
    """A view never goes back."""
    after = DeviceLists.view.after(device, user)
    return ~DeviceLists.older(after, DeviceLists.view(device, user))


def scanned_before(user: User, companion: Device) -> Formula:
    """A companion joins the account whose phone scanned it."""
    joined = Accounts.linked(companion) & (Accounts.account(companion) == user)
    return implies(joined, Linking.scanned(user, companion) | Accounts.compromised(companion))


def nobody_links(companion: Device) -> Formula:
    """Not so."""
    return ~Accounts.linked(companion)


def nobody_receives(device: Device, message: Message) -> Formula:
    """Not so either, but later."""
    return ~Fanout.received(device, message)


def an_impossible_premise(phone: Device) -> Formula:
    """Says nothing."""
    return implies(Accounts.phone(phone) & Accounts.linked(phone), Accounts.compromised(phone))


NEVER_BACK, SCANNED = Claim("step", never_back), Claim("state", scanned_before)
NOBODY_LINKS, NOBODY_RECEIVES = Claim("state", nobody_links), Claim("state", nobody_receives)
EMPTY = Claim("state", an_impossible_premise)
TINY = (13_880, 111_184, 16, 0)  # states, transitions, depth, deadlocks
SMALL = (1_195_488, 18_957_828, 25, 0)
CONTACT = (3_259_648, 49_166_336, 25, 0)
GROUPS = {
    "group": (994_080, 8_878_144, 28, 0),
    "insider": (232_540, 2_032_904, 22, 0),
    "speaker": (342_240, 3_467_152, 25, 0),
}
IN_GROUPS = {"G1", "G2", "G3", "G4", "G5", "G6"}
ELSEWHERE = {
    "groups",
    "appstate",
    "ephemeral",
    "calls",
    "backup",
    "sessions",
    "identities",
    "receipts",
    "retry",
    "freshness",
    "codes",
    "pairings",
    "renewals",
    "state_loss",
    "demand",
}  # have their own scopes
OF_THEIR_OWN = {
    "F12",
    "F15",
    "D4",
    "D5",
    "D6",
    "D8",
    "L8",
    "L9",
    "L10",
    "L11",
    "L12",
    "H6",
    "H7",
    "H8",
}  # scopes where they are met
MEDIUM = (10_999_296, 180_953_712, 28, 0)


@cache
def plain() -> set[State]:
    """Every state of the scope `tiny`, by the plain model."""
    simulation = Simulation(MULTI_DEVICE, scope("tiny"))
    seen, level = {simulation.start}, {simulation.start}
    while level:
        level = {after for state in level for _, after in simulation.successors(state)} - seen
        seen |= level
    return seen


def test_the_states_are_those_of_the_plain_model() -> None:
    simulation, grounded = Simulation(MULTI_DEVICE, scope("tiny")), ground(MULTI_DEVICE, scope("tiny"))
    found = search.Search(native(grounded), search.GIBIBYTE)
    assert found.run(2, stop_at_first=True, progress=None)
    packed = {tuple(row) for rows, n in zip(found.rows, found.counts, strict=True) for row in rows[:n].tolist()}
    atoms = list(grounded.layout)
    assert found.states == len(packed) == len(plain())
    assert packed == {grounded.pack({a: simulation.value(s, a.relation, *a.at) for a in atoms}) for s in plain()}


def test_counts_of_the_smallest_scope() -> None:
    found = explore(MULTI_DEVICE, scope("tiny"), [NEVER_BACK, SCANNED])
    assert (found.states, found.transitions, found.depth, found.deadlocks) == TINY
    assert sum(found.levels) == found.states and sum(found.fired.values()) == found.transitions
    assert found.complete and not found.counterexamples
    assert breadth_first(Simulation(MULTI_DEVICE, scope("tiny")))[:3] == TINY[:3]


def test_counts_of_a_small_scope_for_any_number_of_threads() -> None:
    one, two = (explore(MULTI_DEVICE, scope("small"), [NEVER_BACK], threads=threads) for threads in (1, 2))
    assert (one.states, one.transitions, one.depth, one.deadlocks) == SMALL
    assert counted(one) == counted(two)


def test_counts_of_a_medium_scope() -> None:
    found = explore(MULTI_DEVICE, scope("medium"))
    assert (found.states, found.transitions, found.depth, found.deadlocks) == MEDIUM


def test_with_a_malicious_contact_everything_happens() -> None:
    found = explore(MULTI_DEVICE, scope("contact"), STATED)
    assert (found.states, found.transitions, found.depth, found.deadlocks) == CONTACT
    assert found.complete and not found.counterexamples
    assert fired(found) == {action for action in MULTI_DEVICE.actions if action.partition(".")[0] not in ELSEWHERE}
    missing = {claim.id for claim in STATED if claim not in found.reached}
    about = {id for id in missing if id[0] in "LDFH"} - OF_THEIR_OWN
    assert about == set(), "what this scope is about is met there"


def test_in_groups_everything_happens() -> None:
    found = visited(GROUPS)
    assert found.counts == GROUPS and found.sound
    assert actions_of("groups") <= found.happened
    assert found.reached >= IN_GROUPS


def fired(found: Exploration) -> set[str]:
    return {action for action, times in found.fired.items() if times}


ANSWERED_IN_GROUPS = {  # by a shortest trace at one of the scopes; the device signature of a key's maker by proof alone
    "group": {
        "send.nobody_was_unlinked",
        "take_key.intact",
        "take_key.fresh",
        "take_key.member",
        "receive.fresh",
        "receive.sender_key",
        "receive.newest_key",
        "receive.signature",
        "receive.reached",
    },
    "insider": {"send.member", "send.nobody_has_left", "take_key.key_of_group"},
    "speaker": {
        "take_key.signatures",
        "take_key.author_listed",
        "receive.key_of_sender",
        "receive.author_listed",
    },
}


@pytest.mark.parametrize(
    ("name", "condition"), [(name, each) for name, found in ANSWERED_IN_GROUPS.items() for each in sorted(found)]
)
def test_no_guard_of_groups_is_there_for_nothing(name: str, condition: str) -> None:
    action, _, guard = f"groups.{condition}".rpartition(".")
    found = explore(MULTI_DEVICE, scope(name), STATED, without=[(action, guard)])
    assert {c.violation.claim for c in found.counterexamples} & {CATALOGUE[id] for id in IN_GROUPS}


def test_boxes_may_fill_at_any_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = explore(MULTI_DEVICE, scope("tiny"), [NEVER_BACK])
    monkeypatch.setattr(search, "BOX", 1)
    assert counted(explore(MULTI_DEVICE, scope("tiny"), [NEVER_BACK])) == counted(whole)


def test_a_search_may_end_when_every_claim_has_its_counterexample() -> None:
    whole = explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS, NOBODY_RECEIVES], stop_at_first=False)
    part = explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS, NOBODY_RECEIVES], stop_at_first=False, until_all=True)
    assert part.counterexamples == whole.counterexamples
    assert whole.complete and not part.complete and part.depth == 6
    assert explore(MULTI_DEVICE, scope("tiny"), [NEVER_BACK], stop_at_first=False, until_all=True).complete


@pytest.mark.parametrize(
    ("claim", "without", "moves"),
    [
        (NEVER_BACK, [("devicelist.show", "not_older")], 3),
        (SCANNED, [("linking.confirm", "account_signature"), ("linking.confirm", "linking_secret")], 2),
        (NOBODY_LINKS, [], 3),
        (NOBODY_RECEIVES, [], 6),
    ],
)
def test_a_counterexample_is_a_shortest_one(claim: Claim, without: list[tuple[str, str]], moves: int) -> None:
    one, two = (
        explore(MULTI_DEVICE, scope("tiny"), [EMPTY, claim], without=without, threads=threads) for threads in (1, 2)
    )
    assert counted(one) == counted(two)
    (found,) = one.counterexamples
    simulation = Simulation(MULTI_DEVICE, scope("tiny"), without)
    shortest = breadth_first(simulation, [claim]).violation
    assert shortest and len(shortest.path) == len(found.violation.path) == moves
    before, after = ([simulation.start] + [outcome.after for outcome in found.trace.replay(simulation)])[-2:]
    states = (before, after) if claim.about == "step" else (after,)
    assert simulation.holds(claim, *states) == found.violation.instance
    assert not one.complete


def test_of_the_nearest_violating_states_the_smallest_is_shown() -> None:
    def calm(one: Device, other: Device, user: User) -> Formula:
        return ~(Linking.shows_qr(one) & Accounts.compromised(other) & Accounts.offline(user))

    claim, simulation = Claim("state", calm), Simulation(MULTI_DEVICE, scope("small"))
    grounded = ground(MULTI_DEVICE, scope("small"))
    level = {simulation.start}
    while all(simulation.holds(claim, state) is None for state in level):
        level = {after for state in level for _, after in simulation.successors(state)}

    def packed(state: State) -> tuple[int, ...]:
        return grounded.pack({a: simulation.value(state, a.relation, *a.at) for a in grounded.layout})

    violating = [packed(state) for state in level if simulation.holds(claim, state) is not None]
    (found,) = explore(MULTI_DEVICE, scope("small"), [claim]).counterexamples
    assert len(violating) > kernel.SHARDS, "some shard has several"
    assert packed(found.trace.replay(simulation)[-1].after) == min(violating)


def test_a_search_that_goes_on_finds_one_counterexample_a_claim() -> None:
    claims = [NOBODY_RECEIVES, SCANNED, NOBODY_LINKS]
    found = explore(MULTI_DEVICE, scope("tiny"), claims, stop_at_first=False)
    assert [c.violation.claim for c in found.counterexamples] == [NOBODY_LINKS, NOBODY_RECEIVES]
    assert found.complete and (found.states, found.transitions) == TINY[:2]


def test_the_start_can_violate_a_claim() -> None:
    def nobody_is_there(user: User, list: DeviceList) -> Formula:
        return ~DeviceLists.signed(user, list)

    (found,) = explore(MULTI_DEVICE, scope("tiny"), [Claim("state", nobody_is_there)]).counterexamples
    assert found.violation.path == []


def test_premises_that_were_never_met_are_missing() -> None:
    assert explore(MULTI_DEVICE, scope("tiny"), [EMPTY, SCANNED]).reached == {SCANNED}


@pytest.mark.parametrize(("larger", "smaller"), [("small", "tiny"), ("contact", "small"), ("medium", "small")])
def test_a_search_stays_within_its_memory(larger: str, smaller: str) -> None:
    message = rf"scope {larger}: .* does not fit in 8 MiB: .* states at depth .*, or take scope {smaller}$"
    with pytest.raises(ScopeTooLarge, match=message):
        explore(MULTI_DEVICE, scope(larger), memory_bytes=1 << 23)


def test_an_interrupted_search_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAUSE", 0)
    whole = explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS], stop_at_first=False)
    seen: list[Progress] = []

    def interrupt(progress: Progress) -> None:
        seen.append(progress)
        if progress.depth == 5:
            raise KeyboardInterrupt

    part = explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS], stop_at_first=False, progress=interrupt)
    assert not part.complete and part.levels == whole.levels[:7]
    assert part.states == seen[-1].states == sum(part.levels)
    assert part.counterexamples == whole.counterexamples
    assert [a.states <= b.states and a.depth <= b.depth for a, b in pairwise(seen)] == [True] * 5
    assert all(now.grows_by in MULTI_DEVICE.actions for now in seen)


def test_what_the_plain_model_does_not_show_is_no_counterexample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Simulation, "holds", lambda *_: None)
    with pytest.raises(NotReproduced, match=r"counterexample to nobody_links.*the claim holds.*model/ground\.py"):
        explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS])
    monkeypatch.setattr(Simulation, "failing", lambda *_: ("listed",))
    with pytest.raises(NotReproduced, match=r"is stopped by listed"):
        explore(MULTI_DEVICE, scope("tiny"), [NOBODY_LINKS])


def test_a_scope_with_too_much_to_write_out_is_refused_before_that_takes_all_memory() -> None:
    claims = [p for p in CATALOGUE.values() if p.stated]
    with pytest.raises(ScopeTooLarge, match=r"30,2\d\d,\d\d\d formulas to write out .* or take scope medium"):
        explore(MULTI_DEVICE, scope("users=4,devices=16,lists=16"), claims)
