"""Prekeys at the server: published, counted, fetched. wire.md, sections 7.6 and 7.7; tulir/whatsmeow, `prekeys.go`."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from impl.address import Address
from impl.dialogue import Client, CountPrekeys, FetchBundles, OneTimePrekey, PrekeysLow, PublishPrekeys
from impl.sessions import PrekeyBundle
from impl.stanzas.bundles import (
    identity_nodes,
    key_nodes,
    prekey_node,
    read_bundle,
    read_prekey,
    read_registration,
    registration_node,
    signed_node,
)
from impl.stanzas.exchange import SERVER_JID, Exchange, Iq, Ordered
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, child, children, find, jid_of, number, optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

XMLNS = "encrypt"

Bundles = tuple[tuple[Address, PrekeyBundle], ...]


class Publish(Ordered[PublishPrekeys]):
    """`<registration/><type/><identity/><list><key><id/><value/></key>…</list><skey/>`.

    The device identity is left out: the server has it from the linking, and hands it out with the bundle.
    """

    request = PublishPrekeys
    xmlns = XMLNS
    tag = "registration"

    def content(self, request: PublishPrekeys, own: Client) -> tuple[Node, ...]:
        keys = tuple(prekey_node(each.id, each.public) for each in request.one_time)
        bundle = request.bundle
        first = registration_node(bundle.registration_id)
        return (first, *identity_nodes(bundle), Node("list", content=keys), signed_node(bundle))

    def is_asked(self, node: Node) -> bool:
        """The order of the parts has no meaning."""
        upload = node.tag == "iq" and optional(node, "type") == "set" and optional(node, "xmlns") == XMLNS
        return upload and any(each.tag == self.tag for each in children(node))

    def asked(self, node: Node, client: Client) -> PublishPrekeys:
        keys = [read_prekey(each) for each in children(child(node, "list"), "key")]
        if len({id for id, _ in keys}) != len(keys):
            raise DecodeError("two keys with one id", "<list>")
        one_time = tuple(OneTimePrekey(id, public) for id, public in keys)
        return PublishPrekeys(read_bundle(node, read_registration(node)), one_time)


class Count(Iq[CountPrekeys, int]):
    """`<count/>`, answered with `<count value="N"/>`."""

    request = CountPrekeys
    type: ClassVar[Literal["get", "set"]] = "get"
    xmlns = XMLNS
    tag = "count"

    def content(self, request: CountPrekeys, own: Client) -> tuple[Node, ...]:
        return (Node("count"),)

    def asked(self, node: Node, client: Client) -> CountPrekeys:
        return CountPrekeys()

    def result(self, node: Node, request: CountPrekeys, value: int) -> tuple[Node, ...]:
        return (Node("count", {"value": str(value)}),)

    def read(self, request: CountPrekeys, node: Node) -> int:
        return number(child(node, "count"), "value")


class Fetch(Iq[FetchBundles, Bundles]):
    """`<key><user jid/>…</key>`, answered with `<list><user jid><registration/>…</user>…</list>`.

    The answer names users as they were asked for. It says nothing of those that have no bundle: real servers put an
    `<error>` in place of one, over which some clients drop the whole answer.
    """

    request = FetchBundles
    type: ClassVar[Literal["get", "set"]] = "get"
    xmlns = XMLNS
    tag = "key"

    def content(self, request: FetchBundles, own: Client) -> tuple[Node, ...]:
        users = tuple(Node("user", {"jid": jid_of(each)}) for each in request.addresses)
        return (Node(self.tag, content=users),)

    def asked(self, node: Node, client: Client) -> FetchBundles:
        """Whoever is asked for twice has one bundle; for which `reason` has no meaning here."""
        return FetchBundles(tuple(_names(node)))

    def result(self, node: Node, request: FetchBundles, value: Bundles) -> tuple[Node, ...]:
        names = _names(node)
        users = tuple(
            Node(
                "user",
                {"jid": names.get(at, jid_of(at))},
                (registration_node(bundle.registration_id), *key_nodes(bundle)),
            )
            for at, bundle in value
        )
        return (Node("list", content=users),)

    def read(self, request: FetchBundles, node: Node) -> Bundles:
        found: dict[Address, PrekeyBundle] = {}
        for user in children(child(node, "list"), "user"):
            at = address(user, "jid")
            if at not in request.addresses or at in found:
                raise DecodeError(f"not asked for, or twice: {at}", "<user>")
            if find(user, "error") is None:
                found[at] = read_bundle(user, read_registration(user))
        return tuple(found.items())


class Low(Notice[PrekeysLow]):
    """`<notification type="encrypt" from="s.whatsapp.net"><count value/></notification>`."""

    event = PrekeysLow

    def tell(self, event: PrekeysLow, to: Client) -> Node:
        attrs: dict[str, Value] = {"from": SERVER_JID, "type": XMLNS}
        return Node("notification", attrs, (Node("count", {"value": str(event.left)}),))

    def is_told(self, node: Node) -> bool:
        encrypt = node.tag == "notification" and optional(node, "type") == XMLNS
        return encrypt and any(each.tag == "count" for each in children(node))

    def told(self, node: Node, own: Client) -> PrekeysLow:
        return PrekeysLow(number(child(node, "count"), "value"))


def _names(node: Node) -> dict[Address, Value]:
    """Each device that is asked for, and how. DecodeError."""
    return {address(each, "jid"): each.attrs["jid"] for each in children(child(node, "key"), "user")}


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Publish(), Count(), Fetch())
NOTICES: tuple[Notice[Any], ...] = (Low(),)
