from impl.sessions import chain, ratchet, record


def test_the_limits_are_those_of_libsignal_protocol_go():
    assert (chain.MAX_FORWARD, chain.MAX_SKIPPED) == (2000, 2000)
    assert (ratchet.MAX_CHAINS, record.MAX_ARCHIVED) == (5, 40)
