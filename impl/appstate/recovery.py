"""A broken collection replaced by what the phone holds, in the clear, over an end-to-end encrypted session.

As in whatsmeow, appstate/recovery.go, which takes the hash on trust; here it must follow from the value MACs.
"""

import hmac

from impl.appstate.collection import Collection, check_keys
from impl.appstate.errors import AppStateError
from impl.appstate.keys import Keyring
from impl.appstate.mutation import Entry
from impl.crypto import lthash
from impl.wire.recovery import Recovery


def recover(collection: Collection, recovery: Recovery, keys: Keyring) -> Collection:
    """The collection as the phone has it; the caller has an open request for it.

    AppStateError, in this order: "collection", "version" (not newer than ours), "missing_key", "content" (an index
    twice), "lthash".
    """
    if recovery.name is not collection.name:
        raise AppStateError("collection", f"{recovery.name} for {collection.name}")
    if recovery.version <= collection.version:
        raise AppStateError("version", f"recovery {recovery.version} after version {collection.version}")
    check_keys(keys, (each.key_id for each in recovery.records))
    entries = {
        keys[each.key_id].index_code(each.action.index): Entry(each.value_mac, each.key_id, each.action)
        for each in recovery.records
    }
    if len(entries) != len(recovery.records):
        raise AppStateError("content", "an index twice in one recovery")
    state = lthash.add(lthash.EMPTY, (each.value_mac for each in recovery.records))
    if not hmac.compare_digest(state, recovery.hash):
        raise AppStateError("lthash", f"the records of {recovery.name} do not add up to its hash")
    return Collection(recovery.name, recovery.version, state, entries)
