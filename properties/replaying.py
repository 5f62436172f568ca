"""A trace, replayed on whom one likes."""

from __future__ import annotations

from typing import NamedTuple

from model.language import ModelError
from model.simulate import Simulation
from model.trace import Trace
from properties.conditions import Without
from properties.flaws import dropped
from properties.words import hint

KINDS = ("model", "impl")


class Replayed(NamedTuple):
    """Whether every step went as the trace expects, and what happened, line by line."""

    agrees: bool
    lines: list[str]


def replayed(trace: Trace, on: str, without: Without = frozenset(), flaw: str | None = None) -> Replayed:
    """Make the steps of the trace on the model (conditions dropped if asked) or on the implementation.

    Raises TraceError if the trace fits no longer, ModelError for an unknown flaw, condition or kind.
    """
    if on == "model":
        return on_model(trace, without | (dropped(flaw) if flaw else frozenset()))
    if on == "impl":
        return on_implementation(trace, without, flaw)
    raise ModelError(f"a trace is replayed on the model or on the implementation, not on {on!r}{hint(on, KINDS)}")


def on_model(trace: Trace, without: Without) -> Replayed:
    """The model decides; a step that it decides otherwise than the trace expects is told."""
    simulation = Simulation(trace.system, trace.scope, without)
    lines = []
    for number, (step, outcome) in enumerate(zip(trace.steps, trace.replay(simulation), strict=True), 1):
        if outcome.verdict != step.expect:
            by = f" by {', '.join(outcome.by)}" if outcome.by else ""
            lines.append(f"step {number}: {outcome.verdict}{by}, but the trace expects {step.expect}")
    return Replayed(not lines, lines or [f"all {len(trace.steps)} steps went as the trace expects"])


def on_implementation(trace: Trace, without: Without, flaw: str | None) -> Replayed:
    """The implementation makes the steps, the model says what is right."""
    if without:
        raise ModelError(
            "conditions can be dropped from the model alone; a flaw is what the implementation can be given"
        )
    from properties.conform import replay  # here, because the model alone needs no cryptography

    done = replay(trace, flaw)
    return Replayed(done.agrees, done.lines)
