"""What lies in a device's mailbox, handled in the order in which it came; what may be, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from impl.client import Client
from impl.dialogue import Acknowledge, Declined, Delivery, Entry, Flow, Receipted, ask
from impl.net.conversation import Conversation, Ended, run_all


class Mail:
    """Of one client. `deliveries` counts messages that arrived; `troubled` hears what should not have happened."""

    def __init__(self, client: Client, troubled: Callable[[str], None]) -> None:
        self.deliveries = 0
        self._client = client
        self._troubled = troubled

    async def take(self, conversation: Conversation, entries: Iterable[Entry]) -> None:
        """Raises Ended once the device has another name, which is the end of this connection."""
        for simple, alike in groupby(entries, _is_simple):
            if simple:
                await self._handle(conversation, list(alike))
                continue
            for entry in alike:
                await self._handle(conversation, [entry])

    async def _handle(self, conversation: Conversation, entries: Sequence[Entry]) -> None:
        name = self._client.name
        self.deliveries += sum(isinstance(entry.event, Delivery) for entry in entries)
        await run_all(conversation, self._client.device.store, [self._handling(entry) for entry in entries])
        if self._client.name != name:
            raise Ended("this device has another name now")

    def _handling(self, entry: Entry) -> Flow[None]:
        try:
            yield from self._client.handle(entry)
        except Declined as declined:  # as it will be next time
            self._troubled(f"{type(entry.event).__name__}: {declined}")
            yield from ask(Acknowledge((entry.number,)))


def _is_simple(entry: Entry) -> bool:
    """Whether its order among others of its kind does not matter."""
    match entry.event:
        case Delivery(stanza):
            return stanza.category == "message"
        case Receipted():
            return True
    return False
