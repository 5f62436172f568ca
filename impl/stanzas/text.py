"""Stanzas for people, as XML on one line, and for programs, as JSON that loses nothing."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from impl.wire.errors import DecodeError
from impl.wire.nodes import Content, Jid, Node

SHOWN = 32
"""Bytes of data that are shown: as text if they are printable, else as hex."""


def shown(node: Node) -> str:
    """`<iq id="1" type="get"><count/></iq>`; long data is cut, and its length said."""
    attrs = "".join(f' {key}="{value}"' for key, value in node.attrs.items())
    match node.content:
        case None | ():
            return f"<{node.tag}{attrs}/>"
        case tuple():
            inside = "".join(map(shown, node.content))
        case bytes():
            inside = _shown_data(node.content)
        case _:
            inside = str(node.content)
    return f"<{node.tag}{attrs}>{inside}</{node.tag}>"


def _shown_data(data: bytes) -> str:
    if len(data) <= SHOWN and data.isascii() and data.decode().isprintable():
        return data.decode()
    dots = f"… {len(data)} bytes" if len(data) > SHOWN else ""
    return data[:SHOWN].hex() + dots


def to_json(node: Node) -> dict[str, Any]:
    """`{"tag", "attrs", "content"}`, what is nothing left out; data is `{"bytes": base64}`, a name `{"jid": text}`."""
    attrs = {key: _value(value) for key, value in node.attrs.items()}
    rest = {} if node.content is None else {"content": _content(node.content)}
    return {"tag": node.tag, **({"attrs": attrs} if attrs else {}), **rest}


def from_json(value: Any) -> Node:
    """Raises DecodeError."""
    try:
        tag, attrs = value["tag"], value.get("attrs", {})
        if not isinstance(tag, str):
            raise DecodeError("a tag that is no text", "JSON")
        return Node(tag, {key: _read_value(each) for key, each in attrs.items()}, _read_content(value.get("content")))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise DecodeError(f"no stanza: {error}", "JSON") from error


def _value(value: str | Jid) -> Any:
    return {"jid": str(value)} if isinstance(value, Jid) else value


def _content(content: Content) -> Any:
    match content:
        case tuple():
            return [to_json(each) for each in content]
        case bytes():
            return {"bytes": b64encode(content).decode()}
        case None:
            return None
    return _value(content)


def _read_value(value: Any) -> str | Jid:
    if isinstance(value, str):
        return value
    return Jid.parse(value["jid"])


def _read_content(value: Any) -> Content:
    match value:
        case None:
            return None
        case list():
            return tuple(map(from_json, value))
        case {"bytes": str(text)}:
            return b64decode(text, validate=True)
    return _read_value(value)
