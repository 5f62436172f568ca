"""Scopes where examples are looked for: small ones first, then those about one module each, a large one last."""

from __future__ import annotations

from model.scope import SCOPES, WALKED, sized

FIRST = SCOPES["tiny"]
NEAR = (
    FIRST,
    sized("again", users=1, devices=2, lists=3, messages=1),
    sized("companion", users=1, devices=2, lists=2, messages=2),
    sized("liars", users=1, devices=2, lists=1, messages=0, rogues=2, lies=2),
)
INSTEAD_OF = "tiny", "small", "contact", "medium"  # NEAR shows the same, sooner
LATE = "group", "settings", "answering", "pocket"  # large, and others show some of the same
SPECIAL = tuple(
    sorted(
        (SCOPES[name] for name in SCOPES if name not in (*INSTEAD_OF, *WALKED) or name in LATE),
        key=lambda scope: scope.name in LATE,
    )
)
OF_CALLS = "calls.", "linking.", "devicelist.", "fanout.meet"
AMONG: dict[str, tuple[str, ...]] = {  # beginnings of actions; else all
    **dict.fromkeys(("answering", "pocket"), OF_CALLS),
    **dict.fromkeys(("ratchet", "prekeys", "impostor"), ("sessions.",)),
    **dict.fromkeys(("anew", "renewed"), ("identities.", "renewals.")),
    **dict.fromkeys(("typing", "guessing", "posing"), ("pairings.",)),
}
FAR = SCOPES["seats"]  # among the actions nearest to what is looked for
