from __future__ import annotations

import pytest

from reports.evidence import Cell
from reports.words import hexdump, number, seconds


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (0.0314159, "0.0314 s"),
        (12.0, "12 s"),
        (59.96, "1 min 0 s"),
        (61.2, "1 min 1 s"),
        (3599.7, "1 h 0 min"),
        (7325.0, "2 h 2 min"),
    ],
)
def test_seconds(duration: float, words: str) -> None:
    assert seconds(duration) == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (1234567, "1,234,567"),
        (0.41, "0.41"),
        (1234567.8, "1,234,568"),
        (0.0, "0"),
        ("≥ 2", "≥ 2"),
        (None, ""),
    ],
)
def test_number(cell: Cell, words: str) -> None:
    assert number(cell) == words


def test_hexdump() -> None:
    assert hexdump("") == ""
    assert hexdump("00417e7f80") == "0000  00 41 7e 7f 80                                   .A~.."
    assert hexdump("00" * 512).count("\n") == 31
    assert hexdump("00" * 513).endswith("\n… 1 bytes more; the evidence file has them all")
