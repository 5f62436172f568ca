"""The adversary at an end of a session: with a copied identity it begins one, and speaks in it."""

from __future__ import annotations

from impl import sessions
from impl.address import PHONE, Address
from impl.crypto.entropy import Entropy, seeded
from impl.sessions import Local, PrekeyBundle, SessionError
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.content import Text


class Impostor:
    """Whoever has the keys of one phone, towards another."""

    def __init__(self, local: Local, bundle: PrekeyBundle, entropy: Entropy, now: int) -> None:
        self.local, self._entropy = local, entropy
        self.record = sessions.initiate(local, bundle, entropy, None, now)

    def says(self, id: str, sender: str, recipient: str, now: int) -> Stanza:
        """What nobody has said, from one user's phone to another's."""
        plaintext = padding.pad(content.encode(Text("never said")), self._entropy)
        self.record, enc_type, body = sessions.seal(self.local, self.record, plaintext, now)
        return Stanza(id, Address(sender, PHONE), Address(recipient, PHONE), "message", enc_type, body)

    def opens(self, stanza: Stanza) -> bool:
        """What is said to it; it never turns the ratchet."""
        try:
            sessions.open_(self.local, self.record, stanza.enc_type, stanza.body, seeded(b"never used"))
        except SessionError:
            return False
        return True
