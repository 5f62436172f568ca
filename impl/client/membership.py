"""Who is in a group: asked of the server, or told by it. wire.md, section 8.3 and 14, `w:gp2`."""

from __future__ import annotations

from impl.client.directory import meet_all
from impl.device import Device
from impl.dialogue import FetchGroup, Flow, Roster, ask
from impl.refusal import Refused


def refresh(device: Device, group: str, now: int) -> Flow[list[Refused]]:
    """Asks for the members and meets those whom this device does not know. Declined to who is none of them."""
    return (yield from learn(device, (yield from ask(FetchGroup(group))), now))


def learn(device: Device, roster: Roster, now: int) -> Flow[list[Refused]]:
    """Takes what the server says and meets the members whom this device does not know. Raises Refused."""
    device.learn_group(roster.group, roster.version, roster.members, now)
    met = {address.user for address in device.peers}
    strangers = tuple(user for user in device.groups[roster.group].members if user not in met)
    return (yield from meet_all(device, strangers, now)) if strangers else []
