from __future__ import annotations

import errno
import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.evidence import FILE, Evidence, EvidenceError, Finding, NotChecked, Result, Run, Table, load
from tests.reports import samples


def test_what_is_written_is_what_is_loaded(tmp_path: Path) -> None:
    path = samples.found().write(tmp_path / "new" / "folder")
    assert load(path) == load(path.parent) == samples.found()


def test_the_file_says_what_it_is() -> None:
    document = json.loads(samples.found().to_json())
    assert (document["format"], document["version"]) == ("pentad-evidence", 1)
    assert document["results"][0] == {
        "property": "L1",
        "engine": "prove",
        "verdict": "holds",
        "scope": "unbounded",
        "counts": {"obligations": 12},
        "seconds": 0.25,
        "detail": "Inductive.",
        "assumptions": ["No forgery."],
        "finding": None,
    }


def refusal(path: Path) -> str:
    with pytest.raises(EvidenceError) as refused:
        load(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ") and "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_every_truncation_is_refused_with_one_line(tmp_path: Path) -> None:
    file = tmp_path / FILE
    data = replace(samples.found(), command="größer { } \x00 ✓").to_json().encode()
    for length in range(len(data) - 2):
        file.write_bytes(data[:length])
        assert re.fullmatch(r"cut short at line \d+, column \d+; run the engines again", refusal(file))


def test_bytes_that_are_no_text_are_refused_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(samples.found().to_json().encode().replace(b"An older list", b"An \xff list"))
    assert refusal(file).startswith("evidence.results[2].detail is not text that UTF-8 can write; ")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n", "not JSON at line 1, column 1; name a file that pentad wrote"),
        (b"<html>", "not JSON at line 1, column 1; name a file that pentad wrote"),
        (b"[]", "not evidence of pentad; name a file that pentad wrote"),
        (b'{"format": "itf"}', "not evidence of pentad; name a file that pentad wrote"),
        (b"[" * 100_000, "JSON beyond any sensible size; name a file that pentad wrote"),
        (b"1" * 10_000, "JSON beyond any sensible size; name a file that pentad wrote"),
        (
            b'{"format": "pentad-evidence", "version": 2}',
            "evidence version 2, not the 1 that this pentad reads; run the engines again",
        ),
    ],
)
def test_foreign_files_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / FILE
    file.write_bytes(data)
    assert refusal(file) == message


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.json").startswith("no evidence here; run an engine")


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["seed"], "7", "evidence.seed is '7', not a whole number"),
        (["seed"], True, "evidence.seed is True, not a whole number"),
        (["seconds"], float("inf"), "evidence.seconds is inf, not a finite number"),
        (["started"], "yesterday", "evidence.started is 'yesterday', not ISO 8601 in UTC"),
        (["started"], "2026-01-02T03:04:05+02:00", "not ISO 8601 in UTC"),
        (
            ["results", 0, "verdict"],
            "fine",
            "evidence.results[0].verdict is 'fine', not one of violated, unknown",
        ),
        (["results", 0, "property"], "Z9", "prove speaks of a property 'Z9' not listed"),
        (["results", 2, "finding"], "qr-1", "conform names a finding 'qr-1' not listed"),
        (["results", 0, "surprise"], 1, "evidence.results[0] has unknown 'surprise'"),
        (
            ["results", 0, "counts", "states"],
            1.5,
            "evidence.results[0].counts['states'] is 1.5, not a whole number",
        ),
        (
            ["runs", 1, "tables", 0, "rows", 0],
            ["short"],
            "table 'Guard coverage' has a row that is not as long",
        ),
        (["runs", 0, "seed"], 1.5, "evidence.runs[0].seed is 1.5, not a whole number"),
        (["findings", 0, "trace", "steps"], None, "finding 'conform-1': trace.steps is None, not a list"),
        (["findings", 0, "trace", "steps", 0, "do"], 1, "trace.steps[0].do is 1, not text"),
        (["findings", 0, "trace", "scope"], "\ud800", "trace['scope'] is not text that UTF-8 can write"),
        (["findings", 1, "input"], "0g", "finding 'qr-1': input is not hexadecimal text"),
        (["properties", 1, "id"], "L1", "property 'L1' is there twice"),
    ],
)
def test_damage_is_named(tmp_path: Path, place: list[Any], value: object, message: str) -> None:
    document = json.loads(samples.found().to_json())
    target = document
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    file = tmp_path / FILE
    file.write_text(json.dumps(document))
    assert message in refusal(file)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    document = json.loads(samples.found().to_json())
    del document["runs"][0]["scope"]
    (tmp_path / FILE).write_text(json.dumps(document))
    assert "evidence.runs[0] lacks scope" in refusal(tmp_path / FILE)


