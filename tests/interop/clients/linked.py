"""A Python client that alice's phone has linked, on the stage."""

from __future__ import annotations

from pathlib import Path

from impl.address import Address, chat_jid
from impl.serve.cast import BOB, CAROL
from impl.serve.errors import Unable
from tests.interop.clients.actor import Actor
from tests.interop.clients.stage import Stage
from tests.interop.conftest import installed

CHROME = "1"
TO_BOB, TO_CAROL = chat_jid(BOB.user), chat_jid(CAROL.user)


class Linked:
    """One of `name`, and where it keeps its state. `refused` is what our phone says to its QR, if anything.

    A QR of four fields has no client type, and current phones refuse it. Here it is completed as if by hand, with the
    type of the browser that the client claims to be.
    """

    def __init__(self, name: str, stage: Stage, state: Path) -> None:
        self.name = name
        self.stage = stage
        self.state = state
        self.refused = ""
        # pywhats reads a history that is a file, and none inside the message (`history.py`, line 78)
        stage.house.phone_of("alice")[1].inline_limit = 0
        self.actor = self.started()
        self._scan(self.actor.until("qr")["text"])
        self.jid: str = self.actor.until("paired")["jid"]
        self.actor.until("open", jid=self.jid)
        stage.until(lambda: self.address in stage.server.directory.bundles, "others can reach it")

    @property
    def address(self) -> Address:
        return Address.parse(self.jid)

    def started(self) -> Actor:
        return Actor(installed(self.name), self.stage.url, self.stage.root, self.state)

    def restart(self) -> None:
        self.actor.close()
        self.actor = self.started()
        self.actor.until("open", jid=self.jid)

    def unlink(self) -> None:
        self.stage.tell(f"unlink {self.address.device}")

    def _scan(self, text: str) -> None:
        try:
            self.stage.tell(f"scan '{text}'")
        except Unable as unable:
            self.refused = str(unable)
            self.stage.tell(f"scan '{text},{CHROME}'")


def listed(stage: Stage) -> set[Address | None]:
    """What alice's phone shows as linked."""
    return {each.address for each in stage.house.phone_of("alice")[1].linked_devices}
