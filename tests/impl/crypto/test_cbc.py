import pytest

from impl.crypto import cbc

# NIST SP 800-38A, sections F.2.5 and F.2.6
KEY = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
IV = bytes(range(16))


def test_cbc_of_nist_sp_800_38a():
    plaintext = bytes.fromhex(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
    )
    ciphertext = bytes.fromhex(
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
        "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
    )
    sealed = cbc.encrypt(KEY, IV, plaintext)
    assert sealed[:64] == ciphertext, "the padding is a fifth block of its own"
    assert cbc.decrypt(KEY, IV, sealed) == plaintext


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 64])
def test_padding_is_always_added_and_removed(length):
    ciphertext = cbc.encrypt(KEY, IV, b"x" * length)
    assert len(ciphertext) == length // 16 * 16 + 16
    assert cbc.decrypt(KEY, IV, ciphertext) == b"x" * length


@pytest.mark.parametrize("ciphertext", [b"", b"x" * 15, b"x" * 17])
def test_broken_blocks_are_refused(ciphertext):
    with pytest.raises(ValueError):
        cbc.decrypt(KEY, IV, ciphertext)


@pytest.mark.parametrize("ending", [b"\x00", b"\x11", b"\xff", b"\x01\x02", b"\x02\x03\x03"])
def test_wrong_padding_is_refused(ending):
    # the padding block that `encrypt` adds falls away, so the last block ends as we choose
    ciphertext = cbc.encrypt(KEY, IV, b"x" * (16 - len(ending)) + ending)[:16]
    with pytest.raises(ValueError):
        cbc.decrypt(KEY, IV, ciphertext)
