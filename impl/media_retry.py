"""Media retry: a companion asks the phone for a file that the media servers no longer have.

Source: tulir/whatsmeow, mediaretry.go. The media key, which both got in the message itself, authenticates the
two; what the server says in the clear beside it (chat, sender, or an error in place of an answer) does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from impl.crypto.entropy import Entropy
from impl.crypto.kdf import hkdf
from impl.refusal import Refused, refused_as
from impl.wire.media_retry import RetryAnswer, RetryRequest

IV_SIZE = 12


@dataclass(frozen=True, slots=True)
class SealedRetry:
    """Request or answer on its way: `<enc_p>`, AES-256-GCM with its 16-byte tag, and the 12 bytes of `<enc_iv>`."""

    payload: bytes = field(repr=False)
    iv: bytes


def request(message_id: str, media_key: bytes, entropy: Entropy) -> SealedRetry:
    """What the companion sends about the file of this message; it then waits for the answer."""
    return _sealed(RetryRequest(message_id).encode(), message_id, media_key, entropy)


def check_request(sealed: SealedRetry, message_id: str, media_key: bytes) -> None:
    """The phone makes sure that who asks for the file of this message knows its media key. Raises Refused."""
    plaintext = _opened(sealed, message_id, media_key)
    with refused_as("well_formed"):
        asked = RetryRequest.decode(plaintext)
    _check_same_message(asked.message_id, message_id)


def answer(told: RetryAnswer, media_key: bytes, entropy: Entropy) -> SealedRetry:
    """What the phone answers.

    It uploads under the same media key: the file, and thus its hash, is again what the message announced.
    """
    return _sealed(told.encode(), told.message_id, media_key, entropy)


def open_answer(sealed: SealedRetry, message_id: str, waiting: Mapping[str, bytes]) -> RetryAnswer:
    """The phone's answer about `message_id`, which is then no longer waited for. Raises Refused.

    `waiting` holds the media keys of the messages about which the companion has asked.
    """
    if message_id not in waiting:
        raise Refused("waiting", f"nothing was asked about the file of {message_id!r}")
    plaintext = _opened(sealed, message_id, waiting[message_id])
    with refused_as("well_formed"):
        told = RetryAnswer.decode(plaintext)
    _check_same_message(told.message_id, message_id)
    return told


def _check_same_message(inside: str, message_id: str) -> None:
    if inside != message_id:
        raise Refused("same_message", f"is about {inside!r}, not about {message_id!r}")


def _sealed(plaintext: bytes, message_id: str, media_key: bytes, entropy: Entropy) -> SealedRetry:
    iv = entropy(IV_SIZE)
    return SealedRetry(_cipher(media_key).encrypt(iv, plaintext, message_id.encode()), iv)


def _opened(sealed: SealedRetry, message_id: str, media_key: bytes) -> bytes:
    if len(sealed.iv) != IV_SIZE:
        raise Refused("well_formed", f"an initialisation vector of {len(sealed.iv)} bytes, must be {IV_SIZE}")
    try:
        return _cipher(media_key).decrypt(sealed.iv, sealed.payload, message_id.encode())
    except InvalidTag as error:
        raise Refused("retry_intact", "not sealed under the media key of this message") from error


def _cipher(media_key: bytes) -> AESGCM:
    return AESGCM(hkdf(media_key, b"WhatsApp Media Retry Notification", 32))
