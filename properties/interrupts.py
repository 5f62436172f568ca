"""Ctrl-C, so that it arrives: as KeyboardInterrupt, and wherever an engine waits for one.

Python raises it between any two instructions. z3 has its arguments converted by Python (`from_param`), where ctypes
makes an ArgumentError of it, and frees what is no longer needed in `__del__`, where it is printed and forgotten.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 0.001  # seconds


@contextmanager
def arriving() -> Iterator[None]:
    """As long as this lasts, Ctrl-C waits until it can be raised. Also a decorator.

    It does nothing in another thread than the main one, and where somebody else handles Ctrl-C.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _when_it_can)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _when_it_can(number: int, frame: FrameType | None) -> None:
    if _lost_in(frame):
        threading.Timer(AGAIN, signal.raise_signal, [number]).start()
    else:
        signal.default_int_handler(number, frame)


def _lost_in(frame: FrameType | None) -> bool:
    """Whether what is raised there goes nowhere."""
    if frame is not None and frame.f_code.co_name == "from_param":
        return True
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None
