"""The story of tests/impl/crash, killed at every single one of its writes."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.impl.crash.survival import damage, undisturbed

PROGRESS = 500
"""Crashes from one line of progress to the next."""


def main() -> None:
    """Prints how many places there were to be killed at, and whatever one of these crashes left wrong."""
    began = time.perf_counter()
    with TemporaryDirectory() as folder, get_context("fork").Pool(os.cpu_count()) as pool:
        story = undisturbed(Path(folder))
        found = []
        for number, flaws in enumerate(pool.imap(partial(damage, expected=story), range(story.writes)), 1):
            found += flaws
            if number % PROGRESS == 0:
                print(f"  {number:,} of {story.writes:,}, {len(found)} flaws", file=sys.stderr, flush=True)
    print(f"killed at each of {story.writes:,} writes in {time.perf_counter() - began:.0f} s: {len(found)} flaws")
    for flaw in found:
        print(flaw)


if __name__ == "__main__":
    main()
