"""Who has what in the end, read from the stores themselves: every message once on every device, or else why not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from impl.demo.reports import store_path
from impl.device import Device
from impl.store import SqliteStore


@dataclass(frozen=True)
class Holdings:
    """What one device has: the messages it wrote, how often it holds each message, and how many it accepted twice."""

    name: str
    wrote: frozenset[str]
    held: Counter[str]
    accepted_twice: int

    def missing(self, said: Iterable[str]) -> int:
        return len({*said} - self.held.keys())

    def strange(self, said: Iterable[str]) -> int:
        """Messages that nobody wrote."""
        return len(self.held.keys() - {*said})

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in self.held.values()) + self.accepted_twice


@dataclass(frozen=True)
class Verdict:
    """`wished` is how many messages were to be said; `why` says what cut the demonstration short."""

    holdings: tuple[Holdings, ...]
    wished: int
    why: str | None

    @property
    def said(self) -> frozenset[str]:
        return frozenset().union(*(each.wrote for each in self.holdings))

    def exactly_once(self, each: Holdings) -> bool:
        return not (each.missing(self.said) or each.twice or each.strange(self.said))

    @property
    def holds(self) -> bool:
        return self.why is None and len(self.said) == self.wished and all(map(self.exactly_once, self.holdings))

    @property
    def sentence(self) -> str:
        if self.why is not None:
            return f"cut short: {self.why}"
        if len(self.said) != self.wished:
            return f"only {len(self.said):,} of {self.wished:,} messages were said"
        return "every message is exactly once on every device" if self.holds else "messages are missing, or there twice"


def holdings(folder: Path, name: str) -> Holdings:
    """Of a device whose process has ended. Raises StoreError."""
    store = SqliteStore(store_path(folder, name), synced=False)
    try:
        device = Device(store, os.urandom)
        messages = device.conversation
        return Holdings(
            name,
            frozenset(message.text for message in messages if message.author == device.address),
            Counter(message.text for message in messages),
            sum(count > 1 for count in device.deliveries.values()),
        )
    finally:
        store.close()
