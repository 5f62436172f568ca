"""Words that are written as one byte or two: `tokens.json`, which says where it comes from."""

import json
from pathlib import Path

from impl.wire.nodes.tags import DICTIONARIES

_TABLES = json.loads(Path(__file__).with_name("tokens.json").read_text(encoding="utf-8"))

VERSION: int = _TABLES["version"]
"""The dictionary's, which a client names when it connects."""

SINGLE: tuple[str, ...] = tuple(_TABLES["single"])
"""By byte; 0 is no token."""

DOUBLE: tuple[tuple[str, ...], ...] = tuple(tuple("".join(word) for word in words) for words in _TABLES["double"])
"""By dictionary and second byte."""

SPELLINGS: dict[str, bytes] = {
    word: bytes((tag, index))
    for tag, words in zip(DICTIONARIES, DOUBLE, strict=True)
    for index, word in enumerate(words)
} | {word: bytes((byte,)) for byte, word in enumerate(SINGLE) if byte}
"""How each word is written."""
