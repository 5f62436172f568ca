"""Steps that whole clients take alike, for the tests of each: what is done, and what has to be seen of it."""

from __future__ import annotations

from typing import Protocol

from impl.address import chat_jid
from impl.serve.cast import BOB, CAROL, GROUP
from tests.interop.clients.actor import Actor
from tests.interop.clients.linked import TO_BOB
from tests.interop.clients.stage import Stage


class Companion(Protocol):
    """One that alice's phone has linked; it can be started anew where the last one left off."""

    actor: Actor
    jid: str

    def started(self) -> Actor: ...


def writes_to_bob(stage: Stage, actor: Actor, hearer: str) -> None:
    text = f"Hello {hearer}"
    actor.do("send", to=TO_BOB, text=text)
    assert stage.hears(hearer, text).endswith(f"in {'alice' if hearer.startswith('bob') else 'bob'}: {text}")


def hears_a_contact(stage: Stage, actor: Actor, writer: str) -> None:
    stage.tell(f"send {writer} alice 'Hello from {writer}'")
    heard = actor.ever("message", text=f"Hello from {writer}")
    user = CAROL.user if writer == "carol" else BOB.user
    assert (heard["chat"], heard["from_me"]) == (chat_jid(user), False)


def keeps_the_order_of_a_long_conversation(stage: Stage, actor: Actor) -> None:
    for i in range(10):
        stage.tell(f"send bob alice 'ping {i}'")
        actor.ever("message", text=f"ping {i}")
        actor.do("send", to=TO_BOB, text=f"pong {i}")
        stage.hears("bob", f"pong {i}")
    for who in ("bob", "bob-web", "alice", "alice-web"):
        stage.hears(who, "pong 9")
        said = [line for line in stage.tell(f"said {who}") if "ping " in line or "pong " in line]
        assert [line.split(": ")[1] for line in said] == [f"{word} {i}" for i in range(10) for word in ("ping", "pong")]


def writes_in_a_group(stage: Stage, actor: Actor, hearer: str) -> None:
    text = f"All of you, and {hearer}"
    actor.do("send", to=stage.house.groups[GROUP], text=text)
    assert stage.hears(hearer, text).endswith(f"in {GROUP}: {text}")


def goes_on_while_the_phone_is_off(stage: Stage, actor: Actor) -> None:
    stage.tell("off alice")
    actor.do("send", to=TO_BOB, text="The phone is off")
    stage.hears("bob", "The phone is off")
    stage.tell("send bob alice 'I hear you all the same'")
    actor.ever("message", text="I hear you all the same")
    stage.tell("on alice")
    stage.hears("alice", "The phone is off")


def logs_in_again_after_a_restart(stage: Stage, linked: Companion) -> None:
    linked.actor.kill()
    stage.tell("send bob alice 'While you were away'")
    linked.actor = linked.started()
    linked.actor.until("open", jid=linked.jid)
    linked.actor.ever("message", text="While you were away")
    linked.actor.do("send", to=TO_BOB, text="Back again")
    stage.hears("bob", "Back again")
    assert not linked.actor.told("qr")
