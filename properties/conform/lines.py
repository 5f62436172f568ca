"""Calls in a world: their ids, the key for each device, and who has brought it back, by the names of the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl.calls import ID_SIZE, KEY_SIZE, Kind, Reason, Signal
from impl.stanza import Stanza
from impl.wire.content import CallKey
from model.kinds import CallSpec

if TYPE_CHECKING:
    from properties.conform.world import World


class Lines:
    """What was said of calls; the server, who is the adversary, gives it to whom it likes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.specs: dict[str, CallSpec] = {row.name: row for row in world.scope.more["calls"]}
        self.ids: dict[str, str] = {}
        self.offers: dict[tuple[str, str], Signal] = {}
        self.answers: dict[tuple[str, str], Signal] = {}
        self.strays: set[tuple[str, str]] = set()
        self._keys: dict[str, bytes] = {}  # of calls that the adversary makes, or that ring on its devices

    def id_of(self, call: str) -> str:
        """Drawn by the caller, or by the adversary where nobody has called yet."""
        return self.ids.get(call) or f"{list(self.specs).index(call):0{2 * ID_SIZE}X}"

    def call(self, call: str) -> None:
        """The caller calls."""
        spec = self.specs[call]
        caller = self.world.device(spec.caller)
        id = caller.offer_call(spec.callee, self.world.now)
        self.ids[call] = id
        for (known, recipient, kind), signal in caller.signals.items():
            to = self.world.name_at(recipient)
            if known == id and kind == "offer" and to is not None:
                self.offers[call, to] = signal

    def forge(self, call: str, device: str) -> None:
        """A key of the adversary's, in a call of its own device."""
        key = self._keys.setdefault(call, self.world.entropy(KEY_SIZE))
        self.ids.setdefault(call, self.world.entropy(ID_SIZE).hex().upper())
        self.offers[call, device] = self.offer(call, device, self.seal(self.specs[call].caller, device, call, key))

    def seal(self, sender: str, to: str, call: str, key: bytes) -> Stanza:
        return self.world.adversary.seal(sender, to, CallKey(key), self.id_of(call), "message")

    def offer(self, call: str, device: str, stanza: Stanza) -> Signal:
        return self.signal(call, self.specs[call].caller, device, "offer", "", stanza)

    def signal(
        self, call: str, sender: str, to: str, kind: Kind, reason: Reason = "", stanza: Stanza | None = None
    ) -> Signal:
        creator, address = self.world.address(self.specs[call].caller), self.world.address
        return Signal(self.id_of(call), creator, address(sender), address(to), kind, reason, stanza)

    def accept(self, device: str, call: str) -> None:
        taker = self.world.device(device)
        taker.accept_call(self.world.now)
        caller = self.world.address(self.specs[call].caller)
        self.answers[call, device] = taker.signals[self.id_of(call), caller, "accept"]

    def answer_as(self, device: str, call: str, insider: str) -> None:
        """With the key that a device of the adversary's has from its offer, which opens once."""
        offered = self.offers[call, insider].stanza
        if call not in self._keys and offered is not None:
            found = self.world.adversary.read(insider, offered)
            assert isinstance(found, CallKey)
            self._keys[call] = found.key
        stanza = self.seal(device, self.specs[call].caller, call, self._keys[call])
        self.answers[call, device] = self.signal(call, device, self.specs[call].caller, "accept", "", stanza)

    def noise(self, sender: str, to: str, call: str) -> Stanza:
        return self.world.adversary.noise(sender, to, self.id_of(call))
