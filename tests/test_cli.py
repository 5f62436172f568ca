"""The command line: what it prints, what it leaves behind, and what it says to whatever cannot be right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import pentad
from model.scope import SCOPES
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.estimate import Estimate
from reports.evidence import load

ROOT = Path(pentad.__file__).parent
A_FEW = {id: CATALOGUE[id] for id in ("L1", "L4", "D2")}
STEPS = [
    {"do": "linking.show_qr", "with": {"companion": "alice.web"}, "expect": "accepted"},
    {"do": "linking.show_qr", "with": {"companion": "alice.web"}, "expect": "accepted"},
]


class Said:
    """What a command line did: exit code, stdout, stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def complaint(self) -> str:
        """The one line of bad usage."""
        assert self.code == 2, (self.code, self.out, self.err)
        assert self.err.count("\n") == 1 and self.err.startswith("pentad: ")
        assert "Traceback" not in self.err
        return self.err.removeprefix("pentad: ").rstrip()


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Said:
        code = pentad.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return command


def process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pentad", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def trace(**changes: object) -> str:
    document = {"pentad": 1, "system": "multi_device", "scope": SCOPES["tiny"].to_json(), "steps": STEPS}
    return json.dumps(document | changes)


def step(**changes: object) -> list[dict[str, object]]:
    return [STEPS[0] | changes]


def test_what_holds_exits_with_0_and_leaves_evidence(run: Run, tmp_path: Path) -> None:
    said = run("prove", "L4", "D2")
    assert said.code == 0 and said.err == ""
    assert "scope unbounded, seed 0" in said.out.splitlines()[0]
    assert [line.split()[0] for line in said.out.splitlines() if "✓" in line][:2] == ["L4", "D2"]
    found = load(tmp_path / "pentad-out")
    assert [(result.property, result.verdict) for result in found.results] == [("L4", "holds"), ("D2", "holds")]
    assert "L4" in (tmp_path / "pentad-out" / "report.html").read_text()
    assert ET.parse(tmp_path / "pentad-out" / "junit.xml").getroot().tag == "testsuites"


def test_what_is_violated_exits_with_1_and_is_told(run: Run, tmp_path: Path) -> None:
    said = run("prove", "L4", "--without", "linking.confirm.linking_secret", "--out", tmp_path / "x")
    assert said.code == 1
    assert "the guard linking_secret was dropped, and does not hold here" in said.out
    (result,) = load(tmp_path / "x").results
    assert result.verdict == "violated"
    assert result.scope == "unbounded, without linking.confirm.linking_secret"


