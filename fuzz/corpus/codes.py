"""What is typed, shown and wrapped: linking by code and security codes; and the frames of sender keys."""

from __future__ import annotations

from impl import groups
from impl.crypto.entropy import Entropy
from impl.crypto.keys import KeyPair
from impl.groups import OwnSenderKey
from impl.pairing_code import companion, primary
from impl.security_code import security_code
from impl.wire.pairing_code import CompanionHello

NOW = 1626220800
TEXTS = (b"", b"hi", b"ha" * 200)


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of each target by name."""
    return _linking(entropy) | _sender_keys(entropy) | {"security-code": [_security_code(entropy)]}


def _linking(entropy: Entropy) -> dict[str, list[bytes]]:
    account, identity, noise = (KeyPair.generate(entropy) for _ in range(3))
    pairing, wrapped = companion.begin(entropy, NOW)
    shown = pairing.code.encode()
    pending, hello = primary.answer(
        primary.asked(CompanionHello(b"ref", wrapped, noise.public), NOW), shown, account.public, entropy, NOW
    )
    _, finish, _ = companion.answer(companion.named(pairing, b"ref"), hello, identity, entropy, NOW)
    primary.finish(pending, finish, account, NOW)
    return {
        "pairing-code": [each.encode() for each in (shown, shown.lower(), " ".join(shown), shown.replace("-", ""))],
        "wrapped-key": [wrapped, hello.ephemeral],
        "wrapped-bundle": [finish.bundle],
    }


def _sender_keys(entropy: Entropy) -> dict[str, list[bytes]]:
    key = OwnSenderKey.generate(entropy)
    distributions, frames = [], []
    record = None
    for text in TEXTS:
        distribution = key.distribution()
        key, frame = key.seal(text, entropy)
        record, _ = groups.open_(groups.learn(record, distribution), frame)
        distributions.append(distribution.encode())
        frames.append(frame)
    return {"sender-key-distribution": distributions, "sender-key-message": frames}


def _security_code(entropy: Entropy) -> bytes:
    own, other = (KeyPair.generate(entropy).public for _ in range(2))
    return security_code("15550001", [own], "15550002", [other]).encode()
