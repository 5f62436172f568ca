"""What an expression about interchangeable and other elements is: its class, and how it is written.

What depends on classes alone is known while writing, so that a truth may be just true or false.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from model.export.alike import Alike
from model.export.layout import Joined, Text, flat
from model.language import ModelError, Sort


@dataclass(frozen=True)
class Class:
    """Elements of one sort. Those of a column of `alike` are told apart by nothing; `type` is their type's name."""

    sort: type[Sort]
    elements: tuple[int, ...]
    type: str
    alike: Alike | None = None

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True)
class Term:
    """An element: of which class, how it is written, and which it is where that is known."""

    of: Class
    text: str
    number: int | None = None


Truth = Text | bool
SIMPLE = re.compile(r"\w+[\w\[\](), ]*")  # a variable, a cell, or a function called


def negated(truth: Truth) -> Truth:
    if isinstance(truth, bool):
        return not truth
    if isinstance(truth, str):
        if truth.startswith("!"):
            return truth[1:]
        return f"!{truth}" if SIMPLE.fullmatch(truth) else f"!({truth})"
    opening = truth.opening[1:] if truth.opening.startswith("!") else f"!{truth.opening}"
    return Joined(truth.word, truth.parts, opening, truth.closing)


def joined(conjunction: bool, truths: Iterable[Truth]) -> Truth:
    """All of them, or any."""
    parts: list[Text] = []
    word = " & " if conjunction else " | "
    for truth in truths:
        if isinstance(truth, bool):
            if truth is not conjunction:
                return truth
        elif isinstance(truth, Joined) and truth.word == word and truth.opening == "(":
            parts += [part for part in truth.parts if part not in parts]
        elif truth not in parts:
            parts.append(truth)
    if len(parts) <= 1:
        return parts[0] if parts else conjunction
    return Joined(word, parts)


def either(test: Truth, then: Truth, otherwise: Truth) -> Truth:
    if isinstance(test, bool):
        return then if test else otherwise
    if then is True:
        return joined(False, [test, otherwise])
    if otherwise is False:
        return joined(True, [test, then])
    if then is False:
        return joined(True, [negated(test), otherwise])
    if otherwise is True:
        return joined(False, [negated(test), then])
    if then == otherwise:
        return then
    return f"({flat(test)} ? {flat(_text(then))} : {flat(_text(otherwise))})"


def either_term(test: Truth, then: Term, otherwise: Term) -> Term:
    if isinstance(test, bool):
        return then if test else otherwise
    if then == otherwise:
        return then
    if then.of != otherwise.of:
        raise ModelError(f"{then.text} or {otherwise.text}: of these some are alike and others are not")
    return Term(then.of, f"({flat(test)} ? {then.text} : {otherwise.text})")


def same_term(one: Term, other: Term) -> Truth:
    if one.of != other.of:
        return False
    if one.text == other.text:
        return True
    if one.number is not None and other.number is not None:
        return one.number == other.number
    return Joined(" = ", [one.text, other.text])


def over(forall: bool, terms: Iterable[Term], body: Truth) -> Truth:
    """The body for all of the variables, or for some."""
    for term in reversed([t for t in terms if t.number is None]):
        if not isinstance(body, bool):
            body = Joined("", [body], f"({'forall' if forall else 'exists'} {term.text}: {term.of.type} do ", " end)")
    return body


def picked(test: Text, then: Truth | Term, otherwise: Truth | Term) -> Truth | Term:
    """One of two elements, or of two truths."""
    if isinstance(then, Term) and isinstance(otherwise, Term):
        return either_term(test, then, otherwise)
    assert not isinstance(then, Term) and not isinstance(otherwise, Term)
    return either(test, then, otherwise)


def _text(truth: Truth) -> Text:
    return truth if not isinstance(truth, bool) else str(truth).lower()
