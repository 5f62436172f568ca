"""Baileys, as published, from an empty folder to the day on which it is unlinked: each step that it takes with us."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from impl.address import Address, chat_jid
from impl.appstate.effects import chat_view
from impl.phone import Phone
from impl.serve.cast import ALICE, BOB, CAROL, GROUP, PROLOGUE
from tests.interop.clients.actor import Actor
from tests.interop.clients.stage import Stage
from tests.interop.conftest import installed

LOGGED_OUT, RESTART = 401, 515
PREKEYS = 812
"""What Baileys uploads at once: `lib/Defaults/index.js`, INITIAL_PREKEY_COUNT."""

TO_BOB, TO_CAROL = chat_jid(BOB.user), chat_jid(CAROL.user)
PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    installed("baileys")
    with Stage() as stage:
        yield stage


class Linked:
    """A Baileys that belongs to alice, and where it keeps its state."""

    def __init__(self, stage: Stage, state: Path) -> None:
        self.stage = stage
        self.state = state
        self.actor = self.started()
        stage.tell(f"scan '{self.actor.until('qr')['text']}'")
        self.jid: str = self.actor.until("paired")["jid"]
        assert self.actor.until("close")["code"] == RESTART
        self.actor.until("open", jid=self.jid)

    @property
    def address(self) -> Address:
        return Address.parse(self.jid)

    def started(self) -> Actor:
        return Actor(installed("baileys"), self.stage.url, self.stage.root, self.state)


@pytest.fixture(scope="module")
def linked(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    one = Linked(stage, tmp_path_factory.mktemp("baileys"))
    yield one
    one.actor.close()


@pytest.fixture
def actor(linked: Linked) -> Actor:
    return linked.actor


def alice(stage: Stage) -> Phone:
    return stage.house.phone_of("alice")[1]


def listed(stage: Stage) -> dict[Address, str]:
    """What alice's phone shows as linked, by address."""
    return {each.address: each.name for each in alice(stage).linked_devices if each.address}


def test_linked_by_qr(stage: Stage, linked: Linked) -> None:
    stage.until(lambda: linked.address in listed(stage), "the phone shows it")


def test_its_prekeys_are_on_the_server(stage: Stage, linked: Linked) -> None:
    directory = stage.host.server.directory
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
    text = f"Hello {hearer}"
    actor.do("send", to=TO_BOB, text=text)
    assert stage.hears(hearer, text).endswith(f"in {'alice' if hearer.startswith('bob') else 'bob'}: {text}")


def test_it_learns_what_became_of_a_message(actor: Actor) -> None:
    sent = actor.do("send", to=TO_CAROL, text="Did it arrive?")
    actor.ever("receipt", id=sent["id"], status="delivered")


@pytest.mark.parametrize("writer", ["bob", "bob-web", "carol"])
def test_it_hears_contacts(stage: Stage, actor: Actor, writer: str) -> None:
    stage.tell(f"send {writer} alice 'Hello from {writer}'")
    heard = actor.ever("message", text=f"Hello from {writer}")
    user = CAROL.user if writer == "carol" else BOB.user
    assert (heard["chat"], heard["from_me"]) == (chat_jid(user), False)


@pytest.mark.parametrize("writer", ["alice", "alice-web"])
def test_it_hears_its_own_account(stage: Stage, actor: Actor, writer: str) -> None:
    stage.tell(f"send {writer} carol 'By {writer}'")
    heard = actor.ever("message", text=f"By {writer}")
    assert (heard["chat"], heard["from_me"]) == (TO_CAROL, True)


def test_a_long_conversation_keeps_its_order(stage: Stage, actor: Actor) -> None:
    for i in range(10):
        stage.tell(f"send bob alice 'ping {i}'")
        actor.ever("message", text=f"ping {i}")
        actor.do("send", to=TO_BOB, text=f"pong {i}")
        stage.hears("bob", f"pong {i}")
    for who in ("bob", "bob-web", "alice", "alice-web"):
        stage.hears(who, "pong 9")
        said = [line for line in stage.tell(f"said {who}") if "ping " in line or "pong " in line]
        assert [line.split(": ")[1] for line in said] == [f"{word} {i}" for i in range(10) for word in ("ping", "pong")]


@pytest.mark.parametrize("hearer", ["bob", "bob-web", "alice", "alice-web", "carol"])
def test_what_it_writes_in_a_group_is_on_every_device(stage: Stage, actor: Actor, hearer: str) -> None:
    text = f"All of you, and {hearer}"
    actor.do("send", to=stage.house.groups[GROUP], text=text)
    assert stage.hears(hearer, text).endswith(f"in {GROUP}: {text}")


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
    for name in ("alice", "alice-web"):
        device = stage.house.resident(name).client.device
        stage.until(lambda device=device: chat_view(device, BOB.user).archived, f"{name} shows it archived")
        stage.until(lambda device=device: chat_view(device, CAROL.user).pinned, f"{name} shows it pinned")


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


def test_it_asks_the_phone_for_older_messages(stage: Stage, actor: Actor) -> None:
    stage.tell("send carol alice 'The newest'")
    newest = actor.ever("message", text="The newest")
    actor.do("history", id=newest["id"], count=3)
    told = actor.ever("history", kind="ON_DEMAND")
    assert told["messages"] == 3


def test_it_goes_on_while_the_phone_is_off(stage: Stage, actor: Actor) -> None:
    stage.tell("off alice")
    actor.do("send", to=TO_BOB, text="The phone is off")
    stage.hears("bob", "The phone is off")
    stage.tell("send bob alice 'I hear you all the same'")
    actor.ever("message", text="I hear you all the same")
    stage.tell("on alice")
    stage.hears("alice", "The phone is off")


def test_it_logs_in_again_after_a_restart(stage: Stage, linked: Linked) -> None:
    linked.actor.kill()
    stage.tell("send bob alice 'While you were away'")
    linked.actor = linked.started()
    linked.actor.until("open", jid=linked.jid)
    linked.actor.ever("message", text="While you were away")
    linked.actor.do("send", to=TO_BOB, text="Back again")
    stage.hears("bob", "Back again")
    assert not linked.actor.told("qr")


def test_nothing_of_it_was_refused(stage: Stage, linked: Linked) -> None:
    """What our devices did not accept in all of the above."""
    assert {name: each.client.refusals for name, each in stage.house.residents.items() if each.client.refusals} == {}
    assert not linked.actor.told("undecryptable")


def test_linked_by_code(stage: Stage, tmp_path: Path) -> None:
    with closing(Actor(installed("baileys"), stage.url, stage.root, tmp_path)) as actor:
        actor.until("qr")
        actor.do("code", user=ALICE.user)
        stage.tell(f"code {actor.ever('code')['text']}")
        jid = actor.ever("paired")["jid"]
        actor.ever("open", jid=jid)
        actor.do("send", to=TO_BOB, text="By code")
        stage.hears("bob", "By code")
        stage.tell(f"unlink {Address.parse(jid).device}")


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
