"""Backups: every state of a scope, what the guard is there for, and designs in which something flows."""

from __future__ import annotations

import pytest

from model.language import System
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore
from properties.proofs.prove import prove
from tests.properties.variants import ONE_KEY_FOR_ALL, SWEPT_WHEN_LINKED
from tests.properties.visiting import visited


def test_everything_happens_and_every_property_holds() -> None:
    found = visited(["vault"])
    assert found.counts == {"vault": (293_440, 3_270_096, 21, 0)} and found.sound
    assert {"backup.make", "backup.restore"} <= found.happened
    assert {"B1", "B2", "B3"} <= found.reached


def test_no_guard_is_for_nothing() -> None:
    found = explore(MULTI_DEVICE, scope("vault"), [CATALOGUE["B3"]], without={("backup.restore", "own_key")})
    assert [c.violation.claim.name for c in found.counterexamples] == ["what_the_phone_had"]


@pytest.mark.parametrize(
    ("system", "id", "action"),
    [(ONE_KEY_FOR_ALL, "B1", "compromise.compromise"), (SWEPT_WHEN_LINKED, "B2", "linking.scan")],
    ids=["B1", "B2"],
)
def test_what_flows_is_told(system: System, id: str, action: str) -> None:
    (proof,) = prove(system, [CATALOGUE[id]], processes=1)
    assert [failure.obligation for failure in proof.failures] == [f"{id} over {action}"]
