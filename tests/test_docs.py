"""What the documentation says of the repository is so."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from model.kinds import KINDS, Kind
from properties.limits import LIMITS

ROOT = Path(__file__).parent.parent
ROWS = [
    line.split("|")
    for line in (ROOT / "docs" / "implementation.md").read_text(encoding="utf-8").splitlines()
    if line.count("|") == 4 and "`impl/" in line.split("|")[3]
]


def test_the_table_of_promises_is_found() -> None:
    assert len(ROWS) > 20


@pytest.mark.parametrize(("promise", "tests"), [(row[1].strip(), row[3]) for row in ROWS])
def test_what_shows_a_promise_exists(promise: str, tests: str) -> None:
    for file, name in re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", tests):
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, f"{promise} is shown by no {file}::{name}"


def test_every_known_limit_is_in_its_table() -> None:
    rows = [line for line in (ROOT / "docs" / "limits.md").read_text().splitlines() if line.startswith("| KL-")]
    assert [row.split(" |")[0][2:] for row in rows if "a trace" in row] == sorted(LIMITS, key=lambda id: int(id[3:]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_kind_of_element_is_in_the_trace_format(kind: Kind) -> None:
    columns = ", ".join(f"`{field.name}`" for field in fields(kind.spec))
    assert f"| `{kind.key}` | {columns} | " in (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
