"""Stale lists: what readers hear, ask and are shown, and what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from impl.address import PHONE
from impl.device import Device
from model.freshness import Freshness
from properties.conform.observe import verifies
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Freshness.sign)
def sign(world: World, party: str, edition: str) -> None:
    world.newsstand.sign(party, edition)


@performs(Freshness.age)
def age(world: World, edition: str) -> None:
    world.newsstand.age(edition)


@performs(Freshness.hear)
def hear(world: World, reader: str, party: str, edition: str) -> None:
    world.newsstand.hear(reader, party, edition)


@performs(Freshness.overhear)
def overhear(world: World, reader: str, party: str, edition: str) -> None:
    world.newsstand.overhear(reader, party, edition)


@performs(Freshness.ask)
def ask(world: World, reader: str) -> None:
    world.newsstand.ask(reader)


@performs(Freshness.show)
def show(world: World, reader: str, party: str, edition: str) -> None:
    world.newsstand.show(reader, party, edition)


@performs(Freshness.check)
def check(world: World, reader: str) -> None:
    world.newsstand.check(reader)


@performs(Freshness.write)
def write(world: World, reader: str, party: str, edition: str) -> None:
    world.newsstand.write(reader, party)


@observes(Freshness.signed)
def signed(world: World) -> Seen:
    stand = world.newsstand
    return {
        (spec.party, name): name in stand.lists and verifies(stand.parties[spec.party], spec.party, stand.lists[name])
        for name, spec in stand.specs.items()
    }


@observes(Freshness.current)
def current(world: World) -> Seen:
    stand = world.newsstand
    return {(name,): stand.edition_of(phone.signed_list) for name, phone in stand.parties.items()}


@observes(Freshness.left)
def left(world: World) -> Seen:
    return {(name,): reader.address is None for name, reader in world.newsstand.readers.items()}


def pairs(world: World) -> Iterator[tuple[str, Device, str]]:
    """Who has left has forgotten all of it."""
    stand = world.newsstand
    here = [(name, reader) for name, reader in stand.readers.items() if reader.address is not None]
    return ((name, reader, party) for name, reader in here for party in stand.parties)


@observes(Freshness.view)
def view(world: World) -> Seen:
    edition_of = world.newsstand.edition_of
    return {(name, party): edition_of(reader.views[party].signed) for name, reader, party in pairs(world)}


@observes(Freshness.in_force)
def in_force(world: World) -> Seen:
    return {
        (name, party): any(index != PHONE for index in reader.views[party].list.valid_indexes)
        for name, reader, party in pairs(world)
    }


@observes(Freshness.expects)
def expects(world: World) -> Seen:
    """By its date; whoever expects nothing goes on as it began."""
    stand = world.newsstand
    dated = {date: name for name, date in stand.dates.items()}
    seen: dict[tuple[str, ...], bool | str] = {}
    for name, reader, party in pairs(world):
        expected = reader.expected.get(party)
        seen[name, party] = dated.get(expected.timestamp, "?") if expected else stand.firsts[party]
    return seen


@observes(Freshness.in_doubt)
def in_doubt(world: World) -> Seen:
    return {(name, party): party in reader.doubted_lists for name, reader, party in pairs(world)}


@observes(Freshness.sealed)
def sealed(world: World) -> Seen:
    stand = world.newsstand
    return {(name, edition): (name, edition) in stand.sealed for name in stand.readers for edition in stand.specs}
