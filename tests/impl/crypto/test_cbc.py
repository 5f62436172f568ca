import pytest

from impl.crypto import cbc

KEY = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
IV = bytes(range(16))


def test_first_block_of_nist_sp_800_38a():
    block = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert cbc.encrypt(KEY, IV, block)[:16].hex() == "f58c4c04d6e5f1ba779eabfb5f7bfbd6"


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
