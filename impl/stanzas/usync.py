"""Usync, by which clients ask about many users at once: what is asked about whom, and what there is to tell.

wire.md, section 4.2; tulir/whatsmeow, `user.go`; npm `baileys`, `WAUSync`. A question names protocols, and each user
by a name or, to know whether it exists, by a telephone number; the answer has an element for each protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from impl.address import PHONE, Address
from impl.dialogue import DeviceEntry, Devices
from impl.participants import participant_hash
from impl.stanzas.lists import KEY_INDEX_LIST, list_node, read_list
from impl.stanzas.reading import address, child, children, content_text, find, lid_jid, number, optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, Value

DEVICES = "devices"
DEVICES_LIMIT = 100
DEVICE_LIMIT = 255
INDEX_LIMIT = (1 << 32) - 1
UNREGISTERED = Devices(())


@dataclass(frozen=True)
class Named:
    """A user who is asked about: the account, its name in the answer, and the number by which it was asked for."""

    user: str
    jid: Value
    number: str | None = None


def question(users: tuple[str, ...]) -> Node:
    """`<usync>` for the devices of these accounts; `sid` would tell the pages of one question from another's."""
    attrs: dict[str, Value] = {"sid": "1", "mode": "query", "last": "true", "index": "0", "context": "message"}
    query = Node("query", content=(Node(DEVICES, {"version": "2"}),))
    names = tuple(Node("user", {"jid": Jid(user, Server.USER)}) for user in users)
    return Node("usync", attrs, (query, Node("list", content=names)))


def named(usync: Node) -> tuple[Named, ...]:
    """Who is asked about, each once; a device stands for its account. DecodeError."""
    found = [_named(each) for each in children(child(usync, "list"), "user")]
    return tuple({each.user: each for each in found}.values())


def answer(usync: Node, found: Mapping[str, Devices]) -> Node:
    """`<usync><result/><list><user jid>…</user>…</list></usync>`, in the names of the question. DecodeError."""
    asked = [tag for tag in dict.fromkeys(each.tag for each in children(child(usync, "query"))) if tag in PROTOCOLS]
    users = tuple(_user(who, found.get(who.user, UNREGISTERED), asked) for who in named(usync))
    results = Node("result", content=tuple(Node(each) for each in asked))
    return Node("usync", {"sid": optional(usync, "sid") or "1"}, (results, Node("list", content=users)))


def read_devices(node: Node, user: str) -> Devices:
    """From `<devices>`; companions without key index do not count, nor do those hosted elsewhere. DecodeError."""
    listed = children(child(node, "device-list"), "device")
    if len(listed) > DEVICES_LIMIT:
        raise DecodeError(f"{len(listed)} devices, the limit is {DEVICES_LIMIT}", "<device-list>")
    found = [_entry(each, user) for each in listed if optional(each, "is_hosted") != "true"]
    kept = tuple(each for each in found if each.address.device == PHONE or each.key_index)
    if len({each.address for each in kept}) != len(kept) or len({each.key_index for each in kept}) != len(kept):
        raise DecodeError("a device or a key index twice", "<device-list>")
    signed = find(node, KEY_INDEX_LIST)
    # without content it says that the list has not changed, which nobody asked
    return Devices(kept, None if signed is None or not signed.content else read_list(signed))


def _entry(node: Node, user: str) -> DeviceEntry:
    device = Address(user, number(node, "id", DEVICE_LIMIT))
    return DeviceEntry(device, number(node, "key-index", INDEX_LIMIT) if "key-index" in node.attrs else 0)


def _named(node: Node) -> Named:
    if "jid" in node.attrs:
        return Named(address(node, "jid").user, node.attrs["jid"])
    asked = content_text(child(node, "contact"))
    jid = Jid(asked.removeprefix("+"), Server.USER)
    if not jid.user:
        raise DecodeError("nobody", "<contact>")
    return Named(jid.user, jid, asked)


def _user(who: Named, devices: Devices, asked: list[str]) -> Node:
    told = (PROTOCOLS[each](who, devices) for each in asked)
    return Node("user", {"jid": who.jid}, tuple(each for each in told if each is not None))


def _devices(who: Named, devices: Devices) -> Node:
    """The phone has an index, too: some read it of every device."""
    listed = tuple(
        Node("device", {"id": str(each.address.device), "key-index": str(each.key_index)}) for each in devices.devices
    )
    digest = participant_hash(each.address for each in devices.devices)
    signed = () if devices.signed_list is None else (list_node(devices.signed_list),)
    return Node(DEVICES, content=(Node("device-list", {"hash": digest}, listed), *signed))


def _lid(who: Named, devices: Devices) -> Node | None:
    return Node("lid", {"val": lid_jid(Address(who.user, PHONE))}) if devices.devices else None


def _contact(who: Named, devices: Devices) -> Node:
    return Node("contact", {"type": "in" if devices.devices else "out"}, who.number)


def _status(who: Named, devices: Devices) -> Node:
    return Node("status", {"t": "0"})


def _disappearing_mode(who: Named, devices: Devices) -> Node:
    return Node("disappearing_mode", {"duration": "0", "t": "0"})


PROTOCOLS: Mapping[str, Callable[[Named, Devices], Node | None]] = {
    DEVICES: _devices,
    "lid": _lid,
    "contact": _contact,
    "status": _status,
    "disappearing_mode": _disappearing_mode,
}
"""Answers by protocol. Of pictures, businesses, user names and bots there are none here: they have no element."""
