from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from reports import trace
from reports.chart import draw
from tests.reports import samples


def drawn(document: dict[str, Any]) -> ET.Element:
    return ET.fromstring(draw(trace.read(document)))


def rows(chart: ET.Element) -> list[ET.Element]:
    return [group for group in chart.iter("g") if "step" in group.attrib["class"].split()]


def lifelines(chart: ET.Element) -> dict[str, float]:
    lines = [line for line in chart.iter("line") if line.attrib["class"] == "lifeline"]
    names = [text.text or "" for text in chart.iter("text") if text.attrib["class"] == "name"]
    return {name: float(line.attrib["x1"]) for name, line in zip(names, lines, strict=True)}


def arrow(row: ET.Element) -> ET.Element:
    return next(line for line in row.iter("line"))


def test_one_lifeline_a_participant_and_the_server_between_the_accounts() -> None:
    assert list(lifelines(drawn(samples.rollback()))) == ["alice.phone", "alice.web", "server", "bob.phone"]


def test_steps_are_numbered_and_told() -> None:
    numbers = [row.findtext("text[@class='number']") for row in rows(drawn(samples.rollback()))]
    assert numbers == ["1", "2", "3", "4"]


def test_an_arrow_goes_from_actor_to_other() -> None:
    chart = drawn(samples.rollback())
    x = lifelines(chart)
    forward = arrow(rows(chart)[0])
    assert float(forward.attrib["x1"]) == x["alice.phone"]
    assert x["alice.phone"] < float(forward.attrib["x2"]) <= x["alice.web"]
    backward = arrow(rows(chart)[1])
    assert float(backward.attrib["x1"]) == x["bob.phone"]
    assert x["alice.web"] <= float(backward.attrib["x2"]) < x["bob.phone"]


def test_a_refusal_is_dashed_and_says_so() -> None:
    accepted, refused, *_ = rows(drawn(samples.rollback()))
    assert "refused" in refused.attrib["class"].split()
    assert refused.findtext("text[@class='label']") == "linking.scan refused"
    assert refused.find("path[@class='cross']") is not None
    assert "refused" not in accepted.attrib["class"].split()
    assert accepted.find("path[@class='head']") is not None


def test_a_step_of_one_participant_is_a_box_on_its_lifeline() -> None:
    chart = drawn(samples.rollback())
    box = rows(chart)[2].find("rect[@class='box']")
    assert box is not None
    middle = float(box.attrib["x"]) + float(box.attrib["width"]) / 2
    assert abs(middle - lifelines(chart)["alice.phone"]) <= 0.1


def test_the_step_of_disagreement_is_marked_and_drawn_as_it_happened() -> None:
    chart = drawn(samples.rollback())
    *others, last = rows(chart)
    assert last.attrib["class"].split() == ["step", "wrong"]
    assert last.findtext("text[@class='label']") == "✗ devicelist.show"
    assert float(arrow(last).attrib["x1"]) == lifelines(chart)["server"]
    assert not [row for row in others if "wrong" in row.attrib["class"].split()]
    assert len(chart.findall("rect[@class='decisive']")) == 1


def test_the_last_step_breaks_the_property_if_none_disagrees() -> None:
    document = samples.rollback()
    document["steps"] = document["steps"][:2]
    told = trace.read(document)
    assert told.steps[0].outcome == "accepted"
    assert told.steps[1].outcome == "refused by qr_shown; breaks D2"
    assert ["wrong" in row.attrib["class"] for row in rows(drawn(document))] == [False, True]


def test_a_guard_that_only_the_bytes_violate_is_told() -> None:
    document = samples.rollback() | {"property": None}
    document["steps"][1]["breaks"] = "qr_shown"
    assert trace.read(document).steps[1].outcome == "refused by qr_shown; its bytes violate qr_shown"


def test_everything_lies_within_the_picture() -> None:
    document = samples.rollback()
    document["steps"].append({"do": "clock.tick", "says": "A day goes by."})
    document["participants"].append("carol.a-companion-with-a-very-long-name-indeed")
    chart = drawn(document)
    width, height = float(chart.attrib["width"]), float(chart.attrib["height"])
    for rect in chart.iter("rect"):
        assert 0 <= float(rect.attrib["x"]) <= float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width
        assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height


def test_participants_that_nobody_listed_get_a_lifeline() -> None:
    assert list(lifelines(drawn({"steps": [{"do": "send", "actor": "carol.phone", "other": "server"}]}))) == [
        "carol.phone",
        "server",
    ]


def test_a_trace_as_text() -> None:
    assert trace.read(samples.rollback()).lines()[-3:] == [
        "4. The server shows bob.phone the list alice.1.",
        "   devicelist.show(device=bob.phone, user=alice, list=alice.1): expected refused by not_older, got accepted",
        "   devicelist.view(bob.phone, alice): alice.2 -> alice.1",
    ]


def test_an_empty_trace_is_an_empty_chart() -> None:
    assert rows(drawn({"steps": []})) == []
