"""`<key-index-list ts>`: the signed device list of an account, wherever it travels. wire.md, sections 2.1 and 4."""

from __future__ import annotations

from impl.stanzas.reading import data_up_to
from impl.wire.adv import LIST_LIMIT, SignedKeyIndexList
from impl.wire.nodes import Node

KEY_INDEX_LIST = "key-index-list"


def list_node(signed_list: bytes) -> Node:
    """With its timestamp beside it, for whoever does not look inside. DecodeError if it is no such list."""
    timestamp = SignedKeyIndexList.decode(signed_list).list.timestamp
    return Node(KEY_INDEX_LIST, {"ts": str(timestamp)}, signed_list)


def read_list(node: Node) -> bytes:
    """The list, which whoever keeps it can write again; nothing of it is verified. DecodeError."""
    signed_list = data_up_to(node, LIST_LIMIT)
    list_node(signed_list)
    return signed_list
