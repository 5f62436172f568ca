"""`python -m tests.interop.table`: what a run found, put into docs/interop.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from impl.foreign.environment import PEERS
from tests.interop.functions.areas import AREAS
from tests.interop.functions.differences import DIFFERENCES
from tests.interop.results import FAILED, FILE, HELD, Results

DOCUMENT = Path(__file__).parents[2] / "docs" / "interop.md"
SECTION = re.compile(r"(?<=<!-- functions -->\n).*?(?=<!-- end of functions -->)", re.DOTALL)
TITLES = {
    "baileys": "Baileys",
    "libsignal": "libsignal (Rust)",
    "libsignal_js": "libsignal (JavaScript)",
    "pyaileys": "pyaileys",
    "pywhats": "pywhats",
    "signal_python": "Signal in Python",
    "waeys": "WAeys",
}
NUMBERS = {name: number for number, name in enumerate(DIFFERENCES, 1)}


def rendered(results: Results) -> str:
    """The section of the document."""
    return "\n".join(["", *_versions(), "", *_cells(results), "", *_differences(), ""])


def _versions() -> list[str]:
    rows = ["| peer | packages |", "|---|---|"]
    for name, peer in PEERS.items():
        packages = ", ".join(f"`{package}` {version}" for package, version in peer.versions.items())
        rows.append(f"| {TITLES[name]} | {packages} |")
    return rows


def _cells(results: Results) -> list[str]:
    rows = [f"| | {' | '.join(TITLES[name] for name in PEERS)} |", "|---" * (len(PEERS) + 1) + "|"]
    for area, (title, peers) in AREAS.items():
        cells = [_cell(results, area, name) if name in peers else "–" for name in PEERS]
        rows.append(f"| {title} | {' | '.join(cells)} |")
    return rows


def _cell(results: Results, area: str, peer: str) -> str:
    outcome = results.cells.get(area, {}).get(peer)
    if outcome != HELD:
        return "✗" if outcome == FAILED else "?"
    return " ".join(["✓", *(str(NUMBERS[name]) for name in DIFFERENCES if concerns(name, area, peer))])


def concerns(name: str, area: str, peer: str) -> bool:
    """Whether a difference is one of this area and this peer."""
    return peer in DIFFERENCES[name].theirs and name in MARKED.get(area, ())


def _marked() -> dict[str, set[str]]:
    """The differences that the tests of each area show."""
    folder = Path(__file__).parent / "functions"
    pattern = re.compile(r'mark\.difference\("([\w-]+)"\)')
    return {area: set(pattern.findall((folder / f"test_{area}.py").read_text(encoding="utf-8"))) for area in AREAS}


MARKED = _marked()


def _differences() -> list[str]:
    lines = ["### Differences", ""]
    for name, difference in DIFFERENCES.items():
        lines += [f"{NUMBERS[name]}. {difference.given}", f"    - Pentad: {_lower(difference.ours)}"]
        told: dict[str, list[str]] = {}
        for peer, (what, file) in difference.theirs.items():
            told.setdefault(what, []).append(f"{TITLES[peer]} (`{file}`)")
        lines += [f"    - {', '.join(peers)}: {_lower(what)}" for what, peers in told.items()]
    return lines


def _lower(sentence: str) -> str:
    """As it goes on after a colon: a name in capitals stays."""
    return sentence if re.match(r"[A-Z]{2}", sentence) else sentence[0].lower() + sentence[1:]


def main() -> int:
    if not FILE.is_file():
        print(f"{FILE} is missing: run make interop first", file=sys.stderr)
        return 2
    text = DOCUMENT.read_text(encoding="utf-8")
    section = rendered(Results.read())
    DOCUMENT.write_text(SECTION.sub(lambda _: section, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
