"""No test is timed: how long an example takes says more about the machine, or about coverage, than about the code.

What a machine cannot check for want of a tool is said in the end, not only counted.
"""

import signal

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell starts what runs in its background deaf to Ctrl-C; so would be all that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

NOT_CHECKED = "not checked: "


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(reason[2]).removeprefix("Skipped: ") for reason in skipped if isinstance(reason, tuple)]
    for reason in dict.fromkeys(reason for reason in reasons if reason.startswith(NOT_CHECKED)):
        terminalreporter.write_line(f"{reason} ({reasons.count(reason)} tests)")
