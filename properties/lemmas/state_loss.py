"""Lemmas about devices that start again, for the properties that lean on them."""

from __future__ import annotations

from model.language import Formula, implies, invariant
from model.state_loss import MessageKey, Remark, Save, StateLoss


def _comes_next(key: MessageKey) -> Formula:
    """Its speaker trusts the session, and has not used the key."""
    return ~StateLoss.past(key) & ~StateLoss.doubtful(StateLoss.of(key))


@invariant()
def nothing_is_under_a_key_that_comes_next(remark: Remark, key: MessageKey) -> Formula:
    return implies(StateLoss.under(remark, key), ~_comes_next(key))


@invariant(nothing_is_under_a_key_that_comes_next)
def a_key_that_comes_next_opened_nothing(key: MessageKey, save: Save) -> Formula:
    return implies(StateLoss.gone(key) | StateLoss.kept_gone(save, key), ~_comes_next(key))


@invariant()
def what_is_under_a_key_was_said(remark: Remark, key: MessageKey) -> Formula:
    between = StateLoss.to(remark) == StateLoss.listener(StateLoss.of(key))
    return implies(StateLoss.under(remark, key), StateLoss.said(remark) & between)


@invariant(what_is_under_a_key_was_said)
def what_is_heard_was_said(remark: Remark, save: Save) -> Formula:
    return implies(StateLoss.heard(remark) | StateLoss.kept_heard(save, remark), StateLoss.said(remark))


@invariant(nothing_is_under_a_key_that_comes_next)
def a_key_is_for_one_remark(one: Remark, other: Remark, key: MessageKey) -> Formula:
    return implies(StateLoss.under(one, key) & StateLoss.under(other, key), one == other)


@invariant(what_is_under_a_key_was_said)
def a_remark_is_under_one_key(remark: Remark, one: MessageKey, other: MessageKey) -> Formula:
    return implies(StateLoss.under(remark, one) & StateLoss.under(remark, other), one == other)


@invariant(
    a_key_that_comes_next_opened_nothing,
    a_key_is_for_one_remark,
    a_remark_is_under_one_key,
    what_is_heard_was_said,
    what_is_under_a_key_was_said,
)
def a_key_is_gone_once_its_remark_is_heard(remark: Remark, key: MessageKey, save: Save) -> Formula:
    kept = StateLoss.kept_gone(save, key) == StateLoss.kept_heard(save, remark)
    return implies(StateLoss.under(remark, key), (StateLoss.gone(key) == StateLoss.heard(remark)) & kept)


@invariant(a_key_is_gone_once_its_remark_is_heard)
def nothing_is_heard_twice(remark: Remark) -> Formula:
    return ~StateLoss.heard_twice(remark)
