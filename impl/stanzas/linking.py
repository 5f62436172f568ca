"""Linking: from the references of a QR to the device list without whoever left.

wire.md, section 2.1; tulir/whatsmeow, `pair.go`; the phone's side: zapo, `src/transport/node/builders/mobile.ts`.
AskReference has no stanza: the server sends references on its own as soon as a companion is connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

from impl.address import PHONE, Address
from impl.dialogue import ApproveLinking, Client, ConfirmLinking, Declined, Done, Linked, PairSuccess, Unlink
from impl.stanzas import connection
from impl.stanzas.exchange import SERVER_JID, Exchange, Iq, Ordered, iq_error
from impl.stanzas.lists import KEY_INDEX_LIST, list_node, read_list
from impl.stanzas.notice import Notice
from impl.stanzas.reading import (
    address,
    child,
    children,
    content_text,
    data,
    data_up_to,
    find,
    jid_of,
    lid_jid,
    optional,
)
from impl.wire.adv import IDENTITY_LIMIT, IdentityContainer, SignedDeviceIdentity
from impl.wire.client_payload import decode_props, encode_props
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

XMLNS = "md"
KEY_SIZE = 32
PROPS_LIMIT = 1024

REFERENCE_LIMIT = 256
"""Characters, so that a QR of at most 512 has room for its keys."""

REFERENCES_LIMIT = 16
"""References at a time; real servers send about 6."""

PLATFORM = "android"
"""What phones are, to companions that show it."""

REFUSALS = {"linking_secret": (401, "hmac-mismatch"), "account_signature": (401, "signature-mismatch")}
"""What companions answer to a failed check; to all others with 500. `pair.go` of tulir/whatsmeow."""


def pair_device(refs: Sequence[str]) -> Node:
    """To a companion that belongs to nobody, without `id`: `<iq type="set"><pair-device><ref/>…</pair-device></iq>`."""
    found = tuple(Node("ref", content=ref.encode()) for ref in refs)
    return Node("iq", {"from": SERVER_JID, "type": "set", "xmlns": XMLNS}, (Node("pair-device", content=found),))


def is_pair_device(node: Node) -> bool:
    """Whether the server sends references, well-formed or not; a phone's approval goes the other way."""
    return _is_iq(node, "set", "pair-device") and "to" not in node.attrs


def read_refs(node: Node) -> tuple[str, ...]:
    """In the order in which a QR shows them. DecodeError, also for none."""
    refs = tuple(_reference(each) for each in children(child(node, "pair-device"), "ref"))
    if not 0 < len(refs) <= REFERENCES_LIMIT:
        raise DecodeError(f"{len(refs)} references, must be 1 to {REFERENCES_LIMIT}", "<pair-device>")
    return refs


def is_pair_success(node: Node) -> bool:
    return _is_iq(node, "set", "pair-success")


def is_confirmation(node: Node) -> bool:
    """Whether a companion says that it has countersigned: it answers pair-success, so that only the content tells."""
    return _is_iq(node, "result", "pair-device-sign")


def refusal(check: str) -> Node:
    """A companion's answer to a pair-success that fails this check of `impl.linking`, without `id`."""
    code, text = REFUSALS.get(check, (500, "internal-error"))
    error = Node("error", {"code": str(code), "text": text})
    return Node("iq", {"to": SERVER_JID, "type": "error"}, (error,))


class Approve(Iq[ApproveLinking, Address]):
    """`<pair-device><pub-key/><device-identity/><key-index-list ts/></pair-device>`, answered with `<device jid/>`.

    The reference of the QR is left out: the Noise key names the companion. Its key index is in the container.
    """

    request = ApproveLinking
    type: ClassVar[Literal["get", "set"]] = "set"
    xmlns = XMLNS
    tag = "pair-device"

    def content(self, request: ApproveLinking, own: Client) -> tuple[Node, ...]:
        parts = (
            Node("pub-key", content=request.noise),
            Node("device-identity", content=request.container),
            list_node(request.signed_list),
        )
        return (Node(self.tag, content=parts),)

    def asked(self, node: Node, client: Client) -> ApproveLinking:
        approval = child(node, self.tag)
        container = data_up_to(child(approval, "device-identity"), IDENTITY_LIMIT)
        vouched = SignedDeviceIdentity.decode(IdentityContainer.decode(container).details)
        return ApproveLinking(
            data(child(approval, "pub-key"), KEY_SIZE),
            container,
            vouched.identity.key_index,
            read_list(child(approval, KEY_INDEX_LIST)),
        )

    def result(self, node: Node, request: ApproveLinking, value: Address) -> tuple[Node, ...]:
        return (Node("device", {"jid": jid_of(value)}),)

    def read(self, request: ApproveLinking, node: Node) -> Address:
        """Real servers are said to have it in a child of the iq, too."""
        wrapped = find(node, self.tag)
        return _companion(child(node if wrapped is None else wrapped, "device"))


