"""A transcript as a sequence chart of text: a column for the server and for each client, an arrow for each stanza."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impl.serve.errors import TranscriptError
from impl.serve.transcript import Opened, Said
from impl.stanzas.reading import children, optional
from impl.wire.nodes import Node

SERVER = "server"
COLUMN = 17
"""Letters from one lifeline to the next."""

LABEL = 90


def draw(entries: Sequence[Said | Opened], only: str | None = None) -> Iterator[str]:
    """Lines; with `only` those of clients whose name contains it. Raises TranscriptError if there is none."""
    shown = [entry for entry in entries if only is None or only in entry.client]
    if only is not None and not shown:
        known = ", ".join(dict.fromkeys(entry.client for entry in entries)) or "nobody"
        raise TranscriptError(f"no client of the transcript is called {only!r}; there are: {known}")
    clients = list(dict.fromkeys(entry.client for entry in shown))
    columns = [SERVER, *clients]
    yield "          " + "".join(name[: COLUMN - 1].ljust(COLUMN) for name in columns).rstrip()
    began = shown[0].at if shown else 0.0
    for entry in shown:
        place = columns.index(entry.client)
        match entry:
            case Said(at, _, direction, node):
                yield f"{at - began:8.3f}  {_arrow(len(columns), place, direction == 'in')}  {label(node)}"
            case Opened(at, _, text):
                yield f"{at - began:8.3f}  {_mark(len(columns), place)}  {text[:LABEL]}"


def label(node: Node) -> str:
    """What a stanza is about, in a few words: its tag, its kind, what is in it."""
    kind = " ".join(
        f"{key}={each}" for key in ("type", "xmlns", "class", "code", "id") if (each := optional(node, key))
    )
    inside = ", ".join(dict.fromkeys(each.tag for each in children(node)))
    return f"{node.tag} {kind}{f': {inside}' if inside else ''}"[:LABEL]


def _arrow(columns: int, place: int, to_server: bool) -> str:
    width = COLUMN * place - 1
    body = ("◀" + "─" * (width - 1)) if to_server else ("─" * (width - 1) + "▶")
    return "│" + body + "│" + _lifelines(columns - place - 1)


def _mark(columns: int, place: int) -> str:
    return "│" + "".join(" " * (COLUMN - 1) + ("●" if each == place else "│") for each in range(1, columns))


def _lifelines(count: int) -> str:
    return (" " * (COLUMN - 1) + "│") * count
