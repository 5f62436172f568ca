"""The server's process, and whoever may connect to its port."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Raw

from impl.demo import wire
from impl.demo.faults import Faults
from impl.demo.reports import ServerSetup, encode
from impl.demo.wire import Answers, Asks, End, Hello, Refusal
from impl.dialogue import CountPrekeys


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    store: Path = tmp_path_factory.mktemp("server") / "server.store"
    setup = encode(ServerSetup(str(store), 0, Faults(), "seed")).decode()
    command = [sys.executable, "-m", "impl.demo.server", setup]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["port"]
        process.communicate()
    assert process.returncode == 0


def said(port: int, data: bytes) -> wire.FromServer:
    """The first frame that the server answers with."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, connection.makefile("rb") as reader:
        connection.sendall(data)
        return wire.from_server(reader.read(int.from_bytes(reader.read(wire.HEADER))))


HELLO = wire.framed(Hello(bytes(32)))
GARBAGE = {
    "no frame": (b"GET / HTTP/1.1\r\n\r\n", "a frame of 1195725856 bytes"),
    "no msgpack": (b"\0\0\0\2\xc1\xc1", "frame"),
    "no name": (wire.framed(Asks(1, ())), "Asks at the beginning"),
    "two names": (HELLO * 2, "Hello after the beginning"),
    "no request": (HELLO + wire.framed(Asks(1, (Raw(b"\x01"),))), "frame"),
    "a batch ahead": (HELLO + wire.framed(Asks(2, ())), "batch 2 after 0"),
}


@pytest.mark.parametrize(("data", "why"), GARBAGE.values(), ids=GARBAGE)
def test_garbage_ends_its_connection_with_a_reason_and_no_other(port: int, data: bytes, why: str) -> None:
    end = said(port, data)
    assert isinstance(end, End) and why in end.why
    answers = said(port, HELLO + wire.framed(Asks(1, (Raw(wire.encode(CountPrekeys())),))))
    assert isinstance(answers, Answers)
    assert answers.outcomes == (Refusal(401, "this client belongs to no account"),)
