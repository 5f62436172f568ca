"""Texts of few characters, two to a byte: wire.md, section 5.2; tulir/whatsmeow, `binary/encoder.go`, `decoder.go`.

A head (bit 7: the last half byte is a filler of 15; below it the number of bytes), then the bytes, high half first.
"""

from impl.wire.errors import DecodeError
from impl.wire.nodes.tags import HEX_8, NIBBLE_8

PACKED_LIMIT = 127
"""Characters of a packed text, for encoders and so for us as a decoder: what is longer is written as it is."""

ODD = 0x80
_FILLER = "F"

_HEX = "0123456789ABCDEF"
_ALPHABETS = {NIBBLE_8: "0123456789-.", HEX_8: _HEX}
"""The character of each half byte; of two alphabets the first is preferred."""

_SETS = {tag: frozenset(alphabet) for tag, alphabet in _ALPHABETS.items()}
_TO_HEX = {tag: str.maketrans(alphabet, _HEX[: len(alphabet)]) for tag, alphabet in _ALPHABETS.items()}
_FROM_HEX = {tag: str.maketrans(_HEX[: len(alphabet)], alphabet) for tag, alphabet in _ALPHABETS.items()}
_MEANT = {tag: frozenset(_HEX[: len(alphabet)]) for tag, alphabet in _ALPHABETS.items()}


def pack(text: str) -> bytes | None:
    """Tag, head and bytes; None where the text is empty, too long, or has characters of neither alphabet."""
    if not 0 < len(text) <= PACKED_LIMIT:
        return None
    for tag, alphabet in _SETS.items():
        if alphabet.issuperset(text):
            odd = len(text) % 2
            digits = text.translate(_TO_HEX[tag]) + _FILLER * odd
            return bytes((tag, ODD * odd | len(digits) // 2)) + bytes.fromhex(digits)
    return None


def unpack(tag: int, odd: bool, packed: bytes) -> str:
    """The text of NIBBLE_8 or HEX_8 in these bytes. Raises DecodeError: also if it is empty."""
    digits = packed.hex().upper()
    if not 0 < len(digits) - odd <= PACKED_LIMIT:
        raise DecodeError(f"{max(0, len(digits) - odd)} characters, allowed are 1 to {PACKED_LIMIT}", "packed text")
    if odd and not digits.endswith(_FILLER):
        raise DecodeError("the filler is not 15", "packed text")
    text = digits[: len(digits) - odd]
    if not _MEANT[tag].issuperset(text):
        raise DecodeError("a half byte that stands for nothing", "packed text")
    return text.translate(_FROM_HEX[tag])
