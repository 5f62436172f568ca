"""What a copy of one end opens, by whatever way its keys allow: the adversary is better at it than any device."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from impl.crypto.keys import InvalidKey, KeyPair
from impl.device import Device
from impl.sessions import SessionError, x3dh
from impl.sessions.chain import Chain, MessageKeys
from impl.sessions.ratchet import Ratchet
from impl.stanza import Stanza
from impl.wire.frames import MAC_SIZE, PreKeySignalMessage, SignalMessage
from properties.conform.adversary import opened


@dataclass(frozen=True)
class Copied:
    """A device as it was when the copy was taken."""

    name: str
    device: Device

    def opens(self, stanza: Stanza, captured: Iterable[Stanza]) -> bool:
        """Whether the ciphertext opens, with the help of all others that were captured."""
        if stanza.recipient.user == self.name and self._receives(stanza):
            return True
        return self.name in (stanza.sender.user, stanza.recipient.user) and any(
            self._fits(seed, stanza) for seed in self._seeds(stanza, captured)
        )

    def _fits(self, seed: bytes, stanza: Stanza) -> bool:
        """Whether the MAC is under this seed."""
        message, frame = frame_of(stanza)
        sender, recipient = (self.device.pins[address.user] for address in (stanza.sender, stanza.recipient))
        code = MessageKeys.derive(seed).code(sender, recipient, frame[:-MAC_SIZE])
        return hmac.compare_digest(code, message.mac)

    def _receives(self, stanza: Stanza) -> bool:
        """As the device would, or as if the session had never begun."""
        record = self.device.records.get(stanza.sender)
        return any(opened(self.device, stanza, known) is not None for known in (record, None))

    def _seeds(self, stanza: Stanza, captured: Iterable[Stanza]) -> Iterator[bytes]:
        """Seeds that the ciphertext may be under: of chains that the device sends in, or that are made anew."""
        message = frame_of(stanza)[0]
        peer = stanza.recipient if stanza.sender.user == self.name else stanza.sender
        record = self.device.records.get(peer)
        for session in record.sessions if record else ():
            ratchet = session.ratchet
            yield from sent(ratchet.own, ratchet.sending, message)
            for first in captured:
                if first.enc_type == "pkmsg" and first.sender == peer and first.recipient.user == self.name:
                    yield from self._anew(first, ratchet.own, message)

    def _anew(self, first: Stanza, own: KeyPair, message: SignalMessage) -> Iterator[bytes]:
        """The session worked out from its first message, answered with the key that the device has now."""
        frame, local = PreKeySignalMessage.decode(first.body), self.device.local
        signed = local.prekeys.signed.get(frame.signed_prekey_id)
        one_time = None if frame.one_time_id is None else local.prekeys.one_time.get(frame.one_time_id)
        if signed is None or (one_time is None and frame.one_time_id is not None):
            return
        inner = SignalMessage.decode(frame.message)
        secret = x3dh.as_responder(local.identity, signed.pair, one_time, frame.identity, frame.base_key)
        began, _ = Ratchet.of_responder(secret, signed.pair).seed_of(inner.ratchet_key, inner.counter)
        answered = began.turn(inner.ratchet_key, lambda _: own.private)
        yield from sent(answered.own, answered.sending, message)
        try:
            yield answered.seed_of(message.ratchet_key, message.counter)[1]
        except (SessionError, InvalidKey):
            return


def sent(own: KeyPair, chain: Chain, message: SignalMessage) -> Iterator[bytes]:
    """The seed of a message in this chain, unless it has gone by."""
    if message.ratchet_key == own.public and message.counter >= chain.index:
        seed = b""
        while chain.index <= message.counter:
            chain, seed = chain.step()
        yield seed


def frame_of(stanza: Stanza) -> tuple[SignalMessage, bytes]:
    body = PreKeySignalMessage.decode(stanza.body).message if stanza.enc_type == "pkmsg" else stanza.body
    return SignalMessage.decode(body), body
