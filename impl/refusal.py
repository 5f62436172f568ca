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


Raised = type[Exception] | tuple[type[Exception], ...]


@contextmanager
def refused_as(check: str, errors: Raised = DecodeError) -> Iterator[None]:
    """Turns what a decoder or a library raises, DecodeError unless told, into the refusal of one check."""
    try:
        yield
    except errors as error:
        raise Refused(check, str(error)) from error
