"""What happens to app state, what is seen of it, and how its guards are broken in bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from impl.companion import Companion
from impl.wire.adv import KeyIndexList, SignedKeyIndexList
from impl.wire.appstate import KeyId
from impl.wire.content import SyncKey
from model.appstate import AppState
from properties.conform.registry import observes, performs, violates
from properties.conform.settings import NAME
from properties.conform.violate import damaged
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(AppState.share)
def share(world: World, phone: str, key: str) -> None:
    world.settings.share(phone, key)


@performs(AppState.take_keys)
def take_keys(world: World, companion: str, key: str) -> None:
    world.companion(companion).learn_keys(world.settings.message(companion, key))


@performs(AppState.counterfeit)
def counterfeit(world: World, key: str, companion: str) -> None:
    world.settings.counterfeit(key, companion)


@performs(AppState.write)
def write(world: World, patch: str) -> None:
    world.settings.write(patch)


@performs(AppState.take)
def take(world: World, device: str, patch: str) -> None:
    world.device(device).take_patch(NAME, world.settings.patch(patch))


@performs(AppState.take_snapshot)
def take_snapshot(world: World, device: str, patch: str) -> None:
    world.device(device).take_snapshot(NAME, world.settings.snapshot(patch))


@performs(AppState.part)
def part(world: World, patch: str) -> None:
    """The server, who is the adversary, makes up its mind."""


@performs(AppState.forge)
def forge(world: World, patch: str, insider: str) -> None:
    world.settings.forge(patch, insider)


@violates(AppState.take_keys, "intact", breaks="A6")
def the_key_share_is_damaged(world: World, companion: str, key: str) -> None:
    world.companion(companion).learn_keys(damaged(world.settings.message(companion, key)))


@violates(AppState.take, "same_state", breaks="A2", refusals=("snapshot_mac",))
def a_mutation_is_left_out(world: World, device: str, patch: str) -> None:
    whole = world.settings.patch(patch)
    world.device(device).take_patch(NAME, replace(whole, mutations=whole.mutations[1:]))


@violates(AppState.take, "patch_mac", breaks="A1")
def a_mutation_comes_twice(world: World, device: str, patch: str) -> None:
    """What the collection comes to is the same, but the author has not said it so."""
    whole = world.settings.patch(patch)
    twice = replace(whole, mutations=(*whole.mutations, whole.mutations[-1]))
    world.device(device).take_patch(NAME, twice)


@violates(AppState.take_snapshot, "snapshot_mac", breaks="A2")
def a_record_is_left_out(world: World, device: str, patch: str) -> None:
    whole = world.settings.snapshot(patch)
    world.device(device).take_snapshot(NAME, replace(whole, records=whole.records[1:]))


@observes(AppState.held)
def held(world: World) -> Seen:
    return {(name, key): is_held(world, name, key) for name, _ in world.honest() for key in world.settings.key_specs}


def is_held(world: World, name: str, key: str) -> bool:
    known = world.settings.keys.get(key)
    return known is not None and world.peek(name).sync_keys.get(KeyId.decode(known.id)) == known


@observes(AppState.made_for)
def made_for(world: World) -> Seen:
    """Of keys that were drawn by honest phones: the list that they say they are for."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for key, drawn in world.settings.keys.items():
        spec = world.specs[world.settings.key_specs[key].maker]
        if not spec.rogue and spec.phone:
            lists = (
                (name, world.lists[name])
                for name, user in world.scope.lists
                if user == spec.owner and name in world.lists
            )
            right = (name for name, data in lists if is_for(drawn, SignedKeyIndexList.decode(data).list))
            seen[(key,)] = next(right, "?")
    return seen


def is_for(key: SyncKey, list: KeyIndexList) -> bool:
    made_for = key.raw_id, key.current_index, key.device_indexes
    return made_for == (list.raw_id, list.current_index, list.valid_indexes)


@observes(AppState.handed)
def handed(world: World) -> Seen:
    """What phones have put into peer messages; what the adversary shares is its own."""
    settings = world.settings
    honest = {
        (key, companion)
        for (companion, newest), keys in settings.contents.items()
        if not counterfeited(world, newest)
        for key in keys
    }
    return {(key, device): (key, device) in honest for key in settings.key_specs for device in world.specs}


def counterfeited(world: World, key: str) -> bool:
    maker = world.specs[world.settings.key_specs[key].maker]
    return maker.rogue or not maker.phone


@observes(AppState.shared)
def shared(world: World) -> Seen:
    settings = world.settings
    return {
        (device, newest, key): key in settings.contents.get((device, newest), ())
        for device in world.specs
        for newest in settings.key_specs
        for key in settings.key_specs
    }


def shares(world: World) -> Iterator[tuple[str, str, int]]:
    for (companion, key), stanza in world.settings.messages.items():
        device = world.peek(companion)
        if isinstance(device, Companion):
            yield companion, key, device.deliveries.get((stanza.id, stanza.sender), 0)


@observes(AppState.took)
def took(world: World) -> Seen:
    return {(companion, key): count > 0 for companion, key, count in shares(world)}


@observes(AppState.took_twice)
def took_twice(world: World) -> Seen:
    return {(companion, key): count > 1 for companion, key, count in shares(world)}


@observes(AppState.written)
def written(world: World) -> Seen:
    return {(patch,): patch in world.settings.patches for patch in world.settings.specs}


@observes(AppState.applied)
def applied(world: World) -> Seen:
    """The record that a patch is for lies in the collection of the device."""
    seen: dict[tuple[str, ...], bool | str] = {}
    for patch in world.settings.specs:
        mutation = world.settings.record_of(patch)
        for name, device in world.honest():
            entry = device.entries.get((NAME, mutation.record.index_mac)) if mutation else None
            seen[name, patch] = (
                mutation is not None and entry is not None and entry.value_mac == mutation.record.value_mac
            )
    return seen
