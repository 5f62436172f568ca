from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire import appstate
from impl.wire.appstate import (
    LIMIT,
    VERSION_LIMIT,
    ExternalBlob,
    KeyId,
    Mutation,
    Operation,
    Patch,
    Record,
    Snapshot,
    decode_mutations,
    encode_mutations,
)
from impl.wire.errors import DecodeError
from impl.wire.pb import appstate_pb2 as pb

HASHES = st.binary(min_size=32, max_size=32)
KEY_IDS = st.builds(KeyId, st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1))
VERSIONS = st.integers(0, VERSION_LIMIT)
BLOBS = st.integers(4, 6).flatmap(lambda blocks: st.binary(min_size=blocks * 16, max_size=blocks * 16))
RECORDS = st.builds(Record, HASHES, BLOBS, KEY_IDS)
MUTATIONS = st.lists(st.builds(Mutation, st.sampled_from(Operation), RECORDS), max_size=3).map(tuple)
EXTERNALS = st.builds(
    ExternalBlob,
    HASHES,
    st.text(st.characters(min_codepoint=33, max_codepoint=126)).map("/".__add__),
    st.integers(0, LIMIT),
    HASHES,
    HASHES,
    st.none() | st.text(),
)
NUMBERS = st.integers(0, 2**32 - 1)
PATCHES = st.builds(
    Patch,
    st.none() | VERSIONS,
    MUTATIONS,
    HASHES,
    HASHES,
    KEY_IDS,
    exit_code=NUMBERS,
    device_index=st.none() | NUMBERS,
) | st.builds(Patch, VERSIONS, st.just(()), HASHES, HASHES, KEY_IDS, EXTERNALS)
SNAPSHOTS = st.builds(Snapshot, VERSIONS, st.lists(RECORDS, max_size=3).map(tuple), HASHES, KEY_IDS)

KEY_ID = KeyId(1, 2)
RECORD = Record(b"x" * 32, b"b" * 64, KEY_ID)
MUTATION = Mutation(Operation.SET, RECORD)
EXTERNAL = ExternalBlob(bytes(32), "/path", 1, bytes(32), bytes(32))
PATCH = Patch(1, (MUTATION,), b"s" * 32, b"p" * 32, KEY_ID)
SNAPSHOT = Snapshot(1, (RECORD,), b"m" * 32, KEY_ID)


@given(PATCHES)
def test_patches(patch: Patch) -> None:
    assert Patch.decode(patch.encode()) == patch


@given(SNAPSHOTS)
def test_snapshots(snapshot: Snapshot) -> None:
    assert Snapshot.decode(snapshot.encode()) == snapshot


@given(EXTERNALS)
def test_references(external: ExternalBlob) -> None:
    assert ExternalBlob.decode(external.encode()) == external


@given(MUTATIONS.filter(bool))
def test_mutations_in_a_file(mutations: tuple[Mutation, ...]) -> None:
    assert decode_mutations(encode_mutations(mutations)) == mutations


def test_real_field_numbers() -> None:
    """Patches are compared with foreign bytes in tests/impl/appstate/test_foreign.py."""
    key = "0a06" + "000100000002"
    record = "0a22" + "0a20" + "78" * 32 + "1242" + "0a40" + "62" * 64 + "1a08" + key
    assert SNAPSHOT.encode().hex() == "0a020801" + "1272" + record + "1a20" + "6d" * 32 + "2208" + key
    end = "2220" + "73" * 32 + "2a20" + "70" * 32 + "3208" + key
    external = replace(EXTERNAL, handle="h")
    sent = Patch(None, (), PATCH.snapshot_mac, PATCH.patch_mac, KEY_ID, external, exit_code=3, device_index=4)
    reference = "0a20" + "00" * 32 + "12052f70617468" + "1a0168" + "2001" + "2a20" + "00" * 32 + "3220" + "00" * 32
    assert sent.encode().hex() == "1a72" + reference + end + "3a020803" + "4004"


