"""A whole client as a process: it is told what to do, and what it reports is waited for, never for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from impl.foreign.environment import Peer
from impl.foreign.errors import Hung, PeerError
from impl.foreign.process import Process

TIME = 30.0
"""Seconds for one step: a client may take some to start, and Baileys waits 20 for a history that does not come."""

SHOWN = 30

Report = dict[str, Any]
Wanted = Callable[[Report], bool]


class Stuck(AssertionError):
    """The client did not come to report what was waited for; says what it had reached."""


class Actor:
    """`client` of the peer's folder, connected to `url`; it begins where the last one in `state` left off.

    `hangs` if it did not report what was waited for last.
    """

    def __init__(self, peer: Peer, url: str, root: bytes, state: Path, *arguments: str) -> None:
        self.reports: list[Report] = []
        self.hangs = False
        self._process = Process(peer, "client", "--url", url, "--state", str(state), "--root", root.hex(), *arguments)
        self._read = 0

    def until(self, name: str, time: float = TIME, where: Wanted = lambda _: True, **values: Any) -> Report:
        """The first report of this name and with these values after the one that was waited for last.

        Reports that came in between are passed over, and can still be found in `reports`. Raises Stuck.
        """

        def wanted(report: Report) -> bool:
            same = report["report"] == name and all(report.get(key) == value for key, value in values.items())
            return same and where(report)

        deadline = monotonic() + time
        at = self._read
        while True:
            for i in range(at, len(self.reports)):
                if wanted(self.reports[i]):
                    self._read, self.hangs = i + 1, False
                    return self.reports[i]
            at = len(self.reports)
            self._hear(f"{name} {values or ''}".strip(), deadline)

    def ever(self, name: str, time: float = TIME, where: Wanted = lambda _: True, **values: Any) -> Report:
        """As `until`, of all that it ever reported: for what has no order."""
        self._read = 0
        return self.until(name, time, where, **values)

    def do(self, verb: str, time: float = TIME, **values: Any) -> Report:
        """Has it done, and answers with what `done` says. Raises Stuck, also if it failed."""
        self._process.say({"do": verb, **values})
        report = self.ever_since(len(self.reports), ("done", "failed"), verb, time)
        if report["report"] == "failed":
            raise Stuck(f"{verb} failed: {report['why']}; it had reached: {self._reached()}")
        return report

    def refuses(self, verb: str, time: float = TIME, **values: Any) -> Report:
        """Has it do what it cannot, and answers with what `failed` says. Raises Stuck, also if it did it."""
        self._process.say({"do": verb, **values})
        report = self.ever_since(len(self.reports), ("done", "failed"), verb, time)
        if report["report"] == "done":
            raise Stuck(f"{verb} was done; it had reached: {self._reached()}")
        return report

    def ever_since(self, start: int, names: tuple[str, ...], verb: str, time: float) -> Report:
        deadline = monotonic() + time
        while True:
            for report in self.reports[start:]:
                if report["report"] in names and report.get("verb") == verb:
                    return report
            start = len(self.reports)
            self._hear(f"the end of {verb}", deadline)

    def told(self, name: str, **values: Any) -> list[Report]:
        """All reports so far of this name and with these values."""
        return [
            each
            for each in self.reports
            if each["report"] == name and all(each.get(key) == value for key, value in values.items())
        ]

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.close()

    def _hear(self, what: str, deadline: float) -> None:
        try:
            self.reports.append(self._process.hear(max(0.01, deadline - monotonic())))
        except Hung:
            self.hangs = True
            raise Stuck(f"no {what} in time; it had reached: {self._reached()}; {self._process.last_words}") from None
        except PeerError as error:
            raise Stuck(f"no {what}: {error}; it had reached: {self._reached()}") from error

    def _reached(self) -> str:
        told = [_line(each) for each in self.reports[-SHOWN:]]
        return "; ".join(told) or "nothing"


def _line(report: Report) -> str:
    values = {key: value for key, value in report.items() if key not in ("report", "first", "text")}
    return f"{report['report']} {str(values)[:120]}"
