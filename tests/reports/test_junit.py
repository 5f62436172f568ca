from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from reports.evidence import Evidence
from reports.junit import junit
from tests.reports import samples


def parsed(evidence: Evidence) -> ET.Element:
    return ET.fromstring(junit(evidence).encode())


def test_counts_are_those_of_the_cases() -> None:
    suites = {suite.attrib["name"]: suite for suite in parsed(samples.found())}
    assert list(suites) == ["pentad.prove", "pentad.conform", "pentad.fuzz"]
    told = {
        name: [suite.attrib[count] for count in ("tests", "failures", "errors", "skipped")]
        for name, suite in suites.items()
    }
    assert told == {
        "pentad.prove": ["2", "0", "1", "0"],
        "pentad.conform": ["2", "1", "0", "1"],
        "pentad.fuzz": ["1", "1", "0", "0"],
    }
    for suite in suites.values():
        assert len(suite.findall("testcase")) == int(suite.attrib["tests"])
        for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{element}")) == int(suite.attrib[count])


def test_a_suite_names_seed_scope_and_versions() -> None:
    about = parsed(samples.found()).findall("testsuite[@name='pentad.conform']/properties/property")
    assert [(item.attrib["name"], item.attrib["value"]) for item in about] == [
        ("scope", "20,000 steps"),
        ("seed", "7"),
        ("pentad", "0.1.0"),
        ("python", "3.12.4"),
        ("z3", "4.13.0"),
    ]


def test_a_failure_tells_the_trace() -> None:
    failure = parsed(samples.found()).find("testsuite[@name='pentad.conform']/testcase/failure")
    assert failure is not None and failure.text is not None
    assert failure.attrib["message"] == "An older list is accepted."
    assert "4. The server shows bob.phone the list alice.1." in failure.text
    assert "expected refused by not_older, got accepted" in failure.text


def test_a_failure_tells_the_input() -> None:
    text = parsed(samples.found()).findtext("testsuite[@name='pentad.fuzz']/testcase/failure")
    assert text is not None and "input: 322540" in text


def test_unknown_is_an_error_and_not_checked_a_skip_with_its_reason() -> None:
    suites = parsed(samples.found())
    error = suites.find("testsuite[@name='pentad.prove']/testcase/error")
    skipped = suites.find("testsuite[@name='pentad.conform']/testcase/skipped")
    assert error is not None and error.attrib["message"] == "z3 gave up: timeout."
    assert skipped is not None and skipped.attrib["message"] == "The peer cannot link."


def test_several_scopes_are_one_case() -> None:
    proved = samples.proved()
    twice = replace(proved, results=[*proved.results, replace(proved.results[0], verdict="unknown", scope="x")])
    suite = parsed(twice)[0]
    assert suite.attrib["tests"] == "2"
    error = suite.find("testcase/error")
    assert error is not None and error.text == "holds, unbounded: Inductive.\nunknown, x: Inductive."


@given(st.text())
@example("\x00\x1f\ufffe\uffff")
def test_any_text_makes_xml_that_parses(text: str) -> None:
    proved = samples.proved()
    result = replace(proved.results[0], detail=text, verdict="violated")
    failure = parsed(replace(proved, results=[result], command=text)).find("testsuite/testcase/failure")
    assert failure is not None
    if text.isprintable():
        assert failure.attrib["message"] == text
