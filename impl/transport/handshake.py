"""Both sides of the handshake: XX, IK with a server that is known already, XXfallback when it has other keys now.

`handshake.go` of tulir/whatsmeow; IK and the way back from it as in `WaNoiseSession.ts` of zapo. The
table DUE says who waits for what; any failure is the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Self, TypeVar

from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.transport import certificates
from impl.transport.certificates import TrustedServer
from impl.transport.channel import Channel
from impl.transport.errors import HandshakeError
from impl.transport.patterns import IK, XX, XX_FALLBACK, HandshakeState, Pattern
from impl.wire.handshake import ClientFinish, ClientHello, HandshakeMessage, ServerHello, decode, encode

M = TypeVar("M", ClientHello, ServerHello, ClientFinish)


class Stage(Enum):
    CLIENT_ASKED = auto()
    SERVER_LISTENS = auto()
    SERVER_ANSWERED = auto()
    DONE = auto()
    FAILED = auto()


DUE: Mapping[Stage, type[HandshakeMessage]] = {
    Stage.CLIENT_ASKED: ServerHello,  # then DONE
    Stage.SERVER_LISTENS: ClientHello,  # then SERVER_ANSWERED, or DONE if it was IK
    Stage.SERVER_ANSWERED: ClientFinish,  # then DONE
}
"""The one message that each stage takes. Any other, and any at all when it is over, ends the handshake."""


class _Handshake:
    """Where a handshake stands: FAILED while a step is under way, so that a step that raises was the last."""

    __slots__ = ("stage",)

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def _take(self, kind: type[M], data: bytes) -> M:
        """The message, if it is due. HandshakeError "order", DecodeError."""
        due, self.stage = DUE.get(self.stage), Stage.FAILED
        if due is not kind:
            raise HandshakeError("order", f"no {kind.__name__} is due")
        message = decode(data)
        if not isinstance(message, kind):
            raise HandshakeError("order", f"a {type(message).__name__} instead of a {kind.__name__}")
        return message


@dataclass(frozen=True, slots=True)
class Connected:
    """What a client has in the end: its last message if there is one to send, the channel, the server it met."""

    reply: bytes | None
    channel: Channel
    server: TrustedServer


class ClientHandshake(_Handshake):
    """A client that has asked; `hello` is its first message.

    Who it is (`static`, its Noise key) and what it says of itself (`payload`, an encoded ClientPayload) are sealed for
    a server that certificates stand for, and for nobody else.
    """

    __slots__ = ("_ephemeral", "_known", "_payload", "_state", "_static", "hello")

    def __init__(self, static: KeyPair, payload: bytes, entropy: Entropy, known: TrustedServer | None = None) -> None:
        """Use `begin` or `resume`."""
        super().__init__(Stage.CLIENT_ASKED)
        self._static, self._payload, self._known = static, payload, known
        self._ephemeral = KeyPair.generate(entropy)
        pattern, server = (XX, None) if known is None else (IK, known.key)
        self._state = HandshakeState(pattern, static, self._ephemeral, initiator=True, server=server)
        self.hello = encode(ClientHello(*self._state.write(payload)))

    @classmethod
    def begin(cls, static: KeyPair, payload: bytes, entropy: Entropy) -> Self:
        """XX, with a server to be met. DecodeError if the payload is longer than any server takes."""
        return cls(static, payload, entropy)

    @classmethod
    def resume(cls, static: KeyPair, payload: bytes, entropy: Entropy, server: TrustedServer, now: int) -> Self:
        """IK, with a server met before. HandshakeError "trust" or "key"; DecodeError as `begin`.

        Whoever records the hello can send it again: it should carry a login, which a server acts upon with the first
        frame that opens, and no registration.
        """
        if not server.valid_at(now):
            raise HandshakeError("trust", "the server's certificates are not valid now")
        return cls(static, payload, entropy, server)

    def finish(self, server_hello: bytes, root: bytes, now: int) -> Connected:
        """The server's answer; `root` is the key (32 bytes) that its certificates go back to.

        HandshakeError "order", "key", "tag" or what is wrong with the certificates; DecodeError.
        """
        hello = self._take(ServerHello, server_hello)
        if hello.static is not None:
            connected = self._finish_xx(hello, hello.static, root, now)
        elif self._known is not None:
            # No client that was read looks into this payload: its tag proves who has sealed it.
            self._state.read((hello.ephemeral, hello.payload))
            connected = Connected(None, self._state.split(), self._known)
        else:
            raise HandshakeError("order", "an answer to IK, which was not asked for")
        self.stage = Stage.DONE
        return connected

    def _finish_xx(self, hello: ServerHello, static: bytes, root: bytes, now: int) -> Connected:
        state = self._state
        if self._known is not None:
            state = HandshakeState(XX_FALLBACK, self._static, self._ephemeral, initiator=True)
            state.write()  # what the hello has said
        chain = state.read((hello.ephemeral, static, hello.payload))
        server = certificates.verify(chain, root, state.their_static, now)
        reply = encode(ClientFinish(*state.write(self._payload)))
        return Connected(reply, state.split(), server)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a server has in the end: the client's Noise key (32 bytes), what it says of itself, and the channel."""

    noise: bytes
    payload: bytes
    channel: Channel


class ServerHandshake(_Handshake):
    """A server that listens: its Noise key, and the encoded chain that certifies it."""

    __slots__ = ("_chain", "_entropy", "_state", "_static")

    _state: HandshakeState

    def __init__(self, static: KeyPair, chain: bytes, entropy: Entropy) -> None:
        super().__init__(Stage.SERVER_LISTENS)
        self._static, self._chain, self._entropy = static, chain, entropy

    def answer(self, client_hello: bytes) -> tuple[bytes, Accepted | None]:
        """Our message, and what came with IK: it may be a replay until the first frame opens.

        HandshakeError "order" or "key", DecodeError. IK for another key than ours is answered with XXfallback.
        """
        hello = self._take(ClientHello, client_hello)
        ephemeral = KeyPair.generate(self._entropy)
        accepted = None
        if hello.static is None or hello.payload is None:
            reply = self._answer_xx(XX, hello.ephemeral, ephemeral)
        else:
            state = HandshakeState(IK, self._static, ephemeral, initiator=False, server=self._static.public)
            try:
                payload = state.read((hello.ephemeral, hello.static, hello.payload))
            except HandshakeError as error:
                if error.check != "tag":
                    raise
                reply = self._answer_xx(XX_FALLBACK, hello.ephemeral, ephemeral)
            else:
                own, sealed = state.write(self._chain)
                reply = encode(ServerHello(own, None, sealed))
                accepted = Accepted(state.their_static, payload, state.split())
        self.stage = Stage.SERVER_ANSWERED if accepted is None else Stage.DONE
        return reply, accepted

    def finish(self, client_finish: bytes) -> Accepted:
        """The client's last message. HandshakeError "order", "key" or "tag"; DecodeError."""
        message = self._take(ClientFinish, client_finish)
        payload = self._state.read((message.static, message.payload))
        accepted = Accepted(self._state.their_static, payload, self._state.split())
        self.stage = Stage.DONE
        return accepted

    def _answer_xx(self, pattern: Pattern, theirs: bytes, ours: KeyPair) -> bytes:
        self._state = HandshakeState(pattern, self._static, ours, initiator=False)
        self._state.read((theirs,))
        return encode(ServerHello(*self._state.write(self._chain)))
