"""How an honest party says no."""

from collections.abc import Iterator
from contextlib import contextmanager

from impl.wire.errors import DecodeError


class Refused(Exception):
    """One honest party refuses an input because of one named check; its state is what it was before."""

    def __init__(self, check: str, why: str) -> None:
        super().__init__(f"{check}: {why}")
        self.check = check
        self.why = why


@contextmanager
def refused_as(check: str, *errors: type[Exception]) -> Iterator[None]:
    """Turns what a decoder or a library raises into the refusal of one check."""
    try:
        yield
    except errors or DecodeError as error:
        raise Refused(check, str(error)) from error
