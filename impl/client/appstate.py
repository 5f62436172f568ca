"""App state as a dialogue: keys to those who lack them, wishes to the server, patches from it. wire.md, section 11.

White paper, "Application state synchronization". A wish is in the store until a patch says what became of it, so
that a crash in between asks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from impl.appstate import syncing
from impl.appstate.actions import Action
from impl.appstate.errors import AppStateError
from impl.client import outbox
from impl.companion import Companion
from impl.crypto import media
from impl.crypto.media import MediaError
from impl.device import Device
from impl.dialogue import (
    CollectionAnswer,
    CollectionAsk,
    Declined,
    DeleteBlob,
    Download,
    Flow,
    SyncCollections,
    Upload,
    ask,
)
from impl.phone import Phone
from impl.refusal import Refused, refused_as
from impl.wire.appstate import (
    CollectionName,
    ExternalBlob,
    Operation,
    Patch,
    Snapshot,
    decode_mutations,
    encode_mutations,
)
from impl.wire.media_path import path_of

ATTEMPTS = 5
"""How often a patch is written anew because others were first; then it waits for the next occasion."""

INLINE = 1 << 16
"""Mutations of more bytes go into a file."""

SERVER_FAILS = {"served", "file_intact"}
CONFLICT, GONE = 409, 410

ALL = tuple(CollectionName)


def change(device: Device, action: Action, operation: Operation, now: int) -> Flow[list[Refused]]:
    """The user sets or removes something; answers with what the server's state was refused for, if it was."""
    device.intend(action, operation, now)
    return (yield from sync(device, (syncing.home(action),), now))


def share_keys(phone: Phone, now: int) -> Flow[None]:
    """Every companion gets the keys that it lacks, a new one once somebody has left."""
    phone.share_keys(now)
    yield from outbox.flush(phone, now)


def sync(device: Device, names: Iterable[CollectionName], now: int) -> Flow[list[Refused]]:
    """Collections as the server has them, and wishes to it; answers with what was refused. Without a key, nothing."""
    refusals: list[Refused] = []
    todo = dict.fromkeys(names, False) if device.sync_keys else {}
    for _ in range(ATTEMPTS):
        if not todo:
            break
        steps = []
        for name, anew in todo.items():
            steps.append((yield from _next_step(device, name, anew)))
        answers = {each.name: each for each in (yield from ask(SyncCollections(tuple(each.asked for each in steps))))}
        todo = {}
        for step in steps:
            name = step.asked.name
            answer = answers.get(name, CollectionAnswer(name, error=CONFLICT))
            try:
                yield from _take(device, step, answer)
            except Refused as refusal:
                refusals.append(refusal)
                _seek_help(device, name, refusal, now)
            else:
                if answer.error in (CONFLICT, GONE):
                    todo[name] = answer.error == GONE
    yield from outbox.flush(device, now)
    return refusals


@dataclass(frozen=True)
class _Step:
    """What is asked, and the patch that this brings, with its mutations; `file` holds them for the server."""

    asked: CollectionAsk
    patch: Patch | None = None
    file: ExternalBlob | None = None


def _next_step(device: Device, name: CollectionName, anew: bool) -> Flow[_Step]:
    version = syncing.head(device, name).version
    bare = CollectionAsk(name, version, wants_snapshot=anew or version == 0)
    patch = None if anew else device.propose(name)
    if patch is None:
        return _Step(bare)
    file = yield from _upload(device, encode_mutations(patch.mutations))
    said = replace(patch, version=None)
    if file is not None:
        said = replace(said, mutations=(), external=file)
    return _Step(msgspec.structs.replace(bare, patch=said.encode()), patch, file)


def _take(device: Device, step: _Step, answer: CollectionAnswer) -> Flow[None]:
    """What the server has that the device lacks, then the own patch if it was taken. Raises Refused."""
    name = step.asked.name
    if answer.error is not None and step.file is not None:
        yield from ask(DeleteBlob(step.file.path))
    if answer.error not in (None, CONFLICT, GONE):
        raise Refused("served", f"the server says {answer.error} about {name}")
    if answer.snapshot is not None and step.asked.wants_snapshot:
        with refused_as("content"):
            reference = ExternalBlob.decode(answer.snapshot)
        content = yield from _download(reference)
        with refused_as("content"):
            snapshot = Snapshot.decode(content)
        device.take_snapshot(name, snapshot)
    for data in answer.patches:
        with refused_as("content"):
            patch = Patch.decode(data)
        if patch.external is not None:
            content = yield from _download(patch.external)
            with refused_as("content"):
                patch = replace(patch, mutations=decode_mutations(content), external=None)
        device.take_patch(name, patch)
    if step.patch is not None and answer.error is None:
        device.take_patch(name, step.patch)


def _upload(device: Device, mutations: bytes) -> Flow[ExternalBlob | None]:
    """None if they are few."""
    if len(mutations) <= INLINE:
        return None
    media_key = device.entropy(media.KEY_SIZE)
    file = media.seal(mutations, media_key, media.APP_STATE)
    path = path_of(file.enc_sha256)
    yield from ask(Upload(path, file.file))
    return ExternalBlob(media_key, path, file.length, file.sha256, file.enc_sha256)


def _download(file: ExternalBlob) -> Flow[bytes]:
    """Raises Refused."""
    with refused_as("file_intact", (Declined, MediaError)):
        content = yield from ask(Download(file.path))
        return media.open_(content, file.media_key, media.APP_STATE, file.sha256, file.enc_sha256, file.length)


def _seek_help(device: Device, name: CollectionName, refusal: Refused, now: int) -> None:
    """The phone is asked for keys, or for all of a collection that cannot be verified; the server may do better."""
    if not isinstance(device, Companion) or refusal.check in SERVER_FAILS:
        return
    if isinstance(refusal, AppStateError) and refusal.missing:
        device.request_keys(refusal.missing, now)
    else:
        device.request_collection(name, now)
