"""AES-CBC-PKCS5: every case with a 256-bit key, and no other key size."""

from collections import Counter

import pytest

from impl.crypto import cbc
from tests.vectors.wycheproof import load

VECTORS = load(
    "aes_cbc_pkcs5",
    "ind_cpa_test_schema_v1.json",
    group={"ivSize", "keySize"},
    case={"ct", "iv", "key", "msg"},
    flags={"BadPadding", "NoPadding", "Pseudorandom"},
)
OF_256_BITS = [vector for vector in VECTORS if vector.group["keySize"] == 256]
OF_OTHER_SIZES = [vector for vector in VECTORS if vector.group["keySize"] != 256]


@pytest.mark.parametrize("vector", OF_256_BITS, ids=str)
def test_wycheproof(vector):
    key, iv, ciphertext = vector.data("key"), vector.data("iv"), vector.data("ct")
    if vector.valid:
        assert cbc.encrypt(key, iv, vector.data("msg")) == ciphertext
        assert cbc.decrypt(key, iv, ciphertext) == vector.data("msg")
    else:
        with pytest.raises(ValueError):
            cbc.decrypt(key, iv, ciphertext)


@pytest.mark.parametrize("vector", OF_OTHER_SIZES, ids=str)
def test_shorter_keys_are_refused(vector):
    with pytest.raises(ValueError, match="key size"):
        cbc.encrypt(vector.data("key"), vector.data("iv"), vector.data("msg"))
    with pytest.raises(ValueError, match="key size"):
        cbc.decrypt(vector.data("key"), vector.data("iv"), vector.data("ct"))


def test_how_many_there_are():
    assert Counter(vector.case["result"] for vector in OF_256_BITS) == {"valid": 24, "invalid": 48}
    assert len(OF_OTHER_SIZES) == 144
