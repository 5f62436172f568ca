"""Registering anew: every state of its scope, and what each guard is there for."""

from __future__ import annotations

import pytest

from model.identities import Identities, Registration, Watcher
from model.language import Module, System, along
from model.renewals import Renewals
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from tests.properties.visiting import actions_of, visited


class KeptSessions(Module):
    """Another key of a contact is taken, and its devices of before are kept."""

    @along(Identities.show)
    def nobody_is_forgotten(watcher: Watcher, registration: Registration) -> None:
        Renewals.met[watcher, :] = lambda fellow: Renewals.met(watcher, fellow)


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["renewed"])
    assert found.counts == {"renewed": (26_560, 256_048, 17, 0)} and found.sound
    assert actions_of("renewals") <= found.happened
    assert {"L11", "L12", "S5"} <= found.reached


@pytest.mark.parametrize(
    ("guard", "id"),
    [
        ("show_list.signature", "L11"),
        ("meet.account_signature", "L11"),
        ("meet.account_type", "L12"),
        ("hear.account_signature", "L11"),
        ("hear.account_type", "L12"),
    ],
)
def test_no_guard_is_for_nothing(guard: str, id: str) -> None:
    action, condition = f"renewals.{guard}".rsplit(".", 1)
    found = explore(MULTI_DEVICE, scope("renewed"), [CATALOGUE[id]], without={(action, condition)})
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE[id].name]


def test_sessions_that_are_kept_are_told() -> None:
    kept = System("kept_sessions", *MULTI_DEVICE.modules, KeptSessions)
    found = explore(kept, scope("renewed"), [CATALOGUE["L11"]])
    assert [c.violation.claim.name for c in found.counterexamples] == [CATALOGUE["L11"].name]
