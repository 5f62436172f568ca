"""A running server with its household, on any free port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import IO

from rich.console import Console

from impl.serve.run import Plan, Serving


@asynccontextmanager
async def serving(plan: Plan = Plan(port=0), out: IO[str] | None = None) -> AsyncIterator[Serving]:  # noqa: B008
    """What it prints goes to `out`."""
    served = Serving(replace(plan, port=0), Console(file=out, quiet=out is None, width=200))
    async with served.running():
        yield served
