"""A ceiling for processes that decode hostile bytes."""

import resource

ADDRESS_SPACE = 2 << 30
"""Bytes. Whoever asks for more gets a MemoryError, which is a finding, and the machine stays usable."""


def limit_memory() -> None:
    """Holds this process to the ceiling from now on."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
