"""Peers are found by identity and by account just as if all of them were looked at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impl.address import Address
from impl.peers import Peer, Peers
from impl.store import MemoryStore, SqliteStore, Store

ADDRESSES = st.builds(Address, st.sampled_from(["alice", "bob"]), st.integers(0, 2))
PEERS = st.builds(Peer, st.sampled_from([b"\x01" * 32, b"\x02" * 32]), st.integers(0, 1))
STEPS = st.lists(st.tuples(ADDRESSES, st.none() | PEERS), max_size=12)
ALICE, DESKTOP, BOB = Address("alice", 0), Address("alice", 1), Address("bob", 0)
KEY, OTHER = b"\x01" * 32, b"\x02" * 32


@pytest.fixture(params=["memory", "disk"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    numbers = iter(range(1000))
    return MemoryStore if request.param == "memory" else lambda: SqliteStore(tmp_path / f"{next(numbers)}", False)


@given(STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_every_way_leads_to_the_same_peers(
    new_store: Callable[[], Store], steps: list[tuple[Address, Peer | None]]
) -> None:
    store = new_store()
    peers, expected = Peers(store), dict[Address, Peer]()
    for address, peer in steps:
        with store.transaction():
            if peer is None:
                peers.pop(address, None)
                expected.pop(address, None)
            else:
                peers[address] = expected[address] = peer
        for known in (peers, Peers(store)):
            assert dict(known) == dict(known.items()) == expected and list(known.values()) == list(expected.values())
            assert len(known) == len(expected) and all(address in known for address in expected)
            for user in ("alice", "bob"):
                assert sorted(known.of(user)) == sorted(each for each in expected if each.user == user)


def test_an_identity_is_held_where_it_was_met_last(new_store: Callable[[], Store]) -> None:
    store = new_store()
    peers = Peers(store)
    with store.transaction():
        assert peers.holder(KEY) is None
        peers[ALICE] = Peer(KEY, 0)
        assert peers.holder(KEY) == ALICE
        peers[ALICE] = Peer(OTHER, 0)
        assert (peers.holder(KEY), peers.holder(OTHER)) == (None, ALICE)
        peers[BOB] = Peer(OTHER, 0)
        del peers[ALICE]
        assert peers.holder(OTHER) == BOB
        del peers[BOB]
        assert peers.holder(OTHER) is None


def test_the_devices_of_an_account_come_in_the_order_of_meeting(new_store: Callable[[], Store]) -> None:
    store = new_store()
    peers = Peers(store)
    with store.transaction():
        for address in (DESKTOP, BOB, ALICE):
            peers[address] = Peer(address.user.encode() + bytes([address.device]), address.device)
    assert peers.of("alice") == (DESKTOP, ALICE)
    assert peers.of("carol") == ()


def test_what_is_undone_is_undone_everywhere(new_store: Callable[[], Store]) -> None:
    store = new_store()
    peers = Peers(store)
    with pytest.raises(RuntimeError, match="on the way"), store.transaction():
        peers[ALICE] = Peer(KEY, 0)
        raise RuntimeError("on the way")
    assert (dict(peers), peers.holder(KEY), peers.of("alice")) == ({}, None, ())
