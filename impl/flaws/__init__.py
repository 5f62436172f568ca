"""The gallery: flaws that somebody shipped, published or warned of. The correct code knows of none."""

from impl.flaws import appstate, devicelist, ephemeral, fanout, groups, history, linking, server, sessions
from impl.flaws.flaw import Flaw

__all__ = ["GALLERY", "Flaw"]

GALLERY: dict[str, Flaw] = {
    flaw.id: flaw
    for area in (linking, devicelist, fanout, sessions, groups, server, history, appstate, ephemeral)
    for flaw in area.FLAWS
}
