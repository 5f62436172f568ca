import pytest

from impl.sessions import SessionError
from impl.sessions.chain import MAX_AGE, MAX_FORWARD, Chain, MessageKeys, ReceivingChain

START = Chain(bytes(range(32)))


def seeds(count):
    chain, made = START, []
    for _ in range(count):
        chain, seed = chain.step()
        made.append(seed)
    return made


def refused(chain, counter):
    with pytest.raises(SessionError) as refusal:
        chain.take(counter)
    return refusal.value.reason


def test_every_message_has_its_own_keys():
    made = [MessageKeys.derive(seed) for seed in seeds(50)]
    assert len({keys.cipher for keys in made} | {keys.mac for keys in made}) == 100
    assert (len(made[0].cipher), len(made[0].mac), len(made[0].iv)) == (32, 32, 16)


def test_seeds_come_out_in_any_order_and_once():
    chain = ReceivingChain(START)
    for counter in (3, 0, 4, 1, 2):
        chain, seed = chain.take(counter)
        assert seed == seeds(5)[counter]
    assert not chain.skipped and chain.chain.index == 5
    assert {refused(chain, counter) for counter in range(5)} == {"duplicate"}


def test_a_step_forward_is_bounded():
    chain, _ = ReceivingChain(START).take(0)
    assert refused(chain, 1 + MAX_FORWARD + 1) == "too_far"
    chain, seed = chain.take(1 + MAX_FORWARD)
    assert seed == seeds(MAX_FORWARD + 2)[-1]


def test_a_skipped_seed_is_given_up_at_an_age():
    chain, _ = ReceivingChain(START).take(3)
    chain, _ = chain.take(1 + MAX_AGE)
    assert refused(chain, 0) == "duplicate"
    assert chain.take(1)[1] == seeds(2)[1]
    chain, _ = chain.take(2 + MAX_AGE)  # a step without a gap lets seeds age too
    assert refused(chain, 1) == "duplicate"
    assert chain.take(2)[1] == seeds(3)[2]


def test_taking_changes_nothing_in_place():
    chain, _ = ReceivingChain(START).take(3)
    before = dict(chain.skipped), chain.chain
    chain.take(1)
    chain.take(9)
    assert (dict(chain.skipped), chain.chain) == before


def test_the_oldest_seeds_can_be_given_up():
    chain, _ = ReceivingChain(START).take(4)
    assert list(chain.without_oldest(1).skipped) == [1, 2, 3]
    assert list(chain.without_oldest(5).skipped) == []
