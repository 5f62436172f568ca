"""What is left of a device that was unlinked: nothing, in its store and on its disk."""

from pathlib import Path

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.crypto.entropy import seeded
from impl.device import Device
from impl.kinds import DeviceProps, Platform
from impl.phone import Phone
from impl.store import MemoryStore, SqliteStore, Store
from impl.wire.content import Text
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused

WINDOWS = DeviceProps(Platform.DESKTOP, "Windows")
CANARY = "the canary sang at four"


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store", synced=False)


def linked(store: Store) -> Companion:
    """A companion with sessions and a conversation."""
    phone = Phone.register("alice", seeded(b"phone"), NOW)
    companion = Companion.create(seeded(b"companion"), NOW, WINDOWS, store)
    approval = phone.scan(companion.show_qr("ref"), NOW)
    companion.confirm(approval.container, Address("alice", 1), NOW)
    companion.learn_list("alice", phone.signed_list, NOW)
    companion.meet(phone.address, 0, phone.bundle(), NOW)
    companion.send("id", "bob", Text(CANARY), NOW)
    return companion


def keys(companion: Companion) -> tuple[object, ...]:
    (prekey,) = companion.signed_prekeys.values()
    return companion.identity, companion.noise, companion.registration_id, prekey.pair


def test_nothing_of_the_account_stays(store: Store) -> None:
    companion = linked(store)
    companion.forget(NOW)
    fresh = Companion.create(seeded(b"other"), NOW, WINDOWS)
    assert (companion.address, companion.device_identity, companion.secret, companion.links) == (None, None, None, 0)
    tables = "pins", "views", "peers", "records", "messages", "deliveries", "outbox", "sent", "one_time_prekeys"
    for table in tables:
        assert not getattr(companion, table), table
    assert len(companion.signed_prekeys) == len(fresh.signed_prekeys)
    assert companion.props == WINDOWS


def test_every_key_is_another(store: Store) -> None:
    companion = linked(store)
    former = keys(companion)
    companion.forget(NOW)
    assert not any(old == new for old, new in zip(former, keys(companion), strict=True))


def test_what_was_forgotten_is_not_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "store"
    companion = linked(SqliteStore(path))
    (record,) = companion.records.values()
    prekey = companion.signed_prekeys[1]
    secrets = [
        companion.identity.private,
        companion.noise.private,
        prekey.pair.private,
        record.current.ratchet.own.private,
        CANARY.encode(),
        companion.pins["alice"],
    ]
    assert all(secret in path.read_bytes() for secret in secrets)
    companion.forget(NOW)
    on_disk = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert not any(secret in on_disk for secret in secrets)


def test_forgetting_is_all_or_nothing(store: Store) -> None:
    companion = linked(store)

    def broken(length: int) -> bytes:
        raise OSError("no entropy")

    companion.entropy = broken
    identity = companion.identity
    with pytest.raises(OSError, match="no entropy"):
        companion.forget(NOW)
    assert companion.identity == identity
    assert [message.text for message in companion.conversation] == [CANARY]


def test_an_unlinked_session_is_over_but_its_device_stays_known() -> None:
    home = Household()
    alice, bob = home.phone("alice"), home.phone("bob")
    web = home.companion(alice)
    home.introduce()
    assert web.address is not None
    alice.unlink(1, NOW)
    bob.learn_list("alice", alice.signed_list, NOW)
    everybody: tuple[Device, ...] = (alice, bob)
    for device in everybody:
        assert web.address not in device.records
        assert device.peers[web.address].identity == web.identity.public
    with refused(bob, "met"):
        bob.seal(web.address, b"text", "id", "message", NOW)
    with refused(bob, "listed"):
        bob.meet(web.address, 1, web.bundle(), NOW)


def test_an_unlinked_newcomer_gets_no_history() -> None:
    home = Household()
    alice = home.phone("alice")
    web = home.companion(alice)
    assert web.address is not None
    alice.joined(web.address, web.confirmation, web.props)
    assert alice.newcomers
    alice.unlink(1, NOW)
    assert not alice.newcomers and not alice.linked_devices


def test_to_hear_twice_that_it_joined_changes_nothing() -> None:
    home = Household()
    alice = home.phone("alice")
    web = home.companion(alice)
    assert web.address is not None
    alice.joined(web.address, web.confirmation, web.props)
    alice.share_history(web.address, web.confirmation, web.bundle(), NOW)
    before = alice.snapshot()
    alice.joined(web.address, web.confirmation, web.props)
    assert alice.snapshot() == before
