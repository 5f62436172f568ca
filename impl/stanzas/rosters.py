"""A group as an element: `<group id subject creation creator …><participant jid [type]/>…</group>`.

tulir/whatsmeow, `group.go`; Baileys, `groups.ts`. The version of a roster is that of its participants, `p_v_id`.
"""

from __future__ import annotations

from collections.abc import Iterable

from impl.address import GROUP_SERVER, parse_chat
from impl.dialogue import Roster
from impl.groups.membership import MEMBER_LIMIT
from impl.stanzas.ciphertexts import present
from impl.stanzas.reading import chat_of, children, number, optional, text, user
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

ADMINS = ("admin", "superadmin")
SUFFIX = f"@{GROUP_SERVER}"


def group_node(roster: Roster) -> Node:
    """Its admin is also named as the one who made it and gave it its subject: nothing else is kept."""
    admin = chat_of(roster.admin) if roster.admin else None
    created = str(roster.creation)
    attrs = {
        "id": roster.group.removesuffix(SUFFIX),
        "subject": roster.subject,
        "creation": created,
        "creator": admin,
        "s_t": created,
        "s_o": admin,
        "p_v_id": str(roster.version),
        "size": str(len(roster.members)),
        "addressing_mode": "pn",
    }
    ranks = {roster.admin: ADMINS[-1]}
    members = tuple(
        Node("participant", present({"jid": chat_of(each), "type": ranks.get(each)})) for each in roster.members
    )
    return Node("group", present(attrs), members)


def read_group(node: Node) -> Roster:
    """DecodeError."""
    group = parse_chat(f"{text(node, 'id').removesuffix(SUFFIX)}{SUFFIX}")
    admins = [user(each, "jid") for each in children(node, "participant") if optional(each, "type") in ADMINS]
    subject, creation = optional(node, "subject") or "", number(node, "creation")
    return Roster(group, number(node, "p_v_id"), next(iter(admins), ""), read_people(node), subject, creation)


def people(users: Iterable[str]) -> tuple[Node, ...]:
    return tuple(Node("participant", {"jid": chat_of(each)}) for each in users)


def read_people(node: Node) -> tuple[str, ...]:
    """The accounts among the children. DecodeError for one that is named twice, and for more than a group has."""
    found = tuple(user(each, "jid") for each in children(node, "participant"))
    if len(set(found)) != len(found) or len(found) > MEMBER_LIMIT:
        raise DecodeError(f"{len(found)} participants, {len(set(found))} of them different", f"<{node.tag}>")
    return found
