"""Collections of app state: `<sync>` and the notification that another device has written. wire.md, section 11.4.

tulir/whatsmeow, `appstate.go`; npm `baileys`, `Socket/chats.js`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from impl.dialogue import Client, CollectionAnswer, CollectionAsk, CollectionsChanged, SyncCollections
from impl.stanzas.exchange import SERVER_JID, Exchange, Iq
from impl.stanzas.notice import Notice
from impl.stanzas.reading import child, children, data_up_to, find, number, optional, text
from impl.wire.appstate import LIMIT, VERSION_LIMIT, CollectionName
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node, Value

COLLECTION = "collection"
BLOB_LIMIT = 1 << 12
"""Bytes of an ExternalBlobReference, which is keys, hashes and a path."""

CODE_LIMIT = 999

Answers = tuple[CollectionAnswer, ...]


class Sync(Iq[SyncCollections, Answers]):
    """`<collection name version return_snapshot>[<patch/>]</collection>…` in a `<sync>`, answered for each of them.

    `<collection name [type="error"]>[<error code/>][<snapshot/>]<patches><patch/>…</patches></collection>`: there are
    never more patches than are in the answer.
    """

    request = SyncCollections
    type: ClassVar[Literal["get", "set"]] = "set"
    xmlns = "w:sync:app:state"
    tag = "sync"

    def content(self, request: SyncCollections, own: Client) -> tuple[Node, ...]:
        return (Node(self.tag, content=tuple(map(_ask, request.collections))),)

    def asked(self, node: Node, client: Client) -> SyncCollections:
        return SyncCollections(tuple(map(_read_ask, _collections(node))))

    def result(self, node: Node, request: SyncCollections, value: Answers) -> tuple[Node, ...]:
        return (Node(self.tag, content=tuple(map(_answer, value))),)

    def read(self, request: SyncCollections, node: Node) -> Answers:
        answers = tuple(map(_read_answer, _collections(node)))
        if not {each.name for each in answers} <= {each.name for each in request.collections}:
            raise DecodeError("nobody asked for these", "<sync>")
        return answers


class Changed(Notice[CollectionsChanged]):
    """`<notification type="server_sync"><collection name/>…</notification>`; others have the version beside it."""

    event = CollectionsChanged
    type: ClassVar[str] = "server_sync"

    def tell(self, event: CollectionsChanged, to: Client) -> Node:
        names = tuple(Node(COLLECTION, {"name": name.value}) for name in event.names)
        return Node("notification", {"from": SERVER_JID, "type": self.type}, names)

    def is_told(self, node: Node) -> bool:
        return node.tag == "notification" and optional(node, "type") == self.type

    def told(self, node: Node, own: Client) -> CollectionsChanged:
        found = children(node, COLLECTION)
        if not found:
            raise DecodeError("no collection", "<notification>")
        return CollectionsChanged(tuple(dict.fromkeys(map(_name, found))))


def _ask(asked: CollectionAsk) -> Node:
    attrs: dict[str, Value] = {
        "name": asked.name.value,
        "version": str(asked.version),
        "return_snapshot": "true" if asked.wants_snapshot else "false",
    }
    patches = () if asked.patch is None else (Node("patch", content=asked.patch),)
    return Node(COLLECTION, attrs, patches or None)


def _read_ask(node: Node) -> CollectionAsk:
    """Some leave out the version when they want a snapshot."""
    patch = find(node, "patch")
    return CollectionAsk(
        _name(node),
        number(node, "version", VERSION_LIMIT) if "version" in node.attrs else 0,
        None if patch is None else data_up_to(patch, LIMIT),
        optional(node, "return_snapshot") == "true",
    )


def _answer(answer: CollectionAnswer) -> Node:
    attrs: dict[str, Value] = {"name": answer.name.value}
    parts: list[Node] = []
    if answer.error is not None:
        attrs["type"] = "error"
        parts.append(Node("error", {"code": str(answer.error)}))
    if answer.snapshot is not None:
        parts.append(Node("snapshot", content=answer.snapshot))
    parts.append(Node("patches", content=tuple(Node("patch", content=patch) for patch in answer.patches)))
    return Node(COLLECTION, attrs, tuple(parts))


def _read_answer(node: Node) -> CollectionAnswer:
    snapshot, patches = find(node, "snapshot"), find(node, "patches")
    return CollectionAnswer(
        _name(node),
        None if snapshot is None else data_up_to(snapshot, BLOB_LIMIT),
        () if patches is None else tuple(data_up_to(each, LIMIT) for each in children(patches, "patch")),
        number(child(node, "error"), "code", CODE_LIMIT) if optional(node, "type") == "error" else None,
    )


def _collections(node: Node) -> tuple[Node, ...]:
    """DecodeError for one name twice."""
    found = children(child(node, "sync"), COLLECTION)
    if len(set(map(_name, found))) != len(found):
        raise DecodeError("a collection twice", "<sync>")
    return found


def _name(node: Node) -> CollectionName:
    try:
        return CollectionName(text(node, "name"))
    except ValueError as error:
        raise DecodeError(f"no such collection: {text(node, 'name')[:40]!r}", f"<{node.tag}>") from error


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Sync(),)
NOTICES: tuple[Notice[Any], ...] = (Changed(),)
