"""HMAC-SHA-256, with tags of 256 bits and cut to 128."""

from collections import Counter

import pytest

from impl.crypto.kdf import hmac_sha256
from tests.vectors.wycheproof import load

VECTORS = load(
    "hmac_sha256",
    "mac_test_schema_v1.json",
    group={"keySize", "tagSize"},
    case={"key", "msg", "tag"},
    flags={"ModifiedTag", "Pseudorandom"},
)


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_wycheproof(vector):
    code = hmac_sha256(vector.data("key"), vector.data("msg"))
    assert (code[: vector.group["tagSize"] // 8] == vector.data("tag")) == vector.valid


def test_how_many_there_are():
    assert Counter((vector.group["tagSize"], vector.case["result"]) for vector in VECTORS) == {
        (256, "valid"): 33,
        (256, "invalid"): 54,
        (128, "valid"): 33,
        (128, "invalid"): 54,
    }
