"""Mailboxes: what waits for a client, in order, until it says that it has it. Then nothing of it stays.

Announcement of 2021: delivered messages are not kept. wire.md, section 8.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping

from impl.dialogue import AnyEvent, Client, Entry
from impl.store import Maybe, Store

NAME = "mailbox {}"


class Mailboxes:
    """One table a mailbox, so that one that fills up slows nobody else down."""

    posted = Maybe(int)

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        """`told` hears of every entry, before the transaction that posts it has ended; `clock` has the seconds."""
        self.store = store
        self.clock = clock
        self.told: Callable[[Client, Entry], None] = lambda client, entry: None

    def post(self, client: Client, event: AnyEvent) -> None:
        number = (self.posted or 0) + 1
        self.posted = number
        self._entries(client)[number] = entry = Entry(number, event, self.clock())
        self.told(client, entry)

    def waiting(self, client: Client) -> list[Entry]:
        """Oldest first."""
        return list(self._entries(client).values())

    def count(self, client: Client) -> int:
        """How many wait."""
        return len(self._entries(client))

    def acknowledge(self, client: Client, numbers: Iterable[int]) -> None:
        """The client has these: they go."""
        entries = self._entries(client)
        for number in numbers:
            entries.pop(number, None)

    def clear(self, client: Client) -> None:
        self.acknowledge(client, list(self._entries(client)))

    def _entries(self, client: Client) -> MutableMapping[int, Entry]:
        name = client.hex() if isinstance(client, bytes) else str(client)
        return self.store.table(NAME.format(name), int, Entry)
