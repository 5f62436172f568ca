"""Messages that end: what happens to them, and what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping

from model.ephemeral import Ephemeral
from properties.conform.bodies import LASTS
from properties.conform.registry import observes, performs
from properties.conform.world import World

Seen = Mapping[tuple[str, ...], bool | str]


@performs(Ephemeral.expire)
def expire(world: World, device: str) -> None:
    """Its clock is ahead by what the messages last."""
    world.device(device).sweep(world.now + LASTS)


@performs(Ephemeral.view)
def view(world: World, device: str, message: str) -> None:
    world.phone(device).open_view_once(world.bodies.key_of(message, device), world.bodies.files[message], world.now)
    world.views[device, message] = world.views.get((device, message), 0) + 1


@observes(Ephemeral.there)
def there(world: World) -> Seen:
    timed = [message for message, spec in world.messages.items() if spec.ends == "timer"]
    return {
        (name, message): world.bodies.key_of(message, name) in device.messages
        for name, device in world.honest()
        for message in timed
    }


@observes(Ephemeral.viewed)
def viewed(world: World) -> Seen:
    """The device says so itself."""
    return {
        (name, message): world.bodies.key_of(message, name) in device.opened
        for name, device in world.honest()
        for message in world.bodies.files
    }


@observes(Ephemeral.viewed_twice)
def viewed_twice(world: World) -> Seen:
    """It has given out the content."""
    return {
        (name, message): world.views.get((name, message), 0) > 1
        for name, _ in world.honest()
        for message in world.bodies.files
    }
