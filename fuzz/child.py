"""The process that fuzzes one target: `python -m fuzz.child TARGET FAULT SEEDS ARGUMENT…`.

A process of its own, since `atheris.Fuzz` never returns. FAULT is empty or the name of a seeded fault, SEEDS a folder,
and the other arguments are libFuzzer's.
"""

from __future__ import annotations

import random
import sys
from contextlib import ExitStack
from pathlib import Path

import atheris

from fuzz.bounds import limit_memory
from fuzz.mutation import mutate

METER_EVERY = 16
"""Measuring allocations makes an input four times as slow."""

AFRESH = 1 / 8
"""How often a mutation starts from a seed: libFuzzer drops a seed for any shorter input of the same coverage."""

ROOM = 64
"""Bytes that libFuzzer may add to a part, even if the part alone exceeds the longest input."""


def main(name: str, fault: str, seeds: str, *arguments: str) -> None:
    """Never returns. Exits with one line if the decoders were imported too early to be instrumented."""
    if early := sorted(module for module in sys.modules if module.split(".")[0] == "impl"):
        sys.exit(f"{early[0]} was imported before instrumentation, so that its coverage cannot be seen")
    with atheris.instrument_imports(include=["impl"], enable_loader_override=False):
        from fuzz import faults, oracles
        from fuzz.targets import TARGETS
    target = TARGETS[name]
    inputs = [path.read_bytes() for path in sorted(Path(seeds).iterdir())]
    meter_every = 1 if target.inflates else METER_EVERY
    tried = 0

    def try_one(data: bytes) -> None:
        nonlocal tried
        tried += 1
        oracles.check(target, data, metered=tried % meter_every == 0)

    def bend(data: bytes, max_size: int, seed: int) -> bytes:
        def mutate_bytes(part: bytes) -> bytes:
            return bytes(atheris.Mutate(part, max(max_size, len(part) + ROOM)))

        rng = random.Random(seed)
        start = rng.choice(inputs) if rng.random() < AFRESH else bytes(data)
        bent = mutate(start, target.envelope, mutate_bytes, rng)
        return bent if len(bent) <= max_size else bytes(atheris.Mutate(bytes(data), max_size))

    limit_memory()
    with ExitStack() as switched_on:
        if fault:
            switched_on.enter_context(faults.fault_of(fault).switched_on())
        atheris.Setup([sys.argv[0], *arguments, seeds], try_one, custom_mutator=bend)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
