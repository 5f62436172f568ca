"""WAeys, as published, on our server: it links, logs in and unlinks itself; what it does with messages is told here.

Its tests are apart from those of pyaileys and pywhats, since it gets no message to anybody, and opens none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from impl.serve.cast import ALICE
from tests.interop.clients.actor import Actor
from tests.interop.clients.linked import TO_BOB, Linked, listed
from tests.interop.clients.stage import Stage
from tests.interop.conftest import installed

LOGGED_OUT = 401
PREKEYS = 812
"""What it uploads at once: `Defaults/index.py`, INITIAL_PREKEY_COUNT."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    installed("waeys")
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="module")
def linked(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    one = Linked("waeys", stage, tmp_path_factory.mktemp("waeys"))
    yield one
    one.actor.close()


def test_linked_by_qr(stage: Stage, linked: Linked) -> None:
    assert not linked.refused
    stage.until(lambda: linked.address in listed(stage), "the phone shows it")


def test_its_prekeys_are_on_the_server(stage: Stage, linked: Linked) -> None:
    """With a key store to which 1 and "1" are the same; with its own it uploads none (`Utils/signal.py`, 31, 207)."""
    assert stage.server.directory.one_time_left(linked.address) > PREKEYS - 10


def test_it_opens_no_message(stage: Stage, linked: Linked) -> None:
    """Its sessions ask their key store for a transaction with one argument less than that takes.

    `Signal/libsignal.py`, line 542, and `Utils/auth_utils.py`, line 257. It asks again once, then says that it cannot.
    """
    sent = stage.tell("send bob alice 'Can you hear me?'")[0].split()[-1]
    told = linked.actor.ever("undecryptable", id=sent)
    assert "transaction() missing 1 required positional argument" in told["why"]
    stage.until(lambda: not _waits(stage, linked, sent), "the server has its word that it cannot")


def test_its_history_is_lost_with_that(linked: Linked) -> None:
    """Nothing would process one (`Utils/process_message.py`), nor app state (`Socket/messages_recv.py`, line 214)."""
    assert not linked.actor.told("history") and not linked.actor.told("state")


def test_it_sends_no_message(linked: Linked) -> None:
    """Its stanzas are dictionaries there, which its queries and encoder do not take.

    `Socket/messages_send.py`, lines 458 and 1009; `Socket/socket.py`, line 233; `WABinary/encode.py`, line 168.
    """
    assert linked.actor.refuses("send", to=TO_BOB, text="Hello")["why"].startswith("AttributeError: 'dict' object")


def test_it_logs_in_again_after_a_restart(stage: Stage, linked: Linked) -> None:
    linked.actor.kill()
    linked.actor = linked.started()
    linked.actor.until("open", jid=linked.jid)
    assert not linked.actor.told("qr")


def test_it_stays_while_the_phone_is_off(stage: Stage, linked: Linked) -> None:
    stage.tell("off alice")
    linked.restart()
    stage.tell("on alice")


def test_unlinked_by_the_phone(stage: Stage, linked: Linked) -> None:
    linked.unlink()
    assert linked.actor.until("close")["code"] == LOGGED_OUT
    assert linked.address not in listed(stage)


def test_once_unlinked_it_is_not_let_in(linked: Linked) -> None:
    linked.actor.close()
    linked.actor = linked.started()
    assert linked.actor.until("close")["code"] == LOGGED_OUT
    assert not linked.actor.told("open")


def test_linked_by_code_and_unlinked_by_itself(stage: Stage, tmp_path: Path) -> None:
    phone = stage.house.phone_of("alice")[1]
    with closing(Actor(installed("waeys"), stage.url, stage.root, tmp_path)) as actor:
        actor.until("qr")
        actor.do("code", user=ALICE.user)
        stage.until(lambda: phone.pairing is not None, "the phone is asked for a code")
        stage.tell(f"code {actor.ever('code')['text']}")
        actor.until("paired")
        actor.until("open")
        stage.until(lambda: len(listed(stage)) == 2, "the phone shows it")
        actor.do("logout")
        assert actor.ever("close", code=LOGGED_OUT)
        stage.until(lambda: len(listed(stage)) == 1, "the phone has taken it from the list")


def _waits(stage: Stage, linked: Linked, id: str) -> bool:
    waiting = stage.server.mailboxes.waiting(linked.address)
    return any(getattr(getattr(entry.event, "stanza", None), "id", None) == id for entry in waiting)
