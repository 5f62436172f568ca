"""Expressions as text on lines of bounded width, whatever the language."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.language import Claim

WIDTH = 118


@dataclass(frozen=True)
class Joined:
    """Parts with the same word between, in brackets."""

    word: str
    parts: Sequence[Text]
    opening: str = "("
    closing: str = ")"


Text = str | Joined


def flat(text: Text) -> str:
    if isinstance(text, str):
        return text
    return f"{text.opening}{text.word.join(map(flat, text.parts))}{text.closing}"


def laid_out(text: Text, indent: int, before: str = "", after: str = "") -> Iterator[str]:
    """On one line if it fits, else a line or more for each part."""
    line = " " * indent + before + flat(text) + after
    if len(line) <= WIDTH or isinstance(text, str):
        yield line.rstrip()
        return
    yield (" " * indent + before + text.opening).rstrip()
    *others, last = text.parts
    for part in others:
        yield from laid_out(part, indent + 2, after=text.word.rstrip())
    yield from laid_out(last, indent + 2, after=text.closing + after)


def filled(names: Sequence[str], before: str, after: str = "") -> Iterator[str]:
    """Names with commas between, as many to a line as fit."""
    indent = " " * (len(before) - len(before.lstrip()) + 2)
    text = f"{before}{', '.join(names)}{after}"
    yield from textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def sentence(claim: Claim) -> str:
    """`L1: A list names at most four companions.`"""
    return f"{claim}: {getattr(claim, 'statement', '') or claim.sentence or repr(claim).replace('_', ' ')}"
