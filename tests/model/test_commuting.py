"""What is said to commute does so in states that are reached, and what does not is not said to."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from model.commuting import commuting
from model.ground import ground
from model.native import Native, native
from model.scope import scope
from model.systems import MULTI_DEVICE

Packed = tuple[int, ...]


def walked(code: Native, number: int) -> list[Packed]:
    """States on walks at random."""
    chance, states = random.Random(1), [code.ground.start]
    for step in range(number):
        following = [after for _, after in code.follow(states[-1])]
        states.append(chance.choice(following) if following and step % 40 else code.ground.start)
    return states


def following(code: Native, state: Packed) -> dict[int, Packed]:
    """By the number of the action."""
    numbers = {id(action): number for number, action in enumerate(code.ground.actions)}
    return {numbers[id(action)]: after for action, after in code.follow(state)}


@pytest.mark.parametrize("name", ["tiny", "contact", "group", "settings", "ringing"])
def test_the_order_of_two_that_commute_makes_no_difference(name: str) -> None:
    code = native(ground(MULTI_DEVICE, scope(name)))
    commute = commuting(code.ground)
    tried = 0
    for state in walked(code, 300):
        first = following(code, state)
        for one, after in first.items():
            second = following(code, after)
            for other in (n for n, commutes in enumerate(commute[one]) if commutes and n != one):
                assert (other in second) == (other in first)
                if other in first:
                    assert second[other] == following(code, first[other])[one]
                    tried += 1
    assert tried > 300


def test_what_depends_on_another_does_not_commute_with_it() -> None:
    grounded = ground(MULTI_DEVICE, scope("tiny"))
    commute, number = commuting(grounded), {str(action): n for n, action in enumerate(grounded.actions)}
    linked = ["linking.show_qr(1)", "linking.scan(0, 1, 1)", "linking.confirm(1, 0)", "fanout.receive(1, 0, 1)"]
    for one, other in pairwise(number[name] for name in linked):
        assert not commute[one][other] and not commute[other][one]
    assert commute[number["linking.show_qr(1)"]][number["fanout.send(0)"]]
