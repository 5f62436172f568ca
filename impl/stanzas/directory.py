"""Who has which devices: asked by usync, published by the phone, and told when it changes.

wire.md, section 4; tulir/whatsmeow, `user.go`, `notification.go`.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar, Literal

from impl.dialogue import (
    Client,
    Declined,
    Devices,
    DevicesChanged,
    FetchDevices,
    IdentityChanged,
    PublishList,
)
from impl.stanzas import usync
from impl.stanzas.exchange import Exchange, Iq, Ordered
from impl.stanzas.lists import KEY_INDEX_LIST, list_node, read_list
from impl.stanzas.notice import Notice
from impl.stanzas.reading import child, children, find, number, optional, user
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, Value

CHANGES = ("add", "remove", "update")

Directory = dict[str, Devices]


class Fetch(Iq[FetchDevices, Directory]):
    """`<usync><query><devices version="2"/></query><list><user jid/>…</list></usync>`.

    Clients put other questions into `<query>`, too: they are answered along with it, and alone.
    """

    request = FetchDevices
    type: ClassVar[Literal["get", "set"]] = "get"
    xmlns = "usync"
    tag = "usync"

    def content(self, request: FetchDevices, own: Client) -> tuple[Node, ...]:
        return (usync.question(request.users),)

    def asked(self, node: Node, client: Client) -> FetchDevices:
        question = child(node, self.tag)
        child(question, "query")
        return FetchDevices(tuple(each.user for each in usync.named(question)))

    def result(self, node: Node, request: FetchDevices, value: Directory) -> tuple[Node, ...]:
        return (usync.answer(child(node, self.tag), value),)

    def read(self, request: FetchDevices, node: Node) -> Directory:
        """Declined for an error in place of the devices: it must not be taken for an account without any."""
        found: Directory = {}
        for each in children(child(node, self.tag, "list"), "user"):
            name = user(each, "jid")
            if name not in request.users or name in found:
                raise DecodeError(f"not asked for, or twice: {name}", "<user>")
            devices = child(each, usync.DEVICES)
            _check_error(devices)
            found[name] = usync.read_devices(devices, name)
        if len(found) != len(set(request.users)):
            raise DecodeError("no word about some", "<usync>")
        return found


class Publish(Ordered[PublishList]):
    """`<key-index-list ts/>`."""

    request = PublishList
    xmlns = "md"
    tag = KEY_INDEX_LIST

    def content(self, request: PublishList, own: Client) -> tuple[Node, ...]:
        return (list_node(request.signed_list),)

    def asked(self, node: Node, client: Client) -> PublishList:
        return PublishList(read_list(child(node, self.tag)))


class Changed(Notice[DevicesChanged]):
    """`<notification type="devices" from=USER><update hash><device jid/></update></notification>`: ask again.

    The hash is that of the number, for clients that know it from their contacts; the element inside is there for
    Baileys, which forgets only the devices of those that it names. `add`, `remove` and the list of the own account in
    `account_sync` say the same to us, as nothing of them is signed but a list that we ask for.
    """

    event = DevicesChanged
    type: ClassVar[str] = "devices"

    def tell(self, event: DevicesChanged, to: Client) -> Node:
        jid = Jid(event.user, Server.USER)
        update = Node("update", {"hash": contact_hash(event.user)}, (Node("device", {"jid": jid}),))
        return Node("notification", {"from": jid, "type": self.type}, (update,))

    def is_told(self, node: Node) -> bool:
        kind, tags = optional(node, "type"), {each.tag for each in children(node)}
        devices = kind == self.type and not tags.isdisjoint(CHANGES)
        return node.tag == "notification" and (devices or (kind == "account_sync" and "devices" in tags))

    def told(self, node: Node, own: Client) -> DevicesChanged:
        return DevicesChanged(user(node, "from"))


class Reregistered(Notice[IdentityChanged]):
    """`<notification type="encrypt" from=USER><identity/></notification>`."""

    event = IdentityChanged
    type: ClassVar[str] = "encrypt"

    def tell(self, event: IdentityChanged, to: Client) -> Node:
        attrs: dict[str, Value] = {"from": Jid(event.user, Server.USER), "type": self.type}
        return Node("notification", attrs, (Node("identity"),))

    def is_told(self, node: Node) -> bool:
        encrypt = node.tag == "notification" and optional(node, "type") == self.type
        return encrypt and any(each.tag == "identity" for each in children(node))

    def told(self, node: Node, own: Client) -> IdentityChanged:
        return IdentityChanged(user(node, "from"))


def contact_hash(user: str) -> str:
    """Three bytes of MD5 in base64, which tell nothing to those who do not know the number. WhatsApp Web, contacts."""
    digest = hashlib.md5(f"{user}WA_ADD_NOTIF".encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest[:3]).decode()


def _check_error(node: Node) -> None:
    error = find(node, "error")
    if error is not None:
        raise Declined(number(error, "code", 999), optional(error, "text") or "")


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Fetch(), Publish())
NOTICES: tuple[Notice[Any], ...] = (Changed(), Reregistered())
