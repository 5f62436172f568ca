"""How a connection begins, is kept, and ends. wire.md, section 6.5; tulir/whatsmeow, `connectionevents.go`.

Nodes are without the `id` that the sessions give them. The server writes its own name as an empty user on
`s.whatsapp.net`: some clients compare it as text.
"""

from __future__ import annotations

from impl.address import Address
from impl.dialogue import Client, Declined
from impl.stanzas.exchange import SERVER_JID
from impl.stanzas.reading import children, find, lid_jid, optional, parse_number
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

RESTART = 515
"""The end of a stream: connect anew, under another name."""

LOGGED_OUT = 401
"""The end of a stream, or a failure: this is no device of the account any longer."""

BAD_FORMAT = 500
"""The end of a stream: nobody can read it."""

REPLACED = 440
"""The end of a stream, without a code on the wire: the same client has connected once more."""

UNKNOWN_END = 500
CODE_LIMIT = 999

_REASONS = {
    LOGGED_OUT: Node("conflict", {"type": "device_removed"}),
    BAD_FORMAT: Node("xml-not-well-formed"),
}


def success(client: Client, now: int) -> Node:
    """The server lets a client in: `<success t lid/>`, the time in seconds and its LID with its device."""
    lid: dict[str, Value] = {"lid": lid_jid(client)} if isinstance(client, Address) else {}
    return Node("success", {"t": str(now), "location": "lo"} | lid)


def is_success(node: Node) -> bool:
    return node.tag == "success"


def failure(code: int) -> Node:
    """The server does not: `<failure reason/>`. 401 logged out, 403 banned, 405 outdated, 503 later."""
    return Node("failure", {"reason": str(code), "location": "lo"})


def is_failure(node: Node) -> bool:
    return node.tag == "failure"


def stream_error(code: int) -> Node:
    """The server ends the stream: `<stream:error code/>`, with the reason that belongs to it."""
    reason = _REASONS.get(code)
    return Node("stream:error", {"code": str(code)}, None if reason is None else (reason,))


def replaced() -> Node:
    """`<stream:error><conflict type="replaced"/></stream:error>`, to the older of two connections of one client."""
    return Node("stream:error", content=(Node("conflict", {"type": "replaced"}),))


def is_stream_error(node: Node) -> bool:
    """So it is also when the stream ends without a word, `<xmlstreamend/>`."""
    return node.tag in ("stream:error", "xmlstreamend")


def read_end(node: Node) -> tuple[int, str]:
    """Code and reason of a failure or of the end of a stream. DecodeError."""
    if node.tag == "failure":
        reason = optional(node, "reason")
        return _code(node, reason), optional(node, "message") or "not let in"
    conflict = find(node, "conflict")
    why = "" if conflict is None else optional(conflict, "type") or "conflict"
    code = optional(node, "code")
    if code is None and why == "replaced":
        return REPLACED, why
    return _code(node, code), why or next((each.tag for each in children(node)), "the stream ends")


def declined(node: Node) -> Declined:
    """Why an iq was answered with an error. DecodeError, also if it was not."""
    error = find(node, "error") if optional(node, "type") == "error" else None
    if error is None:
        raise DecodeError("no error", f"<{node.tag}>")
    return Declined(_code(error, optional(error, "code")), optional(error, "text") or "")


def nack(node: Node, code: int) -> Node:
    """The server cannot take a message, receipt or call: an `<ack>` with an error, without `id`."""
    attrs: dict[str, Value] = {"class": node.tag, "error": str(code)}
    attrs |= {"from": node.attrs.get("to", SERVER_JID)}
    attrs |= {key: node.attrs[key] for key in ("type", "participant") if key in node.attrs}
    return Node("ack", attrs)


def offline(count: int) -> Node:
    """`<ib><offline count/></ib>`: so much had been waiting, and all of it was said."""
    return Node("ib", {"from": SERVER_JID}, (Node("offline", {"count": str(count)}),))


def active() -> Node:
    """A client that has logged in wants its mailbox: `<iq type="set" xmlns="passive"><active/></iq>`."""
    return Node("iq", {"to": SERVER_JID, "type": "set", "xmlns": "passive"}, (Node("active"),))


def is_active(node: Node) -> bool:
    passive = node.tag == "iq" and optional(node, "xmlns") == "passive"
    return passive and any(each.tag == "active" for each in children(node))


def ping() -> Node:
    """Whatever comes back will do: `<iq type="get" xmlns="w:p"><ping/></iq>`."""
    return Node("iq", {"to": SERVER_JID, "type": "get", "xmlns": "w:p"}, (Node("ping"),))


def done() -> Node:
    """The answer of the server when there is nothing to say."""
    return Node("iq", {"from": SERVER_JID, "type": "result"})


def _code(node: Node, digits: str | None) -> int:
    return UNKNOWN_END if digits is None else parse_number(digits, CODE_LIMIT, f"<{node.tag}>")
