"""A part of a history on its way, as the model has it: a blob with the server, and the message that opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from impl.phone import Phone
from impl.stanza import Stanza


@dataclass(frozen=True)
class HistoryShare:
    """The blob that is to lie at `path`, and the peer message."""

    path: str
    blob: bytes
    stanza: Stanza

    @classmethod
    def of(cls, phone: Phone, stanza: Stanza) -> Self:
        """What the phone has put into its outbox. Of parts that are inline the model does not speak."""
        path = phone.history_left[stanza.id].path
        if path is None:
            raise ValueError("a part without a blob")
        return cls(path, phone.uploads[path], stanza)
