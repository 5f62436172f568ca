from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from impl.serve.run import Serving
from tests.impl.serve.served import serving


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def household(loop: asyncio.Runner) -> Iterator[Serving]:
    """One for all that change nothing."""
    running = serving()
    yield loop.run(running.__aenter__())
    loop.run(running.__aexit__(None, None, None))
