import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire import appstate
from impl.wire.actiondata import ActionData
from impl.wire.appstate import LIMIT, CollectionName, KeyId
from impl.wire.errors import DecodeError
from impl.wire.inflating import RATIO_LIMIT
from impl.wire.pb import appstate_pb2 as pb
from impl.wire.recovery import PlainRecord, Recovery

RECORD = PlainRecord(ActionData(b'["a"]', b"v", 1), KeyId(1, 2), b"m" * 32)
RECOVERY = Recovery(1, CollectionName.REGULAR, (RECORD,), b"h" * 128)


@pytest.mark.parametrize("compressed", [False, True])
def test_decoding_undoes_encoding(compressed: bool) -> None:
    encoded = RECOVERY.encode()
    assert Recovery.decode(gzip.compress(encoded) if compressed else encoded, compressed) == RECOVERY


def test_real_field_numbers() -> None:
    action = "0a05" + b'["a"]'.hex() + "120176" + "1a00" + "2001"
    record = "0a0e" + action + "1206" + "000100000002" + "1a20" + "6d" * 32
    name = "1207" + b"regular".hex()
    assert RECOVERY.encode().hex() == "0a020801" + name + "1a3a" + record + "228001" + "68" * 128


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.ClearField("version"),
        lambda r: r.ClearField("collectionName"),
        lambda r: setattr(r, "collectionName", "irregular"),
        lambda r: r.ClearField("collectionLthash"),
        lambda r: setattr(r, "collectionLthash", bytes(127)),
        lambda r: r.mutationRecords[0].ClearField("value"),
        lambda r: r.mutationRecords[0].ClearField("keyID"),
        lambda r: r.mutationRecords[0].ClearField("mac"),
        lambda r: setattr(r.mutationRecords[0], "mac", bytes(31)),
        lambda r: setattr(r.mutationRecords[0], "keyID", bytes(5)),
        lambda r: setattr(r.mutationRecords[0].value, "index", b"{}"),
    ],
)
def test_each_rule(change: Callable[[Any], Any]) -> None:
    message = pb.SyncdSnapshotRecovery.FromString(RECOVERY.encode())
    change(message)
    with pytest.raises(DecodeError):
        Recovery.decode(message.SerializeToString(), compressed=False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        RECOVERY.encode(),
        gzip.compress(RECOVERY.encode())[:-1],
        gzip.compress(RECOVERY.encode()) + b"x",
        gzip.compress(RECOVERY.encode()) * 2,
    ],
    ids=["nothing", "no gzip", "cut", "one byte more", "two members"],
)
def test_other_streams_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        Recovery.decode(data, compressed=True)


def test_inflating_stops_at_the_limit() -> None:
    head = RECOVERY.encode() + b"\x9a\x06"  # an unknown field
    filler = LIMIT - len(head) - 4
    size = bytes([filler & 0x7F | 0x80, filler >> 7 & 0x7F | 0x80, filler >> 14 & 0x7F | 0x80, filler >> 21])
    full = head + size + bytes(filler)
    assert Recovery.decode(gzip.compress(full, 0), compressed=True) == RECOVERY
    with pytest.raises(DecodeError, match="inflates beyond"):
        Recovery.decode(gzip.compress(full + b"\x00", 0), compressed=True)


def test_a_bomb_is_refused_long_before_the_limit() -> None:
    bomb = gzip.compress(RECOVERY.encode() + b"\x1a\x00" * (4 << 20))
    with pytest.raises(DecodeError, match=f"inflates beyond {RATIO_LIMIT * len(bomb)} bytes"):
        Recovery.decode(bomb, compressed=True)


def test_records_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appstate, "RECORD_LIMIT", 2)
    Recovery.decode(replace(RECOVERY, records=(RECORD,) * 2).encode(), compressed=False)
    with pytest.raises(DecodeError, match="limit is 2"):
        Recovery.decode(replace(RECOVERY, records=(RECORD,) * 3).encode(), compressed=False)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    for encoded, compressed in ((data, False), (data, True), (gzip.compress(data), True)):
        try:
            Recovery.decode(encoded, compressed)
        except DecodeError as error:
            assert "\n" not in str(error)
