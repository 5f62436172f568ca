"""A client that hangs is noticed in time, with what it had reached."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from impl.foreign.environment import Peer
from tests.interop.clients.actor import Actor, Stuck

CLIENT = """
import json, sys, time
print(json.dumps({"report": "qr", "text": "2@x"}), flush=True)
for line in sys.stdin:
    verb = json.loads(line)["do"]
    if verb == "hang":
        time.sleep(60)
    print(json.dumps({"report": "failed" if verb == "fail" else "done", "verb": verb, "why": "no idea"}), flush=True)
"""


class Script(Peer):
    """A client of a few lines."""

    lock = Path(__file__)
    versions: ClassVar[dict[str, str]] = {}

    def command(self, module: str) -> list[str]:
        return [sys.executable, "-c", CLIENT]

    def _install(self) -> None:
        """There is nothing to install."""


@pytest.fixture
def actor(tmp_path: Path) -> Iterator[Actor]:
    actor = Actor(Script("script"), "ws://127.0.0.1:1", bytes(32), tmp_path)
    yield actor
    actor.close()


def test_what_it_reports_is_waited_for(actor: Actor) -> None:
    assert actor.until("qr")["text"] == "2@x"
    assert actor.do("send")["verb"] == "send"
    assert not actor.hangs


def test_what_fails_says_why(actor: Actor) -> None:
    with pytest.raises(Stuck, match="fail failed: no idea"):
        actor.do("fail")


def test_one_that_hangs_is_given_up_with_what_it_had_reached(actor: Actor) -> None:
    actor.until("qr")
    with pytest.raises(Stuck, match="no the end of hang in time; it had reached: qr"):
        actor.do("hang", time=1)
    assert actor.hangs


def test_one_that_has_ended_is_not_waited_for(actor: Actor) -> None:
    actor.until("qr")
    actor.kill()
    with pytest.raises(Stuck, match=r"has ended with -9.*it had reached: qr"):
        actor.until("open")
