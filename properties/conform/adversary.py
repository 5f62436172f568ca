"""The adversary's hands: it owns the server and some devices, and builds from what it has whatever it can.

It forges no signature of others and opens nothing without a key: where it lacks one, it signs with its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl import sessions
from impl.attestation import account_message, device_message, list_message
from impl.crypto import media, xeddsa
from impl.crypto.kdf import hmac_sha256
from impl.crypto.keys import KeyPair
from impl.device import Device
from impl.sessions import Local, Prekeys, Record, SessionError
from impl.stanza import Category, Stanza
from impl.wire import content, padding
from impl.wire.adv import (
    DeviceIdentity,
    IdentityContainer,
    KeyIndexList,
    SignedDeviceIdentity,
    SignedKeyIndexList,
)
from impl.wire.content import Body, DeviceSent, HistoryFile, HistoryNotice, HistoryType, Message, Text
from impl.wire.errors import DecodeError
from impl.wire.history import Conversation, History, PastMessage
from properties.conform.histories import HistoryShare

if TYPE_CHECKING:
    from properties.conform.world import World


class Adversary:
    """Its own keys, the sessions of its own devices, and what it has copied from others."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = KeyPair.generate(world.entropy)
        self.local = Local(self.key, 1, Prekeys.generate(self.key, world.entropy))
        self.vouchers: dict[tuple[str, str], SignedDeviceIdentity] = {}
        self.maced: set[tuple[str, str]] = set()  # approvals made with a stolen linking secret
        self._records: dict[tuple[str, str], Record] = {}

    def voucher(self, user: str, companion: str, signer: KeyPair | None = None) -> SignedDeviceIdentity:
        """An account signature over a companion, in the name of `user`, by the adversary's key unless told."""
        key = signer or self.key
        details = self._details(user, companion)
        identity = self.world.peek(companion).identity.public
        signature = xeddsa.sign(key.private, account_message(details, identity), self.world.entropy)
        return SignedDeviceIdentity(details, self.world.account_key(user), signature)

    def _details(self, user: str, companion: str) -> bytes:
        epoch = self.world.peek(companion).views[user].list.raw_id
        return DeviceIdentity(epoch, self.world.now, self.world.number(user, companion)).encode()

    def vouch(self, phone: str, companion: str) -> None:
        """The adversary's own phone vouches for a companion, really."""
        user = self.world.specs[phone].owner
        self.vouchers[user, companion] = self.voucher(user, companion, self.world.peek(phone).identity)

    def approval(self, companion: str, user: str) -> bytes:
        """The best container that the server can show: real parts where there are any, else forged ones."""
        real = self.world.approvals.get((user, companion))
        container = IdentityContainer.decode(real.container) if real else None
        signed = self.vouchers.get((user, companion)) or self.voucher(user, companion)
        details = container.details if container else signed.encode()
        secret = self.world.copies.secrets.get(companion)
        if (user, companion) in self.maced and secret is not None:
            return IdentityContainer(details, hmac_sha256(secret, details)).encode()
        mac = container.hmac if container else self.world.entropy(32)
        return IdentityContainer(details, mac).encode()

    def countersigned(self, signed: SignedDeviceIdentity, key: KeyPair) -> SignedDeviceIdentity:
        """With a device signature under `key`."""
        assert signed.account_key is not None
        message = device_message(signed.details, key.public, signed.account_key)
        return replace(signed, device_signature=xeddsa.sign(key.private, message, self.world.entropy))

    def proof_of(self, companion: str, user: str) -> bytes:
        """A device identity for an unlinked or rogue device: a rogue one signs for itself, nobody for the others."""
        rogue = self.world.specs[companion].rogue
        real = self.world.approvals.get((user, companion))
        signed = SignedDeviceIdentity.decode(IdentityContainer.decode(real.container).details) if real else None
        key = self.world.peek(companion).identity if rogue else self.key
        return self.countersigned(signed or self.voucher(user, companion), key).encode()

    def list_of(self, user: str, name: str, like: KeyIndexList | None = None) -> bytes:
        """A list that the user's phone has not signed."""
        phone = self.world.peek(self.world.users[user])
        known = like or replace(phone.views[user].list, timestamp=self.world.time_of(name))
        details = known.encode()
        return SignedKeyIndexList(
            details, xeddsa.sign(self.key.private, list_message(details), self.world.entropy)
        ).encode()

    def seal(self, sender: str, to: str, body: Body | Message, message_id: str, category: Category) -> Stanza:
        """A ciphertext by a device that the adversary runs or speaks for, in a session of its own."""
        device = self.world.peek(sender)
        record = self._records.get((sender, to))
        if record is None:
            record = sessions.initiate(device.local, self.world.bundle(to), self.world.entropy, None, self.world.now)
        plaintext = padding.pad(content.encode(body), self.world.entropy)
        record, enc_type, sealed = sessions.seal(device.local, record, plaintext, self.world.now)
        self._records[sender, to] = record
        proof = (
            None
            if self.world.specs[sender].phone
            else device.device_identity or self.proof_of(sender, self.world.account(sender))
        )
        return Stanza(message_id, self.world.address(sender), self.world.address(to), category, enc_type, sealed, proof)

    def read(self, rogue: str, stanza: Stanza) -> Body | None:
        """What a device of the adversary reads in a ciphertext; its sessions go on from there."""
        sender = self.world.name_at(stanza.sender)
        device = self.world.peek(rogue)
        found = opened(device, stanza, self._records.get((rogue, sender or "")))
        if found is None:
            return None
        self._records[rogue, sender or ""] = found[0]
        return found[1]

    def lie(self, message: str, to: str) -> Stanza:
        """A rogue author's message for one device, dressed up as an own-device copy if the scope says so."""
        spec = self.world.spec_of(message)
        body = self._body(message, as_copy=spec.posed or self._own(spec.author, to))
        return self.seal(spec.author, to, body, self.world.message_id(message), "message")

    def impersonate(self, author: str, to: str, message: str) -> Stanza:
        """A message of the same id in the author's name, sealed under the adversary's own identity."""
        body = self._body(message, as_copy=self._own(author, to))
        return self.impersonate_with(author, to, body, self.world.message_id(message))

    def impersonate_with(self, author: str, to: str, body: Body | Message, message_id: str = "key") -> Stanza:
        """Anything in the author's name, sealed under the adversary's own identity."""
        local = replace(self.world.peek(author).local, identity=self.key)
        record = sessions.initiate(local, self.world.bundle(to), self.world.entropy, None, self.world.now)
        plaintext = padding.pad(content.encode(body), self.world.entropy)
        _, enc_type, sealed = sessions.seal(local, record, plaintext, self.world.now)
        user = self.world.account(author)
        forged = replace(self.voucher(user, author), device_signature=None)
        proof = None if self.world.specs[author].phone else self.countersigned(forged, self.key).encode()
        sender, recipient = self.world.address(author), self.world.address(to)
        return Stanza(message_id, sender, recipient, "message", enc_type, sealed, proof)

    def _own(self, author: str, to: str) -> bool:
        """Within an account a message must come as a copy, or it would be refused for not being one."""
        return self.world.account(author) == self.world.account(to)

    def _body(self, message: str, as_copy: bool) -> Body:
        said = self.world.bodies.of(message)
        return DeviceSent(self.world.spec_of(message).to, said) if as_copy else said

    def noise(self, author: str, to: str, message_id: str, category: Category = "message") -> Stanza:
        """A stanza of random bytes in the name of `author`."""
        body = b"\x33" + self.world.entropy(80)
        return Stanza(message_id, self.world.address(author), self.world.address(to), category, "msg", body)

    def history(
        self,
        sender: str,
        companion: str,
        type: HistoryType = HistoryType.INITIAL_BOOTSTRAP,
        request: str | None = None,
    ) -> HistoryShare:
        """A history of its own making, announced in the name of `sender`."""
        author = self.world.address(sender)
        past = PastMessage("3EB0ADVE25A27", author, False, Text("never said"), self.world.now)
        media_key = self.world.entropy(32)
        made_up = History((Conversation(author.user, (past,)),), type)
        file = media.seal(made_up.encode(), media_key, media.HISTORY)
        path = f"/{file.enc_sha256.hex()}"
        announced = HistoryFile(file.sha256, file.length, media_key, file.enc_sha256, path)
        notice = HistoryNotice(announced, type, request_id=request)
        stanza = self.seal(sender, companion, notice, f"3EB0{self.world.entropy(9).hex().upper()}", "peer")
        return HistoryShare(path, file.file, stanza)


def opened(device: Device, stanza: Stanza, record: Record | None) -> tuple[Record, Body | None] | None:
    """What the keys of `device` open in a captured ciphertext, with no check in the way; None if they do not."""
    try:
        found = sessions.open_(device.local, record, stanza.enc_type, stanza.body, device.entropy)
        return found.record, content.decode(padding.unpad(found.plaintext)).body
    except (SessionError, DecodeError):
        return None
