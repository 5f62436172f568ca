"""Processes that hang, die or talk nonsense, as a peer might."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from impl.foreign.environment import ROOT, PythonPeer
from impl.foreign.errors import Ended, Hung, PeerError, Refused
from impl.foreign.lines import dumps, loads
from impl.foreign.process import Process, Shim, can_be_offline

SHIM = """
import os, socket, sys, time
from impl.foreign.lines import serve
def echo(value):
    print("chatter")
    return value
def fail():
    raise LookupError("no such thing")
def dial():
    socket.create_connection(("127.0.0.1", 9), timeout=1)
serve({"echo": echo, "fail": fail, "dial": dial, "die": lambda: os._exit(3), "hang": lambda: time.sleep(60),
       "last": lambda: (print("last words", file=sys.stderr, flush=True), os._exit(1))})
"""


class Script(PythonPeer):
    """A script of the test, run by its own Python."""

    def command(self, module: str) -> list[str]:
        return [sys.executable, "-c", module]


PEER = Script("script")


@pytest.fixture
def shim() -> Iterator[Shim]:
    with Shim(PEER, SHIM) as shim:
        yield shim


@pytest.mark.parametrize("value", [None, 1, "ä", b"\0\xff", [b"", {"a": [b"x"]}]])
def test_values_go_both_ways(shim: Shim, value: object) -> None:
    assert loads(dumps(value)) == value
    assert shim.call("echo", value=value) == value


def test_an_error_of_the_peer_is_its_answer(shim: Shim) -> None:
    with pytest.raises(Refused, match=r"^LookupError: no such thing$"):
        shim.call("fail")
    assert shim.call("echo", value=1) == 1


def test_what_it_lacks_is_no_refusal(shim: Shim) -> None:
    with pytest.raises(PeerError, match="script has no verb 'sing'") as error:
        shim.call("sing")
    assert not isinstance(error.value, Refused)


def test_who_hangs_is_ended(shim: Shim) -> None:
    assert shim.call("echo", value=1) == 1
    with pytest.raises(Hung, match=r"script has said nothing for 0\.2 s"):
        shim.call("hang", 0.2)
    with pytest.raises(Ended):
        shim.call("echo", value=1)


def test_who_dies_is_told_with_its_last_words(shim: Shim) -> None:
    with pytest.raises(Ended, match=r"script has ended with 1: .*last words"):
        shim.call("last")


@pytest.mark.skipif(not can_be_offline(), reason="this system keeps no process from the network")
def test_a_shim_reaches_nobody(shim: Shim) -> None:
    with pytest.raises(Refused, match=r"OSError: .*unreachable"):
        shim.call("dial")


def test_a_line_that_is_no_json() -> None:
    with Process(PEER, "print('{')") as process, pytest.raises(PeerError, match="no JSON"):
        process.hear()


def test_nothing_is_left_behind() -> None:
    with Process(PEER, "import time; print(1, flush=True); time.sleep(60)") as process:
        assert process.hear() == 1
    assert not process.running


@pytest.mark.parametrize("file", ["lines.py", "__init__.py"])
def test_what_runs_among_foreign_packages_needs_none_of_ours(file: str) -> None:
    text = (Path(ROOT) / "impl" / "foreign" / file).read_text(encoding="utf-8")
    assert "from impl" not in text and "import msgspec" not in text
