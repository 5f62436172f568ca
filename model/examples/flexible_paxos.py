"""Flexible Paxos: acceptors agree on one value, though quorums of the two phases need only meet each other.

A ballot is a try to have a value chosen. In the first phase acceptors promise to take part in no earlier one, and say
what they have voted for last; in the second, a value that is safe by these promises is put to the vote. What is said
is never lost, and never consumed. `never` is the ballot before all others, in which nobody votes.

    explore(FLEXIBLE_PAXOS, grid(values=2, ballots=2)).states  # 39,937

Source: Howard, Malkhi, Spiegelman, "Flexible Paxos: Quorum Intersection Revisited" (2016); Howard, `FPaxos.tla`
(github.com/fpaxos/fpaxos-tlaplus), which is the definition taken here: 11,279,393 states for its model of four
acceptors (`MCFPaxosFourAcc.tla`), which is `grid(values=3, ballots=3)`. There the ballot and the value of who has not
voted are -1; here the ballot is `never`, and the value then the first one: no more and no fewer states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.configuration import Scope
from model.examples.plain_scope import PlainScope, numbered
from model.language import (
    Formula,
    Module,
    Relation,
    Sort,
    System,
    action,
    every,
    implies,
    initially,
    invariant,
    some,
    when,
)


class Acceptor(Sort):
    """Who votes."""


class Value(Sort):
    """What is voted for."""


class Ballot(Sort):
    """A try, in the order of their numbers; the first is none."""


class First(Sort):
    """A quorum of the first phase."""


class Second(Sort):
    """A quorum of the second phase."""


class FlexiblePaxos(Module):
    """What acceptors remember, and what has been said."""

    in_first = Relation(Acceptor, First, frozen=True)
    in_second = Relation(Acceptor, Second, frozen=True)
    lower = Relation(Ballot, Ballot, frozen=True)
    never = Relation(Ballot, frozen=True)
    bottom = Relation(Acceptor, gives=Ballot, frozen=True)  # never
    blank = Relation(Acceptor, gives=Value, frozen=True)  # where there is no value

    promised = Relation(Acceptor, gives=Ballot)
    voted_in = Relation(Acceptor, gives=Ballot)
    voted_for = Relation(Acceptor, gives=Value)
    asked = Relation(Ballot)  # 1a
    answered = Relation(Acceptor, Ballot, Ballot, Value)  # 1b: what it has voted for, and in which ballot
    proposed = Relation(Ballot, Value)  # 2a
    voted = Relation(Acceptor, Ballot, Value)  # 2b

    @initially
    def start() -> None:
        FlexiblePaxos.promised[:] = lambda acceptor: FlexiblePaxos.bottom(acceptor)
        FlexiblePaxos.voted_in[:] = lambda acceptor: FlexiblePaxos.bottom(acceptor)
        FlexiblePaxos.voted_for[:] = lambda acceptor: FlexiblePaxos.blank(acceptor)

    @action
    def ask(ballot: Ballot) -> None:
        """Somebody begins {ballot}."""
        when(real=~FlexiblePaxos.never(ballot))
        FlexiblePaxos.asked[ballot] = True

    @action
    def promise(acceptor: Acceptor, ballot: Ballot) -> None:
        """{acceptor} promises to take part in nothing before {ballot}, and says what it has voted for."""
        last, value = FlexiblePaxos.voted_in(acceptor), FlexiblePaxos.voted_for(acceptor)
        when(asked=FlexiblePaxos.asked(ballot), newer=FlexiblePaxos.lower(FlexiblePaxos.promised(acceptor), ballot))
        FlexiblePaxos.promised[acceptor] = ballot
        FlexiblePaxos.answered[acceptor, ballot, last, value] = True

    @action
    def propose(ballot: Ballot, value: Value, quorum: First) -> None:
        """{value} is put to the vote in {ballot}, as the answers of {quorum} allow."""
        when(
            real=~FlexiblePaxos.never(ballot),
            first_time=every(Value, lambda other: ~FlexiblePaxos.proposed(ballot, other)),
            all_answered=every(Acceptor, lambda a: implies(FlexiblePaxos.in_first(a, quorum), has_answered(a, ballot))),
            safe=every(Ballot, Value, lambda last, other: ~told(quorum, ballot, last, other))
            | some(Ballot, lambda last: told(quorum, ballot, last, value) & newest(quorum, ballot, last)),
        )
        FlexiblePaxos.proposed[ballot, value] = True

    @action
    def vote(acceptor: Acceptor, ballot: Ballot, value: Value) -> None:
        """{acceptor} votes for {value} in {ballot}."""
        when(
            proposed=FlexiblePaxos.proposed(ballot, value),
            as_promised=~FlexiblePaxos.lower(ballot, FlexiblePaxos.promised(acceptor)),
        )
        FlexiblePaxos.promised[acceptor] = ballot
        FlexiblePaxos.voted_in[acceptor] = ballot
        FlexiblePaxos.voted_for[acceptor] = value
        FlexiblePaxos.voted[acceptor, ballot, value] = True


def has_answered(acceptor: Any, ballot: Any) -> Formula:
    return some(Ballot, Value, lambda last, value: FlexiblePaxos.answered(acceptor, ballot, last, value))


def told(quorum: Any, ballot: Any, last: Any, value: Any) -> Formula:
    """Somebody of the quorum has answered that it has voted for this value last, in that ballot."""

    def tells(acceptor: Any) -> Formula:
        return FlexiblePaxos.in_first(acceptor, quorum) & FlexiblePaxos.answered(acceptor, ballot, last, value)

    return ~FlexiblePaxos.never(last) & some(Acceptor, tells)


def newest(quorum: Any, ballot: Any, last: Any) -> Formula:
    """Nobody of the quorum has told of a later vote."""
    return every(
        Ballot,
        Value,
        lambda other, value: implies(told(quorum, ballot, other, value), ~FlexiblePaxos.lower(last, other)),
    )


@invariant()
def one_value(one: Value, other: Value, first: Ballot, second: Ballot, here: Second, there: Second) -> Formula:
    """No two values are ever chosen."""
    return implies(chosen(one, first, here) & chosen(other, second, there), one == other)


def chosen(value: Any, ballot: Any, quorum: Any) -> Formula:
    def votes(acceptor: Any) -> Formula:
        return implies(FlexiblePaxos.in_second(acceptor, quorum), FlexiblePaxos.voted(acceptor, ballot, value))

    return every(Acceptor, votes)


FLEXIBLE_PAXOS = System("flexible_paxos", FlexiblePaxos)
ONE_VALUE = one_value


def quorums(
    acceptors: int, first: Sequence[Sequence[int]], second: Sequence[Sequence[int]], values: int, ballots: int
) -> Scope:
    """Acceptors and quorums by number, from 0; ballots beside the one that is none."""
    b = range(ballots + 1)
    return PlainScope(
        f"acceptors={acceptors},values={values},ballots={ballots}",
        {
            Acceptor: numbered("acceptor", acceptors),
            Value: numbered("value", values),
            Ballot: ["never", *numbered("ballot", ballots)],
            First: numbered("first quorum", len(first)),
            Second: numbered("second quorum", len(second)),
        },
        {
            FlexiblePaxos.in_first: {(a, i): int(a in q) for i, q in enumerate(first) for a in range(acceptors)},
            FlexiblePaxos.in_second: {(a, i): int(a in q) for i, q in enumerate(second) for a in range(acceptors)},
            FlexiblePaxos.lower: {(i, j): int(i < j) for i in b for j in b},
            FlexiblePaxos.never: {(i,): int(i == 0) for i in b},
            FlexiblePaxos.bottom: {(a,): 0 for a in range(acceptors)},
            FlexiblePaxos.blank: {(a,): 0 for a in range(acceptors)},
        },
    )


def grid(values: int, ballots: int) -> Scope:
    """Four acceptors in a square: rows are the quorums of the first phase, columns those of the second."""
    return quorums(4, [(0, 1), (2, 3)], [(0, 2), (1, 3)], values, ballots)
