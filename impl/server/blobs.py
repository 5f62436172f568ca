"""Encrypted files, by path: media, history, app state; and by user: backups. What was deleted is gone.

wire.md, section 12.3. Nobody tells the server when a file is needed no longer, unless its readers delete it: so what
clients upload is kept for a month, by the server's clock, and longer only as part of the app state.
"""

from __future__ import annotations

from collections.abc import Callable

from impl.dialogue import Declined, Done
from impl.durations import DAY
from impl.store import Store, Table

LIFETIME = 30 * DAY
"""Seconds. Ours: how long real servers keep media is not published. After that the phone is asked, section 12.4."""


class Blobs:
    """`uploaded` is when, in seconds, of what does not stay."""

    files = Table(str, bytes)
    uploaded = Table(str, int)
    backups = Table(str, bytes)

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self.store = store
        self.clock = clock

    def upload(self, path: str, blob: bytes) -> Done:
        """To upload again begins the month anew."""
        self._expire()
        self.files[path] = blob
        self.uploaded.pop(path, None)  # rows come in the order in which they were first written
        self.uploaded[path] = self.clock()
        return Done()

    def keep(self, path: str) -> None:
        """This file stays until it is deleted."""
        self.uploaded.pop(path, None)

    def download(self, path: str) -> bytes:
        """Raises Declined."""
        self._expire()
        blob = self.files.get(path)
        if blob is None:
            raise Declined(404, f"no file at {path}")
        return blob

    def delete(self, path: str) -> Done:
        self.files.pop(path, None)
        self.uploaded.pop(path, None)
        return Done()

    def store_backup(self, user: str, file: bytes) -> Done:
        """In place of the one before."""
        self.backups[user] = file
        return Done()

    def fetch_backup(self, user: str) -> bytes:
        """Raises Declined."""
        file = self.backups.get(user)
        if file is None:
            raise Declined(404, f"no backup of {user}")
        return file

    def _expire(self) -> None:
        while (oldest := next(iter(self.uploaded.items()), None)) is not None:
            path, since = oldest
            if self.clock() - since < LIFETIME:
                return
            self.delete(path)
