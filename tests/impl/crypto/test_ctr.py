"""AES-256 in counter mode against NIST SP 800-38A, F.5.5."""

from impl.crypto import ctr

KEY = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
COUNTER = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
PLAIN = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
CIPHER = bytes.fromhex("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5")


def test_two_blocks() -> None:
    assert ctr.apply(KEY, COUNTER, PLAIN) == CIPHER


def test_it_undoes_itself() -> None:
    assert ctr.apply(KEY, COUNTER, CIPHER) == PLAIN
