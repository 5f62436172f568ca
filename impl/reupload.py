"""A file that the server no longer has: a companion asks the phone, which uploads it again. wire.md, section 12.4."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl import attachments, media_retry
from impl.media_retry import SealedRetry
from impl.messages import MessageKey
from impl.peer_messages import check_own_phone
from impl.wire.content import Media
from impl.wire.media_retry import RetryAnswer, RetryResult

if TYPE_CHECKING:
    from impl.address import Address
    from impl.companion import Companion
    from impl.phone import Phone


def ask_phone(companion: Companion, key: MessageKey) -> SealedRetry:
    """What to send to the phone about a file that the server no longer has. Raises Refused."""
    said = attachments.announced(companion, key)[1]
    companion.retries[key] = said.media_key
    return media_retry.request(key.id, said.media_key, companion.entropy)


def found_again(companion: Companion, key: MessageKey, sender: Address, sealed: SealedRetry) -> bool:
    """The phone's answer: whether the file can be fetched now. Raises Refused."""
    check_own_phone(companion, sender)
    waiting = {key.id: companion.retries[key]} if key in companion.retries else {}
    answer = media_retry.open_answer(sealed, key.id, waiting)
    del companion.retries[key]
    if answer.path is not None:
        message, said = attachments.announced(companion, key)
        companion.messages[key] = replace(message, media=replace(said, path=answer.path))
    return answer.path is not None


def check_asked(phone: Phone, key: MessageKey, sealed: SealedRetry) -> Media:
    """The medium whose file a companion asks for; it knows the media key. Raises Refused."""
    said = attachments.announced(phone, key)[1]
    media_retry.check_request(sealed, key.id, said.media_key)
    attachments.check_many_views(key, said)
    return said


def answer(phone: Phone, key: MessageKey, path: str | None) -> SealedRetry:
    """What to send to the companion: `path` is where the file lies again, None that the phone has none."""
    result = RetryResult.NOT_FOUND if path is None else RetryResult.SUCCESS
    return media_retry.answer(
        RetryAnswer(key.id, result, path), attachments.announced(phone, key)[1].media_key, phone.entropy
    )
