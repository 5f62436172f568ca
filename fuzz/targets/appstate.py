"""App state: what the server hands out, what the phone hands over in the clear, and the actions inside."""

from __future__ import annotations

import gzip

from fuzz.mutation import gzipped
from fuzz.targets.target import HEADROOM, Target
from impl.appstate import kinds
from impl.appstate.actions import Dated
from impl.appstate.errors import AppStateError
from impl.wire import appstate, inflating
from impl.wire.actiondata import ActionData, encode_index, parse_index
from impl.wire.appstate import CollectionName, ExternalBlob, Patch, Snapshot
from impl.wire.errors import DecodeError
from impl.wire.recovery import Recovery


def _inflated(length: int) -> int:
    return HEADROOM + 64 * inflating.inflated_limit(length, appstate.LIMIT)


HOMES = {kind.name: min(kind.collections) for kind in kinds.KINDS}
"""A collection in which each action belongs."""


def _read_action(data: bytes) -> Dated | ActionData:
    """The action, or the data of one that is not spoken."""
    action = ActionData.decode(data)
    try:
        return kinds.read(HOMES.get(action.parts[0], CollectionName.REGULAR), action) or action
    except AppStateError as error:
        raise DecodeError(str(error), "SyncActionValue") from error


def _write_action(value: Dated | ActionData) -> bytes:
    return (value if isinstance(value, ActionData) else kinds.write(value)).encode()


TARGETS = (
    Target("app-state-patch", Patch.decode, Patch.encode, "appstate", 2000),
    Target("app-state-snapshot", Snapshot.decode, Snapshot.encode, "appstate", 2000),
    Target("app-state-mutations", appstate.decode_mutations, appstate.encode_mutations, "appstate", 2000),
    Target("app-state-file", ExternalBlob.decode, ExternalBlob.encode, "appstate", 600),
    Target(
        "app-state-recovery",
        lambda data: Recovery.decode(data, compressed=False),
        Recovery.encode,
        "appstate",
        2000,
    ),
    Target(
        "app-state-recovery-gzip",
        lambda data: Recovery.decode(data, compressed=True),
        lambda recovery: gzip.compress(recovery.encode(), mtime=0),
        "appstate",
        2000,
        gzipped,
        memory=_inflated,
        inflates=True,
    ),
    Target("app-state-data", ActionData.decode, ActionData.encode, "appstate", 2000),
    Target("app-state-index", parse_index, encode_index, "appstate", 5000),
    Target("app-state-action", _read_action, _write_action, "appstate", 2000),
)