class Succeeded(Notice[PairSuccess]):
    """`<iq type="set"><pair-success><device-identity/><device jid lid/><platform name/></pair-success></iq>`.

    ConfirmLinking or `refusal` answers it, under its `id`.
    """

    event = PairSuccess

    def tell(self, event: PairSuccess, to: Client) -> Node:
        parts = (
            Node("device-identity", content=event.container),
            Node("device", {"jid": jid_of(event.address), "lid": lid_jid(event.address)}),
            Node("platform", {"name": PLATFORM}),
        )
        attrs: dict[str, Value] = {"from": SERVER_JID, "type": "set", "xmlns": XMLNS}
        return Node("iq", attrs, (Node("pair-success", content=parts),))

    def is_told(self, node: Node) -> bool:
        return is_pair_success(node)

    def told(self, node: Node, own: Client) -> PairSuccess:
        if len(children(node)) != 1:
            raise DecodeError("not the only child", "<pair-success>")
        success = child(node, "pair-success")
        return PairSuccess(
            data_up_to(child(success, "device-identity"), IDENTITY_LIMIT), _companion(child(success, "device"))
        )


class Confirm(Exchange[ConfirmLinking, Done]):
    """`<iq type="result"><pair-device-sign><device-identity key-index/></pair-device-sign></iq>`.

    It answers pair-success, whose `id` the session gives it; what it leads to is a new connection.
    """

    request = ConfirmLinking

    def ask(self, request: ConfirmLinking, own: Client) -> Sequence[Node]:
        index = SignedDeviceIdentity.decode(request.device_identity).identity.key_index
        identity = Node("device-identity", {"key-index": str(index)}, request.device_identity)
        return (Node("iq", {"to": SERVER_JID, "type": "result"}, (Node("pair-device-sign", content=(identity,)),)),)

    def is_asked(self, node: Node) -> bool:
        return is_confirmation(node)

    def asked(self, node: Node, client: Client) -> ConfirmLinking:
        """The index is that of the signed identity, whatever the attribute says."""
        return ConfirmLinking(data_up_to(child(node, "pair-device-sign", "device-identity"), IDENTITY_LIMIT))

    def answer(self, node: Node, request: ConfirmLinking, value: Done) -> Node:
        return connection.stream_error(connection.RESTART)

    def decline(self, node: Node, declined: Declined) -> Node:
        return iq_error(declined)

    def answered(self, request: ConfirmLinking, node: Node) -> Done:
        if connection.is_stream_error(node) and connection.read_end(node)[0] == connection.RESTART:
            return Done()
        raise connection.declined(node)


class Joined(Notice[Linked]):
    """To the phone: a companion has countersigned. How real servers say so is not known; this is our own.

    `<notification type="companion_linked"><device jid/><device-identity/><device-props/></notification>`, the last
    being DeviceProps as the companion registered them.
    """

    event = Linked
    type: ClassVar[str] = "companion_linked"

    def tell(self, event: Linked, to: Client) -> Node:
        parts = (
            Node("device", {"jid": jid_of(event.address)}),
            Node("device-identity", content=event.device_identity),
            Node("device-props", content=encode_props(event.props)),
        )
        return Node("notification", {"from": SERVER_JID, "type": self.type}, parts)

    def is_told(self, node: Node) -> bool:
        return node.tag == "notification" and optional(node, "type") == self.type

    def told(self, node: Node, own: Client) -> Linked:
        return Linked(
            _companion(child(node, "device")),
            data_up_to(child(node, "device-identity"), IDENTITY_LIMIT),
            decode_props(data_up_to(child(node, "device-props"), PROPS_LIMIT)),
        )


class Remove(Ordered[Unlink]):
    """`<remove-companion-device jid reason/>`, and from the phone in the same iq the list that it publishes then."""

    request = Unlink
    xmlns = XMLNS
    tag = "remove-companion-device"

    def content(self, request: Unlink, own: Client) -> tuple[Node, ...]:
        order = Node(self.tag, {"jid": jid_of(request.address), "reason": "user_initiated"})
        return (order,) if request.signed_list is None else (order, list_node(request.signed_list))

    def asked(self, node: Node, client: Client) -> Unlink:
        found = find(node, KEY_INDEX_LIST)
        return Unlink(address(child(node, self.tag), "jid"), None if found is None else read_list(found))


def _is_iq(node: Node, type: str, tag: str) -> bool:
    first: Iterable[Node] = children(node)[:1]
    return node.tag == "iq" and optional(node, "type") == type and any(each.tag == tag for each in first)


def _reference(node: Node) -> str:
    text = content_text(node)
    if not 0 < len(text) <= REFERENCE_LIMIT or not (text.isascii() and text.isprintable()) or "#" in text:
        raise DecodeError("not what a QR can begin with", "<ref>")
    return text


def _companion(node: Node) -> Address:
    found = address(node, "jid")
    if found.device == PHONE:
        raise DecodeError(f"a companion is meant, not {found}", f"<{node.tag}> jid")
    return found


CONFIRM = Confirm()

EXCHANGES: tuple[Exchange[Any, Any], ...] = (Approve(), CONFIRM, Remove())
NOTICES: tuple[Notice[Any], ...] = (Succeeded(), Joined())
