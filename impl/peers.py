"""What a device knows about others: their lists and their devices. wire.md, section 4."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, MutableMapping, ValuesView
from dataclasses import dataclass

from impl.address import Address
from impl.store import Store
from impl.wire.adv import KeyIndexList


@dataclass(frozen=True)
class View:
    """A verified device list of one account: the signed bytes, and what they say."""

    signed: bytes
    list: KeyIndexList


@dataclass(frozen=True)
class Peer:
    """A verified device: its 32-byte identity key, and the key index under which its account lists it."""

    identity: bytes
    key_index: int


class Peers(MutableMapping[Address, Peer]):
    """Every device met, found by its address, by its identity, and by its account without a look at all others."""

    def __init__(self, store: Store) -> None:
        self._peers = store.table("peers", Address, Peer)
        self._addresses = store.table("peers_by_identity", bytes, Address)
        self._accounts = store.table("peers_by_account", str, tuple[Address, ...])

    def holder(self, identity: bytes) -> Address | None:
        """Where an identity is known."""
        return self._addresses.get(identity)

    def of(self, user: str) -> tuple[Address, ...]:
        """The devices met of one account, in the order in which they were."""
        return self._accounts.get(user, ())

    def __getitem__(self, address: Address) -> Peer:
        return self._peers[address]

    def __setitem__(self, address: Address, peer: Peer) -> None:
        former = self._peers.get(address)
        if former == peer:
            return
        if former is None:
            self._accounts[address.user] = (*self.of(address.user), address)
        else:
            self._forget_identity(address, former)
        self._peers[address] = peer
        self._addresses[peer.identity] = address

    def __delitem__(self, address: Address) -> None:
        self._forget_identity(address, self._peers[address])
        del self._peers[address]
        left = tuple(each for each in self.of(address.user) if each != address)
        if left:
            self._accounts[address.user] = left
        else:
            del self._accounts[address.user]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._peers)

    def __len__(self) -> int:
        return len(self._peers)

    def __contains__(self, address: object) -> bool:
        return address in self._peers

    def items(self) -> ItemsView[Address, Peer]:
        return self._peers.items()

    def values(self) -> ValuesView[Peer]:
        return self._peers.values()

    def _forget_identity(self, address: Address, peer: Peer) -> None:
        if self.holder(peer.identity) == address:
            del self._addresses[peer.identity]
