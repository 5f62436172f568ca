"""Words for people: what was meant instead, who attacks."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

THREATS = {
    "N": "network and server: read, drop, delay, reorder, replay, redirect, inject, answer any query",
    "C": "a malicious contact with devices that follow no rules",
    "M": "a malicious member of a group",
    "R": "an unlinked companion that kept all it ever had",
    "P": "passive compromise: whatever one device stores is copied",
    "A": "active compromise: the copied device is spoken for",
    "B": "a restored device: an honest one that starts again from an older copy of itself",
    "-": "nobody: it must hold without any attack",
}


def hint(name: str, known: Iterable[str]) -> str:
    """The nearest name, and all there are."""
    known = list(known)
    near = get_close_matches(name, known, 1)
    meant = f"; did you mean {near[0]}?" if near else "."
    return f"{meant} There are: {', '.join(known)}"
