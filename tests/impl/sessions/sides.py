"""Two devices that talk to each other."""

from dataclasses import dataclass, field
from typing import Any

from impl.crypto.entropy import Entropy, seeded
from impl.crypto.keys import KeyPair
from impl.sessions import Local, Opened, Prekeys, Record, initiate, open_, seal

Sent = tuple[str, bytes]
NOW = 0


@dataclass
class Side:
    """One device and its sessions with the other one; commits whatever opens."""

    local: Local
    entropy: Entropy
    record: Record | None = None
    one_time_ids: list[int] = field(default_factory=list)

    @classmethod
    def named(cls, name: str, one_time: int = 3) -> "Side":
        entropy = seeded(name.encode())
        identity = KeyPair.generate(entropy)
        ids = range(1, one_time + 1)
        prekeys = Prekeys.generate(identity, entropy, one_time_ids=ids)
        return cls(Local(identity, 7, prekeys), entropy, one_time_ids=list(ids))

    def state(self) -> tuple[Any, ...]:
        return self.local, self.record

    def start(self, peer: "Side") -> None:
        one_time_id = peer.one_time_ids.pop(0) if peer.one_time_ids else None
        self.record = initiate(self.local, peer.local.bundle(one_time_id), self.entropy, self.record, NOW)

    def says(self, text: bytes) -> Sent:
        assert self.record is not None
        self.record, enc_type, body = seal(self.local, self.record, text, NOW)
        return enc_type, body

    def hears(self, sent: Sent) -> bytes:
        return self.opens(sent).plaintext

    def opens(self, sent: Sent) -> Opened:
        opened = open_(self.local, self.record, *sent, self.entropy)
        self.record = opened.record
        if opened.used_one_time is not None:
            prekeys = self.local.prekeys
            left = {each: pair for each, pair in prekeys.one_time.items() if each != opened.used_one_time}
            self.local = Local(self.local.identity, self.local.registration_id, Prekeys(prekeys.signed, left))
        return opened


def strangers() -> tuple[Side, Side]:
    return Side.named("alice"), Side.named("bob")


def acquainted() -> tuple[Side, Side]:
    """Both sides have heard each other, so that nothing is pending."""
    alice, bob = strangers()
    alice.start(bob)
    bob.hears(alice.says(b"hello"))
    alice.hears(bob.says(b"hello yourself"))
    return alice, bob
