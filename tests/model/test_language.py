"""The modelling language: what it refuses, and the laws that everything else leans on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import z3

from model.accounts import Accounts, Device, User
from model.language import (
    UNBOUNDED,
    Action,
    Claim,
    Formula,
    ModelError,
    Module,
    Relation,
    System,
    Taken,
    action,
    along,
    axiom,
    implies,
    invariant,
    premise,
    require,
    some,
    when,
)


class Friends(Module):
    """Who likes whom: nothing to do with messaging."""

    likes = Relation(Device, Device)
    left = Relation(Device)
    right = Relation(Device)
    favourite = Relation(User, gives=Device)

    @action
    def exchange(device: Device) -> None:
        """{device} exchanges what is left and right."""
        Friends.left[device] = Friends.right(device)
        Friends.right[device] = Friends.left(device)


FRIENDS = System("friends", Accounts, Friends)


def taken(fn: Callable[..., None]) -> Taken:
    """The action that `fn` writes, read at fresh arguments."""
    written = Action(fn)
    return FRIENDS.take(written, FRIENDS.arguments(written), FRIENDS.state())


def anybody() -> Formula:
    return z3.FreshConst(UNBOUNDED.sort(Device), "anybody")


def valid(formula: Formula) -> bool:
    solver = z3.Solver()
    solver.add(z3.Not(formula))
    return bool(solver.check() == z3.unsat)


def test_a_frozen_relation_is_not_assigned() -> None:
    def sell(device: Device) -> None:
        """{device} becomes a phone."""
        Accounts.phone[device] = True

    with pytest.raises(ModelError, match=r"accounts\.phone is frozen; an action cannot change it"):
        taken(sell)


def test_an_assignment_has_every_index() -> None:
    def greet(device: Device) -> None:
        """{device} likes."""
        Friends.likes[device] = True

    with pytest.raises(ModelError, match=r"test_language\.likes has 2 indexes, not 1"):
        taken(greet)


def test_a_relation_is_read_at_every_index() -> None:
    def greet(device: Device) -> None:
        """{device} likes."""
        when(shy=~Friends.likes(device))

    with pytest.raises(ModelError, match=r"test_language\.likes has 2 indexes, not 1"):
        taken(greet)

    claim = Claim("step", lambda: Friends.left.after(anybody(), anybody()))
    with pytest.raises(ModelError, match=r"test_language\.left has 1 index, not 2"):
        claim.formula(FRIENDS.state(), FRIENDS.state(prime="'"))


def test_the_state_after_is_read_only_in_claims_about_steps() -> None:
    def peek(device: Device) -> None:
        """{device} looks ahead."""
        when(ahead=Friends.left.after(device))

    with pytest.raises(ModelError, match=r"test_language\.left\.after is read outside a claim about a step"):
        taken(peek)

    claim = Claim("state", lambda: Friends.left.after(anybody()))
    with pytest.raises(ModelError, match=r"left\.after is read outside"):
        claim.formula(FRIENDS.state())
    assert "left'" in str(claim.formula(FRIENDS.state(), FRIENDS.state(prime="'")))


def test_a_relation_has_a_value_only_inside_an_action_or_a_claim() -> None:
    with pytest.raises(ModelError, match="only inside an action or a claim"):
        Friends.left(None)
    with pytest.raises(ModelError, match="only inside an action or a claim"):
        Friends.left[None] = True


def test_a_claim_assigns_nothing() -> None:
    def meddle(device: Device) -> Formula:
        Friends.left[device] = True
        return Friends.left(device)

    with pytest.raises(ModelError, match=r"test_language\.left is assigned outside an action"):
        Claim("state", meddle).formula(FRIENDS.state())


def test_a_relation_of_another_system_is_unknown() -> None:
    alone = System("alone", Friends)

    def stray(device: Device) -> None:
        """{device} reads what is not there."""
        when(phone=Accounts.phone(device))

    written = Action(stray)
    with pytest.raises(ModelError, match=r"accounts\.phone belongs to no module of this system"):
        alone.take(written, alone.arguments(written), alone.state())


def test_a_lookup_lists_what_there_is() -> None:
    with pytest.raises(ModelError, match=r"no action is named 'scan'; there are: accounts\.switch_phone, test_lang"):
        FRIENDS.action("scan")
    with pytest.raises(ModelError, match=r"no relation is named 'likes'; there are: accounts\.account, "):
        FRIENDS.relation("likes")


def test_nothing_is_written_twice_in_one_place() -> None:
    def waver(device: Device) -> None:
        """{device} changes its mind."""
        Friends.left[device] = True
        Friends.left[device] = False

    def sweep(device: Device) -> None:
        """{device} likes nobody, or everybody."""
        Friends.likes[device, :] = lambda other: False
        Friends.likes[device, :] = lambda other: True

    for twice, relation in [(waver, "left"), (sweep, "likes")]:
        with pytest.raises(ModelError, match=rf"{twice.__name__} writes test_language\.{relation} twice at one place"):
            taken(twice)


def test_two_places_are_written_one_after_the_other() -> None:
    def swap(device: Device, other: Device) -> None:
        """{device} and {other} swap what is left."""
        Friends.left[device] = Friends.left(other)
        Friends.left[other] = Friends.left(device)

    read = taken(swap)
    one, other = read.arguments
    assert valid(
        z3.Implies(one != other, read.after.value(Friends.left, [one]) == FRIENDS.state().value(Friends.left, [other]))
    )


def test_a_module_that_goes_along_has_the_last_word() -> None:
    class Tidy(Module):
        """What is left stays left."""

        @along(Friends.exchange)
        def keep(device: Device) -> None:
            Friends.left[device] = Friends.left(device)

    system = System("tidy", Accounts, Friends, Tidy)
    read = system.take(Friends.exchange, system.arguments(Friends.exchange), system.state())
    (device,) = read.arguments
    assert valid(read.after.value(Friends.left, [device]) == system.state().value(Friends.left, [device]))


@pytest.mark.parametrize(("first", "second"), [(require, require), (when, when), (when, require)])
def test_conditions_have_names_of_their_own(first: Callable[..., None], second: Callable[..., None]) -> None:
    def greet(device: Device) -> None:
        """{device} greets."""
        first(known=Friends.left(device))
        second(known=Friends.right(device))

    with pytest.raises(ModelError, match="greet has two conditions named known"):
        taken(greet)


def test_an_action_says_what_happens() -> None:
    with pytest.raises(ModelError, match="silent has no docstring: say in one sentence what happens"):

        @action
        def silent(device: Device) -> None: ...


def test_an_action_names_its_parameters_alone_and_says_of_which_sort_they_are() -> None:
    def greet(device: Device) -> None:
        """{device} greets {other}."""

    def nod(device) -> None:  # type: ignore[no-untyped-def]
        """{device} nods."""

    with pytest.raises(ModelError, match=r"the docstring of .*greet names 'other', which is no parameter$"):
        Action(greet)
    with pytest.raises(ModelError, match=r"nod does not say of which sort 'device' is; write device: Device, say"):
        Action(nod)


def test_what_z3_does_not_understand_is_said_of_the_action_or_claim_that_it_is_in() -> None:
    def doubt(device: Device) -> None:
        """{device} doubts."""
        when(both=Friends.left(device) and Friends.right(device))

    def mistake(device: Device) -> Formula:
        return Friends.favourite(device)

    def forget(device: Device) -> Formula:
        Friends.left(device)

    with pytest.raises(ModelError, match=r"^doubt makes no sense to z3: .*; write &, \| and ~ for and, or and not$"):
        taken(doubt)
    with pytest.raises(ModelError, match=r"^mistake makes no sense to z3: Sort mismatch"):
        Claim("state", mistake).formula(FRIENDS.state())
    with pytest.raises(ModelError, match=r"^forget says nothing: end it with `return` and a formula$"):
        Claim("state", forget).formula(FRIENDS.state())


def test_an_action_is_taken_not_called() -> None:
    with pytest.raises(ModelError, match=r"test_language\.exchange is taken by a system, not called"):
        Friends.exchange()


def test_who_goes_along_knows_only_the_parameters_of_the_action() -> None:
    with pytest.raises(ModelError, match=r"goes along with test_language\.exchange, which has no stranger"):

        @along(Friends.exchange)
        def join(device: Device, stranger: Device) -> None: ...


def test_a_relation_to_elements_needs_a_first_value() -> None:
    start = FRIENDS.start(FRIENDS.state())
    user = z3.FreshConst(UNBOUNDED.sort(User))
    with pytest.raises(ModelError, match=r"test_language\.favourite has no first value"):
        start.value(Friends.favourite, [user])


def test_an_action_never_sees_its_own_effects() -> None:
    before = FRIENDS.state()
    [device] = FRIENDS.arguments(Friends.exchange)
    after = FRIENDS.take(Friends.exchange, [device], before).after
    assert valid(after.value(Friends.left, [device]) == before.value(Friends.right, [device]))
    assert valid(after.value(Friends.right, [device]) == before.value(Friends.left, [device]))


def test_what_goes_along_sees_the_state_before() -> None:
    class Gossip(Module):
        heard = Relation(Device)

        @along(Friends.exchange)
        def overheard(device: Device) -> None:
            Gossip.heard[device] = Friends.left(device)

    system = System("gossip", Accounts, Friends, Gossip)
    before = system.state()
    [device] = system.arguments(Friends.exchange)
    after = system.take(Friends.exchange, [device], before).after
    assert valid(after.value(Gossip.heard, [device]) == before.value(Friends.left, [device]))


def test_an_effect_changes_nothing_elsewhere() -> None:
    before = FRIENDS.state()
    [device] = FRIENDS.arguments(Friends.exchange)
    after = FRIENDS.take(Friends.exchange, [device], before).after
    another = anybody()
    same = after.value(Friends.left, [another]) == before.value(Friends.left, [another])
    assert valid(implies(another != device, same))
    assert not valid(same)


def test_a_claim_never_captures_the_argument_of_an_action() -> None:
    def all_left(device: Device) -> Formula:
        return Friends.left(device)

    before = FRIENDS.state()
    [device] = FRIENDS.arguments(Friends.exchange)
    after = FRIENDS.take(Friends.exchange, [device], before).after
    another = anybody()
    # With one `device` for both, the claim would speak of the device that exchanges and of no other.
    elsewhere = Claim("state", all_left).formula(after) & (another != device)
    assert valid(implies(elsewhere, before.value(Friends.left, [another])))


def test_a_quantifier_never_captures_the_parameter_around_it() -> None:
    def likes_somebody(device: Device) -> Formula:
        def liked(by: Formula) -> Formula:
            return some(Device, lambda device: Friends.likes(by, device))

        return liked(device)

    state = FRIENDS.state()
    claim = Claim("state", likes_somebody)
    [device], another = claim.variables(UNBOUNDED), anybody()
    # With one `device` for both, it would be said that somebody likes itself.
    assert valid(implies(state.value(Friends.likes, [device, another]), claim.instance([device], state)))


def test_the_premise_of_a_claim_is_the_left_side_of_its_implication() -> None:
    a, b = z3.Bools("a b")
    assert premise(implies(a, b)).eq(a)
    assert z3.is_true(premise(a & b))


def test_an_invariant_is_no_axiom() -> None:
    class Rules(Module):
        @axiom
        def owned(device: Device) -> Formula:
            return Accounts.owner(device) == Accounts.owner(device)

        @invariant()
        def unlinked(device: Device) -> Formula:
            return ~Accounts.linked(device)

    assert [str(rule) for rule in System("rules", Rules).axioms] == ["test_language.owned"]
