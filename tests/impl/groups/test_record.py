from dataclasses import replace

from impl.crypto.entropy import seeded
from impl.groups.record import MAX_STATES, SenderKeyRecord
from impl.groups.senderkey import OwnSenderKey
from impl.groups.state import SenderKeyState


def state(name: str) -> SenderKeyState:
    return SenderKeyState.of(OwnSenderKey.generate(seeded(name.encode())).distribution())


def of(*states: SenderKeyState) -> SenderKeyRecord:
    record = SenderKeyRecord()
    for each in states:
        record = record.learn(each)
    return record


def test_the_limit_is_that_of_libsignal():
    assert MAX_STATES == 5


def test_keys_are_kept_newest_first_and_the_oldest_goes():
    states = [state(f"key {number}") for number in range(MAX_STATES + 1)]
    full = of(*states[:MAX_STATES])
    assert full.states == tuple(reversed(states[:MAX_STATES]))
    assert full.learn(states[-1]).states == (states[-1], *full.states[:-1])


def test_a_known_key_has_no_effect_wherever_it_stands():
    first, second = state("first"), state("second")
    taken = replace(first, receiving=first.receiving.take(9)[0])
    record = of(second, first).update(taken)
    assert record.learn(first) is record
    assert record.learn(second) is record


def test_another_signing_key_takes_the_place_of_the_old_under_one_identifier():
    first, second = state("first"), state("second")
    usurper = replace(state("third"), id=first.id)
    assert of(first, second, usurper).states == (usurper, second)


def test_a_state_is_found_by_its_identifier():
    first, second = state("first"), state("second")
    record = of(first, second)
    assert (record.find(first.id), record.find(second.id)) == (first, second)
    assert record.find(state("third").id) is None


def test_a_state_is_updated_where_it_stands():
    first, second = state("first"), state("second")
    taken = replace(first, receiving=first.receiving.take(0)[0])
    assert of(first, second).update(taken).states == (second, taken)
