"""SMT-LIB: what is written is what was meant, and any solver can read it."""

from __future__ import annotations

import z3

from model.export.smtlib import script

DEVICE = z3.DeclareSort("Device")
SEAT, SEATS = z3.EnumSort("Stool", ["Stool!0", "Stool!1"])
LINKED = z3.Function("accounts.linked", DEVICE, z3.BoolSort())
SITS = z3.Function("linking.sits'", DEVICE, SEAT)


def read(text: str) -> list[z3.ExprRef]:
    """The assertions of a script, as z3 reads them."""
    return list(z3.parse_smt2_string(text))


def test_a_script_reads_well() -> None:
    phone, device = z3.FreshConst(DEVICE, "phone"), z3.FreshConst(DEVICE, "device")
    text = script(
        {
            "all_linked": z3.ForAll([device], z3.Implies(SITS(device) == SEATS[1], LINKED(device))),
            "linking.scan.honest": z3.And(z3.And(LINKED(phone), SITS(phone) == SEATS[0]), z3.Not(LINKED(device))),
        },
        ["L9 over linking.scan"],
    )
    assert (
        text
        == """\
; L9 over linking.scan
(set-logic ALL)
(set-info :status unsat)
(declare-sort Device 0)
(declare-datatype Stool ((Stool!0) (Stool!1)))
(declare-fun |linking.sits'| (Device) Stool)
(declare-fun accounts.linked (Device) Bool)
(declare-fun phone () Device)
(declare-fun device () Device)

(assert (!
  (forall ((device.2 Device)) (=> (= (|linking.sits'| device.2) Stool!1) (accounts.linked device.2)))
  :named all_linked))

(assert (!
  (and (accounts.linked phone) (= (|linking.sits'| phone) Stool!0) (not (accounts.linked device)))
  :named linking.scan.honest))

(check-sat)
"""
    )


def test_a_conjunction_of_nothing_is_true_and_a_disjunction_false() -> None:
    nothing, no_other = read(script({"nothing": z3.And(), "no_other": z3.Or()}))
    assert z3.is_true(nothing) and z3.is_false(no_other)


def test_a_conjunction_of_one_is_that_one() -> None:
    device = z3.Const("device", DEVICE)
    assert "(and" not in script({"one": z3.And(LINKED(device))})


def test_elements_of_one_name_stay_two() -> None:
    one, other = z3.FreshConst(DEVICE, "device"), z3.FreshConst(DEVICE, "device")
    text = script({"different": z3.Distinct(one, other)})
    assert "(distinct device device.2)" in text


def test_an_assertion_never_takes_the_name_of_an_element() -> None:
    device = z3.FreshConst(DEVICE, "device")
    assert ":named device.2" in script({"device": LINKED(device)})


def test_a_variable_is_that_of_its_own_quantifier() -> None:
    x, y = z3.Const("x", DEVICE), z3.Const("y", DEVICE)
    before = z3.Function("older", DEVICE, DEVICE, z3.BoolSort())
    formula = z3.ForAll([x, y], z3.Implies(before(x, y), z3.Exists([x], before(y, x))))
    (again,) = read(script({"order": formula}))
    solver = z3.Solver()
    assert solver.check(again != formula) == z3.unsat
    assert solver.check(again != z3.BoolVal(True)) == solver.check(again != z3.BoolVal(False)) == z3.sat
