"""Groups as the server keeps them: members by user, and the way of one ciphertext to all their devices.

Nothing of it is signed: the server decides who is a member, and whom it counts. wire.md, sections 8.3 and 14.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from hashlib import sha256

from msgspec.structs import replace

from impl.address import GROUP_SERVER, PHONE, Address
from impl.dialogue import Accepted, Declined, GroupChanged, GroupDelivery, Roster, SubmitToGroup, Unavailable
from impl.groups.membership import MEMBER_LIMIT
from impl.participants import participant_hash
from impl.server.directory import Directory
from impl.server.mailboxes import Mailboxes
from impl.server.profiles import Profiles
from impl.stanza import GroupStanza
from impl.store import Store, Table


class Groups:
    rosters = Table(str, Roster)

    def __init__(
        self,
        store: Store,
        directory: Directory,
        mailboxes: Mailboxes,
        profiles: Profiles,
        clock: Callable[[], int],
    ) -> None:
        self.store = store
        self.directory = directory
        self.mailboxes = mailboxes
        self.profiles = profiles
        self.clock = clock

    def create(self, client: Address, key: str, members: Collection[str], subject: str = "") -> Roster:
        """The creator is the admin. Raises Declined."""
        group = group_name(client.user, key)
        if group not in self.rosters:
            self.check_registered(members)
            everybody = tuple(dict.fromkeys((client.user, *members)))
            self.publish(Roster(group, 1, client.user, everybody, subject, self.clock()), (), client.user)
        return self.rosters[group]

    def change(self, client: Address, group: str, add: Collection[str], remove: Collection[str]) -> Roster:
        """Only what is not so yet is a change. Raises Declined."""
        roster = self.fetch(client, group)
        self.check_may_change(client, roster, add, remove)
        self.check_registered(add)
        members = tuple(each for each in dict.fromkeys((*roster.members, *add)) if each not in remove)
        if members != roster.members:
            # without its admin, a group is led by who has been in it longest
            admin = roster.admin if roster.admin in members else next(iter(members), "")
            changed = replace(roster, version=roster.version + 1, admin=admin, members=members)
            self.publish(changed, roster.members, client.user)
        return self.rosters[group]

    def fetch(self, client: Address, group: str) -> Roster:
        """Raises Declined to who is no member."""
        roster = self.rosters.get(group)
        if roster is None or client not in self.devices(roster):
            raise Declined(403, f"{client} is in no group {group}")
        return roster

    def of(self, client: Address) -> tuple[Roster, ...]:
        """Every group in which this user is."""
        return tuple(roster for roster in self.rosters.values() if client in self.devices(roster))

    def submit(self, client: Address, request: SubmitToGroup) -> Accepted:
        """To every device of every member; then, if the sender counted others, all whom it should have. Declined."""
        if request.view_once:
            return self.submit_view_once(client, request)
        devices = self.devices(self.fetch(client, request.group))
        name = self.profiles.names.get(client.user)
        keys = {each.recipient: each for each in request.distributions if each.sender == client}
        for device in sorted(devices - {client}):
            if (request.only is None or device in request.only) and (request.body or device in keys):
                stanza = GroupStanza(request.id, client, device, request.group, request.body, keys.get(device))
                self.mailboxes.post(device, GroupDelivery(stanza, name))
        phash = participant_hash(devices)
        same = request.phash in (phash, "")
        return Accepted() if same else Accepted(missing=tuple(sorted(devices - {client})), phash=phash)

    def submit_view_once(self, client: Address, request: SubmitToGroup) -> Accepted:
        """To whom it was made for; phones of others must be among them, and the rest learns what it lacks. Declined."""
        others = self.devices(self.fetch(client, request.group)) - {client}
        name = self.profiles.names.get(client.user)
        made_for = {each.recipient: each for each in request.distributions if each.sender == client}
        for device in sorted(others & made_for.keys()):
            stanza = GroupStanza(request.id, client, device, request.group, b"", made_for[device])
            self.mailboxes.post(device, GroupDelivery(stanza, name))
        if request.only is not None:
            return Accepted()
        lacking = others - made_for.keys()
        missing = {each for each in lacking if each.device == PHONE and each.user != client.user}
        for device in sorted(lacking - missing):
            self.mailboxes.post(device, Unavailable(request.id, client, request.group))
        phash = participant_hash({client, *made_for, *missing}) if missing else None
        return Accepted(missing=tuple(sorted(missing)), phash=phash)

    def devices(self, roster: Roster) -> set[Address]:
        """Every device of every member."""
        return {address for user in roster.members for address in self.directory.addresses(user)}

    def publish(self, roster: Roster, former: Collection[str], author: str) -> None:
        """The group is as `roster` says, and who is or was in it hears of it. Raises Declined."""
        if len(roster.members) > MEMBER_LIMIT:
            raise Declined(419, f"more than {MEMBER_LIMIT} members")
        self.rosters[roster.group] = roster
        added = tuple(user for user in roster.members if user not in former)
        removed = tuple(user for user in former if user not in roster.members)
        for user in dict.fromkeys((*roster.members, *former)):
            for address in self.directory.addresses(user):
                self.mailboxes.post(address, GroupChanged(roster, added, removed, author))

    def check_registered(self, users: Iterable[str]) -> None:
        for user in users:
            if not self.directory.addresses(user):
                raise Declined(404, f"nobody is called {user}")

    def check_may_change(self, client: Address, roster: Roster, add: Collection[str], remove: Collection[str]) -> None:
        if client.user != roster.admin and {*add, *remove} != {client.user}:
            raise Declined(403, f"{client.user} is not the admin of {roster.group}")


def group_name(creator: str, key: str) -> str:
    """The same for the same wish of one user."""
    number = int.from_bytes(sha256(f"{creator} {key}".encode()).digest()[:8])
    return f"{number}@{GROUP_SERVER}"
