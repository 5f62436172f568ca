"""Baileys, as published, from an empty folder to the day on which it is unlinked: each step that it takes with us."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from impl.address import Address, chat_jid
from impl.appstate.effects import chat_view
from impl.phone import Phone
from impl.serve.cast import ALICE, BOB, CAROL, GROUP, PROLOGUE
from impl.server import collections
from impl.stanzas.reading import optional
from tests.interop.clients import days
from tests.interop.clients.actor import Actor, Stuck
from tests.interop.clients.linked import TO_BOB, TO_CAROL
from tests.interop.clients.stage import Stage
from tests.interop.conftest import installed

LOGGED_OUT, RESTART = 401, 515
PREKEYS = 812
"""What Baileys uploads at once: `lib/Defaults/index.js`, INITIAL_PREKEY_COUNT."""

QUIET = 0.3
"""Seconds without mail."""

PATIENCE = 3
"""How often a Baileys that hangs is started again."""

MANY = 200
"""More than are on their way at a time."""

PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    installed("baileys")
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


class Linked:
    """A Baileys that belongs to alice, and where it keeps its state."""

    def __init__(self, stage: Stage, state: Path) -> None:
        self.stage = stage
        self.state = state
        self.deaths = 0
        self.actor = self.started()
        stage.tell(f"scan '{self.actor.until('qr')['text']}'")
        self.jid: str = self.actor.until("paired")["jid"]
        assert self.actor.until("close")["code"] == RESTART
        self.actor.until("open", jid=self.jid)

    @property
    def address(self) -> Address:
        return Address.parse(self.jid)

    def revived(self) -> Actor:
        """One that hung is ended and started again, for the next step, but not for ever."""
        if self.actor.hangs:
            self.actor.kill()
            self.deaths += 1
            assert self.deaths <= PATIENCE, "it hangs again and again"
            self.actor = self.started()
            self.actor.until("open")
        return self.actor

    def settled(self) -> None:
        """Waits until it has taken its mail, and no more comes.

        What it seals and opens at the same time can spoil a session of its: docs/interop.md.
        """
        waiting, empty_since = self.stage.server.mailboxes.count, [time.monotonic()]

        def quiet() -> bool:
            if waiting(self.address):
                empty_since[0] = time.monotonic()
            return time.monotonic() - empty_since[0] > QUIET

        self.stage.until(quiet, "Baileys takes its mail")

    def started(self) -> Actor:
        return Actor(installed("baileys"), self.stage.url, self.stage.root, self.state)


@pytest.fixture(scope="module")
def linked(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    one = Linked(stage, tmp_path_factory.mktemp("baileys"))
    yield one
    one.actor.close()


@pytest.fixture
def actor(linked: Linked) -> Actor:
    actor = linked.revived()
    linked.settled()
    return actor


def alice(stage: Stage) -> Phone:
    return stage.house.phone_of("alice")[1]


def listed(stage: Stage) -> dict[Address, str]:
    """What alice's phone shows as linked, by address."""
    return {each.address: each.name for each in alice(stage).linked_devices if each.address}


def test_linked_by_qr(stage: Stage, linked: Linked) -> None:
    stage.until(lambda: linked.address in listed(stage), "the phone shows it")


def test_its_prekeys_are_on_the_server(stage: Stage, linked: Linked) -> None:
    directory = stage.server.directory
    stage.until(lambda: directory.one_time_left(linked.address) > PREKEYS - 10, "prekeys")
    assert linked.address in directory.bundles


def test_it_has_the_history(actor: Actor) -> None:
    history = actor.ever("history", kind="INITIAL_BOOTSTRAP")
    assert {each["text"] for each in history["first"]} == {text for _, _, text in PROLOGUE}
    assert history["chats"] == 3 and history["progress"] == 100
    assert {each["text"] for each in history["first"] if each["from_me"]} == {"On my way.", "I do."}
    actor.ever("state", kind="key")


@pytest.mark.parametrize("hearer", ["bob", "bob-web", "alice", "alice-web"])
def test_what_it_writes_is_on_every_device(stage: Stage, actor: Actor, hearer: str) -> None:
    days.writes_to_bob(stage, actor, hearer)


