"""Encrypted files that the server keeps, backups among them. wire.md, section 12."""

from __future__ import annotations

from impl.dialogue.base import Done, Request


class Upload(Request[Done], frozen=True):
    path: str
    blob: bytes


class Download(Request[bytes], frozen=True):
    path: str


class UploadFile(Request[Done], frozen=True):
    """As `Upload`, of a file on the client's own disk. No server is asked so: whoever carries requests reads it.

    Raises OSError where it cannot be read.
    """

    path: str
    file: str


class DownloadFile(Request[Done], frozen=True):
    """As `Download`, into a file on the client's own disk, which whoever carries requests writes."""

    path: str
    file: str


class DeleteBlob(Request[Done], frozen=True):
    path: str


class StoreBackup(Request[Done], frozen=True):
    """The phone's newest encrypted backup, in place of the one before."""

    file: bytes


class FetchBackup(Request[bytes], frozen=True):
    """For the phone of the account, the next one too."""
