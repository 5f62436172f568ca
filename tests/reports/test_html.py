from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.evidence import Evidence, Finding, PropertyInfo, Result
from reports.html import headline, render
from tests.reports import samples
from tests.reports.page import Page

GOLDEN = Path(__file__).with_name("golden") / "found.txt"


def test_the_page_reads_as_reviewed() -> None:
    assert Page(render(samples.found())).text == GOLDEN.read_text("utf-8")


def test_listings_can_be_copied_and_used() -> None:
    replay, dump, command = Page(render(samples.found())).listings
    assert json.loads(replay) == samples.rollback()
    assert dump.splitlines() == [
        "0000  32 25 40 32 25 40 32 25 40 32 25 40 32 25 40 32  2%@2%@2%@2%@2%@2",
        "0010  25 40 32 25 40                                   %@2%@",
    ]
    assert command == "pentad check --seed 7"


@pytest.mark.parametrize("evidence", [samples.found(), samples.proved()])
def test_every_link_leads_somewhere_on_the_page(evidence: Evidence) -> None:
    page = Page(render(evidence))
    ids, links = page.values("id"), page.values("href")
    assert len(ids) == len(set(ids))
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_the_page_needs_nothing_but_itself() -> None:
    source = render(samples.found())
    page = Page(source)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert not page.values("src")
    assert not re.search(r"https?:|//|url\(|@import", source)


def test_every_header_cell_names_its_scope() -> None:
    page = Page(render(samples.found()))
    headers = [attributes for tag, attributes in page.tags if tag == "th"]
    assert headers
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in headers)


def test_a_verdict_in_the_matrix_leads_to_the_engine_s_results() -> None:
    page = Page(render(samples.found()))
    verdicts = {
        str(attributes["href"]): str(attributes["class"])
        for tag, attributes in page.tags
        if tag == "a" and "verdict" in (attributes.get("class") or "")
    }
    assert verdicts == {
        "#claim-prove-L1": "verdict holds",
        "#claim-conform-L1": "verdict not_checked",
        "#claim-prove-D2": "verdict unknown",
        "#claim-conform-D2": "verdict violated",
        "#claim-fuzz-W1": "verdict violated",
    }


HOSTILE = "<script>alert('x') </script>\"&amp;"


def test_hostile_text_stays_text() -> None:
    trace = samples.rollback()
    trace["participants"] = [HOSTILE, "bob.phone"]
    trace["steps"][0] |= {"actor": HOSTILE, "says": HOSTILE, "do": HOSTILE, "with": {HOSTILE: HOSTILE}}
    evidence = replace(
        samples.found(),
        command=HOSTILE,
        versions={HOSTILE: HOSTILE},
        properties=[PropertyInfo(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
        results=[Result(HOSTILE, "prove", "holds", HOSTILE, {HOSTILE: 1}, 0.1, HOSTILE, [HOSTILE])],
        findings=[Finding(HOSTILE, "prove", HOSTILE, HOSTILE, trace, None, [HOSTILE], HOSTILE)],
    )
    page = Page(render(evidence))
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert page.text.count(HOSTILE) >= 20
    assert {link.removeprefix("#") for link in page.values("href")} <= set(page.values("id"))
    assert not [name for name in page.values("id") if " " in name]


def test_a_finding_without_a_result_is_in_the_matrix() -> None:
    evidence = replace(samples.found(), results=[])
    assert headline(evidence) == "Of 3 properties, 2 are violated: D2, W1; 1 not checked."
    page = Page(render(evidence))
    assert "#claim-conform-D2" in page.values("href")
    assert "claim-conform-D2" in page.values("id")


def test_headline() -> None:
    proved = samples.proved()
    assert headline(proved) == "All 2 properties hold."
    assert headline(replace(proved, results=proved.results[:1])) == "Of 2 properties, 1 hold; 1 not checked."
    assert headline(replace(proved, results=[])) == "Nothing was checked."
    unknown = replace(proved.results[1], verdict="unknown")
    told = headline(replace(proved, results=[proved.results[0], unknown]))
    assert told == "Of 2 properties, 1 is undecided: D2."


def test_areas_stand_in_the_order_of_the_catalogue() -> None:
    shuffled = replace(samples.found(), properties=list(reversed(samples.PROPERTIES)))
    text = Page(render(shuffled)).text
    assert text.index("Linking") < text.index("Device lists") < text.index("Wire")


def test_silence_is_reported_as_not_checked() -> None:
    text = Page(render(samples.proved())).text
    gaps = text[text.index("What was not checked") : text.index("What the verdicts assume")]
    assert "Anything that explore checks It did not run." in gaps
    assert "Calls The model has no calls yet." in gaps
    silent = replace(samples.proved(), properties=samples.PROPERTIES)
    assert "W1 Any bytes: a value or a clear error. No engine reported on it." in Page(render(silent)).text


def test_a_long_input_is_cut_and_says_so() -> None:
    long = replace(samples.found().findings[1], input="00" * 2000)
    page = Page(render(replace(samples.found(), findings=[samples.found().findings[0], long])))
    assert "Input, 2000 bytes" in page.text
    assert page.listings[1].endswith("\n… 1,488 bytes more; the evidence file has them all")
