"""What the kernel has to know of interchangeable elements: which exchanges to try where sorting leaves a choice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from math import factorial

import numpy as np

from model.native import Native
from model.quotient import alone
from model.symmetry import Symmetry
from properties.exploration.kernel import Quotient


def quotient_of(code: Native, symmetry: Symmetry) -> Quotient:
    """For one thread: it has memory of its own."""
    walks, starts, weights = list[int](), [0], list[int]()
    for ties in range(1 << len(code.swaps)) if code.swaps else ():
        runs, weight, first = list[list[int]](), 1, 0
        for c in symmetry.classes:
            numbers = range(first, first := first + len(c.swaps))
            tied = _tied(ties, numbers)
            if alone(code.ground, symmetry, c):
                weight *= reduce(lambda product, run: product * factorial(len(run) + 1), tied, 1)
            else:
                runs += tied
        walks += walk(runs)
        starts.append(len(walks))
        weights.append(weight)
    return Quotient(
        code.sort,
        np.array(code.swaps, np.int64),
        np.array(walks, np.int64),
        np.array(starts, np.int64),
        np.array(weights, np.int64),
        symmetry.order,
        np.zeros((2, code.ground.words), np.uint64),
    )


def _tied(ties: int, numbers: Sequence[int]) -> list[list[int]]:
    return [list(run) for tied, run in groupby(numbers, lambda i: ties >> i & 1) if tied]


def walk(runs: Sequence[Sequence[int]]) -> list[int]:
    """Swaps of neighbours, one after the other, that go through all orders of each run, in every combination."""
    inner: list[int] = []
    for run in runs:
        outer = _orders(run)
        inner = [*inner, *(step for swap in outer for step in (swap, *inner))]
    return inner


def _orders(run: Sequence[int]) -> list[int]:
    """All orders of a row of `len(run) + 1`, by swaps of neighbours (Steinhaus, Johnson and Trotter)."""
    if not run:
        return []
    down = list(reversed(run))
    steps, downwards = list[int](), True
    for swap in [*_orders(run[:-1]), None]:
        steps += down if downwards else run
        if swap is not None:
            # The one that wanders stands at the low end after going down: the others are then one place up.
            steps.append(swap + 1 if downwards else swap)
        downwards = not downwards
    return steps
