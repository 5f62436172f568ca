from impl.net.limits import TokenBucket


def test_a_bucket_gives_what_is_in_it_and_what_flows_in() -> None:
    bucket = TokenBucket(rate=2, burst=3, now=100)
    assert [bucket.take(100) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(100.4)
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]
    assert [bucket.take(1000) for _ in range(4)] == [True, True, True, False]


def test_what_a_bucket_is_given_comes_on_top_and_flows_nowhere() -> None:
    bucket = TokenBucket(rate=2, burst=3, now=100)
    bucket.give(2)
    assert [bucket.take(100)] == [True]
    assert [bucket.take(1000) for _ in range(5)] == [True, True, True, True, False]
