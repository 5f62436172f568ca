"""What every refusal test asserts: the named check refused, and nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from impl.device import Device
from impl.refusal import Refused


@contextmanager
def refused(device: Device, check: str) -> Iterator[None]:
    """The block ends in the refusal of `check`, and `device` is afterwards as it was before."""
    before = device.snapshot()
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.check == check, refusal.value
    assert device.snapshot() == before
