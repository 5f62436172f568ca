"""Encrypted files that the server keeps, backups among them. wire.md, section 12."""

from __future__ import annotations

from impl.dialogue.base import Done, Request


class Upload(Request[Done], frozen=True):
    path: str
    blob: bytes


class Download(Request[bytes], frozen=True):
    path: str


class DeleteBlob(Request[Done], frozen=True):
    path: str


class StoreBackup(Request[Done], frozen=True):
    """The phone's newest encrypted backup, in place of the one before."""

    file: bytes


class FetchBackup(Request[bytes], frozen=True):
    """For the phone of the account, the next one too."""
