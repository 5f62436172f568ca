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
    messages = {name: len(conversation) for name, conversation in expected.conversations.items()}
    assert messages == {"alice": 62, "desktop": 62, "tablet": 62, "bob": 62, "web": 62, "carol": 4}
    alice, desktop, tablet = (expected.settings[name] for name in ("alice", "desktop", "tablet"))
    assert len(alice) == 2 and alice == desktop == tablet