def test_less_than_the_protocol_is_kept_apart(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    run("prove", "L4", "--without", "linking.confirm.linking_secret")
    assert load(tmp_path / "pentad-out").exit_code() == 0
    assert load(tmp_path / "pentad-out" / "weakened").exit_code() == 1
    run("explore", "D2", "--scope", "tiny", "--flaw", "KF-11", "--threads", 1, "--out", "pentad-out")
    assert load(tmp_path / "pentad-out").engines == ["explore"]


def test_a_proof_can_be_asked_for_under_seeds_and_of_a_second_solver(run: Run, tmp_path: Path) -> None:
    assert run("prove", "L6", "--seeds", "2", "--second-opinion").code == 0
    counts = load(tmp_path / "pentad-out").runs[0].counts
    assert counts["seeds"] == 2 and counts["cvc5 agrees on"] == counts["by solver"] > 0


def test_where_nothing_is_missing_nothing_is_suggested(run: Run) -> None:
    said = run("prove", "L6", "--suggest")
    assert said.code == 0 and said.out == "L6: nothing is missing, every obligation is met\n"


def test_obligations_can_be_exported(run: Run, tmp_path: Path) -> None:
    assert run("export", "L6", "--to", "smtlib", "--out", tmp_path / "scripts").code == 0
    assert (tmp_path / "scripts" / "linking.scan" / "L6.smt2").read_text().endswith("(check-sat)\n")


def test_a_scope_can_be_exported_for_others_to_check(run: Run, tmp_path: Path) -> None:
    said = run("export", "L4", "F10", "--to", "murphi", "--scope", "tiny")
    assert said.code == 0
    assert said.out.splitlines() == [
        "pentad-out/export/multi_device_tiny.m",
        "not about states or steps, so not in it: F10",
    ]
    assert 'invariant "L4: ' in (tmp_path / "pentad-out" / "export" / "multi_device_tiny.m").read_text()


def test_what_cannot_be_exported_is_one_line(run: Run) -> None:
    assert run("export", "--to", "cobol").complaint.startswith(
        "nothing is exported to 'cobol'; there are promela, murphi, tla, dot, smtlib"
    )
    assert "too many to draw" in run("export", "--to", "dot", "--scope", "tiny").complaint


def test_engines_that_run_one_after_another_add_up(run: Run, tmp_path: Path) -> None:
    run("prove", "L1")
    run("explore", "L1", "F4", "F10", "R1", "--scope", "users=1,devices=2,lists=1,messages=0")
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore"]
    verdicts = {result.property: result.verdict for result in found.results if result.engine == "explore"}
    assert verdicts == {"L1": "holds", "F4": "not_checked", "F10": "holds", "R1": "holds"}


def test_an_exploration_finds_a_seeded_flaw_and_its_trace_replays(run: Run, tmp_path: Path) -> None:
    said = run("explore", "D2", "--scope", "tiny", "--flaw", "KF-11", "--threads", 1)
    assert said.code == 1 and "(seeded flaw KF-11)" in said.out
    path = tmp_path / "pentad-out" / "weakened" / "traces" / "explore-D2-tiny.json"
    assert json.loads(path.read_text())["property"] == "D2"
    clean = run("replay", path)
    assert clean.code == 1
    assert "refused by not_older, but the trace expects accepted" in clean.out
    assert run("replay", path, "--flaw", "KF-11").code == 0
    assert run("replay", path, "--without", "devicelist.show.not_older").code == 0
    assert run("replay", path, "--on", "impl").code == 0
    flawed = run("replay", path, "--on", "impl", "--flaw", "KF-11")
    assert flawed.code == 1 and "devicelist.show was accepted, the model says refused" in flawed.out


def test_a_short_conformance_run(run: Run, tmp_path: Path) -> None:
    said = run("conform", "--steps", 200, "--seed", 3)
    assert said.code == 0
    found = load(tmp_path / "pentad-out")
    assert found.seed == 3 and found.runs[0].seed == 3
    assert found.runs[0].counts["steps"] >= 200
    agrees = next(result for result in found.results if result.property == "M1")
    assert agrees.verdict == "holds"


def test_a_short_campaign(run: Run, tmp_path: Path) -> None:
    said = run("fuzz", "qr", "--time", "4s")
    assert said.code == 0, said.out + said.err
    assert load(tmp_path / "pentad-out").verdict("W1", "fuzz") == "holds"


def test_the_report_can_be_made_again(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    page = tmp_path / "pentad-out" / "report.html"
    before = page.read_text()
    page.unlink()
    assert run("report", "pentad-out").code == 0
    assert page.read_text() == before


def test_an_engine_that_cannot_run_costs_no_other_its_results(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pentad, "QUICK", pentad.Budget(scopes=("small",), steps=100, fuzz_seconds=1))
    monkeypatch.setattr(pentad, "CATALOGUE", A_FEW)
    said = run("check", "--quick")
    assert said.code == 2
    assert "need at least" in said.err and said.err.count("\n") == 1
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore", "conform"]
    assert "fuzz" in [gap.engine for gap in found.not_checked]


def test_an_interruption_ends_the_whole_check_and_keeps_what_was_covered(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("properties.search.Search.run", lambda *_: False)
    monkeypatch.setattr(pentad, "CATALOGUE", A_FEW)
    said = run("check")
    assert said.code == 1
    found = load(tmp_path / "pentad-out")
    assert found.engines == ["prove", "explore"]
    assert {found.verdict(id, "explore") for id in ("L1", "D2")} == {"unknown"}


@pytest.mark.parametrize(
    ("kind", "key", "first"),
    [
        ("properties", "id", "L1"),
        ("actions", "action", "accounts.switch_phone"),
        ("scopes", "scope", "tiny"),
        ("targets", "target", "qr"),
        ("flaws", "id", "KF-01"),
    ],
)
def test_what_there_is_can_be_listed(run: Run, kind: str, key: str, first: str) -> None:
    rows = json.loads(run("list", kind, "--json").out)
    assert rows[0][key] == first
    assert first in run("list", kind).out


def test_every_property_and_action_is_listed(run: Run) -> None:
    assert [row["id"] for row in json.loads(run("list", "properties", "--json").out)] == list(CATALOGUE)
    assert [row["action"] for row in json.loads(run("list", "actions", "--json").out)] == list(MULTI_DEVICE.actions)


def test_an_explanation_says_what_the_proof_needs(run: Run) -> None:
    said = run("explain", "l4")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "L4  A companion joins only the account whose phone scanned it, once per secret."
    assert "for every companion: Device" in lines
    assert "    scanned = Linking.scanned(user, companion) | Compromise.knows_secret(companion)" in lines
    assert any(line.split() == ["*", "linking.confirm.linking_secret", "require"] for line in lines)
    assert not any("history." in line for line in lines)


COME_TRUE = "whether something can always still come true"
BAD: dict[str, tuple[list[str], str]] = {
    "id": (["prove", "L44"], "no property has the id 'L44'; did you mean L4? There are: L1,"),
    "explained id": (["explain", "Q"], "no property has the id 'Q'. There are: L1,"),
    "id of a decoder": (["explain", "w1"], "W1 is about decoders: it is `pentad fuzz` that tries it"),
    "id of a limit": (["explain", "KL-2"], "KL-2 is a known limit, not a property: see `pentad list limits`"),
    "scope": (["explore", "--scope", "smal"], "no scope is named 'smal'; there are tiny,"),
    "sizes": (["explore", "--scope", "users=9"], "users=9 is out of bounds; 1 to 4 will do"),
    "condition": (
        ["prove", "--without", "linking.confirm.linkin_secret"],
        "linking.confirm has no condition 'linkin_secret'; did you mean linking_secret?",
    ),
    "no condition": (["prove", "--without", "seat_free"], "'seat_free' names no condition; write for example"),
    "action": (["explore", "--without", "linking.confrm.x"], "no action is named 'linking.confrm'; did you mean"),
    "flaw": (["conform", "--flaw", "KF-99"], "no flaw has the id 'KF-99'"),
    "explored flaw": (["explore", "--flaw", "KF-99"], "no flaw has the id 'KF-99'"),
    "flaw that is an effect": (["explore", "--flaw", "KF-22"], "KF-22 drops no condition of the model; seed it with"),
    "progress up to exchanges": (["explore", "F14", "--symmetry"], f"F14: {COME_TRUE}"),
    "progress at random": (["explore", "F14", "--swarm", "1s"], f"F14: {COME_TRUE} takes"),
    "progress on disk": (["explore", "F14", "--disk", "states"], f"F14: {COME_TRUE} is asked"),
    "picture": (
        ["explore", "--graph", "g.gif"],
        "a graph is drawn into a file that ends in .dot, .svg, .png, not 'g.gif'",
    ),
    "picture of orbits": (["explore", "--graph", "g.svg", "--symmetry"], "--graph draws all states as they are"),
    "target": (["fuzz", "qrr", "--time", "4s"], "no target is called 'qrr'; there are qr,"),
    "list": (["list", "propertys"], "nothing is called 'propertys'; did you mean properties?"),
    "evidence": (["report", "nowhere"], "nowhere: no evidence here; run an engine that writes into this folder"),
    "trace": (["replay", "nowhere.json"], "nowhere.json cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("arguments", "complaint"), BAD.values(), ids=BAD)
def test_a_wrong_word_is_one_line(run: Run, arguments: list[str], complaint: str) -> None:
    assert run(*arguments).complaint.startswith(complaint)


def test_a_search_on_disk_is_told_again_when_resumed(run: Run, tmp_path: Path) -> None:
    begun = run("explore", "L1", "--scope", "users=1,devices=3,lists=0,messages=0", "--symmetry", "--disk", "states")
    assert begun.code == 0 and (tmp_path / "states" / "checkpoint.json").exists()
    first = load(tmp_path / "pentad-out").runs[-1].counts
    assert run("explore", "--resume", "states", "--threads", 1, "--out", "again").code == 0
    assert load(tmp_path / "again").runs[-1].counts | {"MiB": 0} == first | {"MiB": 0}
    assert first["ways to exchange"] == 2 and first["for states"] > first["states"]
    assert "is resumed as it began" in run("explore", "--resume", "states", "--scope", "tiny").complaint
    assert "holds a search already" in run("explore", "--scope", "tiny", "--disk", "states").complaint
    assert "nowhere holds no search to resume" in run("explore", "--resume", "nowhere").complaint
    assert "leave out --disk" in run("explore", "--scheduler", "tcp://127.0.0.1:1", "--disk", "other").complaint


def test_the_way_to_a_premise_is_shown(run: Run, tmp_path: Path) -> None:
    said = run("explore", "H1", "G1", "--why", "--scope", "tiny", "--threads", 1)
    assert said.code == 1 and "its premise is never met at scope tiny" in said.out
    assert run("replay", tmp_path / "pentad-out" / "why" / "H1-tiny.json").code == 0


def test_a_search_at_random_says_how_much_it_has_seen(run: Run, tmp_path: Path) -> None:
    options = ["--scope", "tiny", "--swarm", "1s", "--memory", "4M"]
    clean = run("explore", "D2", *options)
    assert clean.code == 0 and "there are at least" in clean.out and "shows nothing of the rest" in clean.out
    broken = run("explore", "D2", *options, "--flaw", "KF-11", "--out", "found")
    assert broken.code == 1 and "D2 is broken" in broken.out
    without = ["--without", "devicelist.show.not_older"]
    assert run("replay", tmp_path / "found" / "swarm" / "D2-tiny.json", *without).code == 0


def test_a_scope_that_does_not_fit_is_one_line_and_names_the_command_that_does(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("properties.explore.too_many", lambda *_: Estimate(walks=100, same=1))
    monkeypatch.setattr(sys, "argv", ["pentad", "explore", "L1", "--scope", "tiny"])
    complaint = run("explore", "L1", "--scope", "tiny").complaint
    assert "likely more than 4,950 states, as 100 walks at random hardly meet" in complaint
    assert complaint.endswith("on disk it is: pentad explore L1 --scope tiny --disk pentad-out/states-tiny")


def test_what_turns_out_not_to_fit_in_memory_goes_to_disk(run: Run, tmp_path: Path) -> None:
    said = run("explore", "D2", "--scope", "tiny", "--memory", "2M", "--threads", 1)
    assert said.code == 0 and "the states are kept in pentad-out/states-tiny meanwhile" in said.err
    assert load(tmp_path / "pentad-out").runs[-1].counts["states"] == 13_880
    assert not (tmp_path / "pentad-out" / "states-tiny").exists()
    assert "F14: whether something" in run("explore", "F14", "--scope", "tiny", "--memory", "2M").complaint


TRACES = {
    "another version": (trace(pentad=2), "the trace has version 2; this program reads version 1"),
    "an unknown action": (trace(steps=step(do="linking.scn")), "step 1: no action is named 'linking.scn'"),
    "an unknown argument": (
        trace(steps=step(**{"with": {"companio": "alice.web"}})),
        "step 1: no argument is named 'companio'; did you mean 'companion'?",
    ),
    "an unknown element": (
        trace(steps=step(**{"with": {"companion": "alice.wb"}})),
        "step 1: the scope has no Device named 'alice.wb'; did you mean 'alice.web'?",
    ),
    "cut off": (trace()[:-40], "the trace is cut off at line 1"),
    "no trace at all": ("{}", "not a pentad trace"),
}


@pytest.mark.parametrize(("text", "complaint"), TRACES.values(), ids=TRACES)
@pytest.mark.parametrize("on", ["model", "impl"])
def test_a_trace_that_is_none_is_one_line(run: Run, tmp_path: Path, text: str, complaint: str, on: str) -> None:
    path = tmp_path / "trace.json"
    path.write_text(text)
    assert run("replay", path, "--on", on).complaint.startswith(f"{path}: {complaint}")


def test_a_trace_is_replayed_on_nobody_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "trace.json").write_text(trace())
    assert "There are: model, impl" in run("replay", "trace.json", "--on", "server").complaint


def test_damaged_evidence_is_one_line_and_stays(run: Run, tmp_path: Path) -> None:
    run("prove", "L4")
    path = tmp_path / "pentad-out" / "evidence.json"
    path.write_text(path.read_text()[:-100])
    damaged = path.read_text()
    assert "cut short at line" in run("report", "pentad-out").complaint
    assert "cut short at line" in run("prove", "L4").complaint
    assert path.read_text() == damaged


def test_a_folder_that_is_a_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    advice = "is a file; choose a folder for what is found"
    assert run("explore", "--scope", "medium", "--out", "taken").complaint == f"taken {advice}"
    assert run("prove", "--out", "taken/below").complaint == f"taken/below {advice}"
    assert (tmp_path / "taken").read_text() == "mine"


def test_no_space_left_is_one_line_and_the_older_evidence_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("prove", "L4")
    before = (tmp_path / "pentad-out" / "evidence.json").read_text()
    monkeypatch.setattr("os.fsync", full)
    said = run("prove", "D2")
    assert said.complaint.endswith("No space left on device")
    assert "D2" in said.out and "✓" in said.out
    assert (tmp_path / "pentad-out" / "evidence.json").read_text() == before


def full(_: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as stdout:
        said = subprocess.run(
            [sys.executable, "-m", "pentad", "list", "actions"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (said.returncode, said.stderr) == (2, "pentad: No space left on device\n")


def test_wrong_usage_names_the_nearest_word(tmp_path: Path) -> None:
    said = process("chek", cwd=tmp_path)
    assert said.returncode == 2 and "Did you mean 'check'?" in said.stderr
    assert process("explore", "--memory", "4X", cwd=tmp_path).returncode == 2


def test_as_a_program_it_says_its_version_and_prints_no_colour_into_a_pipe(tmp_path: Path) -> None:
    assert process("--version", cwd=tmp_path).stdout == "0.1.0\n"
    said = process("prove", "D2", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert "\x1b" not in said.stdout


def test_colour_can_be_refused(tmp_path: Path) -> None:
    green = "\x1b[32m"
    assert green in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1").stdout
    assert green not in process("prove", "D2", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_ctrl_c_says_how_far_it_came_and_exits_with_130(tmp_path: Path) -> None:
    hooked = (
        "import os, signal, sys, pentad, properties.prove as engine\n"
        "discharge = engine.Prover.discharge\n"
        "def interrupted(self, obligation):\n"
        "    if str(obligation) == 'L4 over linking.confirm': os.killpg(0, signal.SIGINT)\n"
        "    return discharge(self, obligation)\n"
        "engine.Prover.discharge = interrupted\n"
        "sys.exit(pentad.run(['prove', 'L4', 'F9']))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", hooked],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,  # a terminal interrupts the whole group, and here that is not pytest's
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert said.returncode == 130
    assert said.stderr.count("\n") == 1 and "pentad: interrupted; prove had covered" in said.stderr
    assert not (tmp_path / "pentad-out" / "evidence.json").exists()
