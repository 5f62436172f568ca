"""A transcript: every stanza in order, one JSON object a line, written as it happens."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from impl.serve.errors import TranscriptError
from impl.stanzas.text import from_json, to_json
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

Direction = Literal["in", "out"]
VERSION = 1


@dataclass(frozen=True)
class Said:
    """`client` said a stanza to the server ("in"), or was told one ("out"), `at` seconds of the clock."""

    at: float
    client: str
    direction: Direction
    node: Node


@dataclass(frozen=True)
class Opened:
    """What one of ours has read in a message, with `--record`: plain text is in the transcript only then."""

    at: float
    client: str
    text: str


class Transcript:
    """Writes to `file` at once, so that nothing is lost with the process."""

    def __init__(self, file: TextIO, begun: bool = False) -> None:
        self._file = file
        if not begun:
            self._write({"pentad-transcript": VERSION})

    @classmethod
    def resumed(cls, path: Path) -> Transcript:
        """Goes on where a process that was killed has stopped; the line that it was writing goes. Raises OSError."""
        path.touch()
        whole = path.read_bytes().rpartition(b"\n")
        os.truncate(path, len(whole[0]) + len(whole[1]))
        return cls(path.open("a", encoding="utf-8"), begun=bool(whole[1]))

    def add(self, entry: Said | Opened) -> None:
        match entry:
            case Said(at, client, direction, node):
                self._write({"at": at, "client": client, "direction": direction, "stanza": to_json(node)})
            case Opened(at, client, text):
                self._write({"at": at, "client": client, "opened": text})

    def _write(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()


def is_transcript(path: Path) -> bool:
    """Whether the file says that it is one. Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return '"pentad-transcript"' in file.readline(200)


def load(path: Path) -> list[Said | Opened]:
    """Raises TranscriptError, OSError."""
    return list(_entries(path))


def _entries(path: Path) -> Iterator[Said | Opened]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            try:
                entry = json.loads(line)
                if number == 1:
                    _check_version(entry)
                else:
                    yield _entry(entry)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise TranscriptError(f"{path}, line {number}: no line of a transcript: {error}") from error


def _check_version(entry: Any) -> None:
    if entry.get("pentad-transcript") != VERSION:
        raise DecodeError(f"version {VERSION} is known, this is {entry.get('pentad-transcript')!r}", "transcript")


def _entry(entry: Any) -> Said | Opened:
    at, client = float(entry["at"]), str(entry["client"])
    if "opened" in entry:
        return Opened(at, client, str(entry["opened"]))
    if entry["direction"] not in ("in", "out"):
        raise DecodeError("neither in nor out", "direction")
    return Said(at, client, entry["direction"], from_json(entry["stanza"]))
