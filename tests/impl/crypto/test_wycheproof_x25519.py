"""X25519. Wycheproof calls "acceptable" what libraries may refuse; here each such flag has one verdict."""

from collections import Counter

import pytest

from impl.crypto.keys import InvalidKey, KeyPair, dh
from tests.vectors.wycheproof import load

AGREES = None
BEYOND_THE_FIELD = "beyond the field"
ALL_ZERO = "no shared secret"

# what `dh` says because of a flag: the shared secret, or InvalidKey with these words
VERDICTS = {
    "EdgeCaseMultiplication": AGREES,
    "EdgeCasePrivateKey": AGREES,
    "EdgeCaseShared": AGREES,
    "Ktv": AGREES,
    "LowOrderPublic": ALL_ZERO,
    "NonCanonicalPublic": BEYOND_THE_FIELD,  # stricter than RFC 7748, section 5, which reduces it
    "Normal": AGREES,
    "SmallPublicKey": ALL_ZERO,
    "SpecialPublicKey": AGREES,
    "Twist": AGREES,  # RFC 7748, section 5: points of the twist are not told apart
    "ZeroSharedSecret": ALL_ZERO,
}
# of low order and at the same time not reduced, which their flags do not say
UNFLAGGED_NON_CANONICAL = range(74, 84)

VECTORS = load(
    "x25519",
    "xdh_comp_schema_v1.json",
    group={"curve"},
    case={"private", "public", "shared"},
    flags=VERDICTS,
)


def verdict(vector):
    """The coordinate is looked at before anything is computed, so that its refusal comes first."""
    verdicts = {VERDICTS[flag] for flag in vector.flags}
    if BEYOND_THE_FIELD in verdicts or vector.number in UNFLAGGED_NON_CANONICAL:
        return BEYOND_THE_FIELD
    return ALL_ZERO if ALL_ZERO in verdicts else AGREES


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_wycheproof(vector):
    private, public, expected = vector.data("private"), vector.data("public"), verdict(vector)
    if expected is AGREES:
        assert dh(private, public) == dh(KeyPair.of(private).private, public) == vector.data("shared")
    else:
        with pytest.raises(InvalidKey, match=expected):
            dh(private, public)


def test_nothing_that_is_valid_is_refused():
    assert all(verdict(vector) is AGREES for vector in VECTORS if vector.valid)


def test_how_many_there_are():
    assert Counter(map(verdict, VECTORS)) == {AGREES: 474, BEYOND_THE_FIELD: 29, ALL_ZERO: 15}
