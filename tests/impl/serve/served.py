"""A running server with its household, on any free port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from rich.console import Console

from impl.serve.run import Plan, Serving


@asynccontextmanager
async def serving(plan: Plan = Plan(port=0)) -> AsyncIterator[Serving]:  # noqa: B008
    served = Serving(replace(plan, port=0), Console(quiet=True))
    async with served.running():
        yield served
