"""Groups and who is in them, `w:g2` and `w:gp2`: tulir/whatsmeow, `group.go`; Baileys, `groups.ts`; wire.md, 14."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeVar

from impl.dialogue import (
    ChangeMembers,
    Client,
    CreateGroup,
    Declined,
    FetchGroup,
    FetchGroups,
    GroupChanged,
    Request,
    Roster,
)
from impl.stanzas.ciphertexts import linked, message_id, present
from impl.stanzas.exchange import Exchange, Iq, iq_error
from impl.stanzas.notice import Notice
from impl.stanzas.reading import chat_of, child, children, find, jid, optional, user
from impl.stanzas.rosters import group_node, people, read_group, read_people
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server

XMLNS = "w:g2"
GROUPS = Jid("", Server.GROUP)
"""Whom to ask about groups in general; in the end about one, that group itself."""

CHANGES = ("add", "remove", "leave")

R = TypeVar("R", bound=Request[Any])
A = TypeVar("A")


class _OfGroups(Iq[R, A]):
    """An iq that goes to a group, or to all of them, and is answered from there."""

    xmlns = XMLNS

    def to(self, request: R, own: Client) -> Jid:
        return GROUPS

    def ask(self, request: R, own: Client) -> tuple[Node, ...]:
        (node,) = super().ask(request, own)
        return (Node(node.tag, {**node.attrs, "to": self.to(request, own)}, node.content),)

    def answer(self, node: Node, request: R, value: A) -> Node:
        return _from(node, super().answer(node, request, value))

    def decline(self, node: Node, declined: Declined) -> Node:
        return _from(node, iq_error(declined))


class _OfOne(_OfGroups[R, Roster]):
    """Answered with the group as it is then."""

    def result(self, node: Node, request: R, value: Roster) -> tuple[Node, ...]:
        return (group_node(value),)

    def read(self, request: R, node: Node) -> Roster:
        return read_group(child(node, "group"))


class Creating(_OfOne[CreateGroup]):
    """`<create subject key><participant jid/>…</create>`, answered with `<group/>`; without a key, the id is one."""

    request = CreateGroup
    type: ClassVar[Literal["get", "set"]] = "set"
    tag = "create"

    def content(self, request: CreateGroup, own: Client) -> tuple[Node, ...]:
        return (Node("create", {"subject": request.subject, "key": request.key}, people(request.members)),)

    def asked(self, node: Node, client: Client) -> CreateGroup:
        create = child(node, "create")
        key = message_id(create, "key") if "key" in create.attrs else message_id(node)
        return CreateGroup(key, read_people(create), optional(create, "subject") or "")


class Changing(_OfOne[ChangeMembers]):
    """To the group `<add><participant jid/>…</add>` or `<remove>…</remove>`; to all, `<leave><group id/></leave>`.

    Answered with the same; the whole `<group/>` beside it is our own, as nobody has to ask for it then.
    """

    request = ChangeMembers
    type: ClassVar[Literal["get", "set"]] = "set"
    tag = "add"

    def to(self, request: ChangeMembers, own: Client) -> Jid:
        return GROUPS if _leaves(request, own) else chat_of(request.group)

    def content(self, request: ChangeMembers, own: Client) -> tuple[Node, ...]:
        if _leaves(request, own):
            return (Node("leave", content=(Node("group", {"id": chat_of(request.group)}),)),)
        return _changes(request.add, request.remove)

    def is_asked(self, node: Node) -> bool:
        first = next(iter(children(node)), None)
        kind = (node.tag, optional(node, "type"), optional(node, "xmlns"))
        return kind == ("iq", "set", XMLNS) and first is not None and first.tag in CHANGES

    def asked(self, node: Node, client: Client) -> ChangeMembers:
        if find(node, "leave") is not None:
            return ChangeMembers(_group(child(node, "leave", "group"), "id"), remove=(linked(client).user,))
        add, remove = _named(node, "add"), _named(node, "remove")
        if not add and not remove:
            raise DecodeError("nobody is added or removed", "<iq>")
        return ChangeMembers(_group(node, "to"), add, remove)

    def result(self, node: Node, request: ChangeMembers, value: Roster) -> tuple[Node, ...]:
        return (*(each for each in children(node) if each.tag in CHANGES), group_node(value))


class Fetching(_OfOne[FetchGroup]):
    """To the group `<query request="interactive"/>`, answered with `<group/>`."""

    request = FetchGroup
    type: ClassVar[Literal["get", "set"]] = "get"
    tag = "query"

    def to(self, request: FetchGroup, own: Client) -> Jid:
        return chat_of(request.group)

    def content(self, request: FetchGroup, own: Client) -> tuple[Node, ...]:
        return (Node("query", {"request": "interactive"}),)

    def asked(self, node: Node, client: Client) -> FetchGroup:
        return FetchGroup(_group(node, "to"))


class FetchingAll(_OfGroups[FetchGroups, tuple[Roster, ...]]):
    """`<participating><participants/><description/></participating>`, answered with `<groups><group/>…</groups>`."""

    request = FetchGroups
    type: ClassVar[Literal["get", "set"]] = "get"
    tag = "participating"

    def content(self, request: FetchGroups, own: Client) -> tuple[Node, ...]:
        return (Node("participating", content=(Node("participants"), Node("description"))),)

    def asked(self, node: Node, client: Client) -> FetchGroups:
        return FetchGroups()

    def result(self, node: Node, request: FetchGroups, value: tuple[Roster, ...]) -> tuple[Node, ...]:
        return (Node("groups", content=tuple(group_node(each) for each in value)),)

    def read(self, request: FetchGroups, node: Node) -> tuple[Roster, ...]:
        return tuple(read_group(each) for each in children(child(node, "groups"), "group"))


class Changed(Notice[GroupChanged]):
    """`<notification from=GROUP type="w:gp2" participant=AUTHOR>` with `<create>`, or `<add>` and `<remove>`.

    A `<create>` holds the `<group/>`; beside the others it stands as our own addition, so that nobody has to ask.
    """

    event = GroupChanged

    def tell(self, event: GroupChanged, to: Client) -> Node:
        roster = event.roster
        author = None if event.author is None else chat_of(event.author)
        attrs = present({"from": chat_of(roster.group), "type": "w:gp2", "participant": author})
        if roster.version == 1 and event.added == roster.members and not event.removed:
            return Node("notification", attrs, (Node("create", {"type": "new"}, (group_node(roster),)),))
        changes = _changes(
            event.added, event.removed, {"v_id": str(roster.version), "prev_v_id": str(roster.version - 1)}
        )
        return Node("notification", attrs, (*changes, group_node(roster)))

    def is_told(self, node: Node) -> bool:
        return node.tag == "notification" and optional(node, "type") == "w:gp2"

    def told(self, node: Node, own: Client) -> GroupChanged:
        created = find(node, "create")
        roster = read_group(child(node if created is None else created, "group"))
        if roster.group != _group(node, "from"):
            raise DecodeError(f"about {roster.group}", "<notification>")
        author = user(node, "participant") if "participant" in node.attrs else None
        added = _named(node, "add") if created is None else roster.members
        return GroupChanged(roster, added, _named(node, "remove"), author)


def _changes(add: tuple[str, ...], remove: tuple[str, ...], attrs: dict[str, str] | None = None) -> tuple[Node, ...]:
    changes = (("add", add), ("remove", remove))
    return tuple(Node(tag, dict(attrs or {}), people(users)) for tag, users in changes if users)


def _named(node: Node, tag: str) -> tuple[str, ...]:
    found = find(node, tag)
    return () if found is None else read_people(found)


def _leaves(request: ChangeMembers, own: Client) -> bool:
    return not request.add and request.remove == (linked(own).user,)


def _group(node: Node, key: str) -> str:
    """A group by its whole name. DecodeError."""
    found = jid(node, key)
    if found.server is not Server.GROUP or not found.user:
        raise DecodeError(f"not a group: {found}", f"<{node.tag}> {key}")
    return str(found)


def _from(question: Node, answer: Node) -> Node:
    return Node(answer.tag, {**answer.attrs, "from": question.attrs.get("to", GROUPS)}, answer.content)


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Creating(), Changing(), Fetching(), FetchingAll())
NOTICES: tuple[Notice[Any], ...] = (Changed(),)
