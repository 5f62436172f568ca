"""Sessions in a world: phones that talk to each other alone, prekeys by name, and what copies of them open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl import prekeys
from impl.address import PHONE, Address
from impl.device import Device
from impl.phone import Phone
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza
from impl.wire.content import Text
from model.kinds import NoteSpec, PrekeySpec, SessionSpec
from properties.conform.impostor import Impostor
from properties.conform.snapshots import Copied

if TYPE_CHECKING:
    from properties.conform.world import World


class Parlour:
    """Ends, each the phone of an account of its own, and the notes between them, all of which the adversary keeps."""

    def __init__(self, world: World) -> None:
        self.world = world
        more, beginning = world.scope.more, world.time_of(world.scope.lists[0][0])
        self.sessions: dict[str, SessionSpec] = {row.name: row for row in more["sessions"]}
        self.specs: dict[str, NoteSpec] = {row.name: row for row in more["notes"]}
        self.originals: dict[str, str] = {row.name: row.original for row in more["copies"]}
        self.prekeys: dict[str, PrekeySpec] = {row.name: row for row in more["prekeys"]}
        self.ends = {row.name: Phone.register(row.name, world.entropy, beginning) for row in more["ends"]}
        for end in self.ends.values():
            for name, other in self.ends.items():
                end.pin(name, other.identity.public)
                end.learn_list(name, other.signed_list, beginning)
        self.ids = {name: self._prekey(spec.owner) for name, spec in self.prekeys.items()}
        self.public = {name: self.one_time(name) for name in self.prekeys}
        self.begun: dict[str, str | None] = {}  # sessions, and the one-time prekey that each began with
        self.notes: dict[str, Stanza] = {}
        self.copies: list[Copied] = []
        self.known: set[str] = set()
        self._stolen: dict[str, Impostor] = {}
        self._tried: tuple[int, int] = 0, 0

    def _prekey(self, owner: str) -> int:
        end = self.ends[owner]
        with end.store.transaction():
            (number,) = prekeys.add_one_time(end, 1)
        return number

    def one_time(self, prekey: str) -> bytes | None:
        """The public part, as long as its owner has the other."""
        pair = self.ends[self.prekeys[prekey].owner].one_time_prekeys.get(self.ids[prekey])
        return pair.public if pair else None

    def bundle(self, end: str, prekey: str | None) -> PrekeyBundle:
        """As the server gives it, which keeps what was published."""
        plain = self.ends[end].local.bundle()
        return replace(plain, one_time_id=self.ids[prekey], one_time=self.public[prekey]) if prekey else plain

    def begin(self, session: str, prekey: str | None) -> None:
        spec = self.sessions[session]
        bundle = self.bundle(spec.called, prekey)
        self.ends[spec.caller].meet(Address(spec.called, PHONE), PHONE, bundle, self.world.now)
        self.begun[session] = prekey

    def steal(self, session: str) -> None:
        """With a copied identity, and no one-time prekey."""
        spec = self.sessions[session]
        local = next(copy.device.local for copy in self.copies if copy.name == spec.caller)
        bundle = self.bundle(spec.called, None)
        self._stolen[session] = Impostor(local, bundle, self.world.entropy, self.world.now)
        self.begun[session] = None

    def seal(self, note: str) -> None:
        spec, id = self.specs[note], self.message_id(note)
        session = self.sessions[spec.session]
        if spec.session in self._stolen and spec.author == session.caller:
            impostor = self._stolen[spec.session]
            self.notes[note] = impostor.says(id, session.caller, session.called, self.world.now)
            self.known.add(note)
            return
        to = session.called if spec.author == session.caller else session.caller
        (self.notes[note],) = self.ends[spec.author].send(id, to, Text(f"text of {note}"), self.world.now)

    def message_id(self, note: str) -> str:
        return f"3EB2{list(self.specs).index(note):016X}"

    def receiver(self, note: str) -> Device:
        return self.ends[self.notes[note].recipient.user]

    def copy(self, copy: str) -> None:
        end = self.originals[copy]
        self.copies.append(Copied(end, Device.restore(self.ends[end].snapshot(), self.world.entropy)))

    def read(self) -> None:
        """Every copy tries every note, once."""
        notes, (copies, read) = list(self.notes), self._tried
        for n, copied in enumerate(self.copies):
            first = read if n < copies else 0
            for note in notes[first:]:
                if note not in self.known and copied.opens(self.notes[note], self.notes.values()):
                    self.known.add(note)
        for name in self._stolen:
            self._listen(name, notes[read:])
        self._tried = len(self.copies), len(notes)

    def _listen(self, name: str, notes: list[str]) -> None:
        """What is said to the adversary in a session that it has begun."""
        for note in notes:
            stanza, spec = self.notes[note], self.sessions[name]
            if (stanza.sender.user, stanza.recipient.user) == (spec.called, spec.caller):
                self.known |= {note} if self._stolen[name].opens(stanza) else set()
