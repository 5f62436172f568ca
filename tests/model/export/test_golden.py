"""How an exported model reads: two-phase commit in each language, as in the files of `golden`.

What is meant to change there: `python -m tests.model.export.test_golden` writes them again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.examples.two_phase_commit import FOR_GOOD, TOGETHER, TWO_PHASE_COMMIT, managers
from model.export.dot import dot
from model.export.murphi import murphi
from model.export.promela import promela
from model.export.tla import tla

GOLDEN = Path(__file__).parent / "golden"
CLAIMS = [TOGETHER, FOR_GOOD]


def texts() -> dict[str, str]:
    name, module, configuration = tla(TWO_PHASE_COMMIT, managers(2), CLAIMS)
    return {
        "two_phase_commit.pml": promela(TWO_PHASE_COMMIT, managers(2), CLAIMS),
        "two_phase_commit.m": murphi(TWO_PHASE_COMMIT, managers(2), CLAIMS),
        f"{name}.tla": module,
        f"{name}.cfg": configuration,
        "two_phase_commit.dot": dot(TWO_PHASE_COMMIT, managers(1)),
    }


@pytest.mark.parametrize("name", texts())
def test_it_reads_as_it_did(name: str) -> None:
    assert texts()[name] == (GOLDEN / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for file, text in texts().items():
        (GOLDEN / file).write_text(text, encoding="utf-8")
