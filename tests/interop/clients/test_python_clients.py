"""pyaileys and pywhats, as published, from an empty folder to the day on which they are unlinked: each step with us.

What one of them cannot do is in a test of its own, with the place in its source; docs/interop.md has the table.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from impl.address import chat_jid
from impl.appstate.actions import Contact
from impl.serve.cast import ALICE, GROUP, PROLOGUE
from impl.stanzas.reading import optional
from tests.interop.clients import days
from tests.interop.clients.actor import Actor, Report, Stuck
from tests.interop.clients.linked import TO_BOB, TO_CAROL, Linked, listed
from tests.interop.clients.stage import Stage
from tests.interop.conftest import installed

NAMES = ("pyaileys", "pywhats")
LOGGED_OUT = 401
ON_DEMAND = 6
PREKEYS = {"pyaileys": 30, "pywhats": 50}
"""What each uploads at once: `socket.py`, line 890; `messaging/prekey.py`, WANTED_PRE_KEY_COUNT."""

A_WHILE = 1.0
"""Seconds of silence that are enough."""

PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9") * 1000


@pytest.fixture(scope="module", params=NAMES)
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    installed(request.param)
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        one = Linked(request.param, stage, tmp_path_factory.mktemp(request.param))
        yield one
        one.actor.close()


@pytest.fixture
def stage(linked: Linked) -> Stage:
    return linked.stage


@pytest.fixture
def actor(linked: Linked) -> Actor:
    return linked.actor


def sender_keys(pyaileys: Linked) -> int:
    return len(list(pyaileys.state.glob("sender-key-*")))


def test_linked_by_qr(stage: Stage, linked: Linked) -> None:
    """Its QR lacks the client type (pyaileys `socket.py`, line 742; pywhats `pairing.py`, line 313)."""
    assert "not five fields" in linked.refused
    stage.until(lambda: linked.address in listed(stage), "the phone shows it")


def test_its_prekeys_are_on_the_server(stage: Stage, linked: Linked) -> None:
    directory = stage.server.directory
    stage.until(lambda: directory.one_time_left(linked.address) > PREKEYS[linked.name] - 10, "prekeys")
    assert linked.address in directory.bundles


def test_it_has_the_history(linked: Linked) -> None:
    """pywhats opens no second pkmsg (`messaging/receiver.py`, line 767), and gets the notice once more."""
    history = linked.actor.ever("history")
    assert history["kind"] == {"pyaileys": 0, "pywhats": "INITIAL_BOOTSTRAP"}[linked.name]
    assert (history["chats"], history["messages"]) == (3, len(PROLOGUE))


@pytest.mark.parametrize("hearer", ["bob", "bob-web", "alice", "alice-web"])
def test_what_it_writes_is_on_every_device(stage: Stage, actor: Actor, hearer: str) -> None:
    days.writes_to_bob(stage, actor, hearer)


def test_it_learns_what_became_of_a_message(actor: Actor) -> None:
    sent = actor.do("send", to=TO_CAROL, text="Did it arrive?")
    actor.ever("receipt", id=sent["id"], status="delivered", chat=TO_CAROL)


@pytest.mark.parametrize("writer", ["bob", "bob-web", "carol"])
def test_it_hears_contacts(stage: Stage, actor: Actor, writer: str) -> None:
    days.hears_a_contact(stage, actor, writer)


@pytest.mark.parametrize("writer", ["alice", "alice-web"])
def test_it_hears_its_own_account(stage: Stage, linked: Linked, writer: str) -> None:
    """pywhats opens such a message, and does not look into the copy (`messaging/receiver.py`, line 1143)."""
    stage.tell(f"send {writer} carol 'By {writer}'")
    if linked.name == "pywhats":
        sent = stage.tell(f"send {writer} carol 'By {writer} again'")[0].split()[-1]
        heard = linked.actor.ever("message", id=sent)
        assert (heard["text"], heard["chat"], heard["from_me"]) == ("", chat_jid(ALICE.user), False)
    else:
        heard = linked.actor.ever("message", text=f"By {writer}")
        assert (heard["chat"], heard["from_me"]) == (TO_CAROL, True)


def test_a_long_conversation_keeps_its_order(stage: Stage, actor: Actor) -> None:
    days.keeps_the_order_of_a_long_conversation(stage, actor)


@pytest.mark.parametrize("hearer", ["bob", "bob-web", "alice", "alice-web", "carol"])
def test_what_it_writes_in_a_group_is_on_every_device(stage: Stage, actor: Actor, hearer: str) -> None:
    days.writes_in_a_group(stage, actor, hearer)


@pytest.mark.parametrize("writer", ["bob-web", "carol", "alice", "alice-web"])
def test_it_hears_a_group(stage: Stage, linked: Linked, writer: str) -> None:
    """pyaileys opens both parts of a first message at once, the group's before it has the key (`client.py`, 2549)."""
    if linked.name == "pyaileys":
        keys = sender_keys(linked)
        first = stage.tell(f"send {writer} {GROUP} 'First'")[0].split()[-1]
        linked.actor.ever("undecryptable", id=first)
        stage.until(lambda: sender_keys(linked) > keys, "it has the key")
    stage.tell(f"send {writer} {GROUP} 'Everybody, says {writer}'")
    heard = linked.actor.ever("message", text=f"Everybody, says {writer}")
    own = linked.name == "pyaileys" and writer.startswith("alice")
    assert (heard["chat"], heard["from_me"]) == (stage.house.groups[GROUP], own)