def _bent(message: Any, change: Callable[[Any], Any]) -> bytes:
    change(message)
    encoded: bytes = message.SerializeToString()
    return encoded


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.ClearField("snapshotMAC"),
        lambda p: p.ClearField("patchMAC"),
        lambda p: p.ClearField("keyID"),
        lambda p: setattr(p, "snapshotMAC", bytes(31)),
        lambda p: setattr(p, "patchMAC", bytes(33)),
        lambda p: setattr(p.keyID, "ID", bytes(5)),
        lambda p: setattr(p.keyID, "ID", bytes(7)),
        lambda p: p.version.ClearField("version"),
        lambda p: setattr(p.version, "version", VERSION_LIMIT + 1),
        lambda p: p.externalMutations.ParseFromString(EXTERNAL.encode()),
        lambda p: p.mutations[0].ClearField("operation"),
        lambda p: p.mutations[0].ClearField("record"),
        lambda p: p.mutations[0].record.ClearField("index"),
        lambda p: p.mutations[0].record.ClearField("value"),
        lambda p: p.mutations[0].record.ClearField("keyID"),
        lambda p: p.mutations[0].record.value.ClearField("blob"),
        lambda p: setattr(p.mutations[0].record.index, "blob", bytes(31)),
        lambda p: setattr(p.mutations[0].record.value, "blob", bytes(48)),
        lambda p: setattr(p.mutations[0].record.value, "blob", bytes(63)),
        lambda p: setattr(p.mutations[0].record.value, "blob", bytes(65)),
    ],
)
def test_each_rule_of_a_patch(change: Callable[[Any], Any]) -> None:
    with pytest.raises(DecodeError):
        Patch.decode(_bent(pb.SyncdPatch.FromString(PATCH.encode()), change))


def test_an_operation_that_nobody_knows_is_not_a_set() -> None:
    encoded = PATCH.encode()
    at = encoded.index(b"\x08\x00\x12")
    with pytest.raises(DecodeError):
        Patch.decode(encoded[:at] + b"\x08\x02\x12" + encoded[at + 3 :])


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.ClearField("version"),
        lambda s: s.ClearField("mac"),
        lambda s: s.ClearField("keyID"),
        lambda s: s.version.ClearField("version"),
        lambda s: setattr(s, "mac", bytes(31)),
        lambda s: s.records[0].ClearField("keyID"),
    ],
)
def test_each_rule_of_a_snapshot(change: Callable[[Any], Any]) -> None:
    with pytest.raises(DecodeError):
        Snapshot.decode(_bent(pb.SyncdSnapshot.FromString(SNAPSHOT.encode()), change))


@pytest.mark.parametrize(
    "change",
    [
        *(
            lambda r, name=name: r.ClearField(name)
            for name in ("mediaKey", "directPath", "fileSizeBytes", "fileSHA256", "fileEncSHA256")
        ),
        lambda r: setattr(r, "mediaKey", bytes(31)),
        lambda r: setattr(r, "directPath", "path"),
        lambda r: setattr(r, "directPath", "/path\r\n"),
        lambda r: setattr(r, "fileSizeBytes", LIMIT + 1),
        lambda r: setattr(r, "fileSHA256", bytes(31)),
        lambda r: setattr(r, "fileEncSHA256", bytes(31)),
    ],
)
def test_each_rule_of_a_reference(change: Callable[[Any], Any]) -> None:
    with pytest.raises(DecodeError):
        ExternalBlob.decode(_bent(pb.ExternalBlobReference.FromString(EXTERNAL.encode()), change))


def test_a_file_without_mutations() -> None:
    with pytest.raises(DecodeError):
        decode_mutations(b"")


def test_records_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appstate, "RECORD_LIMIT", 2)
    for count, decode, encode in (
        (2, Snapshot.decode, lambda n: replace(SNAPSHOT, records=(RECORD,) * n).encode()),
        (2, Patch.decode, lambda n: replace(PATCH, mutations=(MUTATION,) * n).encode()),
        (2, decode_mutations, lambda n: encode_mutations((MUTATION,) * n)),
    ):
        decode(encode(count))
        with pytest.raises(DecodeError, match="limit is 2"):
            decode(encode(count + 1))


def test_bytes_are_counted() -> None:
    with pytest.raises(DecodeError, match="limit"):
        Snapshot.decode(bytes(LIMIT + 1))
    overhead = len(replace(SNAPSHOT, records=(replace(RECORD, blob=bytes(LIMIT - 1024)),)).encode()) - (LIMIT - 1024)
    blob = bytes((LIMIT - overhead) // 16 * 16)
    assert Snapshot.decode(replace(SNAPSHOT, records=(replace(RECORD, blob=blob),)).encode()).records[0].blob == blob


@pytest.mark.parametrize("length", [5, 7])
def test_a_key_id_has_six_bytes(length: int) -> None:
    assert KeyId.decode(KEY_ID.encode()) == KEY_ID
    with pytest.raises(DecodeError):
        KeyId.decode(bytes(length))


def test_the_parts_of_a_blob() -> None:
    record = replace(RECORD, blob=b"i" * 16 + b"c" * 32 + b"m" * 32)
    assert (record.sealed, record.value_mac) == (b"i" * 16 + b"c" * 32, b"m" * 32)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_value_or_an_error(data: bytes) -> None:
    for decode in (Patch.decode, Snapshot.decode, ExternalBlob.decode, decode_mutations, KeyId.decode):
        try:
            decode(data)
        except DecodeError as error:
            assert "\n" not in str(error)
