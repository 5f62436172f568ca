"""HKDF-SHA-256, up to the longest output and one byte beyond it."""

from collections import Counter

import pytest

from impl.crypto.kdf import hkdf
from tests.vectors.wycheproof import load

VECTORS = load(
    "hkdf_sha256",
    "hkdf_test_schema_v1.json",
    group={"keySize"},
    case={"ikm", "info", "okm", "salt", "size"},
    flags={"EmptySalt", "MaximalOutputSize", "Normal", "OutputCollision", "SizeTooLarge"},
)


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_wycheproof(vector):
    ikm, info, size = vector.data("ikm"), vector.data("info"), vector.case["size"]
    if vector.valid:
        assert hkdf(ikm, info, size, vector.data("salt")) == vector.data("okm")
    else:
        with pytest.raises(ValueError):
            hkdf(ikm, info, size, vector.data("salt"))


@pytest.mark.parametrize("vector", [each for each in VECTORS if "EmptySalt" in each.flags], ids=str)
def test_no_salt_is_an_empty_one(vector):
    assert hkdf(vector.data("ikm"), vector.data("info"), vector.case["size"]) == vector.data("okm")


def test_how_many_there_are():
    assert Counter(vector.case["result"] for vector in VECTORS) == {"valid": 83, "invalid": 3}
    sizes = {vector.case["size"] for vector in VECTORS if vector.flags & {"MaximalOutputSize", "SizeTooLarge"}}
    assert sizes == {255 * 32, 255 * 32 + 1}
