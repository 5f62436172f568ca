"""Two devices at once: who wins.

The server takes the first patch of each version (wire.md, section 11.4), and the other device writes anew what still
holds. The later action wins, as its own timestamp says. Ties fall to the larger MACs, so that all devices decide alike.
"""

from collections.abc import Iterable, Mapping

from impl.appstate.collection import Collection
from impl.appstate.kinds import timestamp_of
from impl.appstate.mutation import Change, Entry
from impl.appstate.writing import Intent


def current(collection: Collection) -> Mapping[tuple[str, ...], Entry]:
    """The entry that counts for each index: under two keys, or spelt twice, one index has several entries."""
    ranked = sorted(collection.entries.items(), key=lambda item: _rank(*item))
    return {entry.action.parts: entry for _, entry in ranked}


def rebased(intents: Iterable[Intent], changes: Iterable[Change]) -> tuple[Intent, ...]:
    """The intents that still hold once the changes of others, who were first at the server, are applied.

    At the same millisecond what lies at the server stays.
    """
    latest: dict[tuple[str, ...], int] = {}
    for change in changes:
        parts = change.entry.action.parts
        latest[parts] = max(latest.get(parts, 0), timestamp_of(change.entry.action))
    return tuple(
        each
        for each in intents
        if each.action.parts not in latest or timestamp_of(each.action) > latest[each.action.parts]
    )


def _rank(index_mac: bytes, entry: Entry) -> tuple[int, bytes, bytes]:
    return timestamp_of(entry.action), index_mac, entry.value_mac
