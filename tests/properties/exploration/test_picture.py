"""Pictures of small scopes: every state and move is in it, and what is too large is refused with its count."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from model.examples.two_phase_commit import TWO_PHASE_COMMIT, managers
from model.export.dot import dot
from model.language import ModelError
from properties.exploration import picture, search
from properties.exploration.picture import svg

SVG = "{http://www.w3.org/2000/svg}"


def test_every_state_and_move_is_in_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    graph = picture.picture(tmp_path / "new" / "graph.svg", TWO_PHASE_COMMIT, managers(1))
    page = ET.parse(tmp_path / "new" / "graph.svg").getroot()
    boxes = page.findall(f"{SVG}g")
    assert [box.findtext(f"{SVG}title") for box in boxes] == ["\n".join(changes) for changes in graph.changes]
    moves = [path.findtext(f"{SVG}title") for path in page.findall(f"{SVG}path")]
    assert moves == [move for _, move, _ in graph.moves] and len(moves) > len(boxes) - 1
    assert dot(TWO_PHASE_COMMIT, managers(1)).count("\n  s") == len(boxes) + len(moves)


def test_no_two_states_are_drawn_over_each_other() -> None:
    graph = picture.drawn(TWO_PHASE_COMMIT, managers(2))
    drawn = [box.find(f"{SVG}rect") for box in ET.fromstring(svg(graph)).findall(f"{SVG}g")]
    places = [[float(box.attrib[key]) for key in ("x", "y", "width", "height")] for box in drawn if box is not None]
    assert len(places) == len(graph.changes)
    for i, (x, y, width, height) in enumerate(places):
        for a, b, wide, high in places[:i]:
            assert a + wide < x or x + width < a or b + high < y or y + height < b


def test_graphviz_draws_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[Any]()
    monkeypatch.setattr(shutil, "which", lambda program: f"/there/{program}")
    monkeypatch.setattr(subprocess, "run", lambda command, **more: asked.append((command, more["input"])))
    picture.picture(tmp_path / "graph.png", TWO_PHASE_COMMIT, managers(1))
    command = ["/there/dot", "-Tpng", "-o", tmp_path / "graph.png"]
    assert asked == [(command, dot(TWO_PHASE_COMMIT, managers(1)))]


def test_text_for_graphviz_is_that_of_export(tmp_path: Path) -> None:
    picture.picture(tmp_path / "graph.dot", TWO_PHASE_COMMIT, managers(1))
    assert (tmp_path / "graph.dot").read_text() == dot(TWO_PHASE_COMMIT, managers(1))


def test_what_nobody_could_look_at_is_refused_with_its_count(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has 8,832 states, and at most 2,000 are drawn; take a smaller one"):
        picture.picture(tmp_path / "graph.svg", TWO_PHASE_COMMIT, managers(5))
    assert not (tmp_path / "graph.svg").exists()


def test_a_picture_in_png_takes_graphviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(ModelError, match=r"takes Graphviz, and there is no program `dot` here; write \.svg or \.dot"):
        picture.picture(tmp_path / "graph.png", TWO_PHASE_COMMIT, managers(1))


def test_what_was_cut_short_is_not_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(self: search.Search, *_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(search.Search, "_run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        picture.picture(tmp_path / "graph.svg", TWO_PHASE_COMMIT, managers(5))
