"""Any process may be killed at any moment: nothing is lost, nothing is there twice, no key is used twice.

Here at every STRIDE-th write, from another first one each day; `python -m benchmarks crash` takes them all.
"""

from datetime import date

import pytest

from tests.impl.crash.survival import damage, undisturbed

STRIDE = 24
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_is_killed_goes_on(part: int) -> None:
    expected, writes = undisturbed()
    first = date.today().toordinal() % STRIDE
    points = range(first, writes, STRIDE)[part::PARTS]
    assert [flaw for point in points for flaw in damage(point, expected)] == []


def test_an_undisturbed_story_is_without_flaw() -> None:
    expected, _ = undisturbed()
    assert expected.flaws == ()
    assert {name: len(messages) for name, messages in expected.conversations.items()} == dict.fromkeys(
        ("alice", "bob", "desktop", "tablet", "web"), 50
    )
