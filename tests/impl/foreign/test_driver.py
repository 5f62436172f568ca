"""What drives whole clients in Python: commands and reports, and addresses that lead nowhere but to the loopback."""

import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from impl.foreign.driver import Settings, opener
from impl.foreign.environment import PythonPeer
from impl.foreign.errors import Ended
from impl.foreign.process import Process

CLIENT = """
import asyncio
from impl.foreign.driver import Reports, follow
reports = Reports()
async def echo(text):
    print("chatter")
    return {"text": text}
async def fail():
    raise LookupError("no such thing")
async def wait():
    await asyncio.sleep(60)
    return {}
reports.tell("open", jid="1@s.whatsapp.net")
asyncio.run(follow(reports, {"echo": echo, "fail": fail, "wait": wait}))
reports.tell("close", code=None)
"""


class Script(PythonPeer):
    """A script of the test, run by its own Python."""

    def command(self, module: str) -> list[str]:
        return [sys.executable, "-c", module]


@pytest.fixture
def client() -> Iterator[Process]:
    with Process(Script("script"), CLIENT) as client:
        assert client.hear() == {"report": "open", "jid": "1@s.whatsapp.net"}
        yield client


def test_what_is_done_is_reported_and_nothing_else(client: Process) -> None:
    client.say({"do": "echo", "text": "hi"})
    assert client.hear() == {"report": "done", "verb": "echo", "text": "hi"}


@pytest.mark.parametrize(
    ("verb", "why"), [("fail", "LookupError: no such thing"), ("dance", "the client lacks this")], ids=["fail", "lack"]
)
def test_what_fails_is_reported_with_why(client: Process, verb: str, why: str) -> None:
    client.say({"do": verb})
    assert client.hear() == {"report": "failed", "verb": verb, "why": why}


def test_what_takes_long_holds_up_nothing(client: Process) -> None:
    client.say({"do": "wait"})
    client.say({"do": "echo", "text": "meanwhile"})
    assert client.hear()["text"] == "meanwhile"
    client.say({"do": "quit"})
    assert client.hear() == {"report": "close", "code": None}
    with pytest.raises(Ended):
        client.hear()


def test_settings(tmp_path: Path) -> None:
    root, state = bytes(range(32)), tmp_path / "new" / "folder"
    given = ["--url", "ws://127.0.0.1:7355/ws/chat", "--state", str(state), "--root", root.hex()]
    settings = Settings.of(given)
    assert (settings.address, settings.root, settings.state.is_dir()) == ("127.0.0.1:7355", root, True)


class Files(BaseHTTPRequestHandler):
    """Answers with how it was asked."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.command} {self.headers['Host']} {self.path} ".encode() + body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("host", ["https://mmg.whatsapp.net", "https://media.example:443", "http://media.example"])
def test_every_host_is_the_server(address: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", "http://127.0.0.1:1")
    ways = opener(address)
    with ways.open(f"{host}/v/file?ccb=1&hash=a%3D") as answer:
        assert answer.read().decode() == f"GET {address} /v/file?ccb=1&hash=a%3D "
    with ways.open(urllib.request.Request(f"{host}/mms/image/x", data=b"blob", method="POST")) as answer:
        assert answer.read() == f"POST {address} /mms/image/x ".encode() + b"blob"
