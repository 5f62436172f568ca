"""Flaws of client fan-out."""

from collections.abc import Callable

from impl import fanout, peer_messages, receiving
from impl.address import Address
from impl.device import Device
from impl.flaws.flaw import Flaw, dropped
from impl.refusal import Refused
from impl.sessions import Opened
from impl.stanza import Stanza


def _nobody(_: object) -> Callable[[Device, Address], list[Address]]:
    return lambda device, own: []


def _with_kept_keys(opened_stanza: Callable[[Device, Stanza], Opened]) -> Callable[[Device, Stanza], Opened]:
    """What was opened once opens again."""
    kept: dict[tuple[bytes, Address, bytes], Opened] = {}

    def opened_again(device: Device, stanza: Stanza) -> Opened:
        ciphertext = device.identity.public, stanza.sender, stanza.body
        try:
            opened = opened_stanza(device, stanza)
        except Refused as refusal:
            if refusal.check != "fresh" or ciphertext not in kept:
                raise
            record = device.records[stanza.sender]
            return Opened(record, kept[ciphertext].plaintext, kept[ciphertext].identity)
        kept[ciphertext] = opened
        return opened

    return opened_again


FLAWS = (
    Flaw(
        id="KF-17",
        where="fan-out",
        change='An own-device copy ("sent by me") is accepted from a device that is not mine.',
        source="CVE-2022-39248, CVE-2022-39255 (Matrix) by analogy",
        breaks=("F6",),
        needs="C N",
        owner=receiving,
        name="check_own_copy",
        flawed=dropped,
    ),
    Flaw(
        id="KF-18",
        where="fan-out",
        change="A peer message is accepted from a device that is not mine.",
        source="CVE-2025-55177 (WhatsApp, linked-device synchronisation messages)",
        breaks=("F7", "H1"),
        needs="C N",
        owner=peer_messages,
        name="check_own_device",
        flawed=dropped,
    ),
    Flaw(
        id="KF-19",
        where="fan-out",
        change="The sender leaves its own other devices out.",
        source="multi-device clients",
        breaks=("F1",),
        needs="-",
        owner=fanout,
        name="own_devices",
        flawed=_nobody,
    ),
    Flaw(
        id="KF-21",
        where="fan-out",
        change="The key of a delivered message is kept and opens it again.",
        source="ratchet implementations",
        breaks=("F5",),
        needs="N",
        owner=receiving,
        name="opened_stanza",
        flawed=_with_kept_keys,
    ),
)
