"""The folder that a command leaves behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

from reports.evidence import Evidence, Finding
from reports.files import replace_file
from reports.html import render
from reports.junit import junit

PAGE = "report.html"


def write(evidence: Evidence, directory: Path) -> Path:
    """Write evidence.json, traces/*.json, junit.xml and report.html; return the path of the page.

    The evidence comes first: everything else can be made from it again. Raises OSError if something cannot be
    stored; files of an earlier command then stay as they were.
    """
    evidence.write(directory)
    for finding in evidence.findings:
        if finding.trace is not None:
            replace_file(trace_path(finding, directory), json.dumps(finding.trace, indent=1, ensure_ascii=False) + "\n")
    replace_file(directory / "junit.xml", junit(evidence))
    replace_file(directory / PAGE, render(evidence))
    return directory / PAGE


def trace_path(finding: Finding, directory: Path) -> Path:
    """Where the trace of a finding is kept."""
    return directory / "traces" / (re.sub(r"[^\w.-]+", "-", f"{finding.engine}-{finding.id}") + ".json")
