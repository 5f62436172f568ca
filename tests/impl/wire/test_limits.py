"""Limits of the decoders in plain numbers, on both sides: the longest that is taken, and one more."""

import zlib

import pytest

from impl.wire.adv import IdentityContainer, KeyIndexList, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.errors import DecodeError
from impl.wire.history import History, inflated_limit
from impl.wire.pb import history_pb2
from impl.wire.qr import Qr


@pytest.mark.parametrize(
    ("of_details", "longest"),
    [
        (SignedDeviceIdentity, 500),
        (lambda details: IdentityContainer(details, bytes(32)), 500),
        (lambda details: SignedKeyIndexList(details, bytes(64)), 4096),
    ],
    ids=["identity", "container", "list"],
)
def test_signed_containers(of_details, longest):
    around = len(of_details(bytes(200)).encode()) - 200
    container = of_details(bytes(longest - around))
    assert len(container.encode()) == longest
    assert type(container).decode(container.encode()) == container
    with pytest.raises(DecodeError, match=f"{longest + 1} bytes, the limit is {longest}"):
        type(container).decode(of_details(bytes(longest + 1 - around)).encode())


def test_an_account_has_64_key_indexes_at_most():
    full = KeyIndexList(1, 2, 3, tuple(range(64)))
    assert KeyIndexList.decode(full.encode()) == full
    with pytest.raises(DecodeError, match="64 at most"):
        KeyIndexList.decode(KeyIndexList(1, 2, 3, tuple(range(65))).encode())


def test_a_qr_text_has_512_characters_at_most():
    around = len(Qr("", bytes(32), bytes(32), bytes(32), "1").encode())
    longest = Qr("r" * (512 - around), bytes(32), bytes(32), bytes(32), "1")
    assert Qr.decode(longest.encode()) == longest
    with pytest.raises(DecodeError, match="513 characters"):
        Qr.decode(Qr(longest.ref + "r", bytes(32), bytes(32), bytes(32), "1").encode())


@pytest.mark.parametrize(
    ("stream", "inflated"),
    [
        (0, 64 * 1024),
        (327, 64 * 1024),
        (328, 200 * 328),
        (335_544, 200 * 335_544),
        (335_545, 64 * 1024 * 1024),
    ],
)
def test_a_stream_inflates_200_fold_between_a_floor_and_a_ceiling(stream, inflated):
    assert inflated_limit(stream) == inflated


@pytest.mark.parametrize(
    ("items", "complaint"), [(1 << 18, "HistorySyncMsg.message"), ((1 << 18) + 1, "more than 262144")]
)
def test_a_bundle_has_2_to_the_18_items_at_most(items, complaint):
    # empty messages, so that a bundle that is not too large is refused for the first of them
    chat = history_pb2.Conversation(ID="1@s.whatsapp.net", messages=[history_pb2.HistorySyncMsg()] * (items - 1))
    bundle = history_pb2.HistorySync(syncType="INITIAL_BOOTSTRAP", conversations=[chat])
    with pytest.raises(DecodeError, match=complaint):
        History.decode(zlib.compress(bundle.SerializeToString(), level=0))
