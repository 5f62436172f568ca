"""Names of every kind, for tests of this folder."""

from hypothesis import strategies as st

from impl.wire.nodes import Jid, Server
from impl.wire.nodes.jids import DEVICE_LIMITS

USERS = st.text("0123456789abcé-", min_size=1, max_size=32)
GROUPS = st.text("0123456789-", min_size=1, max_size=64)


def _of(server: Server) -> st.SearchStrategy[Jid]:
    users = GROUPS if server is Server.GROUP else USERS
    integrators = st.integers(0, 0xFFFF if server is Server.INTEROP else 0)
    devices = st.integers(0, DEVICE_LIMITS.get(server, 0))
    return st.builds(Jid, st.just(""), st.just(server)) | st.builds(Jid, users, st.just(server), devices, integrators)


JIDS = st.sampled_from(Server).flatmap(_of)
