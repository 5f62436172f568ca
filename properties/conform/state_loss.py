"""State loss: ends that start again, and what is seen of their keys."""

from __future__ import annotations

from collections.abc import Mapping

from impl.wire.frames import PreKeySignalMessage
from model.state_loss import StateLoss
from properties.conform.registry import observes, performs
from properties.conform.snapshots import frame_of
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(StateLoss.begin)
def begin(world: World, strand: str) -> None:
    world.restarts.begin(strand)


@performs(StateLoss.steal)
def steal(world: World, strand: str, save: str) -> None:
    world.restarts.steal(strand, save)


@performs(StateLoss.say)
def say(world: World, remark: str, key: str) -> None:
    world.restarts.say(remark, key)


@performs(StateLoss.hear)
def hear(world: World, remark: str, key: str) -> None:
    world.restarts.hear(remark)


@performs(StateLoss.save)
def save(world: World, save: str) -> None:
    world.restarts.save(save)


@performs(StateLoss.start_again)
def start_again(world: World, save: str) -> None:
    world.restarts.start_again(save)


@observes(StateLoss.holds)
def holds(world: World) -> Seen:
    known = world.restarts
    return {
        (name,): known.session(name, spec.speaker, spec.listener) is not None for name, spec in known.strands.items()
    }


@observes(StateLoss.said)
def said(world: World) -> Seen:
    return {(remark,): remark in world.restarts.stanzas for remark in world.restarts.remarks}


@observes(StateLoss.under)
def under(world: World) -> Seen:
    """As the frame says, which nobody can change unnoticed."""
    known = world.restarts
    seen: dict[tuple[str, ...], bool] = {}
    for remark, stanza in known.stanzas.items():
        counter, base_key = frame_of(stanza)[0].counter, PreKeySignalMessage.decode(stanza.body).base_key
        for key, spec in known.keys.items():
            seen[remark, key] = known.base_keys.get(spec.strand) == base_key and known.number(key) == counter
    return seen


@observes(StateLoss.gone)
def gone(world: World) -> Seen:
    """The listener could not make it any more."""
    known = world.restarts
    seen: dict[tuple[str, ...], bool] = {}
    for key, spec in known.keys.items():
        strand, number = known.strands[spec.strand], known.number(key)
        session = known.session(spec.strand, strand.listener, strand.speaker)
        chains = session.ratchet.receiving.values() if session else ()
        seen[(key,)] = any(number < each.chain.index and number not in each.skipped for each in chains)
    return seen


def deliveries(world: World) -> Mapping[str, int]:
    known = world.restarts
    return {
        remark: known.end(known.remarks[remark].to).deliveries.get((stanza.id, stanza.sender), 0)
        for remark, stanza in known.stanzas.items()
    }


@observes(StateLoss.heard)
def heard(world: World) -> Seen:
    """It is in the listener's conversation, which goes back with it."""
    return {(remark,): count > 0 for remark, count in deliveries(world).items()}


@observes(StateLoss.heard_twice)
def heard_twice(world: World) -> Seen:
    return {(remark,): count > 1 for remark, count in deliveries(world).items()}
