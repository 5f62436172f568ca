"""A walk by hand: each word of it, and that it says what the model does."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.language import ModelError
from model.scope import scope
from model.simulate import Simulation
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.catalogue import CATALOGUE
from properties.conditions import Without
from properties.exploration.walk import Dialogue, Walk
from properties.replaying import on_model


def begun(without: Without = frozenset()) -> Dialogue:
    return Dialogue(Walk(Simulation(MULTI_DEVICE, scope("tiny"), without), CATALOGUE.values()))


def number_of(dialogue: Dialogue, step: str) -> str:
    (line,) = [line for word in ("ok", "no") for line in dialogue.said(f"{word} {step}") if line.strip() != "nothing"]
    return line.split()[0]


def go(dialogue: Dialogue, *steps: str) -> list[str]:
    for step in steps:
        lines = dialogue.said(number_of(dialogue, step))
    return lines


def test_a_step_is_chosen_by_its_number_and_shows_what_it_changes() -> None:
    dialogue = begun()
    lines = go(dialogue, "linking.show_qr(alice.web)")
    assert lines[:2] == ["1. linking.show_qr(alice.web)", "   linking.shows_qr(alice.web)"]
    assert any("linking.scan(alice.phone, alice.web" in line for line in lines)


def test_a_refused_step_is_made_too_and_says_which_guards_refuse_it() -> None:
    dialogue = begun()
    go(dialogue, "linking.show_qr(alice.web)", "linking.scan(alice.phone, alice.web, alice.1)")
    (line,) = dialogue.said("no linking.scan(alice.phone, alice.web, alice.2)") or [""]
    assert line.endswith("refused: once")
    before = dialogue.walk.states[-1]
    assert go(dialogue, "linking.scan(alice.phone, alice.web, alice.2)")[1] == "   refused: once"
    assert dialogue.walk.states[-1] == before


def test_back_undoes_a_step_and_never_more_than_there_are() -> None:
    dialogue = begun()
    start = dialogue.shown()
    go(dialogue, "linking.show_qr(alice.web)")
    assert dialogue.said("back") == start
    with pytest.raises(ModelError, match="where the walk begins"):
        dialogue.said("back")


def test_what_is_saved_is_a_trace_that_replays(tmp_path: Path) -> None:
    dialogue = begun()
    go(dialogue, "linking.show_qr(alice.web)", "linking.scan(alice.phone, alice.web, alice.1)")
    go(dialogue, "linking.scan(alice.phone, alice.web, alice.2)")
    assert dialogue.said(f"save {tmp_path / 'walk.json'}")
    trace = Trace.load(tmp_path / "walk.json")
    assert [step.expect for step in trace.steps] == ["accepted", "accepted", "refused"]
    assert on_model(trace, frozenset()).agrees
    assert any("refused: once" in line for line in dialogue.said("trace"))


def test_a_weakened_model_says_what_a_step_breaks() -> None:
    dialogue = begun(frozenset({("linking.scan", "not_a_phone")}))
    lines = go(dialogue, "linking.show_qr(alice.phone)", "linking.scan(alice.phone, alice.phone, alice.1)")
    assert any(line.startswith("   L2 is broken") for line in lines)


@pytest.mark.parametrize(
    ("said", "why"),
    [("jump", "nothing to say here"), ("0", "there is no step 0"), ("99", "there are 1 to"), ("save", "say where to")],
)
def test_what_makes_no_sense_is_answered_in_a_line_and_changes_nothing(said: str, why: str) -> None:
    dialogue = begun()
    with pytest.raises(ModelError, match=why):
        dialogue.said(said)
    assert dialogue.walk.moves == [] and not dialogue.over


def test_it_ends_when_it_is_told_to() -> None:
    dialogue = begun()
    assert dialogue.said("quit") == [] and dialogue.over
