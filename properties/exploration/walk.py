"""A walk: somebody chooses each step, sees what is refused and by which guard, goes back, and keeps the trace.

The words of a walk are read from anywhere, a terminal or a file; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model.chart import chart
from model.language import ModelError
from model.simulate import Move, Simulation, State
from model.trace import Trace
from properties.property import Property
from properties.words import hint

SHOWN = 40

HELP = """\
NUMBER      makes that step, accepted or refused
ok [WORD]   what would be accepted, all of it or what has WORD in it
no [WORD]   what would be refused, and by which guards
back        undoes the last step
trace       draws the walk so far
save FILE   writes it as a trace
quit        ends the walk"""


@dataclass(frozen=True)
class Option:
    """A move that exists here, and the guards that refuse it."""

    move: Move
    by: tuple[str, ...]


class Walk:
    """From the start of a simulation. `claims` are looked at after each step."""

    def __init__(self, simulation: Simulation, claims: Iterable[Property] = ()) -> None:
        self.simulation = simulation
        self.moves: list[Move] = []
        self.states: list[State] = [simulation.start]
        self._claims = [claim for claim in claims if claim.stated]

    @property
    def trace(self) -> Trace:
        return Trace.of(self.simulation, self.moves, found_by="walk")

    def options(self) -> list[Option]:
        """What is accepted first."""
        state = self.states[-1]
        options = [Option(move, self.simulation.failing(state, move)) for move in self.simulation.moves(state)]
        return sorted(options, key=lambda option: bool(option.by))

    def take(self, option: Option) -> list[str]:
        """Makes the step, and answers with what it changes, and what it breaks."""
        before = self.states[-1]
        after = before if option.by else self.simulation.step(before, option.move)
        self.moves.append(option.move)
        self.states.append(after)
        if option.by:
            return [f"refused: {', '.join(option.by)}"]
        return self.simulation.changes(before, after) + list(self._broken(before, after))

    def back(self) -> None:
        """ModelError at the start."""
        if not self.moves:
            raise ModelError("this is where the walk begins")
        self.moves.pop()
        self.states.pop()

    def _broken(self, before: State, after: State) -> Iterator[str]:
        for claim in self._claims:
            states = (before, after) if claim.about == "step" else (after,)
            if self.simulation.holds(claim, *states) is not None:
                yield f"{claim.id} is broken: {claim.statement}"


class Dialogue:
    """A walk by words: what is said in, lines for the reader out. `over` once it is ended."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.over = False
        self._options: list[Option] = walk.options()
        self._verbs: dict[str, Callable[[str], Iterable[str]]] = {
            "ok": lambda word: self._listed(word, refused=False),
            "no": lambda word: self._listed(word, refused=True),
            "back": self._back,
            "trace": self._trace,
            "save": self._save,
            "quit": self._quit,
            "help": lambda _: HELP.splitlines(),
        }

    def said(self, line: str) -> list[str]:
        """Takes one line. Raises ModelError, and OSError for a file; nothing is lost then."""
        verb, _, rest = line.strip().partition(" ")
        if verb.isdigit():
            return self._taken(int(verb))
        if verb not in self._verbs:
            raise ModelError(f"{verb!r} is nothing to say here{hint(verb, ['NUMBER', *self._verbs])}")
        return list(self._verbs[verb](rest.strip()))

    def shown(self) -> list[str]:
        """What there is to choose from."""
        refused = sum(bool(option.by) for option in self._options)
        return [*self._listed("", refused=False), f"refused would be {refused}: say `no` to see them, or `help`"]

    def _taken(self, number: int) -> list[str]:
        if not 0 < number <= len(self._options):
            raise ModelError(f"there is no step {number}; there are 1 to {len(self._options)}")
        option = self._options[number - 1]
        lines = [f"{len(self.walk.moves) + 1}. {self._called(option)}", *(f"   {x}" for x in self.walk.take(option))]
        return [*lines, *self._moved()]

    def _moved(self) -> list[str]:
        self._options = self.walk.options()
        return self.shown()

    def _listed(self, word: str, *, refused: bool) -> list[str]:
        wanted = [
            f"{number:>4}  {self._called(option)}" + (f"  refused: {', '.join(option.by)}" if option.by else "")
            for number, option in enumerate(self._options, 1)
            if bool(option.by) == refused and word in self._called(option)
        ]
        more = [f"      and {len(wanted) - SHOWN} more: say a part of a name, too"] if len(wanted) > SHOWN else []
        return [*wanted[:SHOWN], *more] or ["      nothing"]

    def _called(self, option: Option) -> str:
        return f"{option.move.action}({', '.join(option.move.named(self.walk.simulation.scope).values())})"

    def _back(self, _: str) -> list[str]:
        self.walk.back()
        return self._moved()

    def _trace(self, _: str) -> list[str]:
        return chart(self.walk.trace).splitlines()

    def _save(self, name: str) -> list[str]:
        if not name or not self.walk.moves:
            raise ModelError("say where to, once there is a step: save walk.json")
        self.walk.trace.save(Path(name))
        return [f"saved: {name}"]

    def _quit(self, _: str) -> list[str]:
        self.over = True
        return []
