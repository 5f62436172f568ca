"""Taking stanzas apart: what a node must have, or DecodeError. Values come as text or as names, data also as text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from impl.address import PHONE, SERVER, Address, chat_jid, is_group
from impl.stanzas.lids import lid_of, user_of
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def children(node: Node, tag: str | None = None) -> tuple[Node, ...]:
    """Those with this tag, all without one; none if the content is something else."""
    if not isinstance(node.content, tuple):
        return ()
    return tuple(each for each in node.content if tag is None or each.tag == tag)


def find(node: Node, tag: str) -> Node | None:
    """The child with this tag, if there is one. DecodeError for two: readers would choose differently."""
    found = children(node, tag)
    if len(found) > 1:
        raise DecodeError(f"{len(found)} times <{tag}>", f"<{node.tag}>")
    return found[0] if found else None


def child(node: Node, *path: str) -> Node:
    """The child at the end of the path of tags. DecodeError unless there is exactly one at each step."""
    for tag in path:
        found = find(node, tag)
        if found is None:
            raise DecodeError(f"no <{tag}>", f"<{node.tag}>")
        node = found
    return node


def text(node: Node, key: str) -> str:
    """An attribute, in whichever form. DecodeError if there is none."""
    value = node.attrs.get(key)
    if value is None:
        raise DecodeError(f"no {key}", f"<{node.tag}>")
    return str(value)


def optional(node: Node, key: str) -> str | None:
    value = node.attrs.get(key)
    return None if value is None else str(value)


def number(node: Node, key: str, most: int = (1 << 63) - 1) -> int:
    """DecodeError unless the attribute is a whole number in digits, at most `most`."""
    return parse_number(text(node, key), most, f"<{node.tag}> {key}")


def parse_number(digits: str, most: int, where: str) -> int:
    if not _NUMBER.fullmatch(digits) or int(digits) > most:
        raise DecodeError(f"not a number up to {most}: {digits[:20]!r}", where)
    return int(digits)


def data(node: Node, size: int | None = None) -> bytes:
    """The content as bytes, of exactly `size` if given: bytes that spell a token or digits may travel as text."""
    content = node.content
    if content is None or isinstance(content, tuple):
        raise DecodeError("no data", f"<{node.tag}>")
    found = content if isinstance(content, bytes) else str(content).encode()
    if size is not None and len(found) != size:
        raise DecodeError(f"{len(found)} bytes, must be {size}", f"<{node.tag}>")
    return found


def data_up_to(node: Node, most: int) -> bytes:
    """The content as bytes, at least one and at most so many. DecodeError."""
    found = data(node)
    if not 0 < len(found) <= most:
        raise DecodeError(f"{len(found)} bytes, must be 1 to {most}", f"<{node.tag}>")
    return found


def content_text(node: Node) -> str:
    """The content as text. DecodeError."""
    try:
        return data(node).decode()
    except UnicodeDecodeError as error:
        raise DecodeError("not UTF-8", f"<{node.tag}>") from error


def content_number(node: Node, size: int) -> int:
    """The content as `size` bytes, big-endian. DecodeError."""
    return int.from_bytes(data(node, size))


def jid(node: Node, key: str) -> Jid:
    """An attribute that is a name, written as one or as text; that of a server may begin with an @. DecodeError."""
    value = node.attrs.get(key)
    return value if isinstance(value, Jid) else Jid.parse(text(node, key).removeprefix("@"))


def address(node: Node, key: str) -> Address:
    """A device, by telephone number, whether it was named by that or by its LID. DecodeError."""
    found = jid(node, key)
    if found.server is Server.LID and found.user:
        return Address(user_of(found.user), found.device)
    if found.server is not Server.USER or not found.user:
        raise DecodeError(f"not a device on {SERVER}: {found}", f"<{node.tag}> {key}")
    return Address(found.user, found.device)


def user(node: Node, key: str) -> str:
    """An account. DecodeError for anything else, a companion among them."""
    found = address(node, key)
    if found.device != PHONE:
        raise DecodeError(f"an account is meant, not {found}", f"<{node.tag}> {key}")
    return found.user


def chat(node: Node, key: str) -> str:
    """An account, or a group by its whole name, as `impl.address` has chats. DecodeError."""
    found = jid(node, key)
    return str(found) if found.server is Server.GROUP and found.user else user(node, key)


def jid_of(address: Address) -> Jid:
    return Jid(address.user, Server.USER, address.device)


def lid_jid(address: Address) -> Jid:
    """The same device by its LID."""
    return Jid(lid_of(address.user), Server.LID, address.device)


def chat_of(chat: str) -> Jid:
    return Jid.parse(chat_jid(chat)) if is_group(chat) else Jid(chat, Server.USER)


def leaves(pairs: Iterable[tuple[str, bytes]]) -> tuple[Node, ...]:
    """Children that hold data and nothing else."""
    return tuple(Node(tag, content=content) for tag, content in pairs)
