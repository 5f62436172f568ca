"""A session of PyPI x3dh and doubleratchet, with the constants of libsignal and the frames of WhatsApp."""

import hashlib
import hmac
from typing import Any

import x3dh
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from doubleratchet import AEAD, AuthenticationFailedException, DoubleRatchet, EncryptedMessage, Header
from doubleratchet.recommended import (
    HashFunction,
    diffie_hellman_ratchet_curve25519,
    kdf_hkdf,
    kdf_separate_hmacs,
)

from impl.foreign.signal_python.frames import MAC_SIZE, VERSION, First, field, fields, typed

IDENTITIES = 66
"""Bytes of both identity keys, the sender's first, which the MAC covers before the frame."""


class Sha256:
    @staticmethod
    def _get_hash_function() -> HashFunction:
        return HashFunction.SHA_256


class Root(Sha256, kdf_hkdf.KDF):
    @staticmethod
    def _get_info() -> bytes:
        return b"WhisperRatchet"


class MessageChain(Sha256, kdf_separate_hmacs.KDF):
    pass


class MessageKeys(Sha256, kdf_hkdf.KDF):
    @staticmethod
    def _get_info() -> bytes:
        return b"WhisperMessageKeys"


class FrameAead(AEAD):
    """What it calls a ciphertext is the whole frame, as the MAC of libsignal covers that."""

    @staticmethod
    async def encrypt(plaintext: bytes, key: bytes, associated_data: bytes) -> bytes:
        cipher_key, mac_key, iv = await _keys(key)
        padder, encryptor = PKCS7(128).padder(), Cipher(AES256(cipher_key), CBC(iv)).encryptor()
        padded = padder.update(plaintext) + padder.finalize()
        unsigned = associated_data + field(4, encryptor.update(padded) + encryptor.finalize())
        return unsigned[IDENTITIES:] + _mac(mac_key, unsigned)

    @staticmethod
    async def decrypt(ciphertext: bytes, key: bytes, associated_data: bytes) -> bytes:
        cipher_key, mac_key, iv = await _keys(key)
        unsigned = associated_data[:IDENTITIES] + ciphertext[:-MAC_SIZE]
        if not hmac.compare_digest(_mac(mac_key, unsigned), ciphertext[-MAC_SIZE:]):
            raise AuthenticationFailedException("MAC")
        decryptor, unpadder = Cipher(AES256(cipher_key), CBC(iv)).decryptor(), PKCS7(128).unpadder()
        padded = decryptor.update(fields(ciphertext[1:-MAC_SIZE])[4]) + decryptor.finalize()  # type: ignore[arg-type]
        return unpadder.update(padded) + unpadder.finalize()


async def _keys(key: bytes) -> tuple[bytes, bytes, bytes]:
    """Cipher key, MAC key and IV: libsignal expands the key of a message, with a salt of zeros."""
    derived = await MessageKeys.derive(bytes(32), key, 80)
    return derived[:32], derived[32:64], derived[64:]


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, hashlib.sha256)[:MAC_SIZE]


class Ratchet(DoubleRatchet):
    @staticmethod
    def _build_associated_data(associated_data: bytes, header: Header) -> bytes:
        # libsignal tells the last counter of the chain before, where the specification has how many there were
        previous = max(0, header.previous_sending_chain_length - 1)
        counters = field(2, header.sending_chain_length) + field(3, previous)
        return associated_data + VERSION + field(1, typed(header.ratchet_pub)) + counters


class State(x3dh.BaseState):
    @staticmethod
    def _encode_public_key(key_format: x3dh.IdentityKeyFormat, pub: bytes) -> bytes:
        return typed(pub)


CONFIGURATION: dict[str, Any] = {
    "diffie_hellman_ratchet_class": diffie_hellman_ratchet_curve25519.DiffieHellmanRatchet,
    "root_chain_kdf": Root,
    "message_chain_kdf": MessageChain,
    "message_chain_constant": b"\x02\x01",  # the chain's next key, then the key of a message
    "dos_protection_threshold": 1000,
    "max_num_skipped_message_keys": 2000,
    "aead": FrameAead,
}


def message(frame: bytes) -> EncryptedMessage:
    found = fields(frame[1:-MAC_SIZE])
    return EncryptedMessage(Header(found[1][1:], found[3] + 1, found[2]), frame)  # type: ignore[index,operator,arg-type]


class Party:
    """Own keys, and one session."""

    def __init__(self) -> None:
        self.state = State.create(x3dh.IdentityKeyFormat.CURVE_25519, x3dh.HashFunction.SHA_256, b"WhisperText")
        self.state.generate_pre_keys(1)
        (self.one_time,) = self.state.bundle.pre_keys
        self.identity = self.state.bundle.identity_key
        self.ratchet: Any = None
        self.peer = self.base_key = b""
        self.begins: Any = None

    def bundle(self) -> dict[str, Any]:
        bundle = self.state.bundle
        return {
            "registration_id": 1234, "identity": bundle.identity_key, "signed_prekey_id": 5,
            "signed_prekey": bundle.signed_pre_key, "signature": bundle.signed_pre_key_sig,
            "one_time_id": 9, "one_time": self.one_time,
        }  # fmt: skip

    def _ad(self, sending: bool) -> bytes:
        own, peer = typed(self.identity), typed(self.peer)
        return own + peer if sending else peer + own

    async def initiate(self, bundle: dict[str, Any]) -> None:
        once = frozenset([bundle["one_time"][-32:]] if bundle["one_time"] else [])
        self.peer = bundle["identity"][-32:]
        taken = x3dh.Bundle(self.peer, bundle["signed_prekey"][-32:], bundle["signature"], once)
        shared, _, header = await self.state.get_shared_secret_active(taken, require_pre_key=False)
        self.begins = (bundle, header, shared)

    async def seal(self, plaintext: bytes) -> dict[str, Any]:
        if self.ratchet is None:
            bundle, _, shared = self.begins
            self.ratchet, sealed = await Ratchet.encrypt_initial_message(
                **CONFIGURATION, shared_secret=shared, recipient_ratchet_pub=bundle["signed_prekey"][-32:],
                message=plaintext, associated_data=self._ad(sending=True),
            )  # fmt: skip
        else:
            sealed = await self.ratchet.encrypt_message(plaintext, self._ad(sending=True))
        if self.begins is None:
            return {"type": "msg", "body": sealed.ciphertext}
        bundle, header, _ = self.begins
        once = bundle["one_time_id"] if header.pre_key else None
        first = First(1234, once, bundle["signed_prekey_id"], header.ephemeral_key, self.identity, sealed.ciphertext)
        return {"type": "pkmsg", "body": first.encode()}

    async def open(self, kind: str, body: bytes) -> bytes:
        if kind == "msg":
            opened: bytes = await self.ratchet.decrypt_message(message(body), self._ad(sending=False))
            self.begins = None
            return opened
        first = First.decode(body)
        if first.base_key == self.base_key:
            again: bytes = await self.ratchet.decrypt_message(message(first.message), self._ad(sending=False))
            return again
        once = self.one_time if first.one_time_id is not None else None
        header = x3dh.Header(first.identity, first.base_key, self.state.bundle.signed_pre_key, once)
        shared, _, signed = await self.state.get_shared_secret_passive(header, require_pre_key=False)
        self.peer = first.identity
        self.ratchet, plaintext = await Ratchet.decrypt_initial_message(
            **CONFIGURATION, shared_secret=shared, own_ratchet_priv=signed.priv, message=message(first.message),
            associated_data=self._ad(sending=False),
        )  # fmt: skip
        self.base_key = first.base_key
        return bytes(plaintext)
