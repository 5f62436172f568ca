"""The last word of a server to a client that it sends away: `<stream:error code=…><reason/></stream:error>`.

wire.md, section 6.6. Clients act on the code, and show the first child (`handleStreamError` of tulir/whatsmeow,
`socket.js` of npm `baileys`). 503 says "come again", and is what real servers send without a child; its reasons here
are those of RFC 6120, section 4.9.3. 500 is for what a client must not say again; real servers send that reason.
"""

from impl.wire.nodes import Node

TAG = "stream:error"

COME_AGAIN = "503"
DO_NOT = "500"


def stream_error(code: str, reason: str) -> Node:
    return Node(TAG, {"code": code}, (Node(reason),))


NOT_WELL_FORMED = stream_error(DO_NOT, "xml-not-well-formed")
"""What came opens, and is no node."""

INTERNAL = stream_error(DO_NOT, "internal-server-error")
"""Our fault, not the client's."""

TOO_FAST = stream_error(COME_AGAIN, "policy-violation")
TOO_SLOW = stream_error(COME_AGAIN, "resource-constraint")
"""It does not read what it is told."""

SILENT = stream_error(COME_AGAIN, "connection-timeout")
SHUTDOWN = stream_error(COME_AGAIN, "system-shutdown")
