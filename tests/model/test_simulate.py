"""The executable model: stories, refusals, and agreement with z3 about what every formula means."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import z3

from model import language
from model.accounts import Accounts, Device, KeyIndex, User
from model.devicelist import DeviceList, DeviceLists
from model.fanout import Fanout, Message
from model.language import (
    Claim,
    Formula,
    ModelError,
    Module,
    Relation,
    System,
    Universe,
    action,
    actor,
    either,
    every,
    implies,
    initially,
    invariant,
    require,
    some,
    when,
)
from model.linking import Linking
from model.plain import conjuncts
from model.scope import SCOPES, Scope, scope
from model.simulate import Move, Simulation, State, breadth_first
from model.systems import MULTI_DEVICE
from properties.lemmas import common as lemmas
from properties.lemmas import groups as group_lemmas

PAIR = "users=1,devices=2,lists=1,messages=1"


@pytest.fixture(scope="module")
def small() -> Simulation:
    return Simulation(MULTI_DEVICE, scope("small"))


@pytest.fixture(scope="module")
def insider() -> Simulation:
    return Simulation(MULTI_DEVICE, scope("insider"))


@pytest.fixture(scope="module")
def family() -> Simulation:
    """One phone, five companions, and lists enough to link and unlink them."""
    return Simulation(MULTI_DEVICE, scope("users=1,devices=6,lists=7,messages=0"))


def after(simulation: Simulation, *moves: Move) -> State:
    """The state that these moves lead to, each of them possible and accepted."""
    state = simulation.start
    for move in moves:
        assert not simulation.possible(state, move) and not simulation.failing(state, move), move.named(
            simulation.scope
        )
        state = simulation.step(state, move)
    return state


def linking(simulation: Simulation, companion: str, next: str, user: str = "alice") -> list[Move]:
    """The four moves of a linking."""
    return [
        simulation.move("linking.show_qr", companion=companion),
        simulation.move("linking.scan", phone=f"{user}.phone", companion=companion, next=next),
        simulation.move("linking.confirm", companion=companion, user=user),
        simulation.move("devicelist.show", device=companion, user=user, list=next),
    ]


def claims_of(place: object) -> list[Claim]:
    """The claims about states that a module, of whichever kind, defines."""
    return [c for c in vars(place).values() if isinstance(c, Claim) and c.about == "state"]


def walk(simulation: Simulation, seed: int, length: int) -> Iterator[State]:
    """States along a random run: kinds of moves drawn alike, so that rare ones happen too."""
    draw, state = random.Random(seed), simulation.start
    for _ in range(length):
        yield state
        changing = [(move, later) for move, later in simulation.successors(state) if later != state]
        kind = draw.choice(sorted({move.action.name for move, _ in changing}))
        state = draw.choice([later for move, later in changing if move.action.name == kind])


def test_a_linking_is_four_moves(small: Simulation) -> None:
    state = after(small, *linking(small, "alice.web", "alice.1"))
    assert small.changes(small.start, state) == [
        "accounts.linked(alice.web)",
        "devicelist.signed(alice, alice.1)",
        "devicelist.names(alice.1, 1)",
        "devicelist.current(alice): alice.0 -> alice.1",
        "devicelist.view(alice.phone, alice): alice.0 -> alice.1",
        "devicelist.view(alice.web, alice): alice.0 -> alice.1",
        "linking.shares_secret(alice, alice.web)",
        "linking.scanned(alice, alice.web)",
        "linking.vouched(alice, alice.web)",
        "linking.countersigned(alice, alice.web)",
        "linking.taken(alice, seat 1)",
    ]


def test_each_move_of_a_linking_needs_the_one_before(small: Simulation) -> None:
    _, scan, confirm, show = linking(small, "alice.web", "alice.1")
    assert small.possible(small.start, scan) == ("qr_in_sight",)
    assert small.failing(small.start, confirm) == ("secret_unused", "linking_secret", "account_signature")
    assert small.possible(small.start, show) == ("active",)
    assert small.failing(small.start, show) == ("signature",)


def test_a_state_is_read_by_name_and_by_table(small: Simulation) -> None:
    state = after(small, *linking(small, "alice.web", "alice.1"))
    web, alice = small.scope.element(Device, "alice.web"), small.scope.element(User, "alice")
    assert small.value(state, Accounts.linked, web) == 1
    assert small.value(state, Accounts.phone, web) == 0
    assert small.value(state, DeviceLists.view, web, alice) == small.scope.names[DeviceList].index("alice.1")
    assert small.table(state, Accounts.linked) == {(d,): int(d == web) for d in range(len(small.scope.devices))}
    assert len(small.start) == sum(len(small.table(state, r)) for r in MULTI_DEVICE.mutable)


def test_a_replaced_value_is_the_only_difference(small: Simulation) -> None:
    state = small.replace(small.start, Linking.seat, (1, 1), 3)
    assert small.changes(small.start, state) == ["linking.seat(bob, 1): seat 1 -> seat 4"]
    assert small.replace(state, Linking.seat, (1, 1), 0) == small.start
    with pytest.raises(ModelError, match=r"accounts\.phone is frozen"):
        small.replace(state, Accounts.phone, (0,), 0)


def test_what_is_refused_leads_nowhere(small: Simulation) -> None:
    for state in walk(small, seed=3, length=30):
        refused = [move for move in small.moves(state) if small.failing(state, move)]
        assert refused
        assert not {move for move, _ in small.successors(state)} & set(refused)


def test_a_refused_move_has_a_state_after_it_as_if_it_were_accepted(small: Simulation) -> None:
    confirm = small.move("linking.confirm", companion="alice.web", user="alice")
    assert small.failing(small.start, confirm)
    assert "accounts.linked(alice.web)" in small.changes(small.start, small.step(small.start, confirm))


def test_moves_are_exactly_what_is_possible_in_numerical_order(small: Simulation) -> None:
    for state in walk(small, seed=5, length=12):
        possible = [move for move in all_moves(small) if not small.possible(state, move)]
        assert small.moves(state) == possible


def test_who_makes_a_move(small: Simulation) -> None:
    assert small.actor(small.move("linking.show_qr", companion="alice.web")) == "alice.web"
    assert small.actor(small.move("fanout.send", message="message 1")) == "bob.phone"
    assert small.actor(small.move("compromise.compromise", device="alice.web")) is None


def test_a_move_is_written_with_names(small: Simulation) -> None:
    named = {"device": "bob.phone", "user": "alice", "list": "alice.1"}
    assert small.move("devicelist.show", **named).named(small.scope) == named
    with pytest.raises(ModelError, match=r"devicelist\.show takes device, user, list, not device"):
        small.move("devicelist.show", device="bob.phone")
    with pytest.raises(ModelError, match=r"has no Device named 'bob\.web'; it has: alice\.phone, bob\.phone"):
        small.move("linking.show_qr", companion="bob.web")


def test_companions_take_the_first_free_seat_and_a_fifth_is_refused(family: Simulation) -> None:
    companions = [d.name for d in family.scope.devices if not d.phone]
    four = [move for i, c in enumerate(companions[:4]) for move in linking(family, c, f"alice.{i + 1}")]
    state = after(family, *four)
    seats = family.table(state, Linking.seat)
    assert [seats[0, family.scope.element(KeyIndex, str(i))] for i in (1, 2, 3, 4)] == [0, 1, 2, 3]

    show_qr, scan, _, _ = linking(family, companions[4], "alice.6")
    assert family.failing(family.step(state, show_qr), scan) == ("seat_free",)

    unlink = family.move("linking.unlink", phone="alice.phone", companion=companions[1], next="alice.5")
    state = after(family, *four, unlink, show_qr, scan)
    assert family.value(state, Linking.seat, 0, 5) == 1
    assert set(family.table(state, Linking.taken).values()) == {1}


def test_a_dropped_guard_no_longer_refuses(small: Simulation) -> None:
    weak = Simulation(MULTI_DEVICE, small.scope, without=[("linking.confirm", "linking_secret")])
    confirm = small.move("linking.confirm", companion="alice.web", user="alice")
    assert small.failing(small.start, confirm) == ("secret_unused", "linking_secret", "account_signature")
    assert weak.failing(weak.start, confirm) == ("secret_unused", "account_signature")


def test_a_dropped_circumstance_makes_more_moves(small: Simulation) -> None:
    weak = Simulation(MULTI_DEVICE, small.scope, without=[("accounts.switch_phone", "is_a_phone")])
    web = small.move("accounts.switch_phone", phone="alice.web")
    assert web not in small.moves(small.start) and web in weak.moves(weak.start)
    assert small.possible(small.start, web) == ("is_a_phone",) and weak.possible(weak.start, web) == ()


def test_only_what_is_there_can_be_dropped() -> None:
    with pytest.raises(
        ModelError, match=r"linking\.confirm has no condition 'secret'; it has: honest, switched_on, a_c"
    ):
        Simulation(MULTI_DEVICE, scope("tiny"), without=[("linking.confirm", "secret")])
    with pytest.raises(ModelError, match=r"no action is named 'linking\.confirn'; there are: accounts\.switch_phone"):
        Simulation(MULTI_DEVICE, scope("tiny"), without=[("linking.confirn", "linking_secret")])


@pytest.mark.parametrize("name", SCOPES)
def test_every_named_scope_meets_the_axioms(name: str) -> None:
    simulation = Simulation(MULTI_DEVICE, scope(name))
    assert all(simulation.holds(axiom, simulation.start) is None for axiom in MULTI_DEVICE.axioms)


def test_a_scope_that_breaks_an_axiom_is_refused() -> None:
    data: dict[str, Any] = scope("tiny").to_json()
    data["devices"][1][2] = 0
    with pytest.raises(
        ModelError, match=r"breaks the axiom accounts\.one_phone_each: not so for alice\.phone, alice\.w"
    ):
        Simulation(MULTI_DEVICE, Scope.from_json(data))


class Court(Module):
    """Quantifiers and names such as a translator stumbles over."""

    likes = Relation(Device, Device)
    friend = Relation(Device, gives=Device)
    over = Relation()

    @initially
    def start() -> None:
        Court.friend[:] = lambda device: device

    @action
    def swap(device: Device, other: Device) -> None:
        """{device} and {other} swap their friends."""
        actor(other)
        when(going_on=~Court.over(), three=z3.Distinct(device, other, Court.friend(device)))
        require(liked=some(Device, lambda device: Court.likes(other, device)))
        Court.friend[device] = Court.friend(other)
        Court.friend[other] = Court.friend(device)

    @action
    def like(device: Device, other: Device) -> None:
        """{device} comes to like {other}, and {other} all whom anybody likes."""
        Court.likes[other, :] = lambda third: some(Device, lambda device: Court.likes(device, third))
        Court.likes[device, other] = True
        Court.over[()] = either(device == other, False, z3.Xor(Court.likes(other, device), Court.over()))

    @invariant()
    def everybody_likes_somebody() -> Formula:
        return every(Device, lambda one: some(Device, lambda other: Court.likes(one, other)))

    @invariant()
    def somebody_is_liked_by_everybody() -> Formula:
        return some(Device, lambda one: every(Device, lambda other: Court.likes(other, one)))

    @invariant()
    def no_love_is_lost(device: Device, other: Device) -> Formula:
        mutual = Court.likes(device, other) & Court.likes(other, device)
        return implies(Court.likes(device, other), mutual | some(Device, lambda device: Court.likes(other, device)))


@pytest.fixture(scope="module")
def court() -> Simulation:
    return Simulation(System("court", Accounts, Court), scope("users=1,devices=3,lists=0,messages=0"))


def liking(court: Simulation, *pairs: tuple[int, int]) -> State:
    state = court.start
    for pair in pairs:
        state = court.replace(state, Court.likes, pair, 1)
    return state


def test_quantifiers_nest_in_either_order(court: Simulation) -> None:
    in_a_ring, all_the_first = liking(court, (0, 1), (1, 2), (2, 0)), liking(court, (0, 0), (1, 0), (2, 0))
    assert court.holds(Court.everybody_likes_somebody, court.start) == ()
    assert court.holds(Court.everybody_likes_somebody, in_a_ring) is None
    assert court.holds(Court.somebody_is_liked_by_everybody, in_a_ring) == ()
    assert court.holds(Court.somebody_is_liked_by_everybody, all_the_first) is None


def test_a_quantifier_may_use_the_name_of_a_parameter(court: Simulation) -> None:
    swap = court.move(f"{Court.swap}", device="alice.phone", other="alice.web")
    assert court.failing(liking(court, (0, 0), (0, 1)), swap) == ("liked",)
    assert court.failing(liking(court, (1, 2)), swap) == ()
    assert court.holds(Court.no_love_is_lost, liking(court, (0, 1))) == (0, 1)
    assert court.holds(Court.no_love_is_lost, liking(court, (0, 1), (1, 2), (2, 2))) is None


def test_effects_are_simultaneous(court: Simulation) -> None:
    swap = court.move(f"{Court.swap}", device="alice.phone", other="alice.web")
    assert court.table(court.step(court.start, swap), Court.friend) == {(0,): 1, (1,): 0, (2,): 2}


def test_a_premise_is_met_where_the_claim_says_something(court: Simulation) -> None:
    assert not court.premise_met(Court.no_love_is_lost, court.start)
    assert court.premise_met(Court.no_love_is_lost, liking(court, (2, 2)))
    assert court.premise_met(Court.everybody_likes_somebody, court.start)


def test_a_claim_about_a_step_needs_the_state_after(small: Simulation) -> None:
    claim = Claim("step", a_view_never_goes_back)
    later = after(small, *linking(small, "alice.web", "alice.1"))
    assert small.holds(claim, small.start, later) is None
    assert small.holds(claim, later, small.start) == (0, 0)
    assert small.premise_met(claim, small.start, later)
    with pytest.raises(ModelError, match=r"devicelist\.view\.after is read outside a claim about a step"):
        small.holds(claim, small.start)


def test_a_premise_splits_into_what_must_hold_together() -> None:
    a, b, c = z3.Bools("a b c")
    assert conjuncts(z3.Not(z3.Implies(z3.And(a, b), z3.Or(c, a)))) == [a, b, z3.Not(c), z3.Not(a)]
    assert conjuncts(z3.Or(a, b)) == [z3.Or(a, b)]


def test_who_acts_does_not_depend_on_the_state() -> None:
    class Whim(Module):
        master = Relation(Device, gives=Device)

        @initially
        def start() -> None:
            Whim.master[:] = lambda device: device

        @action
        def obey(device: Device) -> None:
            """The master of {device} acts."""
            actor(Whim.master(device))

    simulation = Simulation(System("whim", Accounts, Whim), scope("tiny"))
    with pytest.raises(ModelError, match=r"test_simulate\.master changes and has no value here"):
        simulation.moves(simulation.start)


def test_only_words_of_the_language_are_understood() -> None:
    class Sums(Module):
        @action
        def add(device: Device) -> None:
            """{device} does sums."""
            when(odd=z3.IntVal(1) + 1 == 2)

    simulation = Simulation(System("sums", Accounts, Sums), scope("tiny"))
    with pytest.raises(ModelError, match="is no word of the modelling language"):
        simulation.moves(simulation.start)


def test_a_scope_fixes_every_frozen_relation() -> None:
    class Colours(Module):
        red = Relation(Device, frozen=True)

    with pytest.raises(ModelError, match=r"scope tiny says nothing of the frozen relation test_simulate\.red"):
        Simulation(System("colours", Accounts, Colours), scope("tiny"))


def a_view_never_goes_back(device: Device, user: User) -> Formula:
    before, later = DeviceLists.view(device, user), DeviceLists.view.after(device, user)
    return implies(before != later, ~DeviceLists.older(later, before))


def accepted_once(device: Device, message: Message) -> Formula:
    return ~Fanout.received_twice(device, message)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ("users=1,devices=2,lists=1,messages=0", (640, 4317, 12)),
        (PAIR, (2040, 15097, 14)),
        ("users=1,devices=2,lists=2,messages=0", (2120, 14646, 13)),
        ("users=1,devices=2,lists=0,messages=0,rogues=2,lies=1", (12992, 163936, 20)),
    ],
)
def test_breadth_first_visits_every_state(sizes: str, expected: tuple[int, int, int]) -> None:
    simulation = Simulation(MULTI_DEVICE, scope(sizes))
    claims = [*claims_of(lemmas), Claim("step", a_view_never_goes_back), Claim("state", accepted_once)]
    assert breadth_first(simulation, claims) == (*expected, None)


@pytest.mark.parametrize(
    ("dropped", "claim", "last", "length"),
    [
        (("devicelist.show", "not_older"), Claim("step", a_view_never_goes_back), "devicelist.show", 3),
        (("fanout.receive", "fresh"), Claim("state", accepted_once), "fanout.receive", 7),
    ],
)
def test_breadth_first_finds_a_shortest_violation(
    dropped: tuple[str, str], claim: Claim, last: str, length: int
) -> None:
    simulation = Simulation(MULTI_DEVICE, scope(PAIR), without=[dropped])
    violation = breadth_first(simulation, [claim]).violation
    assert violation and violation.claim is claim
    assert (violation.path[-1].action.name, len(violation.path)) == (last, length)
    *path, _ = violation.path
    before, state = after(simulation, *path), after(simulation, *violation.path)
    states = (before, state) if claim.about == "step" else (state,)
    assert simulation.holds(claim, *states) == violation.instance


def test_breadth_first_does_not_count_by_halves(small: Simulation) -> None:
    with pytest.raises(ModelError, match="has more than 50 states; choose a smaller one"):
        breadth_first(small, limit=50)


def all_moves(simulation: Simulation) -> list[Move]:
    return [
        Move(action, args)
        for action in simulation.system.actions.values()
        for args in itertools.product(*(range(simulation.scope.sizes[s]) for s in action.parameters.values()))
    ]


class Solver:
    """One state as z3 sees it: every relation spelled out, every formula left to z3 to evaluate."""

    def __init__(self, simulation: Simulation, *states: State) -> None:
        self.simulation, self.system = simulation, simulation.system
        self.universe = Universe(simulation.scope.sizes)
        self.states = [language.State(self.system, self.universe, self._meanings(state)) for state in states]

    def _meanings(self, state: State) -> dict[Relation, Callable[..., Any]]:
        return {r: self._meaning(r, self.simulation.table(state, r)) for r in self.system.relations}

    def _meaning(self, relation: Relation, table: dict[tuple[int, ...], int]) -> Callable[..., Any]:
        spelled = {
            tuple(self.element(s, i) for s, i in zip(relation.of, index, strict=True)): (
                z3.BoolVal(bool(number)) if relation.gives is bool else self.element(relation.gives, number)
            )
            for index, number in table.items()
        }

        def value(*at: Any) -> Any:
            at = tuple(map(z3.simplify, at))
            if at in spelled:  # z3 terms are equal as keys if they are the same term
                return spelled[at]
            if not spelled:  # of a sort that has no elements here: nobody will ask for the value
                return z3.FreshConst(self.universe.sort(relation.gives))
            *others, (_, result) = spelled.items()
            for index, entry in others:
                here = z3.And(*[a == i for a, i in zip(at, index, strict=True)])
                result = z3.If(here, entry, result)
            return result

        return value

    def element(self, sort: type[language.Sort], number: int) -> Any:
        return self.universe.elements(sort)[number]

    def arguments(self, move: Move) -> list[Any]:
        sorts = move.action.parameters.values()
        return [self.element(s, i) for s, i in zip(sorts, move.args, strict=True)]

    def failing(self, conditions: dict[str, Formula]) -> tuple[str, ...]:
        verdicts = {name: z3.simplify(f) for name, f in conditions.items()}
        assert all(z3.is_true(v) or z3.is_false(v) for v in verdicts.values())
        return tuple(name for name, verdict in verdicts.items() if z3.is_false(verdict))

    def number(self, value: Any) -> int:
        value = z3.simplify(value)
        if z3.is_bool(value):
            return int(z3.is_true(value))
        return next(i for i in range(value.sort().num_constructors()) if value.decl().eq(value.sort().constructor(i)))

    def flat(self, state: language.State) -> State:
        return tuple(
            self.number(state.value(relation, [self.element(s, i) for s, i in zip(relation.of, index, strict=True)]))
            for relation in self.system.mutable
            for index in self.simulation.table(self.simulation.start, relation)
        )


def sample(simulation: Simulation, seed: int) -> Iterator[tuple[State, list[Move]]]:
    """Reachable states with moves to try there: one of each action, possible or not, accepted or not."""
    draw, moves = random.Random(seed), all_moves(simulation)
    for state in itertools.islice(walk(simulation, seed, 40), 0, None, 8):
        draw.shuffle(moves)
        one_each = {move.action: move for move in moves} | {move.action: move for move in simulation.moves(state)}
        yield state, [*one_each.values(), *moves[:4]]


@pytest.mark.parametrize("system", ["small", "insider", "court"])
def test_z3_finds_the_same_conditions_and_effects(system: str, request: pytest.FixtureRequest) -> None:
    simulation: Simulation = request.getfixturevalue(system)
    for state, moves in sample(simulation, seed=11):
        solver = Solver(simulation, state)
        for move in moves:
            taken = simulation.system.take(move.action, solver.arguments(move), solver.states[0])
            assert simulation.possible(state, move) == solver.failing(taken.when)
            assert simulation.failing(state, move) == solver.failing(taken.guards)
            assert simulation.step(state, move) == solver.flat(taken.after)


@pytest.mark.parametrize(
    ("system", "claims"),
    [("small", claims_of(lemmas)), ("insider", claims_of(group_lemmas)), ("court", claims_of(Court))],
)
def test_z3_finds_the_same_claims_true(system: str, claims: list[Claim], request: pytest.FixtureRequest) -> None:
    simulation: Simulation = request.getfixturevalue(system)
    draw = random.Random(2)
    for reached, _ in sample(simulation, seed=13):
        # A reachable state breaks no lemma; with some values turned over it may.
        state = reached
        for relation in simulation.system.mutable:
            indexes = list(simulation.table(state, relation))
            if not indexes:
                continue  # a sort that has no elements here
            index = draw.choice(indexes)
            values = 2 if relation.gives is bool else simulation.scope.sizes[relation.gives]
            state = simulation.replace(state, relation, index, draw.randrange(values))
        solver = Solver(simulation, state)
        for claim in [*claims, *simulation.system.axioms]:
            true = z3.is_true(z3.simplify(claim.formula(solver.states[0])))
            assert (simulation.holds(claim, state) is None) == true


def test_z3_finds_the_same_start(small: Simulation) -> None:
    solver = Solver(small, small.start)
    assert solver.flat(small.system.start(solver.states[0])) == small.start
