"""Why app state is refused."""

from typing import Literal

from impl.refusal import Refused
from impl.wire.appstate import KeyId

Check = Literal[
    "exit_code",  # the patch says that its collection is over
    "collection",  # meant for another collection
    "version",  # not the step after what we hold, or older than it
    "retired_key",  # written with a key that was rotated away before
    "missing_key",  # encrypted under keys that were not shared with us
    "snapshot_mac",  # the collection is not what the author of the patch or snapshot saw
    "patch_mac",
    "value_mac",
    "index_mac",
    "lthash",  # a collection in the clear does not add up
    "content",  # authentic, and yet not what an honest device writes
    "key_replaced",  # other bytes for a key that we hold
    "epochs_exhausted",  # no key can follow
]


class AppStateError(Refused):
    """App state is refused by one check; nothing has changed. `missing` are the keys to ask the others for."""

    def __init__(self, check: Check, why: str, missing: tuple[KeyId, ...] = ()) -> None:
        super().__init__(check, why)
        self.check: Check = check
        self.missing = missing
