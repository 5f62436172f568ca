"""Scopes about stale lists: `stale`; `fickle`, where a party follows no rules; `leaving`; `newsstand` is for walks.

The one device that every scope has stands beside them, and has nothing to do with it.
"""

from __future__ import annotations

from model.configuration import Scope
from model.kinds import EditionSpec, PartySpec, ReaderSpec
from model.people import ALICE


def _newsstand(name: str, parties: dict[PartySpec, int], *readers: ReaderSpec) -> Scope:
    """So many editions of the list of each party, by turns."""
    turns = range(1, max(parties.values()) + 1)
    rows: dict[str, list[object]] = {
        "parties": list(parties),
        "editions": [EditionSpec(f"{p.name}.{n}", p.name) for n in turns for p, most in parties.items() if n <= most],
        "readers": list(readers),
    }
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope(name, [ALICE], [], [], sizes, **rows)


GWEN, MAX = PartySpec("gwen", rogue=False), PartySpec("max", rogue=True)
RITA, TABLET = ReaderSpec("rita", ""), ReaderSpec("gwen's tablet", "gwen")
NEWSSTANDS = {
    scope.name: scope
    for scope in (
        _newsstand("stale", {GWEN: 3}, RITA),
        _newsstand("fickle", {MAX: 2}, RITA),
        _newsstand("leaving", {GWEN: 2}, TABLET),
        _newsstand("newsstand", {GWEN: 3, MAX: 2}, RITA, TABLET),
    )
}
