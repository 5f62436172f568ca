"""Connections to a server met for the first time, met again, or with another key now; and a companion that is new."""

from __future__ import annotations

from fuzz.targets.transport import Stream, write
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.kinds import DeviceProps
from impl.sessions import Local, Prekeys
from impl.transport.certificates import TrustedServer, issue_chain
from impl.transport.framing import Opening
from impl.transport.handshake import ClientHandshake, ServerHandshake
from impl.transport.registration import introduce, introduce_phone
from impl.wire import phone_registration
from impl.wire.client_payload import Login, encode

NOW = 1626220800
YEAR = 365 * 86400
ROUTING = (None, b"\x08\x02\x08\x05")
LOGIN = encode(Login(15550001, 3))


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of each target by name."""
    root, intermediate, server, former, noise, identity = (KeyPair.generate(entropy) for _ in range(6))
    chain = issue_chain(root, intermediate, server.public, NOW, NOW + YEAR, entropy)
    messages, streams = [], []
    for known in (None, server.public, former.public):
        if known is None:
            client = ClientHandshake.begin(noise, LOGIN, entropy)
        else:
            client = ClientHandshake.resume(noise, LOGIN, entropy, TrustedServer(known, NOW, NOW), NOW)
        answer, _ = ServerHandshake(server, chain.encode(), entropy).answer(client.hello)
        connected = client.finish(answer, root.public, NOW)
        said = [client.hello] if connected.reply is None else [client.hello, connected.reply]
        frames = (*said, connected.channel.seal(b""))
        messages += [*said, answer]
        streams += [write(Stream(Opening(routing), frames)) for routing in ROUTING]
    prekeys = Prekeys.generate(identity, entropy)
    bundle = Local(identity, 1, prekeys).bundle()
    registration = introduce(bundle, DeviceProps(), (2, 3000, 1))
    form = phone_registration.encode(introduce_phone("15550001001", bundle, noise.public))
    return {
        "transport-stream": streams,
        "handshake-message": messages,
        "certificate-chain": [chain.encode()],
        "certificate-details": [chain.leaf.details, chain.intermediate.details],
        "client-payload": [LOGIN, encode(registration)],
        "phone-registration": [form, form + b"&lg=en&code="],
    }
