"""Files at the server: kept for a month by its clock, and longer only as part of the app state."""

import pytest

from impl import names
from impl.appstate.actions import PushName
from impl.client import appstate
from impl.dialogue import Declined
from impl.durations import DAY
from impl.refusal import Refused
from impl.server import collections
from impl.server.blobs import LIFETIME, Blobs
from impl.store import MemoryStore
from tests.impl.client.street import PHOTO, Street
from tests.impl.client.town import Town

NOW = 1626220800


class Month:
    """Blobs, and a clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = MemoryStore()
        self.blobs = Blobs(self.store, lambda: self.now)

    def upload(self, path: str) -> None:
        with self.store.transaction():
            self.blobs.upload(path, path.encode())

    def has(self, path: str) -> bool:
        try:
            with self.store.transaction():
                return self.blobs.download(path) == path.encode()
        except Declined as declined:
            assert declined.code == 404
            return False


def test_a_file_is_kept_for_a_month() -> None:
    month = Month()
    month.upload("/a")
    month.now += LIFETIME - 1
    assert month.has("/a")
    month.now += 1
    assert not month.has("/a") and not month.has("/a")


def test_what_is_uploaded_again_is_kept_for_another_month() -> None:
    month = Month()
    month.upload("/a")
    month.now += DAY
    month.upload("/b")
    month.now += DAY
    month.upload("/a")
    month.now += LIFETIME - DAY
    assert month.has("/a") and not month.has("/b")


def test_an_upload_makes_room() -> None:
    month = Month()
    month.upload("/a")
    month.now += LIFETIME
    month.upload("/b")
    assert list(month.blobs.files) == list(month.blobs.uploaded) == ["/b"]


def test_what_is_kept_stays_until_it_is_deleted() -> None:
    month = Month()
    month.upload("/a")
    with month.store.transaction():
        month.blobs.keep("/a")
    month.now += 2 * LIFETIME
    assert month.has("/a")
    with month.store.transaction():
        month.blobs.delete("/a")
    assert not month.has("/a")


def test_the_phone_helps_when_the_month_is_over() -> None:
    street = Street()
    street.begin()
    message_id = street.show(street.alice, "bob")
    street.server.blobs.clock = lambda: 1 << 40
    with pytest.raises(Refused, match="gone"):
        street.fetch(street.desktop, message_id)
    street.network.settle()
    assert street.fetch(street.desktop, message_id) == PHOTO


@pytest.mark.parametrize("patches", [1, 3])
def test_app_state_outlives_it(patches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of patches, and of the snapshot that takes their place."""
    monkeypatch.setattr(appstate, "INLINE", 1)
    monkeypatch.setattr(collections, "KEPT", 1)
    town = Town()
    phone = town.phone("alice")
    town.companion(phone)
    for number in range(patches):
        town.network.run(phone, phone.change(PushName(f"Alice {number}")))
    town.server.blobs.clock = lambda: 1 << 40
    tablet = town.companion(phone)
    assert phone.refusals == tablet.refusals == []
    assert names.own(tablet.device) == f"Alice {patches - 1}"
