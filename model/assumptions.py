"""What the protocol does not ensure, and some would like to assume. Each is a module that leaves moves out.

A known limit of the design (`properties/limits.py`) names the assumption under which it is none.
"""

from __future__ import annotations

from model.accounts import User
from model.groups import Group, Groups
from model.language import Module, along, when


class HonestRoster(Module):
    """The server tells no device of a member whom the people in the group do not want in it."""

    @along(Groups.add)
    def only_who_belongs(group: Group, user: User) -> None:
        when(belongs=Groups.belongs(group, user))
