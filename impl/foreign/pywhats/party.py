"""One side of a session of pywhats, put together as its sender and receiver do."""

from typing import Any

from pywhats.signal.experimental.keys import IdentityKeyPair, PreKeyBundle, SignedPreKey, generate_pre_key
from pywhats.signal.experimental.ratchet import (
    ratchet_decrypt,
    ratchet_encrypt,
    ratchet_init_alice,
    ratchet_init_bob,
)
from pywhats.signal.experimental.types import PreKeySignalMessage, SignalMessage
from pywhats.signal.experimental.x3dh import x3dh_initiator, x3dh_responder


def bare(key: bytes) -> bytes:
    return key[-32:]


class Party:
    """Own keys, and one session."""

    def __init__(self) -> None:
        self.identity = IdentityKeyPair.generate()
        self.signed = SignedPreKey.generate(self.identity, 5)
        self.once: Any = generate_pre_key(9)
        self.ratchet: Any = None
        self.peer = b""
        self.pending: Any = None

    def bundle(self) -> dict[str, Any]:
        return {
            "registration_id": 1234,
            "identity": self.identity.public,
            "signed_prekey_id": 5,
            "signed_prekey": self.signed.public,
            "signature": self.signed.signature,
            "one_time_id": 9,
            "one_time": self.once.public,
        }

    def initiate(self, bundle: dict[str, Any]) -> None:
        """`MessageSender._establish_session_from_bundle`."""
        once = bare(bundle["one_time"]) if bundle["one_time"] else None
        taken = PreKeyBundle(
            bare(bundle["identity"]), bundle["signed_prekey_id"], bare(bundle["signed_prekey"]), bundle["signature"],
            bundle["one_time_id"] if once else None, once,
        )  # fmt: skip
        self.pending = x3dh_initiator(self.identity, taken)
        self.peer = taken.identity_key
        self.ratchet = ratchet_init_alice(self.pending.shared_secret, taken.signed_pre_key_public)

    def seal(self, plaintext: bytes) -> dict[str, Any]:
        """`MessageSender._encrypt_for`."""
        header, ciphertext, mac_key = ratchet_encrypt(self.ratchet, plaintext, self.identity.public + self.peer)
        message = SignalMessage(header=header, ciphertext=ciphertext)
        if self.pending is None:
            return {"type": "msg", "body": message.encode(self.identity.public, self.peer, mac_key)}
        first = PreKeySignalMessage(
            1234, self.pending.used_one_time_pre_key_id, self.pending.used_signed_pre_key_id,
            self.pending.ephemeral_public, self.pending.identity_public, message,
        )  # fmt: skip
        return {"type": "pkmsg", "body": first.encode(self.identity.public, self.peer, mac_key)}

    def open(self, type: str, body: bytes) -> bytes:
        """`MessageReceiver._decrypt`: another first message begins another session, with the prekeys it names."""
        if type == "msg":
            message = SignalMessage.decode(body)
            plaintext = self._decrypt(message)
            self.pending = None
            return plaintext
        first = PreKeySignalMessage.decode(body)
        once = self.once if first.one_time_pre_key_id is not None else None
        if first.one_time_pre_key_id is not None and once is None:
            raise ValueError(f"unknown one-time pre-key id {first.one_time_pre_key_id}")
        shared = x3dh_responder(self.identity, self.signed, once, first.identity_key, first.base_key).shared_secret
        self.ratchet = ratchet_init_bob(shared, self.signed.private, self.signed.public)
        self.peer = first.identity_key
        plaintext = self._decrypt(first.message)
        if first.one_time_pre_key_id is not None:
            self.once = None
        return plaintext

    def _decrypt(self, message: Any) -> bytes:
        return ratchet_decrypt(
            self.ratchet, message.header, message.ciphertext, self.peer + self.identity.public,
            verify_mac=lambda key: message.verify_mac(self.peer, self.identity.public, key),
        )  # fmt: skip
