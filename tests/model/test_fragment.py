"""The decidable fragment, on two small examples each of what stays inside and what leaves."""

from __future__ import annotations

import pytest
import z3

from model.fragment import cycle, edges

A, B = z3.DeclareSort("A"), z3.DeclareSort("B")
a, a2, b = z3.Const("a", A), z3.Const("a2", A), z3.Const("b", B)
of, back = z3.Function("of", A, B), z3.Function("back", B, A)
near = z3.Function("near", A, B, z3.BoolSort())


def leaves(*formulas: z3.ExprRef) -> list[str]:
    return cycle(edge for formula in formulas for edge in edges(formula))


STRATIFIED = {
    "a function one way": z3.ForAll([a, a2], z3.Implies(of(a) == of(a2), a == a2)),
    "exists under for all": z3.ForAll([a], z3.Exists([b], near(a, b))),
    "exists before for all": z3.Exists([a], z3.ForAll([a2], near(a2, of(a)))),
    "for all denied is exists": z3.Not(z3.ForAll([a], z3.Not(z3.ForAll([a2], near(a2, of(a)))))),
    "a premise is denied": z3.ForAll([a], z3.Implies(z3.Exists([a2], near(a2, of(a))), near(a, b))),
}
CYCLIC = {
    "a function into its own sort": z3.ForAll([a], near(z3.Function("next", A, A)(a), b)),
    "there and back": z3.ForAll([a], back(of(a)) == a),
    "one more of the same": z3.ForAll([a], z3.Exists([a2], near(a, of(a2)))),
    "for all denied under for all": z3.ForAll([a], z3.Not(z3.ForAll([a2], near(a2, of(a))))),
    "a premise is denied": z3.ForAll([a], z3.Implies(z3.ForAll([a2], near(a2, of(a))), near(a, b))),
    "asserted and denied at once": z3.ForAll([a], z3.Exists([a2], near(a2, b)) == near(a, b)),
    "the other sort on the way": z3.And(z3.ForAll([a], z3.Exists([b], near(a, b))), near(back(b), b)),
}


@pytest.mark.parametrize("formula", STRATIFIED.values(), ids=STRATIFIED)
def test_sorts_that_can_be_ordered_stay_inside(formula: z3.ExprRef) -> None:
    assert leaves(formula) == []


@pytest.mark.parametrize("formula", CYCLIC.values(), ids=CYCLIC)
def test_sorts_that_make_each_other_leave(formula: z3.ExprRef) -> None:
    assert leaves(formula)


def test_formulas_can_leave_together() -> None:
    there, and_back = of(a) == b, back(b) == a
    assert not leaves(there) and not leaves(and_back)
    assert sorted(leaves(there, and_back)) == ["A", "B"]


def test_sorts_of_fixed_size_do_not_count() -> None:
    seat, (first, _) = z3.EnumSort("Chair", ["left", "right"])
    sits = z3.Function("sits", seat, A)
    assert leaves(z3.Function("chair", A, seat)(sits(first)) == first) == []
