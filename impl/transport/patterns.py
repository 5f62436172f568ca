"""The handshake patterns as tables of tokens, and the state that walks through one of them.

Noise Protocol Framework, revision 34, sections 5.3, 7.5 (XX, IK) and 10.4 (XXfallback). One deviation, as in
`handshake.go` of tulir/whatsmeow: the first message of XX has no payload at all, where plain Noise hashes an empty
one. So XX is XXfallback under another name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from impl.crypto.keys import InvalidKey, KeyPair, dh
from impl.transport.channel import Channel
from impl.transport.errors import HandshakeError
from impl.transport.framing import PROLOGUE
from impl.transport.noise import SymmetricState

Token = Literal["e", "s", "ee", "es", "se", "ss", "payload"]
"""`e` and `s` are keys of whoever speaks; of an agreement, the first letter is the client's key, the second the
server's."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is said in turn, the client first."""

    name: bytes
    messages: tuple[tuple[Token, ...], ...]


XX = Pattern(
    b"Noise_XX_25519_AESGCM_SHA256",
    (
        ("e",),
        ("e", "ee", "s", "es", "payload"),
        ("s", "se", "payload"),
    ),
)
IK = Pattern(
    b"Noise_IK_25519_AESGCM_SHA256",
    (
        ("e", "es", "s", "ss", "payload"),
        ("e", "ee", "se", "payload"),
    ),
)
"""The client has the server's key."""

XX_FALLBACK = Pattern(b"Noise_XXfallback_25519_AESGCM_SHA256", XX.messages)
"""Its first message was said already, as the beginning of IK."""


class HandshakeState:
    """One side's walk through a pattern; a message is its parts in the order of the tokens."""

    __slots__ = ("_initiator", "_messages", "_own", "_symmetric", "_theirs")

    def __init__(
        self, pattern: Pattern, static: KeyPair, ephemeral: KeyPair, *, initiator: bool, server: bytes | None = None
    ) -> None:
        """`server` is the server's key, 32 bytes, where the pattern begins with it: IK, on both sides."""
        self._initiator = initiator
        self._messages = iter(pattern.messages)
        self._own = {"e": ephemeral, "s": static}
        self._theirs: dict[str, bytes] = {}
        self._symmetric = SymmetricState(pattern.name)
        self._symmetric.mix_hash(PROLOGUE)
        if server is not None:
            self._symmetric.mix_hash(server)
            if initiator:
                self._theirs["s"] = server

    @property
    def their_static(self) -> bytes:
        """The other side's key, 32 bytes, once it is known."""
        return self._theirs["s"]

    def write(self, payload: bytes = b"") -> tuple[bytes, ...]:
        """The parts of our next message. HandshakeError "key"."""
        parts = []
        for token in next(self._messages):
            match token:
                case "e":
                    parts.append(self._own["e"].public)
                    self._symmetric.mix_hash(parts[-1])
                case "s":
                    parts.append(self._symmetric.encrypt_and_hash(self._own["s"].public))
                case "payload":
                    parts.append(self._symmetric.encrypt_and_hash(payload))
                case _:
                    self._agree(token)
        return tuple(parts)

    def read(self, parts: Sequence[bytes]) -> bytes:
        """The payload of their next message, empty if it has none. HandshakeError "key" or "tag"."""
        rest, payload = iter(parts), b""
        for token in next(self._messages):
            match token:
                case "e":
                    self._theirs["e"] = next(rest)
                    self._symmetric.mix_hash(self._theirs["e"])
                case "s":
                    self._theirs["s"] = self._symmetric.decrypt_and_hash(next(rest))
                case "payload":
                    payload = self._symmetric.decrypt_and_hash(next(rest))
                case _:
                    self._agree(token)
        return payload

    def split(self) -> Channel:
        """The channel, when all was said."""
        clients, servers = self._symmetric.split()
        return Channel(clients, servers) if self._initiator else Channel(servers, clients)

    def _agree(self, token: str) -> None:
        ours, theirs = (token[0], token[1]) if self._initiator else (token[1], token[0])
        try:
            self._symmetric.mix_key(dh(self._own[ours].private, self._theirs[theirs]))
        except InvalidKey as error:
            raise HandshakeError("key", str(error)) from error
