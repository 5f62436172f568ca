"""What the messages of a world say: a text, a text that disappears, or a medium to be viewed once and its file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from impl import attachments
from impl.durations import DAY
from impl.messages import MessageKey
from impl.wire.content import ChatBody, Text, Timer

if TYPE_CHECKING:
    from properties.conform.world import World

LASTS = DAY
"""For how many seconds a message that disappears is there."""


class Bodies:
    """By the names of the scope. Where nothing disappears, texts say nothing of a timer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files: dict[str, bytes] = {}
        self._timers = any(spec.ends == "timer" for spec in world.messages.values())
        self._media = {name: self._medium(name) for name, spec in world.messages.items() if spec.ends == "view"}

    def of(self, message: str) -> ChatBody:
        """What it says; the timer of a chat holds for what says nothing, so where there is one each says its own."""
        if message in self._media:
            return self._media[message]
        return Text(self.world.text_of(message), self._timer(message))

    def key_of(self, message: str, device: str) -> MessageKey:
        """How the device names it."""
        author = self.world.address(self.world.spec_of(message).author)
        own = self.world.account(device) == author.user
        return MessageKey(
            self.world.message_id(message), author, self.world.spec_of(message).to if own else author.user
        )

    def _timer(self, message: str) -> Timer | None:
        lasts = LASTS if self.world.spec_of(message).ends == "timer" else 0
        return Timer(lasts, self.world.now) if self._timers else None

    def _medium(self, message: str) -> ChatBody:
        source, target = BytesIO(self.world.text_of(message).encode()), BytesIO()
        medium = attachments.attach(source, target, "image", "image/png", self.world.entropy, view_once=True)
        self.files[message] = target.getvalue()
        return replace(medium, timer=self._timer(message))
