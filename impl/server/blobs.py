"""Encrypted files, by path: media, history, app state; and by user: backups. What was deleted is gone."""

from __future__ import annotations

from impl.dialogue import Declined, Done
from impl.store import Store, Table


class Blobs:
    files = Table(str, bytes)
    backups = Table(str, bytes)

    def __init__(self, store: Store) -> None:
        self.store = store

    def upload(self, path: str, blob: bytes) -> Done:
        self.files[path] = blob
        return Done()

    def download(self, path: str) -> bytes:
        """Raises Declined."""
        blob = self.files.get(path)
        if blob is None:
            raise Declined(404, f"no file at {path}")
        return blob

    def delete(self, path: str) -> Done:
        self.files.pop(path, None)
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
