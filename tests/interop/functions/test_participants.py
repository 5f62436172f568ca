"""The participant hash: the same digest, cut at another place and over names in another form."""

from base64 import b64encode
from hashlib import sha256

import pytest

from impl.address import Address
from impl.foreign.process import Shim
from impl.participants import participant_hash

ROWS = (
    (Address("15550001", 0),),
    (Address("15550001", 0), Address("15550001", 7), Address("15550002", 0)),
    tuple(Address(f"1555000{user}", device) for user in range(10) for device in (0, 1, 12)),
)


def in_full(device: Address) -> str:
    """As it is hashed: with the agent, and with the device of a phone too."""
    return f"{device.user}.0:{device.device}@s.whatsapp.net"


@pytest.mark.parametrize("devices", ROWS, ids=len)
@pytest.mark.difference("participant-hash")
def test_of_the_same_names_theirs_is_the_beginning_of_ours(peer: Shim, devices: tuple[Address, ...]) -> None:
    theirs = peer.call("participant_hash", names=[in_full(each) for each in reversed(devices)])
    assert theirs == participant_hash(devices)[: len("2:") + 6]


@pytest.mark.difference("participant-hash")
def test_they_hash_the_names_that_they_are_given(peer: Shim) -> None:
    names = sorted(str(each) for each in ROWS[1])
    digest = b64encode(sha256("".join(names).encode()).digest()).decode()
    assert peer.call("participant_hash", names=names) == "2:" + digest[:6] != participant_hash(ROWS[1])[:8]
