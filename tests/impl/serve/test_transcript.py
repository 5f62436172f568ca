"""Transcripts are read as they were written, and drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from impl.serve.chart import draw
from impl.serve.errors import TranscriptError
from impl.serve.transcript import Opened, Said, Transcript, is_transcript, load
from impl.wire.nodes import Node

ENTRIES = [
    Said(10.0, "bob", "in", Node("message", {"id": "3EB0", "type": "text"}, (Node("enc", content=b"\x33"),))),
    Said(10.25, "alice", "out", Node("message", {"id": "3EB0", "type": "text"}, (Node("enc", content=b"\x33"),))),
    Opened(10.5, "alice", "bob in bob: Hello"),
    Said(11.0, "alice", "in", Node("receipt", {"id": "3EB0"})),
]


def written(path: Path, *entries: Said | Opened) -> Path:
    with path.open("w") as file:
        transcript = Transcript(file)
        for entry in entries:
            transcript.add(entry)
    return path


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", *ENTRIES)
    assert is_transcript(path) and load(path) == ENTRIES


def test_each_line_is_written_at_once() -> None:
    file = io.StringIO()
    Transcript(file).add(ENTRIES[0])
    assert file.getvalue().count("\n") == 2


def test_it_is_drawn_as_a_sequence_chart() -> None:
    assert list(draw(ENTRIES)) == [
        "          server           bob              alice",
        "   0.000  │◀───────────────│                │  message type=text id=3EB0: enc",
        "   0.250  │────────────────────────────────▶│  message type=text id=3EB0: enc",
        "   0.500  │                │                ●  bob in bob: Hello",
        "   1.000  │◀────────────────────────────────│  receipt id=3EB0",
    ]
    with pytest.raises(TranscriptError, match=r"no client of the transcript is called 'zoe'; there are: .*bob"):
        list(draw(ENTRIES, only="zoe"))
    assert len(list(draw(ENTRIES, only="bob"))) == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "line 2"),
        ("{", "line 2"),
        ("[]", "line 2"),
        ('{"at": 1, "client": "a", "direction": "up", "stanza": {"tag": "a"}}', "neither in nor out"),
        ('{"at": 1, "client": "a", "direction": "in", "stanza": {"tag": ""}}', "empty tag"),
        ('{"at": "soon", "client": "a", "opened": "x"}', "soon"),
    ],
)
def test_a_bad_line_is_named(line: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"pentad-transcript": 1}\n' + line + "\n")
    with pytest.raises(TranscriptError, match=why):
        load(path)


def test_another_version_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"pentad-transcript": 2}\n')
    with pytest.raises(TranscriptError, match="version 1 is known, this is 2"):
        load(path)
