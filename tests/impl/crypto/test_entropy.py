from impl.crypto.entropy import seeded


def test_same_seed_same_stream():
    first, second = seeded(b"a seed"), seeded(b"a seed")
    assert [first(32), first(5)] == [second(32), second(5)]


def test_draws_and_seeds_differ():
    entropy = seeded(b"a seed")
    draws = [entropy(32), entropy(32), seeded(b"another")(32)]
    assert len(set(draws)) == 3
    assert [len(seeded(b"")(length)) for length in (0, 1, 64)] == [0, 1, 64]