def test_nothing_is_written_that_could_not_be_loaded(tmp_path: Path) -> None:
    samples.proved().write(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(EvidenceError, match="seconds is nan"):
        replace(samples.proved(), seconds=float("nan")).write(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_older_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    samples.proved().write(tmp_path)
    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        samples.found().write(tmp_path)
    assert load(tmp_path) == samples.proved()
    assert [entry.name for entry in tmp_path.iterdir()] == [FILE]


def test_a_real_full_disk_leaves_no_draft(tmp_path: Path) -> None:
    draft = tmp_path / f".{FILE}.{os.getpid()}"
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    samples.proved().write(tmp_path)
    draft.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        samples.found().write(tmp_path)
    assert load(tmp_path) == samples.proved()
    assert not draft.is_symlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_folder_leaves_the_older_file_whole(tmp_path: Path) -> None:
    samples.proved().write(tmp_path)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(PermissionError):
        samples.found().write(tmp_path)
    tmp_path.chmod(stat.S_IRWXU)
    assert load(tmp_path) == samples.proved()


def test_the_gravest_verdict_counts() -> None:
    evidence = samples.found()
    assert evidence.verdict("D2") == "violated"
    assert evidence.verdict("D2", "prove") == "unknown"
    assert evidence.verdict("L1") == "holds"
    assert evidence.verdict("L1", "conform") == "not_checked"
    assert evidence.verdict("L1", "fuzz") is None


def test_exit_code() -> None:
    clean = samples.proved()
    assert clean.exit_code() == 0
    for verdict, code in (("holds", 0), ("not_checked", 0), ("unknown", 1), ("violated", 1)):
        more = Result("D2", "explore", verdict, "small")  # type: ignore[arg-type]
        assert replace(clean, results=[*clean.results, more]).exit_code() == code
    assert replace(clean, findings=[Finding("a", "prove", "D2", "broken")]).exit_code() == 1
    assert replace(clean, results=[]).exit_code() == 1, "nothing checked is no success"


def explored(verdict: str = "holds", **changes: Any) -> Evidence:
    return replace(
        samples.proved(),
        command="pentad explore",
        started="2026-01-02T04:00:00Z",
        seconds=3.0,
        results=[Result("D2", "explore", verdict, "small")],  # type: ignore[arg-type]
        runs=[Run("explore", None, "small", 3.0, {"states": 10}, [Table("Depth", ["depth"], [[1]])])],
        not_checked=[NotChecked("Calls", "Still no calls."), NotChecked("Progress", "too deep", "explore")],
        **changes,
    )


def test_merging_adds_another_engine() -> None:
    merged = samples.proved().merge(explored())
    assert merged.engines == ["prove", "explore"]
    assert [result.engine for result in merged.results] == ["prove", "prove", "explore"]
    assert merged.command == "pentad prove --seed 7\npentad explore"
    assert (merged.started, merged.seconds) == ("2026-01-02T03:04:05Z", 5.0)
    assert [gap.why for gap in merged.not_checked] == ["Still no calls.", "too deep"]
    assert merged.exit_code() == 0
    merged.to_json()


def test_a_newer_run_of_an_engine_replaces_the_older() -> None:
    merged = samples.found().merge(explored()).merge(samples.proved())
    assert [(item.property, item.verdict) for item in merged.results if item.engine == "prove"] == [
        ("L1", "holds"),
        ("D2", "holds"),
    ]
    assert merged.engines == ["prove", "explore", "conform", "fuzz"]
    assert [finding.id for finding in merged.findings] == ["conform-1", "qr-1"]
    again = explored("violated", properties=[samples.PROPERTIES[1]])
    assert merged.merge(again).verdict("D2", "explore") == "violated"
    assert "Progress" not in [gap.what for gap in merged.merge(replace(again, not_checked=[])).not_checked]


def test_a_finding_goes_when_its_engine_runs_again() -> None:
    conformed = replace(samples.found(), results=[Result("D2", "conform", "holds", "9 steps")], runs=[], findings=[])
    merged = samples.found().merge(conformed)
    assert [finding.id for finding in merged.findings] == ["qr-1"]
    assert merged.verdict("D2", "conform") == "holds"


def test_a_run_of_every_engine_leaves_nothing_of_the_older() -> None:
    assert samples.proved().merge(samples.found()) == samples.found()


def test_merging_names_both_versions_where_they_differ() -> None:
    newer = explored(versions={"z3": "4.15.0", "numba": "0.60"}, tool_version="0.2.0")
    merged = samples.proved().merge(newer)
    assert merged.versions == {"python": "3.12.4", "z3": "4.13.0, 4.15.0", "numba": "0.60"}
    assert merged.tool_version == "0.1.0, 0.2.0"
