"""A key and its counter: no counter serves twice."""

import copy
import pickle

import pytest

from impl.transport.noise import COUNTER_LIMIT, CipherState, CounterUsedUp, SymmetricState

KEY = bytes(range(32))


def test_each_seal_uses_the_next_counter() -> None:
    sealing, opening = CipherState(KEY), CipherState(KEY)
    sealed = [sealing.seal(b"same", b"aad") for _ in range(3)]
    assert len(set(sealed)) == 3
    assert [opening.open(each, b"aad") for each in sealed] == [b"same"] * 3


def test_a_key_is_neither_copied_nor_stored() -> None:
    cipher = CipherState(KEY)
    for copying in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="counter again"):
            copying(cipher)


def test_a_key_serves_2_to_the_32_times() -> None:
    assert COUNTER_LIMIT == 1 << 32
    sealing, opening = CipherState(KEY), CipherState(KEY)
    sealing._counter = opening._counter = (1 << 32) - 1
    assert opening.open(sealing.seal(b"last")) == b"last"
    with pytest.raises(CounterUsedUp):
        sealing.seal(b"")
    with pytest.raises(CounterUsedUp):
        opening.open(bytes(16))


def test_a_counter_is_spent_even_if_sealing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    cipher, first = CipherState(KEY), CipherState(KEY).seal(b"said")
    with monkeypatch.context() as patched:
        patched.setattr("impl.crypto.gcm.seal", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            cipher.seal(b"said")
    assert cipher.seal(b"said") != first


def test_a_long_name_is_hashed_and_a_short_one_is_not() -> None:
    # 32 zero-padded bytes and their hash, from handshake.go and from `sha256sum`
    assert SymmetricState(b"Noise_XX_25519_AESGCM_SHA256")._hash == b"Noise_XX_25519_AESGCM_SHA256\0\0\0\0"
    assert SymmetricState(bytes(33))._hash.hex() == "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9"


def test_nothing_is_encrypted_before_a_key_was_mixed_in() -> None:
    with pytest.raises(AttributeError):
        SymmetricState(b"name").encrypt_and_hash(b"in the clear")
