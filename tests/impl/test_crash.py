"""Any process may be killed at any moment: nothing is lost, nothing is there twice, no key is used twice.

Here at every STRIDE-th write, from another first one each day; `python -m benchmarks crash` takes them all.
"""

from datetime import date

import pytest

from impl.appstate.actions import PushName
from tests.impl.crash.survival import Undisturbed, damage, undisturbed

STRIDE = 80
PARTS = 4


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed(tmp_path_factory.mktemp("story"))


@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_is_killed_goes_on(story: Undisturbed, part: int) -> None:
    points = range(date.today().toordinal() % STRIDE, story.writes, STRIDE)[part::PARTS]
    assert [flaw for point in points for flaw in damage(point, story)] == []


def test_an_undisturbed_story_is_without_flaw(story: Undisturbed) -> None:
    assert story.outcome.flaws == ()
    messages = {name: len(conversation) for name, conversation in story.outcome.conversations.items()}
    assert messages == {"alice": 68, "desktop": 68, "tablet": 68, "bob": 68, "web": 68, "carol": 4}
    alice, desktop, tablet = (story.outcome.settings[name] for name in ("alice", "desktop", "tablet"))
    assert PushName("Alice") in alice.values() and alice == desktop == tablet
