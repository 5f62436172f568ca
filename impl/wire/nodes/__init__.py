"""Binary nodes: the stanzas that client and server exchange inside Noise frames. wire.md, section 5.

Upstream: `binary` of tulir/whatsmeow. `impl.wire.payload` is what stands around a node in a frame.
"""

from impl.wire.nodes.jids import Jid, Server
from impl.wire.nodes.node import Content, Node, Value
from impl.wire.nodes.reading import DEPTH_LIMIT, NODE_LIMIT, decode
from impl.wire.nodes.tokens import VERSION
from impl.wire.nodes.writing import encode

__all__ = ["DEPTH_LIMIT", "NODE_LIMIT", "VERSION", "Content", "Jid", "Node", "Server", "Value", "decode", "encode"]
