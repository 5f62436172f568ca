"""A lost file: a companion asks its phone to upload it again. wire.md, section 12.4; whatsmeow, `mediaretry.go`."""

from __future__ import annotations

from typing import Any

from impl.address import PHONE, Address, is_group
from impl.dialogue import Client, MediaRetried, MediaRetry, SendMediaRetry
from impl.media_retry import IV_SIZE
from impl.messages import MessageKey
from impl.stanzas.acked import Said
from impl.stanzas.ciphertexts import linked, message_id
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.stanzas.reading import address, chat, chat_of, child, data, jid_of, leaves, optional, text
from impl.stanzas.receipts import SERVER_ERROR
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

NOTIFICATION = "mediaretry"
PAYLOAD_LIMIT = 4096


class Sending(Said[SendMediaRetry]):
    """`<receipt id to=OWN type="server-error"><encrypt><enc_p/><enc_iv/></encrypt><rmr jid from_me participant/>`.

    How a phone answers is not known; here it does so by the same receipt, to the companion. `participant` tells the
    author's device also outside groups, where other clients leave it out: then a phone is meant.
    """

    request = SendMediaRetry
    heard = True

    def ask(self, request: SendMediaRetry, own: Client) -> tuple[Node, ...]:
        retry = request.retry
        attrs: dict[str, Value] = {"id": retry.message.id, "to": jid_of(retry.recipient), "type": SERVER_ERROR}
        return (Node("receipt", attrs, _content(retry)),)

    def is_asked(self, node: Node) -> bool:
        return node.tag == "receipt" and optional(node, "type") == SERVER_ERROR

    def asked(self, node: Node, client: Client) -> SendMediaRetry:
        return SendMediaRetry(_read(node, linked(client), address(node, "to")))


class Told(Notice[MediaRetried]):
    """To the phone the receipt, to a companion `<notification id from=OWN type="mediaretry">` with the same content."""

    event = MediaRetried

    def tell(self, event: MediaRetried, to: Client) -> Node:
        retry = event.retry
        tag, kind = ("receipt", SERVER_ERROR) if linked(to).device == PHONE else ("notification", NOTIFICATION)
        attrs: dict[str, Value] = {"id": retry.message.id, "from": jid_of(retry.sender), "type": kind}
        return Node(tag, attrs, _content(retry))

    def is_told(self, node: Node) -> bool:
        return (node.tag, optional(node, "type")) in (("receipt", SERVER_ERROR), ("notification", NOTIFICATION))

    def told(self, node: Node, own: Client) -> MediaRetried:
        """DecodeError, also for an `<error>` of the server's: what is not sealed counts for nothing."""
        return MediaRetried(_read(node, address(node, "from"), linked(own)))


def _content(retry: MediaRetry) -> tuple[Node, ...]:
    message = retry.message
    from_me = message.author.user == retry.sender.user
    rmr: dict[str, Value] = {"jid": chat_of(message.chat), "from_me": "true" if from_me else "false"}
    rmr["participant"] = jid_of(message.author)
    return (
        Node("encrypt", content=leaves((("enc_p", retry.payload), ("enc_iv", retry.iv)))),
        Node("rmr", rmr),
    )


def _read(node: Node, sender: Address, recipient: Address) -> MediaRetry:
    """Between two devices of one account. DecodeError."""
    rmr, payload = child(node, "rmr"), data(child(node, "encrypt", "enc_p"))
    if not 0 < len(payload) <= PAYLOAD_LIMIT:
        raise DecodeError(f"{len(payload)} bytes", "<enc_p>")
    message = MessageKey(message_id(node), _author(rmr, sender.user), chat(rmr, "jid"))
    return MediaRetry(sender, recipient, message, payload, data(child(node, "encrypt", "enc_iv"), IV_SIZE))


def _author(rmr: Node, own: str) -> Address:
    said_in, from_me = chat(rmr, "jid"), text(rmr, "from_me")
    if from_me not in ("true", "false"):
        raise DecodeError(f"from_me {from_me[:8]!r}", "<rmr>")
    if "participant" in rmr.attrs:
        author = address(rmr, "participant")
        if (author.user == own) != (from_me == "true"):
            raise DecodeError(f"from_me {from_me}, of {author}", "<rmr>")
        return author
    if from_me == "false" and is_group(said_in):
        raise DecodeError("nobody in that group", "<rmr>")
    return Address(own if from_me == "true" else said_in, PHONE)


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Sending(),)
NOTICES: tuple[Notice[Any], ...] = (Told(),)
