"""The functions of PyPI xeddsa, x3dh, doubleratchet and noiseprotocol, as verbs."""

import asyncio
from typing import Any

import xeddsa
from noise.connection import Keypair, NoiseConnection

from impl.foreign.lines import serve
from impl.foreign.signal_python.session import Party

run = asyncio.new_event_loop().run_until_complete
PROLOGUE = b"WA\x06\x03"
party = Party()


def new_party() -> dict[str, Any]:
    global party
    party = Party()
    return party.bundle()


def sign(key: bytes, message: bytes) -> bytes:
    return xeddsa.ed25519_priv_sign(xeddsa.priv_force_sign(key, False), message)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """As x3dh has it: the sign of the Edwards point is that of the specification, zero."""
    return xeddsa.ed25519_verify(signature, xeddsa.curve25519_pub_to_ed25519_pub(key, False), message)


noise: Any = None


def begin(pattern: str, static: bytes, server: bytes | None) -> None:
    global noise
    noise = NoiseConnection.from_name(f"Noise_{pattern}_25519_AESGCM_SHA256".encode())
    noise.set_as_initiator()
    noise.set_prologue(PROLOGUE)
    noise.set_keypair_from_private_bytes(Keypair.STATIC, static)
    if server is not None:
        noise.set_keypair_from_public_bytes(Keypair.REMOTE_STATIC, server)
    noise.start_handshake()


def noise_xx(static: bytes) -> bytes:
    """The first message, which has no payload here: plain Noise would hash an empty one."""
    begin("XX", static, None)
    symmetric = noise.noise_protocol.handshake_state.symmetric_state
    symmetric.encrypt_and_hash = lambda plaintext: plaintext
    first = bytes(noise.write_message())
    del symmetric.encrypt_and_hash
    return first


def noise_ik(static: bytes, server: bytes, payload: bytes) -> bytes:
    begin("IK", static, server)
    return bytes(noise.write_message(payload))


if __name__ == "__main__":
    serve(
        {
            "sign": sign,
            "verify": verify,
            "agree": lambda key, other: xeddsa.x25519(key, other),
            "party": new_party,
            "initiate": lambda bundle: run(party.initiate(bundle)),
            "seal": lambda plaintext: run(party.seal(plaintext)),
            "open": lambda type, body: run(party.open(type, body)),
            "noise_xx": noise_xx,
            "noise_ik": noise_ik,
            "noise_read": lambda message: bytes(noise.read_message(message)),
            "noise_write": lambda payload: bytes(noise.write_message(payload)),
            "noise_encrypt": lambda plaintext: bytes(noise.encrypt(plaintext)),
            "noise_decrypt": lambda sealed: bytes(noise.decrypt(sealed)),
        }
    )
