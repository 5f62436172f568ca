"""Every target keeps its promises on its seeds, on any bytes, at its limits, and on what once broke it."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.corpus import seeds
from fuzz.errors import FuzzError
from fuzz.libfuzzer import DICTIONARIES
from fuzz.oracles import check
from fuzz.targets import TARGETS, Target, named
from fuzz.triage import regression_cases
from impl.crypto.entropy import seeded
from impl.wire import content, history
from impl.wire.adv import IdentityContainer, KeyIndexList, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.content import HistoryNotice, Text
from impl.wire.errors import DecodeError
from impl.wire.frames import PreKeySignalMessage, SignalMessage
from impl.wire.qr import Qr

SEEDS = seeds(0)
EACH = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
KEY = bytes(32)


def accepts(target: Target, data: bytes) -> bool:
    with suppress(DecodeError):
        target.decode(data)
        return True
    return False


@EACH
def test_seeds_keep_every_promise_and_reach_both_outcomes(target: Target) -> None:
    for data in SEEDS[target.name]:
        check(target, data)
    assert {accepts(target, data) for data in SEEDS[target.name]} == {True, False}


def test_seeds_depend_on_nothing_but_their_number() -> None:
    assert seeds(0) == SEEDS
    assert seeds(1).keys() == SEEDS.keys() == TARGETS.keys()
    assert seeds(1)["signed-identity"] != SEEDS["signed-identity"]


@EACH
def test_seeds_and_dictionary_fit_the_target(target: Target) -> None:
    assert all(len(data) <= target.max_len for data in SEEDS[target.name])
    assert (DICTIONARIES / f"{target.dictionary}.dict").is_file()


@EACH
@given(data=st.binary(max_size=200))
def test_any_bytes_keep_every_promise(target: Target, data: bytes) -> None:
    check(target, data)


@EACH
@given(data=st.data())
def test_any_bytes_inside_an_accepted_input_keep_every_promise(target: Target, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[target.name]))
    at = data.draw(st.integers(0, len(seed)))
    removed = data.draw(st.integers(0, 4))
    check(target, seed[:at] + data.draw(st.binary(max_size=4)) + seed[at + removed :])


@pytest.mark.parametrize(("path", "name"), regression_cases().items(), ids=lambda value: getattr(value, "name", ""))
def test_what_once_broke_a_decoder_no_longer_does(path: Path, name: str) -> None:
    check(TARGETS[name], path.read_bytes())


def test_an_unknown_target_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(FuzzError, match=r"'pairing-code'; there are qr, address, .*history-blob$"):
        named(["qr", "pairing-code"])
    assert [target.name for target in named([])] == list(TARGETS)


def _qr(size: int) -> bytes:
    return Qr("r" * (size - 175), KEY, KEY, KEY, "1").encode().encode()


def _identity(size: int) -> bytes:
    return SignedDeviceIdentity(bytes(size - 3)).encode()


def _container(size: int) -> bytes:
    return IdentityContainer(bytes(size - 37), KEY).encode()


def _list(size: int) -> bytes:
    return SignedKeyIndexList(bytes(size - 69), bytes(64)).encode()


def _indexes(count: int) -> bytes:
    return KeyIndexList(1, 2, 3, tuple(range(count))).encode()


def _frame(previous_counter: int, blocks: int = 65533) -> bytes:
    return SignalMessage(KEY, 2**32 - 1, previous_counter, bytes(16 * blocks), bytes(8)).encode()


def _first_frame(one_time_id: int = 1, signed_prekey_id: int = 1, registration_id: int = 1, blocks: int = 1) -> bytes:
    frame = _frame(128, blocks)
    return PreKeySignalMessage(registration_id, one_time_id, signed_prekey_id, KEY, KEY, frame).encode()


def _ratchet_key(size: int) -> bytes:
    fields = bytes([0x0A, size + 1, 0x05]) + bytes(size) + bytes.fromhex("10001800") + b"\x22\x10" + bytes(16)
    return b"\x33" + fields + bytes(8)


def _text(size: int) -> bytes:
    return content.encode(Text("a" * (size - 4)))


def _notice(length: int = 1, progress: int = 0) -> bytes:
    return content.encode(HistoryNotice(KEY, length, KEY, KEY, "/", progress=progress))


def _stream(beyond: int) -> bytes:
    """A stream that inflates to 200 times its own length, and `beyond` bytes more."""
    noise, size = seeded(b"noise")(1000), 0
    for _ in range(20):
        size = history.RATIO_LIMIT * len(zlib.compress(noise + bytes(size))) - len(noise)
    return zlib.compress(noise + bytes(size + beyond))


@pytest.mark.parametrize(
    ("name", "longest", "beyond"),
    [
        ("qr", _qr(512), _qr(513)),
        ("address", b"1" * 32 + b"@s.whatsapp.net", b"1" * 33 + b"@s.whatsapp.net"),
        ("address", b"1:255@s.whatsapp.net", b"1:256@s.whatsapp.net"),
        ("identity-container", _container(500), _container(501)),
        ("signed-identity", _identity(500), _identity(501)),
        ("signed-key-index-list", _list(4096), _list(4097)),
        ("key-index-list", _indexes(64), _indexes(65)),
        ("padding", b"a" + b"\x10" * 16, b"a" + b"\x11" * 17),
        ("plaintext", _text(1 << 20) + b"\x01", _text((1 << 20) + 1) + b"\x01"),
        ("message-frame", _frame(128), _frame(1 << 14)),
        ("message-frame", _ratchet_key(32), _ratchet_key(33)),
        ("prekey-message-frame", _first_frame(one_time_id=(1 << 24) - 1), _first_frame(one_time_id=1 << 24)),
        ("prekey-message-frame", _first_frame(signed_prekey_id=(1 << 24) - 1), _first_frame(signed_prekey_id=1 << 24)),
        (
            "prekey-message-frame",
            _first_frame(1, (1 << 24) - 1, (1 << 32) - 1, blocks=65527),
            _first_frame(128, (1 << 24) - 1, (1 << 32) - 1, blocks=65527),
        ),
        ("history-notice", _notice(length=64 << 20), _notice(length=(64 << 20) + 1)),
        ("history-notice", _notice(progress=100), _notice(progress=101)),
        ("history-stream", _stream(beyond=0), _stream(beyond=1)),
        ("history-stream", zlib.compress(bytes(64 << 20), 0), zlib.compress(bytes((64 << 20) + 1), 0)),
    ],
)
def test_limits_from_both_sides(name: str, longest: bytes, beyond: bytes) -> None:
    assert accepts(TARGETS[name], longest)
    assert not accepts(TARGETS[name], beyond)
