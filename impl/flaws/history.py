"""Flaws of history synchronisation."""

from collections.abc import Callable

from impl import peer_messages
from impl.appstate import effects
from impl.device import Device
from impl.flaws.flaw import Flaw, dropped
from impl.history import importing, sharing
from impl.history.contents import stored
from impl.wire.history import History

Adopt = Callable[[Device, History, int], int]


def _over_what_is_there(adopt: Adopt) -> Adopt:
    """Whatever the phone tells takes the place of what the device has."""

    def overwrite(device: Device, history: History, now: int) -> int:
        told = [stored(chat.chat, past, now) for chat in history.conversations for past in chat.messages]
        for message in told:
            if message.key in device.messages:
                effects.keep(device, message)
        return adopt(device, history, now)

    return overwrite


FLAWS = (
    Flaw(
        id="KF-43",
        where="history",
        change="A companion imports history from a device that is not its phone.",
        source="CVE-2025-55177 by analogy; Matrix key forwarding",
        breaks=("H3", "F7"),
        needs="C N",
        owner=peer_messages,
        name="check_phone",
        flawed=dropped,
    ),
    Flaw(
        id="KF-44",
        where="history",
        change="The phone sends the bundle before it has checked the companion's device signature.",
        source="white paper",
        breaks=("H1",),
        needs="N",
        owner=sharing,
        name="check_device_signature",
        flawed=dropped,
    ),
    Flaw(
        id="KF-49",
        where="history",
        change="What a history tells once more takes the place of what is there already.",
        source="history merge",
        breaks=("H7",),
        needs="N",
        owner=importing,
        name="adopt",
        flawed=_over_what_is_there,
    ),
)
