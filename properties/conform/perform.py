"""perform: what really happens at each action of the model, in bytes."""

from __future__ import annotations

from dataclasses import replace

from impl.dialogue import DeleteBlob, Upload
from impl.refusal import Refused
from impl.wire.qr import Qr
from model.accounts import Accounts
from model.compromise import Compromise
from model.devicelist import DeviceLists
from model.fanout import Fanout
from model.history import History
from model.linking import Linking
from properties.conform.histories import HistoryShare
from properties.conform.registry import performs
from properties.conform.world import World

PHONE_CLIENT = "e"  # an Android phone, as it names itself in a QR


@performs(Accounts.switch_phone)
def switch_phone(world: World, phone: str) -> None:
    world.switch(phone)


@performs(Linking.show_qr)
def show_qr(world: World, companion: str) -> None:
    reference = f"2@{companion}"
    if world.specs[companion].phone:
        keys = world.device(companion).identity.public
        text = Qr(reference, keys, keys, world.entropy(32), PHONE_CLIENT).encode()
    else:
        text = world.companion(companion).show_qr(reference)
    world.qr[companion] = text
    world.adversary.maced = {(user, c) for user, c in world.adversary.maced if c != companion}


@performs(Linking.scan)
def scan(world: World, phone: str, companion: str, next: str) -> None:
    scan_text(world, phone, companion, next, world.qr[companion])


def scan_text(world: World, phone: str, companion: str, next: str, text: str) -> None:
    approval = world.phone(phone).scan(text, world.time_of(next))
    user = world.specs[phone].owner
    world.approvals[user, companion] = approval
    world.numbers[user, companion] = approval.key_index
    world.lists[next] = approval.signed_list


@performs(Linking.confirm)
def confirm(world: World, companion: str, user: str) -> None:
    confirm_container(world, companion, user, world.adversary.approval(companion, user))


def confirm_container(world: World, companion: str, user: str, container: bytes) -> None:
    address = world.address(companion, user)
    world.answers[user, companion] = world.companion(companion).confirm(container, address, world.now)
    world.qr.pop(companion, None)


@performs(Linking.unlink)
def unlink(world: World, phone: str, companion: str, next: str) -> None:
    number = world.number(world.specs[phone].owner, companion)
    world.lists[next] = world.phone(phone).unlink(number, world.time_of(next))


@performs(Linking.vouch_unseen)
def vouch_unseen(world: World, phone: str, companion: str) -> None:
    world.adversary.vouch(phone, companion)


@performs(DeviceLists.show)
def show(world: World, device: str, user: str, list: str) -> None:
    signed = world.lists.get(list) or world.adversary.list_of(user, list)
    world.device(device).learn_list(user, signed, world.now)


@performs(Fanout.meet)
def meet(world: World, device: str, other: str) -> None:
    number = world.number(world.account(other), other)
    world.device(device).meet(world.address(other), number, world.bundle(other), world.now)


@performs(Fanout.send)
def send(world: World, message: str) -> None:
    spec = world.spec_of(message)
    author = world.device(spec.author)
    for stanza in author.send(world.message_id(message), spec.to, world.bodies.of(message), world.now):
        world.capture(message, stanza)


@performs(Fanout.forge)
def forge(world: World, message: str, device: str) -> None:
    world.capture(message, world.adversary.lie(message, device))


@performs(Fanout.receive)
def receive(world: World, device: str, message: str, addressee: str) -> None:
    author = world.spec_of(message).author
    captured = world.captured.get((message, addressee))
    stanza = captured.stanza if captured else world.adversary.noise(author, addressee, world.message_id(message))
    own = world.address(device)
    world.device(device).receive(replace(stanza, recipient=own), world.now)
    if addressee != device:
        world.strays.add((message, device))
    world.acknowledge(device, stanza)


@performs(History.share)
def share(world: World, phone: str, companion: str) -> None:
    user = world.specs[phone].owner
    answer = world.answers.get((user, companion)) or world.adversary.proof_of(companion, user)
    bundle = world.bundle(companion)
    sharer = world.phone(phone)
    stanza = sharer.share_history(world.address(companion, user), answer, bundle, world.now)
    history = HistoryShare.of(sharer, stanza)
    world.shared.add((phone, companion))
    world.histories[phone, companion] = history
    world.server.answer(history.stanza.sender, Upload(history.path, history.blob))
    world.post(history.stanza)


@performs(History.counterfeit)
def counterfeit(world: World, sender: str, companion: str) -> None:
    history = world.adversary.history(sender, companion)
    world.histories[sender, companion] = history
    world.server.answer(history.stanza.sender, Upload(history.path, history.blob))
    world.post(history.stanza)


@performs(History.swap)
def swap(world: World, phone: str, companion: str) -> None:
    world.blobs[phone, companion] = world.entropy(len(world.histories[phone, companion].blob))


@performs(History.import_)
def import_(world: World, companion: str, sender: str) -> None:
    history = world.histories.get((sender, companion))
    if history is None:
        noise = world.adversary.noise(sender, companion, "3EB0", "peer")
        world.companion(companion).import_history(noise, b"", world.now)
        raise Refused("intact", "noise was taken for a notification")
    blob = world.blobs.get((sender, companion), history.blob)
    world.companion(companion).import_history(history.stanza, blob, world.now)
    world.acknowledge(companion, history.stanza)
    world.server.answer(world.address(companion), DeleteBlob(history.path))


@performs(Compromise.compromise)
def compromise(world: World, device: str) -> None:
    world.copies.begin(device)


@performs(Compromise.use_secret)
def use_secret(world: World, companion: str, user: str) -> None:
    world.adversary.maced.add((user, companion))
