import pytest

from impl.groups.chain import MAX_FORWARD, MAX_SKIPPED, MessageKeys, ReceivingChain
from impl.sessions import SessionError
from impl.sessions.chain import Chain

START = Chain(bytes(range(32)))


def seeds(count):
    chain, made = START, []
    for _ in range(count):
        chain, seed = chain.step()
        made.append(seed)
    return made


def refused(chain, iteration):
    with pytest.raises(SessionError) as refusal:
        chain.take(iteration)
    return refusal.value.reason


def test_the_limits_are_those_of_libsignal_protocol_go():
    assert (MAX_FORWARD, MAX_SKIPPED) == (2000, 2000)


def test_every_message_has_its_own_keys():
    made = [MessageKeys.derive(seed) for seed in seeds(50)]
    assert len({keys.cipher for keys in made} | {keys.iv for keys in made}) == 100
    assert (len(made[0].iv), len(made[0].cipher)) == (16, 32)


def test_seeds_come_out_in_any_order_and_once():
    chain = ReceivingChain(START)
    for iteration in (3, 0, 4, 1, 2):
        chain, seed = chain.take(iteration)
        assert seed == seeds(5)[iteration]
    assert not chain.skipped and chain.chain.index == 5
    assert {refused(chain, iteration) for iteration in range(5)} == {"duplicate"}


def test_a_step_forward_is_bounded():
    chain, _ = ReceivingChain(START).take(0)
    assert refused(chain, 1 + MAX_FORWARD + 1) == "too_far"
    chain, seed = chain.take(1 + MAX_FORWARD)
    assert seed == seeds(MAX_FORWARD + 2)[-1]


def test_skipped_seeds_are_bounded_and_the_oldest_go_first():
    chain, _ = ReceivingChain(START).take(MAX_FORWARD)
    chain, _ = chain.take(MAX_FORWARD + 10)
    assert len(chain.skipped) == MAX_SKIPPED
    # nine new ones came, and the nine oldest of 2000 went
    assert refused(chain, 8) == "duplicate"
    assert chain.take(9)[1] == seeds(10)[9]


def test_taking_changes_nothing_in_place():
    chain, _ = ReceivingChain(START).take(3)
    before = dict(chain.skipped), chain.chain
    chain.take(1)
    chain.take(9)
    assert (dict(chain.skipped), chain.chain) == before


def test_damaged_padding_is_a_refusal():
    keys = MessageKeys.derive(seeds(1)[0])
    two_blocks = keys.encrypt(bytes(16))
    assert keys.decrypt(two_blocks) == bytes(16)
    with pytest.raises(SessionError) as refusal:
        keys.decrypt(two_blocks[:16])
    assert refusal.value.reason == "bad_padding"
