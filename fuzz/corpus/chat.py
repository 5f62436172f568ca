"""What two accounts send that link devices, chat and hand over a history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from impl import receiving
from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import Entropy
from impl.history.importing import read_part
from impl.phone import Phone
from impl.stanza import Stanza
from impl.wire import content, history, padding
from impl.wire.adv import IdentityContainer, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.content import DeviceSent, HistoryNotice, Text
from impl.wire.frames import PreKeySignalMessage
from impl.wire.qr import PREFIX

NOW = 1626220800
ALICE, DESKTOP, TABLET = (Address("15550001", device) for device in (0, 1, 255))
BOB = Address("15550002", 0)
TEXTS = ("hi", "", "ünïcödé 🙂", "ha" * 200)
LONG = "ha" * 10_000


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Accepted inputs of each target by name."""
    recording = _Recording(entropy)
    recording.play()
    return recording.inputs


@dataclass
class _Recording:
    """Everything that crosses a decoder while the devices run."""

    entropy: Entropy
    inputs: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def play(self) -> None:
        alice, bob = (Phone.register(address.user, self.entropy, NOW) for address in (ALICE, BOB))
        desktop = self.link(alice, DESKTOP, "2@ref")
        self.link(alice, TABLET, "2@a,b")
        for device in (alice, bob, desktop):
            for phone in (alice, bob):
                device.pin(phone.address.user, phone.identity.public)
                device.learn_list(phone.address.user, phone.signed_list, NOW)
        alice.meet(BOB, 0, bob.bundle(), NOW)
        alice.meet(DESKTOP, 1, desktop.bundle(), NOW)
        bob.meet(ALICE, 0, alice.bundle(), NOW)
        for text in TEXTS:
            self.chat(alice, bob, text)
            self.chat(bob, alice, text)
        self.hand_over(alice, desktop)
        self.take_list(alice.unlink(2, NOW))
        self.take_list(bob.signed_list)

    def link(self, phone: Phone, address: Address, reference: str) -> Companion:
        companion = Companion.create(self.entropy, NOW)
        text = companion.show_qr(reference)
        approval = phone.scan(text, NOW)
        answer = companion.confirm(approval.container, address, NOW)
        signed = IdentityContainer.decode(approval.container).details
        details = SignedDeviceIdentity.decode(signed).details
        self.inputs["qr"] += [text.encode(), text.removeprefix(PREFIX).encode()]
        self.inputs["address"] += [str(address).encode(), str(phone.address).encode()]
        self.inputs["identity-container"].append(approval.container)
        self.inputs["signed-identity"] += [signed, answer]
        self.inputs["device-identity"] += [details, details + bytes.fromhex("20002800")]
        self.take_list(approval.signed_list)
        return companion

    def take_list(self, signed: bytes) -> None:
        details = SignedKeyIndexList.decode(signed).details
        self.inputs["signed-key-index-list"].append(signed)
        self.inputs["key-index-list"] += [details, details + bytes.fromhex("2800")]

    def chat(self, sender: Phone, receiver: Phone, text: str) -> None:
        user = receiver.address.user
        for stanza in sender.send(f"3EB0{len(self.inputs['padding'])}", user, Text(text), NOW):
            self.take_frame(stanza)
            if stanza.recipient == receiver.address:
                receiver.receive(stanza, NOW)
        for message in (Text(text), DeviceSent(user, Text(text))):
            padded = padding.pad(content.encode(message), self.entropy)
            self.inputs["padding"].append(padded)
            self.inputs["plaintext"].append(padded)

    def take_frame(self, stanza: Stanza) -> None:
        if stanza.enc_type == "pkmsg":
            self.inputs["prekey-message-frame"].append(stanza.body)
            self.inputs["message-frame"].append(PreKeySignalMessage.decode(stanza.body).message)
        else:
            self.inputs["message-frame"].append(stanza.body)

    def hand_over(self, phone: Phone, companion: Companion) -> None:
        stanza = phone.share_history(DESKTOP, companion.device_identity, companion.bundle(), NOW)
        self.take_frame(stanza)
        notice = receiving.read(companion, stanza)[2].body
        assert isinstance(notice, HistoryNotice)
        blob = read_part(notice, None).encode()
        self.inputs["peer-content"].append(content.encode(notice))
        self.inputs["history-blob"].append(blob)
        self.inputs["history-stream"] += [blob, history.deflate(content.encode(Text(LONG)))]
