"""Refusal: an attempt that fails leaves no trace."""

from __future__ import annotations

from model.language import Formula
from properties.property import refusal


@refusal(
    "R1", "What is refused changes nothing, in any module.", source="state machines of session libraries", against="N"
)
def changes_nothing() -> Formula:
    return True
