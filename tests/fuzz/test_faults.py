"""Seeded faults: the stored inputs tell them from the clean decoders, and a campaign finds them unaided."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.campaign import run
from fuzz.errors import FuzzError
from fuzz.faults import FAULTS, Fault, fault_of
from fuzz.oracles import Finding, check
from fuzz.targets import TARGETS
from fuzz.triage import regression_cases

EACH = pytest.mark.parametrize(("name", "fault"), FAULTS.items(), ids=FAULTS.keys())


@EACH
def test_a_stored_input_breaks_under_the_fault(name: str, fault: Fault) -> None:
    broken = []
    with fault.switched_on():
        for path, target in regression_cases().items():
            try:
                check(TARGETS[target], path.read_bytes())
            except Finding as found:
                broken.append((target, found.property))
    assert (fault.target, fault.property) in broken


@EACH
def test_a_campaign_of_five_seconds_finds_it(name: str, fault: Fault, tmp_path: Path) -> None:
    campaign = run([fault.target], 5, 1, tmp_path, fault=name)
    (found,) = campaign.findings
    assert (found.target, found.property) == (fault.target, fault.property)
    assert found.path.read_bytes() == found.input
    assert found.path.parent == tmp_path / "regressions"
    check(TARGETS[found.target], found.input)
    with fault.switched_on(), pytest.raises(Finding):
        check(TARGETS[found.target], found.input)


def test_an_unknown_fault_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(FuzzError, match=r"'none'; there are trusted-length, "):
        fault_of("none")
