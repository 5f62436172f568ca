"""What users want to be called: shown beside what they send, and believed of them. wire.md, section 8.2, `notify`."""

from __future__ import annotations

from impl.dialogue import Done
from impl.names import is_name
from impl.store import Store, Table


class Profiles:
    names = Table(str, str)

    def __init__(self, store: Store) -> None:
        self.store = store

    def tell_name(self, user: str, name: str) -> Done:
        """What no client would show is not kept."""
        if is_name(name) and self.names.get(user) != name:
            self.names[user] = name
        return Done()

    def drop(self, user: str) -> None:
        """The account is somebody else's from now on."""
        self.names.pop(user, None)
