"""Sorts of which only some scopes have elements: where there are none, nothing is left of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from model import configuration, kinds, scope
from model.accounts import Accounts, Device, User
from model.ground import ground
from model.kinds import Frozen, Kind
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    System,
    Universe,
    action,
    every,
    implies,
    initially,
    invariant,
    require,
    some,
)
from model.scope import DeviceSpec, Scope, ScopeError
from model.simulate import Simulation, breadth_first
from model.systems import MULTI_DEVICE

PAIR = "users=1,devices=2,lists=1,messages=0"


class Club(Sort):
    """Something of which most scopes have none."""


class Clubs(Module):
    founder = Relation(Club, gives=User, frozen=True)
    member = Relation(Club, Device)
    sponsor = Relation(Club, gives=User)
    lonely = Relation(Device)

    @initially
    def start() -> None:
        Clubs.sponsor[:] = lambda club: Clubs.founder(club)

    @action
    def join(club: Club, device: Device) -> None:
        """{device} joins {club}."""
        require(linked=Accounts.linked(device) | Accounts.phone(device))
        Clubs.member[club, device] = True
        Clubs.sponsor[club] = Accounts.owner(device)

    @action
    def look_round(device: Device) -> None:
        """{device} finds itself in all clubs or in none."""
        nowhere = ~some(Club, lambda club: Clubs.member(club, device))
        Clubs.lonely[device] = nowhere & ~every(Club, lambda club: Clubs.member(club, device))


@invariant()
def whoever_joins_is_active(club: Club, device: Device) -> Formula:
    return implies(Clubs.member(club, device), Accounts.linked(device) | Accounts.phone(device))


@dataclass(frozen=True)
class ClubSpec:
    name: str
    founder: str


def frozen(scope: Scope) -> Frozen:
    founders = enumerate(scope.more["clubs"])
    return {Clubs.founder: {(i,): scope.element(User, club.founder) for i, club in founders}}


SYSTEM = System("clubs", *MULTI_DEVICE.modules, Clubs)
PHONE = [DeviceSpec("alice.phone", "alice", 0), DeviceSpec("alice.web", "alice", 1)]


@pytest.fixture(autouse=True)
def there_may_be_clubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "KINDS", [*kinds.KINDS, Kind("clubs", Club, ClubSpec, derived=frozen)])


def test_where_a_sort_is_empty_nothing_is_left_of_it() -> None:
    bare = Simulation(MULTI_DEVICE, scope.scope(PAIR))
    empty = Simulation(SYSTEM, scope.scope(PAIR))
    assert breadth_first(empty, [whoever_joins_is_active])[0] == breadth_first(bare)[0] == 640
    assert not any(move.action is Clubs.join for move in empty.moves(empty.start))
    assert not empty.premise_met(whoever_joins_is_active, empty.start)
    atoms = ground(SYSTEM, scope.scope(PAIR), claims=[whoever_joins_is_active]).layout
    assert atoms.keys() == ground(MULTI_DEVICE, scope.scope(PAIR)).layout.keys()


def test_elsewhere_it_has_the_elements_that_the_scope_names() -> None:
    chess = Scope("chess", PHONE, [("alice.1", "alice")], [], clubs=[ClubSpec("chess", "alice")])
    simulation = Simulation(SYSTEM, chess)
    joined = simulation.step(simulation.start, simulation.move("test_kinds.join", club="chess", device="alice.phone"))
    assert simulation.changes(simulation.start, joined) == ["test_kinds.member(chess, alice.phone)"]
    assert simulation.premise_met(whoever_joins_is_active, joined)


def test_a_scope_is_read_back_with_them() -> None:
    chess = Scope("chess", PHONE, [], [], clubs=[ClubSpec("chess", "alice")])
    data = chess.to_json()
    assert data["clubs"] == [["chess", "alice"]]
    assert Scope.from_json(data).frozen == chess.frozen
    assert "clubs" not in Scope("nobody", PHONE, [], []).to_json()


@pytest.mark.parametrize(
    ("clubs", "message"),
    [
        ("chess", "'clubs' of a scope must be a list, not 'chess'"),
        ([["chess"]], r"\['chess'\] in 'clubs' of a scope must be: text, text"),
        ([["chess", "zoe"]], "scope chess has no User named 'zoe'; it has: alice"),
        ([["chess", "alice"]] * 2, "a scope has two clubs named 'chess'"),
    ],
)
def test_what_makes_no_sense_is_refused(clubs: object, message: str) -> None:
    data = Scope("chess", PHONE, [], []).to_json()
    with pytest.raises(ScopeError, match=message):
        Scope.from_json(data | {"clubs": clubs})


def test_a_sort_without_a_row_is_said_to_lack_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "KINDS", kinds.KINDS)
    alone = Scope("alone", PHONE, [], [])
    with pytest.raises(ScopeError, match=r"no scope says which elements Club has; give it a row in KINDS"):
        breadth_first(Simulation(SYSTEM, alone), [])


def test_a_scope_that_says_no_sizes_goes_by_its_name_alone() -> None:
    assert str(Scope("alone", PHONE, [], [])) == "alone"


def test_there_are_no_other_elements() -> None:
    with pytest.raises(ScopeError, match=r"a scope has no pubs; it may have: .*clubs"):
        Scope("none", PHONE, [], [], pubs=[])


def test_a_solver_finds_nothing_in_an_empty_sort() -> None:
    universe = Universe({Club: 0})
    assert universe.elements(Club) == []
    state = SYSTEM.state(Universe(scope.scope(PAIR).sizes))
    assert str(whoever_joins_is_active.formula(state)) == "And"
