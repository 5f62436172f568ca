"""Collections of app state. wire.md, section 11.4."""

from __future__ import annotations

from msgspec import Struct

from impl.dialogue.base import Request
from impl.wire.appstate import CollectionName


class CollectionAsk(Struct, frozen=True):
    """Where a device stands, and perhaps a SyncdPatch, without its version, that is to come next."""

    name: CollectionName
    version: int
    patch: bytes | None = None
    wants_snapshot: bool = False


class CollectionAnswer(Struct, frozen=True):
    """What the device lacks: an ExternalBlobReference of a SyncdSnapshot, if it asked for one, then SyncdPatches.

    Without `error` the device's own patch is taken, and has the next version.
    """

    name: CollectionName
    snapshot: bytes | None = None
    patches: tuple[bytes, ...] = ()
    error: int | None = None


class SyncCollections(Request[tuple[CollectionAnswer, ...]], frozen=True):
    collections: tuple[CollectionAsk, ...]
