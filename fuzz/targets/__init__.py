"""The targets: every decoder of the reference implementation that attacker bytes reach.

Import it under the instrumentation of the fuzzer, or the decoders run without coverage.
"""

from __future__ import annotations

from collections.abc import Iterable

from fuzz.errors import FuzzError
from fuzz.targets import appstate, connection, history, linking, media, messages, nodes, stanzas, transport
from fuzz.targets.target import Target

__all__ = ["TARGETS", "Target", "named"]

AREAS = (linking, nodes, stanzas, messages, history, appstate, transport, connection, media)
TARGETS = {target.name: target for area in AREAS for target in area.TARGETS}


def named(names: Iterable[str]) -> list[Target]:
    """The targets of these names, all if none is given. FuzzError names what there is."""
    wanted = list(dict.fromkeys(names)) or list(TARGETS)
    for name in wanted:
        if name not in TARGETS:
            raise FuzzError(f"no target is called {name!r}; there are {', '.join(TARGETS)}")
    return [TARGETS[name] for name in wanted]
