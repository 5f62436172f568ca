"""Two-phase commit: resource managers commit together, or not at all. The tutorial of the modelling language.

A transaction manager asks whether everybody is prepared. It commits once all have said so; any time before, it may
abort, and so may a resource manager that has not said so yet. Messages are never lost, and never consumed: a message
is a truth from the moment it is sent.

To read: a `Sort` is a kind of thing, a `Relation` a variable of the state, a function with `@action` one kind of step.
`when` says in which states the step exists; effects are assignments, and read the state before the step.

    from model.examples.two_phase_commit import TWO_PHASE_COMMIT, managers
    from properties.exploration.explore import explore
    explore(TWO_PHASE_COMMIT, managers(3)).states  # 288

Source: Gray, Lamport, "Consensus on Transaction Commit" (2006), section 4 and appendix A.1 (`TwoPhase.tla`), which
is the definition taken here, state for state: 288 states for 3 resource managers and 8,832 for 5, as in Stateright's
`2pc.rs`. With its symmetry that counts 665: it sorts the managers of a state by their phase alone, so that one kind
of state has several representatives, and how many it meets depends on the order of the search. There are 314 kinds.
"""

from __future__ import annotations

from model.configuration import Scope
from model.examples.plain_scope import PlainScope, numbered
from model.language import (
    Claim,
    Formula,
    Module,
    Relation,
    Sort,
    System,
    action,
    elements,
    every,
    initially,
    invariant,
    when,
)


class Manager(Sort):
    """A resource manager."""


class Phase(Sort, size=4):
    """How far a resource manager is: working, prepared, committed, aborted."""


class Decision(Sort, size=3):
    """What the transaction manager has decided: nothing yet, to commit, to abort."""


WORKING, PREPARED, COMMITTED, ABORTED = range(4)
UNDECIDED, COMMIT, ABORT = range(3)


class TwoPhase(Module):
    """Resource managers, the transaction manager, and what has been said."""

    phase = Relation(Manager, gives=Phase)
    decision = Relation(gives=Decision)
    heard = Relation(Manager)  # the transaction manager knows that this one is prepared
    said_prepared = Relation(Manager)
    said_commit = Relation()
    said_abort = Relation()

    @initially
    def start() -> None:
        TwoPhase.phase[:] = lambda manager: elements(Phase)[WORKING]
        TwoPhase.decision[()] = elements(Decision)[UNDECIDED]

    @action
    def prepare(manager: Manager) -> None:
        """{manager} is prepared, and says so."""
        when(working=TwoPhase.phase(manager) == elements(Phase)[WORKING])
        TwoPhase.phase[manager] = elements(Phase)[PREPARED]
        TwoPhase.said_prepared[manager] = True

    @action
    def give_up(manager: Manager) -> None:
        """{manager} decides by itself to abort."""
        when(working=TwoPhase.phase(manager) == elements(Phase)[WORKING])
        TwoPhase.phase[manager] = elements(Phase)[ABORTED]

    @action
    def hear(manager: Manager) -> None:
        """The transaction manager hears that {manager} is prepared."""
        when(undecided=undecided(), said=TwoPhase.said_prepared(manager))
        TwoPhase.heard[manager] = True

    @action
    def commit() -> None:
        """The transaction manager has heard from everybody, and decides to commit."""
        when(undecided=undecided(), all_prepared=every(Manager, lambda manager: TwoPhase.heard(manager)))
        TwoPhase.decision[()] = elements(Decision)[COMMIT]
        TwoPhase.said_commit[()] = True

    @action
    def abort() -> None:
        """The transaction manager decides to abort."""
        when(undecided=undecided())
        TwoPhase.decision[()] = elements(Decision)[ABORT]
        TwoPhase.said_abort[()] = True

    @action
    def obey_commit(manager: Manager) -> None:
        """{manager} hears that it is to commit."""
        when(said=TwoPhase.said_commit())
        TwoPhase.phase[manager] = elements(Phase)[COMMITTED]

    @action
    def obey_abort(manager: Manager) -> None:
        """{manager} hears that it is to abort."""
        when(said=TwoPhase.said_abort())
        TwoPhase.phase[manager] = elements(Phase)[ABORTED]


def undecided() -> Formula:
    return TwoPhase.decision() == elements(Decision)[UNDECIDED]


@invariant()
def together(one: Manager, other: Manager) -> Formula:
    """No manager has committed while another has aborted."""
    committed, aborted = elements(Phase)[COMMITTED], elements(Phase)[ABORTED]
    return ~((TwoPhase.phase(one) == committed) & (TwoPhase.phase(other) == aborted))


def for_good(manager: Manager) -> Formula:
    """Who has committed stays so."""
    committed = elements(Phase)[COMMITTED]
    return ~((TwoPhase.phase(manager) == committed) & (TwoPhase.phase.after(manager) != committed))


TWO_PHASE_COMMIT = System("two_phase_commit", TwoPhase)
TOGETHER, FOR_GOOD = together, Claim("step", for_good)


def managers(count: int) -> Scope:
    """So many resource managers."""
    names = {
        Manager: numbered("manager", count),
        Phase: ["working", "prepared", "committed", "aborted"],
        Decision: ["undecided", "commit", "abort"],
    }
    return PlainScope(f"managers={count}", names)