def test_it_learns_what_became_of_a_message(actor: Actor) -> None:
    sent = actor.do("send", to=TO_CAROL, text="Did it arrive?")
    actor.ever("receipt", id=sent["id"], status="delivered")


@pytest.mark.parametrize("writer", ["bob", "bob-web", "carol"])
def test_it_hears_contacts(stage: Stage, actor: Actor, writer: str) -> None:
    days.hears_a_contact(stage, actor, writer)


@pytest.mark.parametrize("writer", ["alice", "alice-web"])
def test_it_hears_its_own_account(stage: Stage, actor: Actor, writer: str) -> None:
    stage.tell(f"send {writer} carol 'By {writer}'")
    heard = actor.ever("message", text=f"By {writer}")
    assert (heard["chat"], heard["from_me"]) == (TO_CAROL, True)


def test_a_long_conversation_keeps_its_order(stage: Stage, actor: Actor) -> None:
    days.keeps_the_order_of_a_long_conversation(stage, actor)


@pytest.mark.parametrize("hearer", ["bob", "bob-web", "alice", "alice-web", "carol"])
def test_what_it_writes_in_a_group_is_on_every_device(stage: Stage, actor: Actor, hearer: str) -> None:
    days.writes_in_a_group(stage, actor, hearer)


@pytest.mark.parametrize("writer", ["bob-web", "carol", "alice", "alice-web"])
def test_it_hears_a_group(stage: Stage, actor: Actor, writer: str) -> None:
    stage.tell(f"send {writer} {GROUP} 'Everybody, says {writer}'")
    heard = actor.ever("message", text=f"Everybody, says {writer}")
    assert (heard["chat"], heard["from_me"]) == (stage.house.groups[GROUP], writer.startswith("alice"))


def test_it_makes_a_group(stage: Stage, actor: Actor) -> None:
    group = actor.do("group", name="Friends", members=[TO_BOB, TO_CAROL])["group"]
    actor.do("send", to=group, text="A group of our own")
    for who in ("bob", "carol", "alice"):
        stage.hears(who, "A group of our own")
    stage.tell(f"send carol {group} Indeed")
    actor.ever("message", text="Indeed", chat=group)


def test_who_leaves_its_group_hears_no_more(stage: Stage, actor: Actor) -> None:
    group = actor.do("group", name="Fewer", members=[TO_BOB, TO_CAROL])["group"]
    actor.do("send", to=group, text="All three")
    stage.hears("carol", "All three")
    actor.do("members", group=group, remove=[TO_CAROL])
    actor.do("send", to=group, text="We two")
    stage.hears("bob", "We two")
    assert not [line for line in stage.tell("said carol") if line.endswith("We two")]


@pytest.mark.parametrize("setting", ["archive", "pin", "mute"])
def test_what_we_set_shows_on_it(stage: Stage, actor: Actor, setting: str) -> None:
    kind = {"archive": "archived", "pin": "pinned", "mute": "muteEndTime"}[setting]
    stage.tell(f"set alice-web {setting} carol")
    actor.ever("state", kind=kind, chat=TO_CAROL)