@pytest.mark.parametrize(("setting", "kind"), [("archive", "archived"), ("pin", "pinned"), ("mute", "muted")])
def test_what_we_set_shows_on_it(stage: Stage, linked: Linked, setting: str, kind: str) -> None:
    """pyaileys reads it when its application says so, verifies it, and keeps names alone (`client.py`, line 2043)."""
    for verb, value in ((setting, True), (f"un{setting}", False)):
        stage.tell(f"set alice-web {verb} carol")
        if linked.name == "pywhats":
            linked.actor.until("state", kind=kind, chat=TO_CAROL, value=value)
        else:
            synced = linked.actor.until("state", kind="synced")
            assert len(synced["value"]) == 1 and synced["value"][0].startswith("regular")
    assert not linked.actor.told("error")


def test_the_names_we_give_show_on_it(stage: Stage, linked: Linked) -> None:
    web = stage.house.resident("alice-web")
    named = Contact(TO_CAROL, full_name="Carol of the map", pn=TO_CAROL)
    stage.run(web.do(lambda: web.client.change(named)))
    assert linked.actor.ever("state", kind="contact", chat=TO_CAROL)["value"] == "Carol of the map"
    assert not linked.actor.told("error")


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_file_of_its_own(stage: Stage, actor: Actor, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.jpg"
    path.write_bytes(PICTURE + kind.encode())
    actor.do("media", to=TO_BOB, path=str(path), kind=kind)
    stage.hears("bob", f"<{kind}>")


def test_a_file_of_ours(stage: Stage, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "map.jpg"
    path.write_bytes(PICTURE)
    stage.tell(f"file bob alice {path}")

    def arrived(report: Report) -> bool:
        return "media" in report and not report["from_me"]

    assert actor.ever("message", where=arrived)["media"] == {
        "kind": "image", "size": len(PICTURE), "sha256": hashlib.sha256(PICTURE).hexdigest()
    }  # fmt: skip


def test_it_asks_the_phone_for_older_messages(stage: Stage, linked: Linked) -> None:
    stage.tell("send carol alice 'The newest'")
    linked.actor.ever("message", text="The newest")
    if linked.name == "pyaileys":
        linked.actor.do("history", chat=TO_CAROL, count=3)
        linked.actor.ever("history", kind=ON_DEMAND)
    else:
        linked.actor.refuses("history", chat=TO_CAROL)


def test_devices_that_are_linked_later_hear_it(stage: Stage, actor: Actor) -> None:
    """Once it has prekeys there: pyaileys sends to nobody if one device has none (`client.py`, line 1412)."""
    stage.tell("link bob-tablet bob")
    tablet = stage.house.resident("bob-tablet").client.device.address
    stage.until(lambda: tablet in stage.server.directory.bundles, "it can be reached")
    actor.do("send", to=TO_BOB, text="Welcome")
    stage.hears("bob-tablet", "Welcome")
    stage.tell("unlink bob-tablet bob")


def test_it_goes_on_while_the_phone_is_off(stage: Stage, actor: Actor) -> None:
    days.goes_on_while_the_phone_is_off(stage, actor)


def test_it_logs_in_again_after_a_restart(stage: Stage, linked: Linked) -> None:
    days.logs_in_again_after_a_restart(stage, linked)


def test_what_it_cannot_open_comes_again(stage: Stage, linked: Linked, tmp_path: Path) -> None:
    """pyaileys never asks; pywhats asks once, without keys, and here for each message until it has answered."""
    one = Linked(linked.name, stage, tmp_path)
    with closing(one.actor) as actor:
        for text in ("First", "Second", "Third"):
            stage.tell(f"send bob alice 'To the new one: {text}'")
            actor.ever("message", text=f"To the new one: {text}")
        assert bool(actor.told("undecryptable")) == (linked.name == "pywhats")
        if linked.name == "pywhats":  # the sender key of a group, however, it does not ask for again
            sent = stage.tell(f"send bob {GROUP} 'To all'")[0].split()[-1]
            actor.ever("undecryptable", id=sent, why="no sender key")
            assert stage.server.mailboxes.count(one.address)
        one.unlink()


def test_nothing_of_it_was_refused(stage: Stage) -> None:
    """What our devices did not accept in all of the above, or were declined."""
    for resident in stage.house.residents.values():
        assert (resident.client.refusals, resident.station.troubles) == ([], []), resident.name


def test_what_we_cannot_open_is_lost(stage: Stage, linked: Linked, tmp_path: Path) -> None:
    """It is restored from an old copy, and uses a message key twice: we ask for the message.

    pyaileys only acknowledges that (`socket.py`, line 698). pywhats asks the server for keys in the loop that would
    hear the answer, and hears nothing any more (`messaging/receiver.py`, line 970; `messaging/prekey.py`, line 182).
    """
    one = Linked(linked.name, stage, tmp_path / "state")
    one.actor.do("send", to=TO_CAROL, text="Hello")
    stage.hears("carol", "Hello")
    one.actor.close()
    shutil.copytree(one.state, tmp_path / "old")
    for text in ("Before", "After"):
        one.actor = one.started()
        one.actor.until("open")
        one.actor.do("send", to=TO_CAROL, text=text)
        if text == "Before":
            stage.hears("carol", text)
            one.actor.close()
            shutil.copytree(tmp_path / "old", one.state, dirs_exist_ok=True)
    carol = stage.house.resident("carol").client
    stage.until(lambda: [each.check for each in carol.refusals] == ["fresh"], "carol cannot open it")

    def asked() -> bool:
        its = (stage.house.caller(one.address), "out")
        to_it = [each.node for each in stage.said if (each.client, each.direction) == its]
        return any(node.tag == "receipt" and optional(node, "type") == "retry" for node in to_it)

    stage.until(asked, "carol asks for it again")
    stage.tell("send carol alice 'Say that again'")
    with closing(one.actor) as actor:
        if one.name == "pyaileys":
            actor.ever("receipt", status="retry")
            actor.ever("message", text="Say that again")
        else:
            with pytest.raises(Stuck):
                actor.ever("message", A_WHILE, text="Say that again")
        assert not [line for line in stage.tell("said carol") if line.endswith("After")]
        one.unlink()
    carol.refusals.clear()


LACKING = {"code": "link_code_companion_reg", "logout": "remove-companion-device", "group": "create"}
"""Verbs, and the stanza that each would need."""


@pytest.mark.parametrize("verb", LACKING)
def test_what_it_lacks(linked: Linked, verb: str) -> None:
    assert linked.actor.refuses(verb)["why"] == "the client lacks this"
    source = list(installed(linked.name).environment.glob(f"lib/*/site-packages/{linked.name}/**/*.py"))
    words = f'"{LACKING[verb]}"'
    assert len(source) > 20
    assert not [path for path in source if path.stem != "tokens" and words in path.read_text(encoding="utf-8")]


def test_unlinked_by_the_phone(stage: Stage, linked: Linked) -> None:
    linked.unlink()
    assert linked.actor.ever("close", code=LOGGED_OUT)
    assert linked.address not in listed(stage)


def test_once_unlinked_it_is_not_let_in(linked: Linked) -> None:
    """pyaileys does not know `<failure>`: to it, the connection is lost (`socket.py`, lines 685-700)."""
    linked.actor.close()
    linked.actor = linked.started()
    closed = linked.actor.until("close")
    assert closed["code"] == (LOGGED_OUT if linked.name == "pywhats" else None)
