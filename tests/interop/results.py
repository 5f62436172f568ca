"""What a run found out, function by function: gathered while it goes on, and left in pentad-out/interop.json."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.interop.functions.areas import AREAS

FILE = Path("pentad-out/interop.json")
FAILED, HELD, NOT_CHECKED = "failed", "held", "not checked"
WORST = (FAILED, NOT_CHECKED, HELD)


@dataclass
class Results:
    """By area and peer the worst outcome, and by difference those peers that its tests have passed with."""

    cells: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    differences: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    collected: set[str] = field(default_factory=set)

    def note(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """One phase of a test; only those of an area and a peer count."""
        peer = item.callspec.params.get("peer") if hasattr(item, "callspec") else None
        if peer is None or (report.when != "call" and report.passed):
            return
        outcome = HELD if report.passed else NOT_CHECKED if report.skipped else FAILED
        row = self.cells[area(item)]
        row[peer] = min(row.get(peer, HELD), outcome, key=WORST.index)
        for marker in item.iter_markers("difference"):
            if outcome == HELD:
                self.differences[marker.args[0]].add(peer)

    @property
    def complete(self) -> bool:
        """Whether every area was to be run with every peer."""
        return self.collected == {f"{name} {peer}" for name, (_, peers) in AREAS.items() for peer in peers}

    def write(self, file: Path = FILE) -> None:
        file.parent.mkdir(exist_ok=True)
        differences = {name: sorted(peers) for name, peers in self.differences.items()}
        file.write_text(json.dumps({"cells": self.cells, "differences": differences}, indent=2), encoding="utf-8")

    @classmethod
    def read(cls, file: Path = FILE) -> Results:
        found = json.loads(file.read_text(encoding="utf-8"))
        results = cls()
        results.cells.update(found["cells"])
        results.differences.update({name: set(peers) for name, peers in found["differences"].items()})
        return results


def area(item: pytest.Item) -> str:
    return item.path.stem.removeprefix("test_")
