"""Evidence as JUnit XML, for the tools that show test results.

There is no standard to cite: the elements are those that continuous integration services read. One suite
an engine, one case a property; violated is a failure, unknown an error, not checked a skip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reports import trace
from reports.evidence import Engine, Evidence, Finding, PropertyInfo, Result, Verdict

OUTCOMES: dict[Verdict, str] = {"violated": "failure", "unknown": "error", "not_checked": "skipped"}


def junit(evidence: Evidence) -> str:
    """Return the XML document as text, to be stored as UTF-8."""
    root = ET.Element("testsuites", {"name": "pentad", "time": f"{evidence.seconds:.3f}"})
    for engine in evidence.engines:
        _suite(root, evidence, engine)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, evidence: Evidence, engine: Engine) -> None:
    runs = [run for run in evidence.runs if run.engine == engine]
    suite = ET.SubElement(root, "testsuite", {"name": f"pentad.{engine}", "timestamp": evidence.started})
    suite.set("time", f"{sum(run.seconds for run in runs):.3f}")
    about = ET.SubElement(suite, "properties")
    for run in runs:
        _property(about, "scope", run.scope)
        _property(about, "seed", "none" if run.seed is None else str(run.seed))
    _property(about, "pentad", evidence.tool_version)
    for name, version in evidence.versions.items():
        _property(about, name, version)
    outcomes = []
    for info in evidence.properties:
        if verdict := evidence.verdict(info.id, engine):
            results, findings = evidence.results_of(info.id, engine), evidence.findings_of(info.id, engine)
            _case(suite, info, engine, verdict, results, findings)
            outcomes.append(verdict)
    suite.set("tests", str(len(outcomes)))
    suite.set("failures", str(outcomes.count("violated")))
    suite.set("errors", str(outcomes.count("unknown")))
    suite.set("skipped", str(outcomes.count("not_checked")))


def _case(
    suite: ET.Element,
    info: PropertyInfo,
    engine: Engine,
    verdict: Verdict,
    results: Sequence[Result],
    findings: Sequence[Finding],
) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": _legal(f"pentad.{engine}.{info.area}"),
            "name": _legal(f"{info.id} {info.statement}"),
            "time": f"{sum(result.seconds for result in results):.3f}",
        },
    )
    lines = [f"{result.verdict}, {result.scope}: {result.detail}" for result in results]
    told = [line for finding in findings for line in _tell(finding)]
    if verdict in OUTCOMES:
        grave = [result.detail for result in results if result.verdict == verdict and result.detail]
        reason = " ".join(grave) or " ".join(finding.title for finding in findings)
        outcome = ET.SubElement(case, OUTCOMES[verdict], {"message": _legal(reason)})
        if verdict != "not_checked":
            outcome.set("type", verdict)
        outcome.text = _legal("\n".join([*lines, *told]))
    else:
        ET.SubElement(case, "system-out").text = _legal("\n".join(lines))


def _tell(finding: Finding) -> list[str]:
    lines = ["", f"{finding.id}: {finding.title}", *finding.explanation]
    if finding.trace is not None:
        lines += trace.read(finding.trace).lines()
    if finding.input is not None:
        lines.append(f"input: {finding.input}")
    return lines


def _property(about: ET.Element, name: str, value: str) -> None:
    ET.SubElement(about, "property", {"name": _legal(name), "value": _legal(value)})


def _legal(text: str) -> str:
    # XML 1.0, production 2 (Char): the rest cannot stand in a document, not even escaped.
    return re.sub(
        "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
        lambda match: f"\\x{ord(match[0]):02x}",
        text,
    )
