from impl.sessions import chain, prekeys, ratchet, record, session

DAY = 86400


def test_the_limits_are_those_of_libsignal_protocol_go():
    assert chain.MAX_FORWARD == 2000
    assert (ratchet.MAX_CHAINS, record.MAX_ARCHIVED) == (5, 40)


def test_as_many_seeds_are_kept_as_one_message_may_skip():
    assert chain.MAX_AGE == ratchet.MAX_SKIPPED == chain.MAX_FORWARD


def test_an_unanswered_session_lasts_as_long_as_in_libsignal_and_as_its_signed_prekey():
    assert session.MAX_UNANSWERED == prekeys.GRACE == 30 * DAY


def test_prekeys_are_few_enough_to_make_and_enough_for_an_account():
    assert prekeys.ONE_TIME_MINIMUM == 1 + 4
    assert prekeys.ONE_TIME_MINIMUM < prekeys.ONE_TIME_BATCH
    assert prekeys.LAST_ID < 2**24 - 1 and prekeys.FIRST_ID > 0
