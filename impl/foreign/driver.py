"""What a whole client in Python is driven by: commands as lines of JSON on standard input, reports on standard output.

A driver runs a client as it was published, with settings only. It runs among foreign packages, so nothing is imported
but the standard library. A command is `{"do": VERB, ...}`, answered by `done` or `failed` with its verb; whatever else
happens is `{"report": NAME, ...}`. Verbs and reports are those of `baileys/client.mjs`:

    send to text · media to path kind · code user · history chat · sync · logout · quit
    qr text · code text · paired jid · open jid · close reason code · message id chat sender from_me text [media]
    undecryptable id why · receipt id chat status · history kind chats messages · state kind chat value · error what why

Jids are `user@server`, with a device only in `paired` and `open`.
"""

import argparse
import asyncio
import http.client
import os
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from impl.foreign.lines import dumps, loads

Verbs = Mapping[str, Callable[..., Awaitable[dict[str, Any]]]]
"""What each gives is what `done` tells."""


@dataclass(frozen=True)
class Settings:
    """Where the server is, where the client keeps what it must not forget, and the root of certificates (32 bytes)."""

    url: str
    state: Path
    root: bytes

    @property
    def address(self) -> str:
        """Host and port; files are there too, over HTTP."""
        return urlsplit(self.url).netloc

    @classmethod
    def of(cls, arguments: list[str]) -> "Settings":
        parser = argparse.ArgumentParser(allow_abbrev=False)
        parser.add_argument("--url", required=True, help="of the server's WebSocket")
        parser.add_argument("--state", required=True, type=Path, help="a folder")
        parser.add_argument("--root", required=True, type=bytes.fromhex, help="public key, 64 hexadecimal digits")
        given = parser.parse_args(arguments)
        given.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(given.url, given.state, given.root)


class Reports:
    """Standard output; whatever else is printed there goes to standard error instead."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(self, report: str, /, **what: Any) -> None:
        print(dumps({"report": report, **what}), file=self._out, flush=True)


async def follow(reports: Reports, verbs: Verbs) -> None:
    """Does what it is told, each verb as a task of its own, until `quit` or the end of standard input."""
    tasks = set()
    async for command in _commands():
        verb = command.pop("do")
        if verb == "quit":
            break
        task = asyncio.create_task(_do(reports, verb, verbs, command))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    for task in tasks:
        task.cancel()


async def _do(reports: Reports, verb: str, verbs: Verbs, arguments: dict[str, Any]) -> None:
    if verb not in verbs:
        reports.tell("failed", verb=verb, why="the client lacks this")
        return
    try:
        reports.tell("done", verb=verb, **await verbs[verb](**arguments))
    except Exception as error:  # whatever a peer raises is its answer
        reports.tell("failed", verb=verb, why=named(error))


def named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


async def _commands() -> AsyncIterator[dict[str, Any]]:
    lines = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        yield loads(line)


class Plain(urllib.request.HTTPHandler):
    """Whatever is to be had by http is asked of the server at this address, whoever's it is."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        request.host = self._address
        return super().http_request(request)


class Secure(urllib.request.HTTPSHandler):
    """The same by https, and then it is asked by http."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def https_request(self, request: urllib.request.Request) -> urllib.request.Request:
        request.host = self._address
        return super().https_request(request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(http.client.HTTPConnection, request)


def opener(address: str) -> urllib.request.OpenerDirector:
    """Of URLs, none of which leads anywhere but to this address."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), Plain(address), Secure(address))
