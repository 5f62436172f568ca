"""Limits of app state."""

from __future__ import annotations

from model.accounts import Accounts, Device, User
from model.appstate import AppState, Patch, account_of
from model.fanout import same_account
from model.language import Formula, every, implies, invariant
from properties.catalogue.appstate import one_patch_for_each_version
from properties.property import always, step


@invariant()
def nobody_is_parted(user: User) -> Formula:
    return ~AppState.parted(user)


@step(
    "KL-8",
    "A new companion is given the newest app state.",
    source="app state by design: only who already holds a later version notices that it is shown an older one",
    against="N",
)
def a_newcomer_is_given_the_newest(device: Device, patch: Patch, other: Patch) -> Formula:
    new = every(Patch, lambda each: ~AppState.applied(device, each)) & (AppState.author(patch) != device)
    there = AppState.written(other) & (account_of(other) == Accounts.account(device))
    return implies(new & AppState.applied.after(device, patch) & there, AppState.applied.after(device, other))


@always(
    "KL-10",
    "Own devices of one version have one state, whatever the server does.",
    source="Li, Krohn, Mazieres, Shasha, SUNDR (2004): a server that takes two patches for one version parts devices",
    against="N",
    lean_on=[nobody_is_parted, one_patch_for_each_version, *one_patch_for_each_version.lemmas],
)
def equal_versions_are_equal(one: Device, two: Device, patch: Patch, other: Patch) -> Formula:
    both = AppState.applied(one, patch) & AppState.applied(two, other) & same_account(one, two)
    same_version = ~AppState.lower(patch, other) & ~AppState.lower(other, patch)
    return implies(both & same_version, patch == other)
