"""Calls: what devices tell each other of one. wire.md, section 13; zapo, `voip/src/signaling/signaling.ts`."""

from __future__ import annotations

from typing import Any, cast, get_args

from impl.address import Address
from impl.calls import Kind, Reason, Signal
from impl.dialogue import CallSignalled, Client, SignalCall
from impl.stanza import Stanza
from impl.stanzas.acked import Said
from impl.stanzas.ciphertexts import (
    Envelope,
    device_identity,
    enc_of,
    linked,
    message_id,
    present,
    read_device_identity,
)
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, children, find, jid_of, optional
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server

OFFER = "offer"
REASONS: dict[Reason, str] = {
    "busy": "busy",
    "declined": "declined",
    "elsewhere": "accepted_elsewhere",
    "hung up": "hangup",
    "timeout": "timeout",
}
_SPOKEN = {spoken: reason for reason, spoken in REASONS.items()}

DEVICE_LIMIT = 256
"""On how many devices one offer rings."""


class Signalling(Said[SignalCall]):
    """`<call to><offer call-id call-creator><destination><to jid><enc/></to>…</destination>…</offer></call>`.

    Or, to one device, `<accept …><enc/></accept>`, `<reject … [reason]/>`, `<terminate … [reason]/>`.
    """

    request = SignalCall

    def ask(self, request: SignalCall, own: Client) -> tuple[Node, ...]:
        signal = request.signal
        to = jid_of(signal.recipient)
        if signal.kind != OFFER:
            return (Node("call", {"to": to}, (_element(signal, _sealed(signal)),)),)
        signals = (signal, *request.others)
        devices = tuple(Node("to", {"jid": jid_of(each.recipient)}, _sealed(each)) for each in signals)
        offer = _element(signal, (Node("destination", content=devices),), signals)
        return (Node("call", {"to": Jid(to.user, Server.USER)}, (offer,)),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "call"

    def asked(self, node: Node, client: Client) -> SignalCall:
        own, said = linked(client), _said(node)
        destination = find(said, "destination")
        if destination is None:
            return SignalCall(_read(said, said, own, address(node, "to")))
        if said.tag != OFFER:
            raise DecodeError("only an offer is for several", f"<{said.tag}>")
        signals = tuple(_read(said, to, own, address(to, "jid")) for to in children(destination, "to"))
        different = {each.recipient for each in signals}
        if not signals or len(different) != len(signals) or len(signals) > DEVICE_LIMIT:
            raise DecodeError(f"for {len(signals)} devices, {len(different)} of them different", "<destination>")
        return SignalCall(signals[0], signals[1:])


class Signalled(Notice[CallSignalled]):
    """`<call from=DEVICE><offer call-id call-creator>[<enc/>][<device-identity/>]</offer></call>`, or what else."""

    event = CallSignalled

    def tell(self, event: CallSignalled, to: Client) -> Node:
        signal = event.signal
        return Node("call", {"from": jid_of(signal.sender)}, (_element(signal, _sealed(signal)),))

    def is_told(self, node: Node) -> bool:
        return node.tag == "call"

    def told(self, node: Node, own: Client) -> CallSignalled:
        said = _said(node)
        return CallSignalled(_read(said, said, address(node, "from"), linked(own)))


def _element(signal: Signal, content: tuple[Node, ...], signals: tuple[Signal, ...] = ()) -> Node:
    """The signal itself; of an offer it is sound that is offered."""
    attrs = {"call-id": signal.call, "call-creator": jid_of(signal.creator), "reason": REASONS.get(signal.reason)}
    if signal.kind == "reject":
        attrs["count"] = "0"
    stanzas = tuple(each.stanza for each in signals or (signal,) if each.stanza is not None)
    if signal.kind == OFFER:
        sound = Node("audio", {"enc": "opus", "rate": "16000"})
        content = (sound, Node("net", {"medium": "3"}), *content, Node("encopt", {"keygen": "2"}))
    return Node(signal.kind, present(attrs), (*content, *device_identity(stanzas)))


def _sealed(signal: Signal) -> tuple[Node, ...]:
    return () if signal.stanza is None else (enc_of(signal.stanza),)


def _said(node: Node) -> Node:
    """The one signal of a `<call>`. DecodeError, also for what is only between those who talk, as `transport`."""
    found = children(node)
    if len(found) != 1 or found[0].tag not in get_args(Kind):
        raise DecodeError(f"not one signal: {[each.tag for each in found][:4]}", "<call>")
    return found[0]


def _read(said: Node, holder: Node, sender: Address, recipient: Address) -> Signal:
    """The ciphertext is in the signal or, for one of several, in its `<to>`. DecodeError."""
    call, sealed = message_id(said, "call-id"), find(holder, "enc")
    envelope = Envelope(call, sender, device_identity=read_device_identity(said))
    stanza: Stanza | None = None if sealed is None else envelope.around(sealed, recipient)
    reason: Reason = _SPOKEN.get(optional(said, "reason") or "", "")
    return Signal(call, address(said, "call-creator"), sender, recipient, cast("Kind", said.tag), reason, stanza)


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Signalling(),)
NOTICES: tuple[Notice[Any], ...] = (Signalled(),)
