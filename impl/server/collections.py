"""App state at the server: patches in order, and now and then a snapshot in their place. wire.md, section 11.4.

It reads nothing of what it keeps. External files are media files whose key it is told, or makes.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from dataclasses import replace

from impl.appstate.writing import make_snapshot
from impl.crypto import media
from impl.crypto.media import MediaError
from impl.dialogue import CollectionAnswer, CollectionAsk, Declined
from impl.server.blobs import Blobs
from impl.store import Store, Table
from impl.wire.appstate import CollectionName, ExternalBlob, Patch, Snapshot, decode_mutations
from impl.wire.errors import DecodeError
from impl.wire.media_path import path_of

PATCHES = "patches of {} in {}"
KEPT = 64
"""So many patches stay as they came when a snapshot takes in the older ones; it does at twice as many."""

BAD_REQUEST, CONFLICT, GONE = 400, 409, 410

Place = tuple[str, CollectionName]


class Collections:
    """By account and name: the version, the file that holds the newest snapshot, and the patches after that."""

    versions = Table(tuple[str, CollectionName], int)
    snapshots = Table(tuple[str, CollectionName], bytes)

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self.store = store
        self.blobs = blobs

    def sync(self, user: str, asked: CollectionAsk) -> CollectionAnswer:
        """One patch for each version, whoever is first; later ones are told what they have missed."""
        place = user, asked.name
        head = self.versions.get(place, 0)
        if asked.version > head:
            return CollectionAnswer(asked.name, error=BAD_REQUEST)
        if asked.patch is not None and asked.version == head:
            return CollectionAnswer(asked.name, error=self._append(place, head + 1, asked.patch))
        snapshot = self.snapshots.get(place)
        kept = self._patches(place)
        error = CONFLICT if asked.patch is not None else None
        if asked.wants_snapshot and snapshot is not None:
            return CollectionAnswer(asked.name, snapshot, tuple(kept.values()), error)
        if head - asked.version > len(kept):
            return CollectionAnswer(asked.name, error=GONE)
        missed = tuple(patch for version, patch in kept.items() if version > asked.version)
        return CollectionAnswer(asked.name, None, missed, error)

    def drop(self, user: str) -> None:
        """The account is another one from now on."""
        for name in CollectionName:
            for patch in self._patches((user, name)).values():
                self._forget_file(Patch.decode(patch))
            self._patches((user, name)).clear()
            self._replace_snapshot((user, name), None)
            self.versions.pop((user, name), None)

    def _append(self, place: Place, version: int, data: bytes) -> int | None:
        try:
            patch = replace(Patch.decode(data), version=version)
            self._inline(patch)
        except (DecodeError, MediaError, Declined):
            return BAD_REQUEST
        if patch.external is not None:
            self.blobs.keep(patch.external.path)
        kept = self._patches(place)
        kept[version] = patch.encode()
        self.versions[place] = version
        if len(kept) > 2 * KEPT:
            self._fold(place)
        return None

    def _fold(self, place: Place) -> None:
        """The older patches become a snapshot."""
        former = self.snapshots.get(place)
        base = None if former is None else Snapshot.decode(self._open(ExternalBlob.decode(former)))
        kept = self._patches(place)
        for version in list(kept)[:-KEPT]:
            patch = Patch.decode(kept.pop(version))
            base = make_snapshot(base, self._inline(patch), version)
            self._forget_file(patch)
        self._replace_snapshot(place, base)

    def _replace_snapshot(self, place: Place, snapshot: Snapshot | None) -> None:
        former = self.snapshots.pop(place, None)
        if former is not None:
            self.blobs.delete(ExternalBlob.decode(former).path)
        if snapshot is not None:
            content = snapshot.encode()
            key = hashlib.sha256(content).digest()
            file = media.seal(content, key, media.APP_STATE)
            path = path_of(file.enc_sha256)
            self.blobs.upload(path, file.file)
            self.blobs.keep(path)
            reference = ExternalBlob(key, path, file.length, file.sha256, file.enc_sha256)
            self.snapshots[place] = reference.encode()

    def _inline(self, patch: Patch) -> Patch:
        """The patch with the mutations that it left in a file. Raises DecodeError, MediaError, Declined."""
        if patch.external is None:
            return patch
        return replace(patch, mutations=decode_mutations(self._open(patch.external)), external=None)

    def _open(self, file: ExternalBlob) -> bytes:
        content = self.blobs.download(file.path)
        return media.open_(content, file.media_key, media.APP_STATE, file.sha256, file.enc_sha256, file.length)

    def _forget_file(self, patch: Patch) -> None:
        if patch.external is not None:
            self.blobs.delete(patch.external.path)

    def _patches(self, place: Place) -> MutableMapping[int, bytes]:
        return self.store.table(PATCHES.format(*place), int, bytes)
