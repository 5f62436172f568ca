"""The stanza as a tree, which a binary node writes down: wire.md, section 5.3; tulir/whatsmeow, `binary/node.go`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from impl.wire.errors import DecodeError
from impl.wire.nodes.jids import Jid

Value = str | Jid
Content = bytes | Value | tuple["Node", ...] | None

_NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """One element; the order of `attrs` has no meaning, and a key or tag that is empty raises DecodeError.

    A text may travel as bytes: `content` that is no token, no packed text and no name is decoded as bytes. No children
    are `()`, no content is None.
    """

    tag: str
    attrs: Mapping[str, Value] = field(default_factory=lambda: _NONE)
    content: Content = None

    def __post_init__(self) -> None:
        if not self.tag:
            raise DecodeError("an empty tag", "node")
        if "" in self.attrs:
            raise DecodeError("an empty key", f"node {self.tag[:80]!r}")
        # a mapping of the caller's could change under the node; most nodes have none
        object.__setattr__(self, "attrs", MappingProxyType(dict(self.attrs)) if self.attrs else _NONE)
