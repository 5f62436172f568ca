"""Scopes where examples are looked for: small ones first, then those about sorts that few have, a large one last."""

from __future__ import annotations

from model.scope import SCOPES, WALKED, Scope, sized

FIRST = SCOPES["tiny"]
NEAR = (
    FIRST,
    sized("again", users=1, devices=2, lists=3, messages=1),
    sized("companion", users=1, devices=2, lists=2, messages=2),
    sized("liars", users=1, devices=2, lists=1, messages=0, rogues=2, lies=2),
)


def _special(scope: Scope) -> bool:
    """Whether it has elements of a sort that the first has none of."""
    return any(size and not FIRST.sizes[sort] for sort, size in scope.sizes.items())


LATE = "group", "settings"  # large, and others show some of the same
SPECIAL = tuple(
    sorted(
        (scope for scope in SCOPES.values() if _special(scope) and scope.name not in WALKED),
        key=lambda scope: scope.name in LATE,
    )
)
FAR = SCOPES["seats"]  # among few actions
