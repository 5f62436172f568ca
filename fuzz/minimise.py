"""Shrinking an input: `python -m fuzz.minimise TARGET FAULT FILE SECONDS` prints what it breaks, as one line of JSON.

A process of its own, so that an input that hangs or eats memory takes down nobody else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from fuzz import faults, oracles
from fuzz.bounds import limit_memory
from fuzz.oracles import Finding
from fuzz.targets import TARGETS


def minimise(data: bytes, breaks: Callable[[bytes], bool], seconds: float) -> bytes:
    """The shortest input that still `breaks`, found by deleting ever smaller pieces, or the best when time is up."""
    deadline = time.monotonic() + seconds
    size = len(data)
    while size and time.monotonic() < deadline:
        at, before = 0, data
        while at < len(data) and time.monotonic() < deadline:
            shorter = data[:at] + data[at + size :]
            if breaks(shorter):
                data = shorter
            else:
                at += size
        if data == before:
            size //= 2
    return data


def main(name: str, fault: str, path: str, seconds: str) -> None:
    target = TARGETS[name]
    limit_memory()

    def finding(data: bytes) -> Finding | None:
        try:
            oracles.check(target, data)
        except Finding as found:
            return found
        return None

    with ExitStack() as switched_on:
        if fault:
            switched_on.enter_context(faults.fault_of(fault).switched_on())
        data = Path(path).read_bytes()
        if (first := finding(data)) is None:
            print(json.dumps(None))
            return

        def breaks(shorter: bytes) -> bool:
            found = finding(shorter)
            return found is not None and found.property == first.property

        shortest = minimise(data, breaks, float(seconds))
        last = finding(shortest) or first
        print(json.dumps({"property": last.property, "what": last.what, "input": shortest.hex()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
