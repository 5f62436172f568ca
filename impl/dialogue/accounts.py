"""Accounts, their names and linking. wire.md, sections 2, 3 and 8.2."""

from __future__ import annotations

from impl.address import Address
from impl.dialogue.base import Done, Request
from impl.dialogue.directory import OneTimePrekey
from impl.kinds import DeviceProps
from impl.sessions import PrekeyBundle
from impl.wire.pairing_code import CompanionFinish, PrimaryHello


class RegisterPhone(Request[Done], frozen=True):
    """A phone takes an account, whoever had it before."""

    user: str
    bundle: PrekeyBundle
    one_time: tuple[OneTimePrekey, ...]


class AskReference(Request[str], frozen=True):
    """A companion that belongs to nobody asks for the reference that its QR shows."""

    props: DeviceProps


class AskPairing(Request[bytes], frozen=True):
    """Stage companion_hello: a companion shows a code to `user`; answers with the reference of the pairing.

    `ephemeral` is a wrapped key of 80 bytes.
    """

    user: str
    ephemeral: bytes
    props: DeviceProps


class AnswerPairing(Request[Done], frozen=True):
    """Stage primary_hello: a code was typed on the phone."""

    hello: PrimaryHello


class FinishPairing(Request[Done], frozen=True):
    """Stage companion_finish: the companion proves that it shows the code."""

    finish: CompanionFinish


class ApproveLinking(Request[Address], frozen=True):
    """The phone has scanned: the container is for the companion that holds `noise`; answers where it will be."""

    noise: bytes
    container: bytes
    key_index: int
    signed_list: bytes


class TellName(Request[Done], frozen=True):
    """What the user wants to be called."""

    name: str


class ConfirmLinking(Request[Done], frozen=True):
    """The companion has countersigned."""

    device_identity: bytes


class Unlink(Request[Done], frozen=True):
    """The phone removes a companion and publishes the list without it; or a companion removes itself."""

    address: Address
    signed_list: bytes | None
