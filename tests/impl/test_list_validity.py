"""How old a device list may be, on both sides of every limit."""

import pytest

from impl.durations import DAY, HOUR
from impl.list_validity import EXPIRY, RECHECK, UNFULFILLED, Expected, Verdict, verdict

LISTED = 1626220800


def test_the_periods_are_those_of_whatsapp_web() -> None:
    assert (RECHECK, EXPIRY, UNFULFILLED) == (28 * DAY, 35 * DAY, 25 * HOUR)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (-DAY, "fresh"),
        (0, "fresh"),
        (28 * DAY - 1, "fresh"),
        (28 * DAY, "recheck"),
        (35 * DAY - 1, "recheck"),
        (35 * DAY, "expired"),
    ],
)
def test_a_list_grows_old(age: int, expected: Verdict) -> None:
    assert verdict(LISTED, LISTED + age, has_companions=True) == expected
    assert verdict(LISTED, LISTED + age, has_companions=False) == "fresh"


@pytest.mark.parametrize(
    ("newer_by", "waited", "checked_after", "expected"),
    [
        (1, UNFULFILLED, 1, "expired"),
        (1, UNFULFILLED - 1, 1, "fresh"),
        (1, UNFULFILLED, 0, "fresh"),
        (1, UNFULFILLED, None, "fresh"),
        (0, UNFULFILLED, 1, "fresh"),
    ],
    ids=["withheld", "still time", "not asked since", "never asked", "it came"],
)
def test_a_newer_list_that_does_not_come_ends_the_old_one(
    newer_by: int, waited: int, checked_after: int | None, expected: Verdict
) -> None:
    learned = LISTED + DAY
    last_check = None if checked_after is None else learned + checked_after
    newer = Expected(LISTED + newer_by, learned)
    now = learned + waited
    assert verdict(LISTED, now, has_companions=True, expected=newer, last_check=last_check) == expected
    assert verdict(LISTED, now, has_companions=False, expected=newer, last_check=last_check) == "fresh"


def test_between_recheck_and_expiry_a_withheld_list_still_counts() -> None:
    learned = LISTED + RECHECK
    newer = Expected(LISTED + 1, learned)
    at = {"has_companions": True, "expected": newer, "last_check": learned + 1}
    assert verdict(LISTED, learned + UNFULFILLED - 1, **at) == "recheck"
    assert verdict(LISTED, learned + UNFULFILLED, **at) == "expired"
