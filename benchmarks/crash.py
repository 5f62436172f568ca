"""The story of tests/impl/crash, killed at every single one of its writes.

Crashes inside one transaction leave the same files behind, which is looked at for each; what comes after is lived
once for each set of files that there is.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.impl.crash.survival import damage, remains, undisturbed

T = TypeVar("T")

PROGRESS = 500
"""Crashes from one line of progress to the next."""


def main() -> None:
    """Prints how many places there were to be killed at, and whatever one of these crashes left wrong."""
    began = time.perf_counter()
    with TemporaryDirectory() as folder, get_context("fork").Pool(os.cpu_count()) as pool:
        story = undisturbed(Path(folder))
        left = list(counted(pool, partial(remains, expected=story), range(story.writes), "killed at"))
        last = sorted({digest: point for point, digest in enumerate(left)}.values())
        found = [flaw for flaws in counted(pool, partial(damage, expected=story), last, "went on") for flaw in flaws]
    seconds = time.perf_counter() - began
    print(f"killed at each of {story.writes:,} writes, which leave {len(last):,} different sets of files behind;")
    print(f"went on from each of these, {sum(point % 2 for point in last):,} after a second crash: {len(found)} flaws")
    print(f"{seconds:.0f} s")
    for flaw in found:
        print(flaw)


def counted(pool: Pool, work: Callable[[int], T], points: Sequence[int], what: str) -> Iterator[T]:
    for number, result in enumerate(pool.imap(work, points), 1):
        if number % PROGRESS == 0:
            print(f"  {what} {number:,} of {len(points):,}", file=sys.stderr, flush=True)
        yield result


if __name__ == "__main__":
    main()