def test_what_it_sets_shows_on_ours(stage: Stage, actor: Actor) -> None:
    actor.do("archive", chat=TO_BOB)
    actor.do("pin", chat=TO_CAROL)

    def shown(name: str) -> bool:
        device = stage.house.resident(name).client.device
        return chat_view(device, BOB.user).archived and chat_view(device, CAROL.user).pinned

    for name in ("alice", "alice-web"):
        stage.until(partial(shown, name), f"{name} shows both")


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_file_of_its_own(stage: Stage, actor: Actor, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.jpg"
    path.write_bytes(PICTURE * 1000 + kind.encode())
    actor.do("media", to=TO_BOB, path=str(path), kind=kind)
    stage.hears("bob", f"<{kind}>")


def test_a_file_of_ours(stage: Stage, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "map.jpg"
    path.write_bytes(PICTURE * 1000)
    stage.tell(f"file bob alice {path}")
    heard = actor.ever("message", where=lambda report: report.get("media", {}).get("kind") == "image", from_me=False)
    assert heard["media"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_it_has_read_is_told(stage: Stage, actor: Actor) -> None:
    stage.tell("send bob alice 'Read this'")
    heard = actor.ever("message", text="Read this")
    actor.do("read", id=heard["id"])

    def told() -> bool:
        to_bob = [each.node for each in stage.said if (each.client, each.direction) == ("bob", "out")]
        receipts = [node for node in to_bob if node.tag == "receipt" and optional(node, "id") == heard["id"]]
        return "read" in {optional(node, "type") for node in receipts}

    stage.until(told, "bob's phone is told")


def test_a_reaction_is_no_trouble(stage: Stage, actor: Actor) -> None:
    stage.tell("send bob alice 'What do you say?'")
    heard = actor.ever("message", text="What do you say?")
    actor.do("react", id=heard["id"], text="+")
    actor.do("send", to=TO_BOB, text="After the reaction")
    stage.hears("bob", "After the reaction")


def test_it_asks_the_phone_for_older_messages(stage: Stage, linked: Linked, actor: Actor) -> None:
    stage.tell("send carol alice 'The newest'")
    newest = actor.ever("message", text="The newest")
    linked.settled()
    actor.do("history", id=newest["id"], count=3)
    told = actor.ever("history", kind="ON_DEMAND")
    assert told["messages"] == 3


@pytest.mark.parametrize(("phone", "name"), [("bob", "bob-tablet"), ("alice", "alice-tablet")])
def test_devices_that_are_linked_later_hear_it(
    stage: Stage, linked: Linked, actor: Actor, phone: str, name: str
) -> None:
    actor.do("send", to=TO_BOB, text=f"Before {name}")  # it has the devices of both, and does not ask for a while
    stage.tell(f"link {name} {phone}")
    linked.settled()
    text = f"Welcome, {name}"
    actor.do("send", to=TO_BOB, text=text)
    stage.hears(name, text)
    actor.do("send", to=stage.house.groups[GROUP], text=f"{text}, to all of us")
    stage.hears(name, f"{text}, to all of us")
    stage.tell(f"unlink {name} {phone}")
    if phone == "alice":  # whoever has left holds the newest key of app state: there is another
        actor.until("state", kind="key")


def test_a_message_of_a_former_session_spoils_the_newest_and_both_recover(
    stage: Stage, linked: Linked, actor: Actor
) -> None:
    """libsignal 6 tries the newest session first, and keeps the ratchet that it turned before it looked at the MAC.

    `src/session_cipher.js`, `doDecryptWhisperMessage`, `decryptWithSessions`.
    """
    stage.tell("link alice-other")
    linked.settled()
    actor.do("send", to=stage.house.groups[GROUP], text="Now there is a session that the phone has not heard of")
    stage.hears("alice-other", "Now there is a session that the phone has not heard of")
    stage.tell("send alice bob 'On the former session'")
    actor.ever("message", text="On the former session")
    linked.settled()
    actor.do("send", to=TO_BOB, text="On the newest session")
    stage.hears("alice", "On the newest session")
    refusals = stage.house.resident("alice").client.refusals
    assert [str(each) for each in refusals] == ["intact: session refused: bad_mac"]
    stage.tell("unlink alice-other")
    actor.until("state", kind="key")
    linked.settled()
    actor.do("send", to=TO_BOB, text="All is well")
    stage.hears("alice", "All is well")
    refusals.clear()


def test_it_goes_on_while_the_phone_is_off(stage: Stage, actor: Actor) -> None:
    days.goes_on_while_the_phone_is_off(stage, actor)


def test_it_logs_in_again_after_a_restart(stage: Stage, linked: Linked) -> None:
    days.logs_in_again_after_a_restart(stage, linked)


def test_what_waited_for_it_comes_once_and_in_order(stage: Stage, linked: Linked) -> None:
    linked.actor.close()
    for i in range(MANY):
        stage.tell(f"send bob alice 'waiting {i}'")
    linked.actor = linked.started()
    linked.actor.until("message", text=f"waiting {MANY - 1}")
    told = [each["text"] for each in linked.actor.told("message") if each["text"].startswith("waiting ")]
    assert told == [f"waiting {i}" for i in range(MANY)]
    linked.settled()


def test_it_writes_to_itself_once(stage: Stage, linked: Linked) -> None:
    """Once it has the devices of its account in its cache, it seals such a message twice for each of them.

    `getUSyncDevices` is asked for the own account and for the chat, which are the same (`lib/Socket/messages-send.js`,
    `relayMessage`). The server takes no stanza that names a device twice.
    """
    linked.actor.close()
    linked.actor = linked.started()
    linked.actor.until("open")
    linked.actor.do("send", to=chat_jid(ALICE.user), text="Remember")
    for name in ("alice", "alice-web"):
        stage.hears(name, "Remember")
    again = linked.actor.do("send", to=chat_jid(ALICE.user), text="Remember this, too")
    linked.actor.ever("receipt", id=again["id"], status="error", why="479")


def test_a_name_with_an_at_sign_ends_its_connection(actor: Actor) -> None:
    """Baileys writes any attribute with an `@` as a JID (`lib/WABinary/encode.js`), here one of no server there is."""
    with pytest.raises(Stuck):
        actor.do("group", time=3, name="lunch@noon", members=[TO_BOB])
    actor.ever("close", reason="Stream Errored (xml-not-well-formed)")
    actor.until("open")


def test_what_it_cannot_open_comes_again(stage: Stage, linked: Linked) -> None:
    """Its sessions are lost: it asks with retry receipts, and is answered."""
    linked.actor.close()
    for path in linked.state.glob("session-*"):
        path.unlink()
    linked.actor = linked.started()
    linked.actor.until("open")
    stage.tell("send bob alice 'Once more'")
    linked.actor.ever("message", text="Once more")
    assert linked.actor.told("undecryptable")


def test_what_we_cannot_open_comes_again(stage: Stage, linked: Linked) -> None:
    """It is restored from an old copy, and uses message keys twice: we ask with retry receipts, and are answered."""
    linked.actor.close()
    former = {path: path.read_bytes() for path in linked.state.glob("session-*")}
    linked.actor = linked.started()
    linked.actor.until("open")
    linked.actor.do("send", to=TO_CAROL, text="Before")
    stage.hears("carol", "Before")
    linked.actor.close()
    for path, content in former.items():
        path.write_bytes(content)
    linked.actor = linked.started()
    linked.actor.until("open")
    linked.actor.do("send", to=TO_CAROL, text="After")
    stage.hears("carol", "After")
    stage.house.resident("carol").client.refusals.clear()


def test_a_contact_registers_anew(stage: Stage, actor: Actor) -> None:
    stage.tell("off carol")
    stage.settle("new-carol", CAROL.user)
    stage.until(lambda: stage.house.residents["new-carol"].station.online, "carol is back with another phone")
    stage.tell("send 'new-carol' alice 'I have a new phone'")
    actor.ever("message", text="I have a new phone")
    actor.do("send", to=TO_CAROL, text="So I hear")
    stage.hears("new-carol", "So I hear")


def test_nothing_of_it_was_refused(stage: Stage, linked: Linked) -> None:
    """What our devices did not accept in all of the above."""
    assert {name: each.client.refusals for name, each in stage.house.residents.items() if each.client.refusals} == {}
    assert not linked.actor.told("undecryptable")


def test_a_changed_file_is_shown(stage: Stage, linked: Linked, tmp_path: Path) -> None:
    """Neither MAC nor hash is checked: `lib/Utils/messages-media.js`, `downloadEncryptedContent`."""
    linked.actor.close()
    path = tmp_path / "changed.jpg"
    path.write_bytes(PICTURE * 1000)
    stage.tell(f"file bob alice {path}")

    async def change() -> None:
        with stage.server.store.transaction():
            for name, blob in list(stage.server.blobs.files.items()):
                stage.server.blobs.files[name] = bytes([blob[0] ^ 1]) + blob[1:]

    stage.run(change())
    linked.actor = linked.started()
    heard = linked.actor.until("message", where=lambda report: "media" in report)
    assert heard["media"]["size"] == len(path.read_bytes())
    assert heard["media"]["sha256"] != hashlib.sha256(path.read_bytes()).hexdigest()


def test_linked_by_code(stage: Stage, tmp_path: Path) -> None:
    with closing(Actor(installed("baileys"), stage.url, stage.root, tmp_path)) as actor:
        actor.until("qr")
        actor.do("code", user=ALICE.user)
        stage.until(lambda: alice(stage).pairing is not None, "the phone is asked for a code")
        stage.tell(f"code {actor.ever('code')['text']}")
        jid = actor.ever("paired")["jid"]
        actor.ever("open", jid=jid)
        actor.do("send", to=TO_BOB, text="By code")
        stage.hears("bob", "By code")
        stage.tell(f"unlink {Address.parse(jid).device}")


def test_two_of_them_talk(stage: Stage, actor: Actor, tmp_path: Path) -> None:
    with closing(Actor(installed("baileys"), stage.url, stage.root, tmp_path)) as other:
        stage.tell(f"scan '{other.until('qr')['text']}' bob")
        jid = other.ever("paired")["jid"]
        other.ever("open", jid=jid)
        other.do("send", to=chat_jid(ALICE.user), text="From one to the other")
        actor.ever("message", text="From one to the other", chat=TO_BOB)
        actor.do("send", to=TO_BOB, text="And back")
        other.ever("message", text="And back", chat=chat_jid(ALICE.user))
        actor.do("send", to=stage.house.groups[GROUP], text="Both of us are here")
        other.ever("message", text="Both of us are here", chat=stage.house.groups[GROUP])
        stage.tell(f"unlink {Address.parse(jid).device} bob")
        assert other.ever("close", code=LOGGED_OUT)


def test_a_phone_without_messages_has_one_too(stage: Stage, tmp_path: Path) -> None:
    stage.settle("dave", "15550001004")
    stage.until(lambda: stage.house.residents["dave"].station.online, "dave is there")
    stage.tell("set dave pin bob")
    with closing(Actor(installed("baileys"), stage.url, stage.root, tmp_path)) as actor:
        stage.tell(f"scan '{actor.until('qr')['text']}' dave")
        actor.ever("state", kind="pinned", chat=TO_BOB)
        stage.tell("send bob 15550001004 Welcome")
        actor.ever("message", text="Welcome")


@pytest.mark.parametrize("kept", [64, 1], ids=["patches", "a snapshot"])
def test_a_new_one_has_what_was_set(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(collections, "KEPT", kept)
    for setting in ("archive", "pin", "unpin", "pin"):
        stage.tell(f"set alice-web {setting} carol")
    one = Linked(stage, tmp_path)
    with closing(one.actor) as actor:
        actor.ever("state", kind="archived", chat=TO_CAROL, value=True)
        actor.ever("state", kind="pinned", chat=TO_CAROL)
        stage.tell(f"unlink {one.address.device}")


@pytest.mark.parametrize("limit", [0, 1 << 20], ids=["as a file", "inline"])
def test_the_history_in_either_form(stage: Stage, tmp_path: Path, limit: int) -> None:
    phone = alice(stage)
    former = phone.inline_limit
    phone.inline_limit = limit
    try:
        one = Linked(stage, tmp_path)
        with closing(one.actor) as actor:
            assert actor.ever("history", kind="INITIAL_BOOTSTRAP")["messages"] >= len(PROLOGUE)
            stage.tell(f"unlink {one.address.device}")
    finally:
        phone.inline_limit = former


def test_unlinked_by_the_phone(stage: Stage, tmp_path: Path) -> None:
    one = Linked(stage, tmp_path)
    with closing(one.actor) as actor:
        stage.tell(f"unlink {one.address.device}")
        assert actor.until("close")["code"] == LOGGED_OUT
        assert one.address not in listed(stage)


def test_unlinked_while_it_was_away(stage: Stage, tmp_path: Path) -> None:
    one = Linked(stage, tmp_path)
    one.actor.close()
    stage.tell(f"unlink {one.address.device}")
    with closing(one.started()) as actor:
        assert actor.until("close")["code"] == LOGGED_OUT
        assert not actor.told("open")


def test_it_unlinks_itself(stage: Stage, tmp_path: Path) -> None:
    one = Linked(stage, tmp_path)
    with closing(one.actor) as actor:
        stage.until(lambda: one.address in listed(stage), "the phone shows it")
        actor.do("logout")
        assert actor.ever("close", code=LOGGED_OUT)
        stage.until(lambda: one.address not in listed(stage), "the phone has taken it from the list")
