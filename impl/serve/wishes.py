"""What can be asked of a running server, in words: `send bob alice Hello`. Console and `pentad tell` say the same."""

from __future__ import annotations

import mimetypes
import shlex
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impl.address import PHONE, Address, chat_jid
from impl.appstate.actions import Action, Archive, Mute, Pin
from impl.client import groups, pairing
from impl.client.linking import unlink
from impl.dialogue import Declined
from impl.net.errors import NetError
from impl.outbox import new_message_id
from impl.refusal import Refused
from impl.serve.errors import Unable
from impl.serve.house import House
from impl.serve.resident import now
from impl.wire.content import MediaKind
from impl.wire.errors import DecodeError
from impl.wire.pairing_code import PairingCode

Lines = Sequence[str]

SETTINGS: dict[str, Callable[[str], Action]] = {
    "archive": lambda chat: Archive(chat, True),
    "unarchive": lambda chat: Archive(chat, False),
    "pin": lambda chat: Pin(chat, True),
    "unpin": lambda chat: Pin(chat, False),
    "mute": lambda chat: Mute(chat, True, -1),
    "unmute": lambda chat: Mute(chat, False),
}


@dataclass(frozen=True)
class Verb:
    """`usage` are its words after the first; the last one may stand for several if it ends with dots."""

    usage: str
    says: str
    do: Callable[..., Awaitable[Lines]]

    def fits(self, count: int) -> bool:
        words = self.usage.split()
        needed = sum(not word.startswith("[") for word in words)
        return needed <= count and (count <= len(words) or self.usage.rstrip("]").endswith("..."))


async def grant(house: House, text: str) -> Lines:
    """Does what the words say; answers with lines to read. Raises Unable with what to say instead."""
    try:
        name, *words = shlex.split(text)
    except ValueError as error:
        raise Unable(f"{error}; quotation marks come in pairs" if text.strip() else "nothing was said") from error
    verb = VERBS.get(name)
    if verb is None:
        raise Unable(f"nobody knows {name!r}; there is {', '.join(VERBS)}")
    if not verb.fits(len(words)):
        raise Unable(f"say {name} {verb.usage}")
    try:
        return await verb.do(house, *words)
    except (Refused, Declined, NetError, DecodeError) as error:
        raise Unable(str(error)) from error


async def who(house: House) -> Lines:
    return house.directory()


async def send(house: House, sender: str, to: str, *words: str) -> Lines:
    return [f"sent as {await house.say(sender, to, ' '.join(words))}"]


async def file(house: House, sender: str, to: str, path: str) -> Lines:
    resident, chat = house.resident(sender), house.chat(to)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error
    mimetype = mimetypes.guess_type(path)[0] or "application/octet-stream"
    kind: MediaKind = "image" if mimetype.startswith("image/") else "document"
    message_id = new_message_id(resident.client.device)
    sent = await resident.do(lambda: resident.client.attach(chat, content, kind, mimetype, message_id=message_id))
    return [f"sent as {sent}"]


async def said(house: House, name: str, chat: str | None = None) -> Lines:
    device = house.resident(name).client.device
    wanted = house.chat(chat) if chat else None
    return [house.told(message) for message in device.conversation if wanted in (None, message.chat)]


async def group(house: House, name: str, founder: str, *members: str) -> Lines:
    resident, users = house.resident(founder), [house.chat(each) for each in members]
    made = await resident.do(lambda: groups.create(resident.client.device, users, now(), name, name))
    house.groups[name] = made
    return [f"{name} is {made}"]


async def set_(house: House, name: str, what: str, chat: str) -> Lines:
    resident = house.resident(name)
    if what not in SETTINGS:
        raise Unable(f"{what!r} is nothing to set; there is {', '.join(SETTINGS)}")
    action = SETTINGS[what](chat_jid(house.chat(chat)))
    await resident.do(lambda: resident.client.change(action))
    return [f"{what}: {chat}"]


async def scan(house: House, text: str, phone: str = "alice") -> Lines:
    await house.scan(phone, text)
    return [f"{phone} has scanned it"]


async def code(house: House, typed: str, phone: str = "alice") -> Lines:
    resident, device = house.phone_of(phone)
    await resident.do(lambda: pairing.type_code(device, typed, now()))
    return [f"{phone} has typed {PairingCode.decode(typed).encode()}"]


async def link(house: House, name: str, phone: str = "alice") -> Lines:
    await house.link(phone, name)
    return [f"{name} is linked"]


async def unlink_(house: House, number: str, phone: str = "alice") -> Lines:
    resident, device = house.phone_of(phone)
    named = house.residents[number].client.device.address if number in house.residents else None
    address = named or Address(device.address.user, int(number) if number.isdigit() else PHONE)
    index = next((index for index, at in device.companions.items() if at == address and index in device.live), None)
    if index is None:
        linked = ", ".join(str(each.address.device) for each in device.linked_devices) or "none"
        raise Unable(f"{number} is no companion of {phone}; linked are {linked}")
    await resident.do(lambda: unlink(device, index, now()))
    return [f"{address} is unlinked"]


async def off(house: House, name: str) -> Lines:
    await house.resident(name).switch_off()
    return [f"{name} is off"]


async def on(house: House, name: str) -> Lines:
    house.resident(name).switch_on()
    return [f"{name} is on"]


async def help_(house: House) -> Lines:
    return [f"{name} {verb.usage}".ljust(34) + verb.says for name, verb in VERBS.items()]


VERBS = {
    "who": Verb("", "who is here, and which of them are connected", who),
    "send": Verb("WHO TO TEXT...", "one of ours says something to a person, a number or a group", send),
    "file": Verb("WHO TO PATH", "one of ours sends a file", file),
    "said": Verb("WHO [CHAT]", "the conversation as one of ours has it", said),
    "group": Verb("NAME WHO MEMBER...", "one of ours makes a group", group),
    "set": Verb("WHO WHAT CHAT", f"app state; WHAT is one of {', '.join(SETTINGS)}", set_),
    "scan": Verb("TEXT [PHONE]", "a phone sees a QR", scan),
    "code": Verb("XXXX-XXXX [PHONE]", "somebody types a code on a phone", code),
    "link": Verb("NAME [PHONE]", "one more companion of ours", link),
    "unlink": Verb("DEVICE [PHONE]", "a phone removes a companion, by its number or by name", unlink_),
    "off": Verb("WHO", "switches one of ours off", off),
    "on": Verb("WHO", "and on again", on),
    "help": Verb("", "this", help_),
}
