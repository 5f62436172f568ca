"""Campaigns on the clean decoders: progress, time, interruption, and what is left as evidence."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuzz import campaign as campaigns
from fuzz import libfuzzer
from fuzz.campaign import LEAST, Campaign, run
from fuzz.errors import FuzzError
from fuzz.evidence import evidence
from fuzz.libfuzzer import TargetRun
from fuzz.targets import TARGETS
from fuzz.triage import Found
from reports.evidence import Evidence, Verdict

FOUND = Found("qr-0", "qr", "W2", "one key, two spellings", b"\x01", Path("qr-0.bin"))


def test_a_clean_campaign_makes_progress_and_holds(tmp_path: Path) -> None:
    news: list[TargetRun] = []
    campaign = run(["qr", "padding", "qr"], 3, 0, tmp_path, news.append)
    assert campaign.findings == () and not campaign.interrupted
    latest = {each.target: each for each in news}
    assert {each.target: each for each in campaign.runs} == latest and latest.keys() == {"qr", "padding"}
    for each in campaign.runs:
        assert each.inputs > 1000 and each.edges > 5 and each.corpus > 1 and each.per_second > 100
    assert not (tmp_path / "regressions").exists()
    assert verdicts(campaign) == {"W1": "holds", "W2": "holds", "W3": "holds", "W4": "not_checked"}


def test_ctrl_c_ends_the_campaign_with_what_was_found(tmp_path: Path) -> None:
    main = threading.main_thread().ident
    assert main is not None
    pressed = threading.Lock()

    def press(_: object) -> None:
        """Once: a second Ctrl-C would not wait for the campaign to end."""
        if pressed.acquire(blocking=False):
            signal.pthread_kill(main, signal.SIGINT)

    campaign = run(["qr", "padding"], 60, 0, tmp_path, press)
    assert campaign.interrupted
    assert verdicts(campaign)["W1"] == "unknown"
    assert {gap.what for gap in evidence(campaign).not_checked} == {"The decoder qr", "The decoder padding"}


@pytest.mark.parametrize(
    ("targets", "seconds", "fault", "message"),
    [
        (["no-such"], 60, None, "no target is called 'no-such'"),
        (["qr"], 60, "no-fault", "no fault is called 'no-fault'"),
        (["qr"], 1.9, None, "1 targets, 2 at a time, need at least 2 s"),
        ([], LEAST, None, f"{len(TARGETS)} targets, 2 at a time, need at least"),
    ],
)
def test_what_cannot_be_done_is_refused(
    targets: list[str], seconds: float, fault: str | None, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FuzzError, match=message):
        run(targets, seconds, 0, tmp_path, fault=fault)


def test_without_atheris_nothing_is_called_fuzzing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "find_spec", lambda name: None)
    with pytest.raises(FuzzError, match="atheris is not installed"):
        run(["qr"], 5, 0, tmp_path)


def test_a_child_that_cannot_start_ends_the_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libfuzzer, "DICTIONARIES", tmp_path)
    with pytest.raises(FuzzError, match="qr: the fuzzer ended with code 1: "):
        run(["qr"], 5, 0, tmp_path)


def verdicts(campaign: Campaign) -> dict[str, Verdict]:
    """Of each property, by way of an evidence file."""
    part = evidence(campaign)
    whole = Evidence(
        "0", "pentad fuzz", datetime.now(UTC).isoformat(), campaign.seconds, campaign.seed, {}, *vars(part).values()
    )
    assert whole.to_json()
    return {info.id: whole.verdict(info.id) or "not_checked" for info in part.properties}


def test_a_finding_violates_its_property_and_leaves_the_others_of_its_target_open() -> None:
    targets = (TARGETS["qr"], TARGETS["history-stream"])
    runs = tuple(TargetRun(target.name, 8, 100, 10, 10, 5, 2.0) for target in targets)
    clean = Campaign(0, 5.0, targets, runs, ())
    assert set(verdicts(clean).values()) == {"holds"}
    broken = replace(clean, findings=(FOUND,), fault="a-fault")
    assert verdicts(broken) == {"W1": "unknown", "W2": "violated", "W3": "unknown", "W4": "holds"}
    part = evidence(broken)
    (finding,) = part.findings
    assert (finding.id, finding.input, finding.flaw) == ("qr-0", "01", "a-fault")
    assert part.results[1].counts == {"targets": 1, "inputs": 100, "edges": 10}
    assert part.results[1].scope == "1 decoder, 5 s"
    assert [row[-1] for row in part.runs[0].tables[0].rows] == ["qr-0", None]
