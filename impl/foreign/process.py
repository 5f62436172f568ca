"""A process of a peer, as we see it: lines in and out, a time for everything, and its last words if it ends.

`Process` is what any driver speaks through; `Shim` calls functions, one answer a question. Neither outlives its `with`.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from functools import cache
from types import TracebackType
from typing import IO, Any, Self

from impl.foreign.environment import ROOT, Peer
from impl.foreign.errors import Ended, Hung, PeerError, Refused
from impl.foreign.lines import dumps, loads

TIME = 30.0
"""Seconds for an answer, the start of an interpreter with all that a peer imports included."""

LAST_WORDS = 20
PATIENCE = 2.0
"""Seconds that a process has to end by itself once its standard input has."""


class Process:
    """Runs `module` of the peer's folder with these arguments; every value it writes is a line of JSON.

    `offline` takes its network away, loopback too, where this system lets us (`can_be_offline`).
    """

    def __init__(
        self,
        peer: Peer,
        module: str,
        *arguments: str,
        offline: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Raises NotInstalled."""
        self.peer = peer
        command = [*(_offline() if offline else ()), *peer.command(module), *arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environ or {}), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us alone
        )  # fmt: skip
        self._said: queue.Queue[bytes | None] = queue.Queue()
        self._errors: deque[str] = deque(maxlen=LAST_WORDS)
        assert self._process.stdout is not None and self._process.stderr is not None
        self._threads = [
            threading.Thread(target=self._hear_all, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._note_errors, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def say(self, value: Any) -> None:
        """Raises Ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(dumps(value).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            raise self._ended() from error

    def hear(self, time: float = TIME) -> Any:
        """The next value. Raises Hung after so many seconds, with the process running on, and Ended."""
        try:
            line = self._said.get(timeout=time)
        except queue.Empty:
            raise Hung(f"{self.peer.name} has said nothing for {time:g} s: {self.last_words}") from None
        if line is None:
            self._said.put(None)  # for whoever asks again
            raise self._ended()
        try:
            return loads(line)
        except ValueError as error:
            raise PeerError(f"{self.peer.name} wrote a line that is no JSON: {line[:200]!r}") from error

    @property
    def last_words(self) -> str:
        """What it wrote to standard error, the end of it."""
        return " | ".join(self._errors) or "nothing on standard error"

    def kill(self) -> None:
        """At once, whatever it does, with all that it started."""
        if self.running:
            os.killpg(self._process.pid, 9)
        self._process.wait()

    def close(self) -> None:
        """Its standard input ends, and so should it: by itself, else by force."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(PATIENCE)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.kill()
        for thread in self._threads:
            thread.join(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ended(self) -> Ended:
        self._process.wait()
        for thread in self._threads:
            thread.join(PATIENCE)
        return Ended(f"{self.peer.name} has ended with {self._process.returncode}: {self.last_words}")

    def _hear_all(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            self._said.put(line)
        self._said.put(None)

    def _note_errors(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            if text := line.decode(errors="replace").strip():
                self._errors.append(text)


class Shim:
    """The functions of a peer: `shim` of its folder, without a network."""

    def __init__(self, peer: Peer, module: str = "shim") -> None:
        """Raises NotInstalled."""
        self.peer = peer
        self._process = Process(peer, module, offline=True)

    @property
    def running(self) -> bool:
        return self._process.running

    def call(self, verb: str, time: float = TIME, /, **arguments: Any) -> Any:
        """What the peer answers. Raises Refused with its own error, Hung after so many seconds (it is ended), Ended."""
        self._process.say({"verb": verb, "with": arguments})
        try:
            answer = self._process.hear(time)
        except Hung:
            self._process.kill()
            raise
        if "unknown" in answer:
            raise PeerError(f"{self.peer.name} has no verb {verb!r}")
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["value"]

    def close(self) -> None:
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _offline() -> tuple[str, ...]:
    """What starts a command in a network of its own, which nothing is connected to; empty if the system refuses."""
    if sys.platform == "linux":
        for prefix in (("unshare", "--net"), ("unshare", "--net", "--map-current-user")):
            try:
                if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
                    return prefix
            except FileNotFoundError:
                return ()
    return ()


def can_be_offline() -> bool:
    """Whether shims are really kept from the network here; elsewhere none of them opens a socket by what they call."""
    return bool(_offline())
