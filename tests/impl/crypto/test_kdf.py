from impl.crypto.kdf import hkdf, hmac_sha256, pbkdf2


def test_hkdf_of_rfc_5869_case_1():
    derived = hkdf(b"\x0b" * 22, bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), 42, bytes.fromhex("000102030405060708090a0b0c"))
    assert derived.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")


def test_no_salt_is_32_zero_bytes():
    assert hkdf(b"ikm", b"info", 80) == hkdf(b"ikm", b"info", 80, bytes(32))


def test_hmac_of_rfc_4231_case_2():
    code = hmac_sha256(b"Jefe", b"what do ya want for nothing?")
    assert code.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_pbkdf2_of_rfc_7914():
    derived = pbkdf2(b"Password", b"NaCl", 80000, 64)
    assert derived.hex() == (
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
    )
