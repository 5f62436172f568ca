"""A group of Alice and Bob, two devices each, and Carol, who all have met; Mallory met them too, but is no member."""

from collections.abc import Collection

from impl.address import Address
from impl.device import Device
from impl.stanza import GroupStanza
from impl.wire.content import Text
from tests.impl.household import NOW, Household

GROUP = "120363000000000001@g.us"
OTHER_GROUP = "120363000000000002@g.us"
ALICE, DESKTOP = Address("alice", 0), Address("alice", 1)
BOB, WEB = Address("bob", 0), Address("bob", 2)
CAROL, MALLORY = Address("carol", 0), Address("mallory", 0)
MEMBERS = ("alice", "bob", "carol")
MEMBER_DEVICES = (ALICE, DESKTOP, BOB, WEB, CAROL)


class Scene(Household):
    """What the server does is done by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.companion(self.phone("alice"))
        self.companion(self.phone("bob"))
        self.phone("carol")
        self.phone("mallory")
        self.introduce()
        self.versions = 0
        self.sent = 0
        self.change(MEMBERS)

    def change(self, members: Collection[str], group: str = GROUP) -> None:
        """The members are these from now on, and every device hears of it."""
        self.versions += 1
        for device in self.devices.values():
            device.learn_group(group, self.versions, members, NOW)

    def seal(self, sender: Address, text: str, group: str = GROUP) -> dict[Address, GroupStanza]:
        """What the server would hand to each device that the message is for."""
        device = self.devices[sender]
        self.sent += 1
        device.send_to_group(f"id{self.sent}", group, Text(text), NOW)
        return stanzas(device, f"id{self.sent}")

    def say(self, sender: Address, text: str, group: str = GROUP) -> dict[Address, GroupStanza]:
        """Sealed, and received by everybody whom it is for."""
        sealed = self.seal(sender, text, group)
        for recipient, stanza in sealed.items():
            self.deliver(recipient, stanza)
        return sealed

    def deliver(self, recipient: Address, stanza: GroupStanza) -> None:
        device = self.devices[recipient]
        if stanza.distribution is not None:
            device.receive_sender_key(stanza)
        device.receive_from_group(stanza, NOW)

    def texts(self, address: Address) -> list[str]:
        return [message.text for message in self.devices[address].conversation]


def stanzas(device: Device, message_id: str) -> dict[Address, GroupStanza]:
    """From the outbox, as the server hands it on."""
    outgoing, sent = device.outbox[message_id], device.sent[message_id]
    assert device.address is not None and outgoing.chat is not None and outgoing.body is not None
    keys = {each.recipient: each for each in outgoing.stanzas}
    recipients = sent.targets if outgoing.only is None else outgoing.only
    return {
        each: GroupStanza(message_id, device.address, each, outgoing.chat, outgoing.body, keys.get(each))
        for each in recipients
    }
