"""Calls. wire.md, section 13."""

from __future__ import annotations

from impl.calls import Signal
from impl.dialogue.base import Done, Request


class SignalCall(Request[Done], frozen=True):
    """`others` is what else one stanza says: an offer rings on all devices of the callee."""

    signal: Signal
    others: tuple[Signal, ...] = ()
