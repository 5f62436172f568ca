"""What is shown on the terminal: findings on stdout, remarks and progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def banner(*about: str) -> None:
    """The first line of a command that works for a while: which Pentad does what."""
    say(", ".join([f"pentad {version('pentad')}", *about]))


def say(text: str) -> None:
    """Text on stdout as it is: brackets in it are no markup."""
    out.print(Text(text))


def remark(text: str) -> None:
    """Text on stderr as it is, which says who speaks."""
    err.print(Text(f"pentad: {text}"))


@contextmanager
def progress(what: str) -> Iterator[Callable[..., None]]:
    """A line on stderr as long as this lasts, if that is a terminal; what was covered if it is cut short."""
    line = Progress(
        TextColumn("{task.description}", markup=False), BarColumn(),
        TextColumn("{task.fields[covered]}", markup=False), TimeElapsedColumn(),
        console=err, transient=True, disable=not err.is_terminal,
    )  # fmt: skip
    task = line.add_task(what, total=None, covered="")
    covered = "nothing"

    def tell(text: str, done: float | None = None, total: float | None = None) -> None:
        nonlocal covered
        covered = text
        line.update(task, completed=done, total=total, covered=text)

    try:
        with line:
            yield tell
    except KeyboardInterrupt:
        remark(f"interrupted; {what} had covered {covered}")
        raise


def counting(tell: Callable[..., None], what: str) -> Callable[..., None]:
    """Tells how many of all are done, for engines that count so."""
    return lambda done, of, *_: tell(f"{done} of {of} {what}", done, of)
