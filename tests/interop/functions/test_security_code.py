"""The code that people compare: with one device a side it is Signal's."""

from impl.crypto.entropy import seeded
from impl.foreign.process import Shim
from impl.security_code import digits, security_code


def test_digits_and_qr(peer: Shim) -> None:
    entropy = seeded(b"interop security code")
    for number in range(5):
        own, other = f"1555000{number}", f"1666000{number}"
        keys = entropy(32), entropy(32)
        theirs = peer.call("security_code", own=own, own_key=keys[0], other=other, other_key=keys[1])
        code = security_code(own, [keys[0]], other, [keys[1]])
        assert (digits(code), code.encode()) == (theirs["digits"], theirs["qr"])
