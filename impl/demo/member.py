"""A device of the demonstration: what is wished of it, and what its processes have told, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from impl.demo.child import Child
from impl.demo.reports import Qr, Report, Say, Scan, Scanned, ShowQr, State, Trouble, Wish

NOTHING = State(address=None, online=False, said=0, held=0, outbox=0)


@dataclass(frozen=True)
class Role:
    """`user` is the number of its account, `chat` that of whom it writes to."""

    name: str
    user: str
    chat: str
    is_phone: bool = False


@dataclass
class Member:
    """`moved` is called whenever it has come further, `troubled` with what should not have happened."""

    role: Role
    child: Child
    moved: Callable[[], None]
    troubled: Callable[[str], None]
    state: State = NOTHING
    qr: str | None = None
    connections: int = 0
    repeats: int = 0
    duplicates: int = 0
    _wishes: list[Wish] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.child.told = self._told
        self.child.began = self._began

    @property
    def online(self) -> bool:
        return self.child.running and self.state.online

    @property
    def all_connections(self) -> int:
        """How often all its processes were connected."""
        return self.connections + self.state.connections

    @property
    def all_repeats(self) -> int:
        """Batches sent once more, by all its processes."""
        return self.repeats + self.state.repeats

    @property
    def all_duplicates(self) -> int:
        """Messages that came again and were refused, to all its processes."""
        return self.duplicates + self.state.duplicates

    def wish(self, wish: Wish) -> None:
        """Until it is granted, whatever happens to the process."""
        self._wishes = [each for each in self._wishes if type(each) is not type(wish)] + [wish]
        self.child.utter(wish)

    def _granted(self, kind: type[Wish]) -> None:
        self._wishes = [each for each in self._wishes if not isinstance(each, kind)]

    def _began(self) -> None:
        self.connections, self.repeats = self.all_connections, self.all_repeats
        self.duplicates = self.all_duplicates
        self.state = State(self.state.address, False, self.state.said, self.state.held, self.state.outbox)
        for each in self._wishes:
            self.child.utter(each)

    def _told(self, report: Report) -> None:
        before = self.state, self.qr, self._wishes
        match report:
            case State():
                self.state = report
                if any(isinstance(each, Say) and each.count <= report.said for each in self._wishes):
                    self._granted(Say)
            case Qr(text):
                self.qr = text
                self._granted(ShowQr)
            case Scanned():
                self._granted(Scan)
            case Trouble(what):
                self.troubled(f"{self.role.name}: {what}")
        if before != (self.state, self.qr, self._wishes):
            self.moved()
