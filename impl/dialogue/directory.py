"""Devices, lists and prekeys. wire.md, sections 4 and 7."""

from __future__ import annotations

from msgspec import Struct

from impl.address import Address
from impl.dialogue.base import Done, Request
from impl.sessions import PrekeyBundle


class OneTimePrekey(Struct, frozen=True):
    id: int
    public: bytes


class DeviceEntry(Struct, frozen=True):
    """What the directory says of one device; nothing of it is signed."""

    address: Address
    key_index: int


class Devices(Struct, frozen=True):
    """The devices of one account, and the list that its phone signed, if it ever did."""

    devices: tuple[DeviceEntry, ...]
    signed_list: bytes | None = None


class PublishPrekeys(Request[Done], frozen=True):
    """A bundle without one-time prekey replaces the former; one-time prekeys add up."""

    bundle: PrekeyBundle
    one_time: tuple[OneTimePrekey, ...] = ()


class CountPrekeys(Request[int], frozen=True):
    """How many one-time prekeys of the asking device are left."""


class PublishList(Request[Done], frozen=True):
    signed_list: bytes


class FetchDevices(Request[dict[str, Devices]], frozen=True):
    users: tuple[str, ...]


class FetchBundles(Request[tuple[tuple[Address, PrekeyBundle], ...]], frozen=True):
    """Each bundle uses up one of its device's one-time prekeys; devices without a bundle are left out."""

    addresses: tuple[Address, ...]
