"""Scopes about linking by code: `typing` among honest devices, `guessing` and `posing` with the adversary's.

In the former it has a phone, in the latter a companion; `doorstep` is for walks. The one device that every scope has
stands beside them, and has nothing to do with it.
"""

from __future__ import annotations

from model.configuration import Scope
from model.kinds import HelloSpec, NewcomerSpec, PairingSpec, PrimarySpec, ShortCodeSpec
from model.people import ALICE


def _doorstep(name: str, pairings: list[tuple[str, str]], hellos: list[tuple[str, str, str]]) -> Scope:
    """`pairings` by companion and code; `hellos` by phone, the pairing that it was given, and the code typed on it.

    Pairings are numbered. `implant` and `mallory` are the adversary's: their codes are guesses.
    """
    newcomers = dict.fromkeys(newcomer for newcomer, _ in pairings)
    primaries = dict.fromkeys(primary for primary, _, _ in hellos)
    codes = dict.fromkeys([*(code for _, code in pairings), *(code for _, _, code in hellos)])
    asked = [newcomer for newcomer, _ in pairings]
    typed = [primary for primary, _, _ in hellos]
    rows: dict[str, list[object]] = {
        "newcomers": [NewcomerSpec(name, name == "implant") for name in newcomers],
        "primaries": [PrimarySpec(name, name == "mallory") for name in primaries],
        "short_codes": [ShortCodeSpec(name) for name in codes],
        "pairings": [
            PairingSpec(f"{newcomer} asks, {asked[: n + 1].count(newcomer)}", newcomer, code)
            for n, (newcomer, code) in enumerate(pairings)
        ],
        "hellos": [
            HelloSpec(f"{primary} answers, {typed[: n + 1].count(primary)}", primary, pairing, code)
            for n, (primary, pairing, code) in enumerate(hellos)
        ],
    }
    sizes = {"users": 1, "devices": 1} | {key: len(found) for key, found in rows.items()}
    return Scope(name, [ALICE], [], [], sizes, **rows)


DOORSTEPS = {
    scope.name: scope
    for scope in (
        _doorstep(
            "typing",
            [("hanna.web", "code 1"), ("hanna.web", "code 2")],
            [
                ("hanna", "hanna.web asks, 1", "code 1"),
                ("hanna", "hanna.web asks, 2", "code 2"),
                ("igor", "hanna.web asks, 2", "code 2"),
            ],
        ),
        _doorstep(
            "guessing",
            [("hanna.web", "code 1")],
            [
                ("hanna", "hanna.web asks, 1", "code 1"),
                ("mallory", "hanna.web asks, 1", "code 1"),
                ("mallory", "hanna.web asks, 1", "code 2"),
            ],
        ),
        _doorstep(
            "posing",
            [("hanna.web", "code 1"), ("igor.web", "code 2"), ("implant", "code 1")],
            [
                ("hanna", "hanna.web asks, 1", "code 1"),
                ("hanna", "igor.web asks, 1", "code 1"),
                ("hanna", "implant asks, 1", "code 1"),
            ],
        ),
        _doorstep(
            "doorstep",
            [("hanna.web", "code 1"), ("hanna.web", "code 2"), ("igor.web", "code 3"), ("implant", "code 1")],
            [
                ("hanna", "hanna.web asks, 1", "code 1"),
                ("hanna", "hanna.web asks, 2", "code 2"),
                ("hanna", "igor.web asks, 1", "code 1"),
                ("hanna", "implant asks, 1", "code 1"),
                ("igor", "igor.web asks, 1", "code 3"),
                ("mallory", "hanna.web asks, 1", "code 1"),
                ("mallory", "igor.web asks, 1", "code 4"),
            ],
        ),
    )
}
