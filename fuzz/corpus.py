"""Seeds: what the reference implementation sends when two accounts link devices, chat and hand over a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from impl import receiving
from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import Entropy, seeded
from impl.device import Device
from impl.history import opened_blob
from impl.phone import Phone
from impl.store import Stanza
from impl.wire import content, history, padding
from impl.wire.adv import IdentityContainer, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.content import DeviceSent, HistoryNotice, Text
from impl.wire.frames import PreKeySignalMessage
from impl.wire.qr import PREFIX

NOW = 1626220800
SPELLED_ZEROS = {"device-identity": bytes.fromhex("20002800"), "key-index-list": bytes.fromhex("2800")}
TEXTS = ("hi", "", "ünïcödé 🙂", "ha" * 200)


def seeds(seed: int) -> dict[str, list[bytes]]:
    """Inputs for each target by name: accepted ones, and each of them without its last byte."""
    taken = _Tape(seeded(b"corpus" + seed.to_bytes(8, "big")))
    taken.play()
    return {
        name: sorted({each for whole in inputs for each in (whole, whole[:-1])}) for name, inputs in taken.inputs.items()
    }


def write(directory: Path, inputs: Iterable[bytes]) -> None:
    """One file an input, named by its hash, as libFuzzer does it."""
    directory.mkdir(parents=True)
    for data in inputs:
        (directory / sha256(data).hexdigest()[:16]).write_bytes(data)


@dataclass
class _Tape:
    """Everything that crosses a decoder while the devices run."""

    entropy: Entropy
    inputs: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def play(self) -> None:
        alice, bob = (Phone(user, self.entropy, NOW) for user in ("15550001", "15550002"))
        desktop, tablet = (self.link(alice, number, reference) for number, reference in ((1, "2@ref"), (255, "2@a,b")))
        for device in (alice, desktop, bob):
            for account in (alice, bob):
                device.pin(account.address.user, account.identity.public)
                device.learn_list(account.address.user, account.signed_list, NOW)
        indexes = {bob.address: 0, alice.address: 0, Address("15550001", 1): 1}
        for device, others in ((alice, (bob, desktop)), (desktop, (bob,))):
            for other in others:
                assert other.address is not None
                device.meet(other.address, indexes[other.address], other.bundle())
        for text in TEXTS:
            self.chat(alice, bob, text)
            self.chat(bob, alice, text)
        self.hand_over(alice, desktop)
        self.list(alice.unlink(2, NOW))
        self.list(bob.signed_list)
        assert tablet.address is not None

    def link(self, phone: Phone, number: int, reference: str) -> Companion:
        companion = Companion(self.entropy)
        text = companion.show_qr(reference)
        self.inputs["qr"] += [text.encode(), text.removeprefix(PREFIX).encode()]
        approval = phone.scan(text, NOW)
        address = Address(phone.address.user, number)
        answer = companion.confirm(approval.container, address, NOW)
        assert companion.device_identity is not None
        signed = IdentityContainer.decode(approval.container).details
        details = SignedDeviceIdentity.decode(signed).details
        self.inputs["address"] += [str(address).encode(), str(phone.address).encode()]
        self.inputs["identity-container"].append(approval.container)
        self.inputs["signed-identity"] += [signed, answer, companion.device_identity]
        self.inputs["device-identity"] += [details, details + SPELLED_ZEROS["device-identity"]]
        self.list(approval.signed_list)
        return companion

    def list(self, signed: bytes) -> None:
        details = SignedKeyIndexList.decode(signed).details
        self.inputs["signed-key-index-list"].append(signed)
        self.inputs["key-index-list"] += [details, details + SPELLED_ZEROS["key-index-list"]]

    def chat(self, sender: Device, receiver: Device, text: str) -> None:
        assert receiver.address is not None
        for stanza in sender.send("3EB0", receiver.address.user, text, NOW):
            self.frame(stanza)
            if stanza.recipient == receiver.address:
                receiver.receive(stanza, NOW)
        for message in (Text(text), DeviceSent(receiver.address.user, Text(text))):
            padded = padding.pad(content.encode(message), self.entropy)
            self.inputs["padding"].append(padded)
            self.inputs["plaintext"].append(padded)

    def frame(self, stanza: Stanza) -> None:
        if stanza.enc_type == "pkmsg":
            self.inputs["prekey-message-frame"].append(stanza.body)
            self.inputs["message-frame"].append(PreKeySignalMessage.decode(stanza.body).message)
        else:
            self.inputs["message-frame"].append(stanza.body)

    def hand_over(self, phone: Phone, companion: Companion) -> None:
        assert companion.address is not None
        share = phone.share_history(companion.address, companion.device_identity, companion.bundle(), NOW)
        self.frame(share.stanza)
        notice = receiving.read(companion, share.stanza)[2]
        assert isinstance(notice, HistoryNotice)
        blob = opened_blob(notice, share.blob).encode()
        self.inputs["history-notice"].append(content.encode(notice))
        self.inputs["history-blob"].append(blob)
        self.inputs["history-stream"] += [blob, history.deflate(content.encode(Text("ha" * 10000)))]
