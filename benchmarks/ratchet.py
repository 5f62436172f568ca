"""How fast sessions are beside `doubleratchet` from PyPI in its recommended set-up: X25519, HKDF, AES-HMAC, SHA-256.

Ours also writes and reads wire frames; theirs hands over objects, in one event loop a round.
"""

from __future__ import annotations

import asyncio
import os
import time
from importlib.util import find_spec
from typing import Any

from impl.crypto.keys import KeyPair
from impl.sessions import Local, Prekeys, Record, initiate, open_, seal

MESSAGES = 1000
ROUNDS = 7
TEXT = b"x" * 100
MISSING = "doubleratchet is missing: pip install --require-hashes -r benchmarks/requirements.txt"


class Ours:
    """One side of a session."""

    def __init__(self) -> None:
        identity = KeyPair.generate(os.urandom)
        self.local = Local(identity, 1, Prekeys.generate(identity, os.urandom))
        self.record: Record | None = None

    def says(self) -> tuple[str, bytes]:
        assert self.record is not None
        self.record, enc_type, body = seal(self.local, self.record, TEXT, 0)
        return enc_type, body

    def hears(self, sent: tuple[str, bytes]) -> None:
        opened = open_(self.local, self.record, *sent, os.urandom)
        assert opened.plaintext == TEXT
        self.record = opened.record


def our_seconds(turning: bool) -> float:
    """Processor seconds of one round, sealing and opening; with `turning`, every message answers the one before."""
    alice, bob = Ours(), Ours()
    alice.record = initiate(alice.local, bob.local.bundle(), os.urandom, None, 0)
    bob.hears(alice.says())
    alice.hears(bob.says())
    began = time.process_time()
    for number in range(MESSAGES):
        if turning and number % 2:
            alice.hears(bob.says())
        else:
            bob.hears(alice.says())
    return time.process_time() - began


async def their_seconds(turning: bool) -> float:
    """As `our_seconds`."""
    alice, bob = await their_sides()
    began = time.process_time()
    for number in range(MESSAGES):
        speaker, listener = (bob, alice) if turning and number % 2 else (alice, bob)
        sent = await speaker.encrypt_message(TEXT, b"both identities")
        assert await listener.decrypt_message(sent, b"both identities") == TEXT
    return time.process_time() - began


async def their_sides() -> tuple[Any, Any]:
    """Two sides that have heard each other."""
    from doubleratchet import DoubleRatchet, Header
    from doubleratchet.recommended import (
        HashFunction,
        aead_aes_hmac,
        diffie_hellman_ratchet_curve25519,
        kdf_hkdf,
        kdf_separate_hmacs,
    )

    class Ratchet(DoubleRatchet):
        @staticmethod
        def _build_associated_data(associated_data: bytes, header: Header) -> bytes:
            counters = header.previous_sending_chain_length, header.sending_chain_length
            return associated_data + header.ratchet_pub + b"".join(each.to_bytes(8, "big") for each in counters)

    class Sha256:
        @staticmethod
        def _get_hash_function() -> HashFunction:
            return HashFunction.SHA_256

    class Root(Sha256, kdf_hkdf.KDF):
        @staticmethod
        def _get_info() -> bytes:
            return b"root chain"

    class MessageChain(Sha256, kdf_separate_hmacs.KDF):
        pass

    class Aead(Sha256, aead_aes_hmac.AEAD):
        @staticmethod
        def _get_info() -> bytes:
            return b"message keys"

    configuration = {
        "diffie_hellman_ratchet_class": diffie_hellman_ratchet_curve25519.DiffieHellmanRatchet,
        "root_chain_kdf": Root,
        "message_chain_kdf": MessageChain,
        "message_chain_constant": b"\x01\x02",
        "dos_protection_threshold": 1000,
        "max_num_skipped_message_keys": 2000,
        "aead": Aead,
        "shared_secret": os.urandom(32),
        "associated_data": b"both identities",
    }
    pair = KeyPair.generate(os.urandom)
    alice, first = await Ratchet.encrypt_initial_message(
        **configuration, recipient_ratchet_pub=pair.public, message=TEXT
    )
    bob, _ = await Ratchet.decrypt_initial_message(**configuration, own_ratchet_priv=pair.private, message=first)
    await alice.decrypt_message(await bob.encrypt_message(TEXT, b"both identities"), b"both identities")
    return alice, bob


def main() -> None:
    """Prints a line a case: processor time in µs to seal and open a message of 100 bytes, the best round."""
    if find_spec("doubleratchet") is None:
        print(MISSING)
        return
    print(f"{'':<22}{'ours':>8}{'theirs':>8}{'ratio':>8}")
    for case, turning in (("within one chain", False), ("every message turns", True)):
        rounds = [(our_seconds(turning), asyncio.run(their_seconds(turning))) for _ in range(ROUNDS)]
        ours, theirs = (min(each) / MESSAGES * 1e6 for each in zip(*rounds, strict=True))
        print(f"{case:<22}{ours:>8.1f}{theirs:>8.1f}{theirs / ours:>8.2f}")


if __name__ == "__main__":
    main()
