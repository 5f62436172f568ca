"""Known limits: what the design does not give. Each has a claim that a trace refutes, and one that holds instead.

Numbers are those of the threat model. A limit is shown, not hidden: the explorer finds the trace each time.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.accounts import Accounts, Device
from model.appstate import AppState, Patch, account_of
from model.fanout import same_account
from model.language import Claim, Formula, every, implies, some
from properties.catalogue.appstate import one_patch_for_each_version


@dataclass(frozen=True)
class Limit:
    """`hoped` does not hold, as a trace at `scope` shows; with the weakest `assumption` it comes back as `instead`."""

    id: str
    statement: str
    source: str
    scope: str
    hoped: Claim
    assumption: str
    instead: Claim


def _all_there_is(device: Device, applied: object) -> Formula:
    """Everything that is written of the device's account, before the step, is applied."""

    def there(patch: Patch) -> Formula:
        written = AppState.written(patch) & (account_of(patch) == Accounts.account(device))
        return implies(written, applied(device, patch))  # type: ignore[operator]

    return every(Patch, there)


def a_newcomer_is_given_the_newest(device: Device) -> Formula:
    """What a device gets first is all that there is."""
    nothing = every(Patch, lambda patch: ~AppState.applied(device, patch))
    something = some(Patch, lambda patch: AppState.applied.after(device, patch))
    return implies(nothing & something, _all_there_is(device, AppState.applied.after))


def who_has_the_newest_keeps_it(device: Device) -> Formula:
    """A device that has all that there is is not brought back."""
    has_all = _all_there_is(device, AppState.applied)
    return implies(has_all, _all_there_is(device, AppState.applied.after))


def equal_versions_are_equal(one: Device, two: Device, patch: Patch, other: Patch) -> Formula:
    """Own devices of one version have one state."""
    both = AppState.applied(one, patch) & AppState.applied(two, other) & same_account(one, two)
    same_version = ~AppState.lower(patch, other) & ~AppState.lower(other, patch)
    return implies(both & same_version, patch == other)


LIMITS = [
    Limit(
        "KL-8",
        "A new companion cannot know whether the server shows it the newest app state.",
        "app state by design",
        "settings",
        Claim("step", a_newcomer_is_given_the_newest),
        "The device has a later version already, and so notices.",
        Claim("step", who_has_the_newest_keeps_it),
    ),
    Limit(
        "KL-10",
        "A server that takes two patches for one version parts own devices from each other.",
        "fork consistency; Li, Krohn, Mazières, Shasha, SUNDR (2004)",
        "settings",
        Claim("state", equal_versions_are_equal),
        "The server takes one patch for each version.",
        one_patch_for_each_version,
    ),
]
