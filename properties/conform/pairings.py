"""Linking by code: what companions and phones do, what is seen of it, and the bytes that break one check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from impl.crypto.kdf import hmac_sha256
from impl.phone import Phone
from impl.wire.adv import IdentityContainer
from model.pairings import Pairings
from properties.conform.registry import observes, performs, violates
from properties.conform.violate import flipped
from properties.conform.world import BEGINNING, World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Pairings.show)
def show(world: World, pairing: str) -> None:
    world.doorstep.show(pairing)


@performs(Pairings.pose)
def pose(world: World, pairing: str) -> None:
    world.doorstep.pose(pairing)


@performs(Pairings.type_code)
def type_code(world: World, hello: str) -> None:
    world.doorstep.type_code(hello)


@performs(Pairings.guess)
def guess(world: World, hello: str) -> None:
    world.doorstep.guess(hello)


@performs(Pairings.answer)
def answer(world: World, pairing: str, hello: str, named: str) -> None:
    world.doorstep.answer(pairing, hello, named)


@performs(Pairings.make_up)
def make_up(world: World, hello: str) -> None:
    world.doorstep.make_up(hello)


@performs(Pairings.finish)
def finish(world: World, hello: str, named: str, claimed: str) -> None:
    world.doorstep.take(hello, claimed, world.doorstep.finish(hello, named, claimed))


@performs(Pairings.vouch_unasked)
def vouch_unasked(world: World, primary: str, newcomer: str) -> None:
    world.doorstep.vouch(primary, newcomer)


@performs(Pairings.confirm)
def confirm(world: World, pairing: str, hello: str, primary: str) -> None:
    world.doorstep.confirm(pairing, primary, world.doorstep.approval(pairing, hello, primary))


@violates(Pairings.finish, "intact", breaks="L10", refusals=("code",))
def the_answer_is_damaged(world: World, hello: str, named: str, claimed: str) -> None:
    found = world.doorstep.finish(hello, named, claimed)
    world.doorstep.take(hello, claimed, replace(found, bundle=flipped(found.bundle)))


@violates(Pairings.confirm, "linking_secret", breaks="L9")
def another_secret(world: World, pairing: str, hello: str, primary: str) -> None:
    """The HMAC is under a secret that the companion has not answered with."""
    container = IdentityContainer.decode(world.doorstep.approval(pairing, hello, primary))
    world.doorstep.confirm(pairing, primary, replace(container, hmac=world.entropy(32)).encode())


@violates(Pairings.confirm, "account_signature", breaks="L9")
def signed_by_a_stranger(world: World, pairing: str, hello: str, primary: str) -> None:
    """Who has the secret makes the HMAC, but signs with a key that is not the account's."""
    door = world.doorstep
    signed = door.voucher(door.phones[primary], door.pairings[pairing].newcomer, world.adversary.key)
    door.confirm(pairing, primary, with_the_secret(world, pairing, signed))


@violates(Pairings.confirm, "account_key", breaks="L9", refusals=("identity",))
def another_account_vouches(world: World, pairing: str, hello: str, primary: str) -> None:
    """Who has the secret gives it to an account that the companion was not told of."""
    door, other = world.doorstep, Phone.register("nobody", world.entropy, BEGINNING)
    signed = door.voucher(other, door.pairings[pairing].newcomer, other.identity)
    door.confirm(pairing, "nobody", with_the_secret(world, pairing, signed))


def with_the_secret(world: World, pairing: str, signed: bytes) -> bytes:
    secret = world.doorstep.companion(pairing).secret
    assert secret is not None
    return IdentityContainer(signed, hmac_sha256(secret, signed)).encode()


@observes(Pairings.shown)
def shown(world: World) -> Seen:
    return {(pairing,): pairing in world.doorstep.asked for pairing in world.doorstep.pairings}


@observes(Pairings.waits)
def waits(world: World) -> Seen:
    return {(pairing,): on_the_screen(world, pairing) for pairing in world.doorstep.pairings}


def on_the_screen(world: World, pairing: str) -> bool:
    shown = world.doorstep.companion(pairing).pairing
    return shown is not None and shown.ref == world.doorstep.reference(pairing)


@observes(Pairings.sent)
def sent(world: World) -> Seen:
    return {(hello,): hello in world.doorstep.hellos for hello in world.doorstep.specs}


@observes(Pairings.pends)
def pends(world: World) -> Seen:
    door = world.doorstep
    return {
        (hello,): door.phones[spec.primary].hello is not None
        and door.phones[spec.primary].hello == door.hellos.get(hello)
        for hello, spec in door.specs.items()
    }


@observes(Pairings.answered)
def answered(world: World) -> Seen:
    there = {(pairing, hello) for pairing, hello, _ in world.doorstep.answers}
    return {(p, h): (p, h) in there for p in world.doorstep.pairings for h in world.doorstep.specs}


@observes(Pairings.told)
def told(world: World) -> Seen:
    door = world.doorstep
    return {
        (p, h, name): (p, h, name) in door.answers or (h in door.made_up and spec.pairing == p)
        for p in door.pairings
        for h, spec in door.specs.items()
        for name in door.phones
    }


@observes(Pairings.known)
def known(world: World) -> Seen:
    door = world.doorstep
    return {(p, h): (p, h) in door.secrets for p in door.pairings for h in door.specs}


@observes(Pairings.expects)
def expects(world: World) -> Seen:
    """As long as the code is on the screen."""
    door = world.doorstep
    last = {pairing: door.companion(pairing).answer for pairing in door.pairings if on_the_screen(world, pairing)}
    return {
        (pairing, hello): answer is not None and answer.hello.ephemeral == said.ephemeral
        for pairing, answer in last.items()
        for hello, said in door.hellos.items()
    }


@observes(Pairings.unused)
def unused(world: World) -> Seen:
    door = world.doorstep
    return {
        (pairing,): on_the_screen(world, pairing) and door.companion(pairing).secret is not None
        for pairing in door.pairings
    }


def times_vouched(world: World, primary: str, newcomer: str) -> int:
    identity = world.doorstep.companions[newcomer].identity.public
    own = (primary, newcomer) in world.doorstep.vouchers
    return own + sum(each.identity == identity for each in world.doorstep.phones[primary].vouched.values())


@observes(Pairings.vouched)
def vouched(world: World) -> Seen:
    door = world.doorstep
    return {(p, n): times_vouched(world, p, n) > 0 for p in door.phones for n in door.companions}


@observes(Pairings.vouched_twice)
def vouched_twice(world: World) -> Seen:
    door = world.doorstep
    return {(p, n): times_vouched(world, p, n) > 1 for p in door.phones for n in door.companions}


@observes(Pairings.approved)
def approved(world: World) -> Seen:
    door = world.doorstep
    return {(h, n): (h, n) in door.approvals for h in door.specs for n in door.companions}


@observes(Pairings.linked)
def linked(world: World) -> Seen:
    return {(name,): companion.links > 0 for name, companion in world.doorstep.companions.items()}


@observes(Pairings.joined)
def joined(world: World) -> Seen:
    """The account that its address says."""
    door = world.doorstep
    seen: dict[tuple[str, ...], bool | str] = {}
    for pairing in door.pairings:
        address = door.companion(pairing).address if pairing in door.joined else None
        seen |= {(pairing, name): address is not None and address.user == name for name in door.phones}
    return seen


@observes(Pairings.joined_twice)
def joined_twice(world: World) -> Seen:
    return {(name,): companion.links > 1 for name, companion in world.doorstep.companions.items()}
