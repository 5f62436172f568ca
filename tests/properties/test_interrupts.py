"""Ctrl-C arrives as what it is, whatever z3 is doing."""

from __future__ import annotations

import signal
import threading
import time

import pytest
import z3

from properties.interrupts import arriving

TIMES = 60


def write_formulas() -> None:
    """What grounding does, for longer than it should take to be interrupted."""
    number, end = z3.Int("number"), time.monotonic() + 5
    while time.monotonic() < end:
        z3.And(number > 1, number < 3)


def test_ctrl_c_is_neither_forgotten_nor_taken_for_a_wrong_argument() -> None:
    for attempt in range(TIMES):
        threading.Timer(0.01 + attempt * 1e-5, signal.raise_signal, [signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt), arriving():
            write_formulas()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class Slow:
    """Takes its time to go."""

    def __del__(self) -> None:
        time.sleep(0.3)


def test_ctrl_c_waits_until_what_is_freed_is_gone() -> None:
    slow = Slow()
    threading.Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt), arriving():
        del slow
        time.sleep(5)


def test_whoever_handles_ctrl_c_otherwise_goes_on_doing_so() -> None:
    heard = list[int]()
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        with arriving():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert heard == [signal.SIGINT]
