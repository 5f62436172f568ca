"""Scopes about messages that end (`fading`, `viewing`), calls (`ringing`, `answering`), retries (`asking`), receipts
(`watching`), backups (`vault`), codes (`comparing`), and history on demand (`demand`, `begging`, `pretending` and
`hearsay`).

`pocket` is for walks.
"""

from __future__ import annotations

from model.configuration import DeviceSpec, MessageSpec, Scope
from model.kinds import (
    BackupSpec,
    CallSpec,
    CodeSpec,
    NoticeSpec,
    QuerySpec,
    ReceiptSpec,
    RequestSpec,
    SyncKeySpec,
)
from model.people import ALICE, BOB, GHOST, MALLORY, WEB


def _fading() -> Scope:
    """Alice's phone sends her companion a note that disappears."""
    return Scope(
        "fading",
        [ALICE, WEB],
        [("alice.1", "alice")],
        [MessageSpec("message 1", "alice.phone", "alice", ends="timer")],
        {"users": 1, "devices": 2, "lists": 1, "messages": 1},
    )


def _viewing() -> Scope:
    """Mallory sends alice's devices, the companion too, a medium to be viewed once."""
    return Scope(
        "viewing",
        [ALICE, WEB, MALLORY],
        [("alice.1", "alice")],
        [MessageSpec("lie 1", "mallory.phone", "alice", ends="view")],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 1, "lies": 1},
    )


def _ringing() -> Scope:
    """Alice and mallory call each other."""
    return Scope(
        "ringing",
        [ALICE, MALLORY],
        [],
        [],
        {"users": 1, "devices": 1, "rogues": 1, "calls": 3},
        calls=[
            CallSpec("call 1", "alice.phone", "mallory"),
            CallSpec("call 2", "alice.phone", "mallory"),
            CallSpec("call 3", "mallory.phone", "alice"),
        ],
    )


def _answering() -> Scope:
    """Bob calls alice, who has two devices to take the call on."""
    return Scope(
        "answering",
        [BOB, ALICE, WEB],
        [("alice.1", "alice"), ("alice.2", "alice")],
        [],
        {"users": 2, "devices": 3, "lists": 2, "calls": 1},
        calls=[CallSpec("call 1", "bob.phone", "alice")],
    )


def _asking() -> Scope:
    """Alice's companion asks her phone for a message, or confirms it; a ghost asks in its own name or with its keys."""
    return Scope(
        "asking",
        [ALICE, WEB, GHOST],
        [("alice.1", "alice"), ("alice.2", "alice")],
        [MessageSpec("message 1", "alice.phone", "alice")],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 2, "messages": 1, "requests": 3, "receipts": 1, "notices": 1},
        requests=[
            RequestSpec("request 1", "message 1", "alice.web", "alice.web"),
            RequestSpec("request 2", "message 1", "alice.web", "ghost"),
            RequestSpec("request 3", "message 1", "ghost", "ghost"),
        ],
        receipts=[ReceiptSpec("receipt 1", "message 1", "alice.web")],
        notices=[NoticeSpec("notice 1", "alice.web")],
    )


def _watching() -> Scope:
    """Bob writes to alice, who has two devices to read it on, and each says that it is there."""
    return Scope(
        "watching",
        [ALICE, BOB, WEB],
        [("alice.1", "alice")],
        [MessageSpec("message 1", "bob.phone", "alice")],
        {"users": 2, "devices": 3, "lists": 1, "messages": 1, "receipts": 2},
        receipts=[
            ReceiptSpec("receipt 1", "message 1", "alice.phone"),
            ReceiptSpec("receipt 2", "message 1", "alice.web"),
        ],
    )


def _vault() -> Scope:
    """Alice and bob back up what bob has sent her, and what disappears."""
    return Scope(
        "vault",
        [ALICE, BOB],
        [],
        [MessageSpec("message 1", "bob.phone", "alice", ends="timer")],
        {"users": 2, "devices": 2, "messages": 1, "sync_keys": 1, "backups": 3},
        sync_keys=[SyncKeySpec("key 1", "alice.phone")],
        backups=[
            BackupSpec("backup 1", "alice.phone"),
            BackupSpec("backup 2", "alice.phone"),
            BackupSpec("backup 3", "bob.phone"),
        ],
    )


def _comparing() -> Scope:
    """Both devices of alice, one of them linked meanwhile, show the security code that she has with mallory."""
    return Scope(
        "comparing",
        [ALICE, WEB, MALLORY],
        [("alice.1", "alice")],
        [],
        {"users": 1, "devices": 2, "rogues": 1, "lists": 1, "codes": 2},
        codes=[CodeSpec("code 1", "alice.phone", "mallory"), CodeSpec("code 2", "alice.web", "mallory")],
    )


def _demand() -> Scope:
    """Alice's companion asks her phone for what she has noted; it may be unlinked."""
    return Scope(
        "demand",
        [ALICE, WEB],
        [("alice.1", "alice"), ("alice.2", "alice")],
        [MessageSpec("message 1", "alice.phone", "alice")],
        {"users": 1, "devices": 2, "lists": 2, "messages": 1, "queries": 1},
        queries=[QuerySpec("query 1", "alice.web", "alice.phone", "alice")],
    )


def _begging() -> Scope:
    """Mallory asks alice's phone for her history."""
    return _on_demand("begging", [ALICE, MALLORY], "mallory.phone")


def _pretending() -> Scope:
    """A ghost asks alice's phone too, and answers what her companion has asked."""
    return _on_demand("pretending", [ALICE, WEB, GHOST], "alice.web", "ghost")


def _hearsay() -> Scope:
    """Mallory does."""
    return _on_demand("hearsay", [ALICE, WEB, MALLORY], "alice.web")


def _on_demand(name: str, devices: list[DeviceSpec], *asking: str) -> Scope:
    """Some of the devices ask alice's phone for her notes, of which there are none."""
    lists = [("alice.1", "alice")] if WEB in devices else []
    queries = [QuerySpec(f"query {n}", device, "alice.phone", "alice") for n, device in enumerate(asking, 1)]
    sizes = {"users": 1, "devices": len(devices) - 1, "rogues": 1, "lists": len(lists), "queries": len(queries)}
    return Scope(name, devices, lists, [], sizes, queries=queries)


def _pocket() -> Scope:
    """For walks: alice with a companion, bob, a ghost and mallory; what ends, calls among them, backups, codes."""
    return Scope(
        "pocket",
        [ALICE, WEB, BOB, MALLORY, GHOST],
        [("alice.1", "alice"), ("alice.2", "alice")],
        [
            MessageSpec("message 1", "alice.phone", "bob", ends="timer"),
            MessageSpec("message 2", "alice.web", "bob", ends="timer"),
            MessageSpec("message 3", "bob.phone", "alice", ends="timer"),
            MessageSpec("message 4", "bob.phone", "alice", ends="view"),
            MessageSpec("message 5", "alice.web", "bob"),
            MessageSpec("message 6", "bob.phone", "alice"),
            MessageSpec("lie 1", "mallory.phone", "alice", ends="view"),
            MessageSpec("lie 2", "mallory.phone", "alice", ends="timer"),
        ],
        calls=[
            CallSpec("call 1", "bob.phone", "alice"),
            CallSpec("call 2", "alice.web", "bob"),
            CallSpec("call 3", "alice.phone", "mallory"),
            CallSpec("call 4", "mallory.phone", "alice"),
            CallSpec("call 5", "ghost", "bob"),
            CallSpec("call 6", "alice.phone", "bob"),
            CallSpec("call 7", "alice.web", "alice"),
        ],
        requests=[
            RequestSpec("request 1", "message 5", "bob.phone", "bob.phone"),
            RequestSpec("request 2", "message 5", "alice.phone", "mallory.phone"),
            RequestSpec("request 3", "message 5", "ghost", "ghost"),
            RequestSpec("request 4", "message 6", "alice.web", "alice.web"),
            RequestSpec("request 5", "message 6", "alice.phone", "alice.phone"),
        ],
        receipts=[
            ReceiptSpec("receipt 1", "message 5", "bob.phone"),
            ReceiptSpec("receipt 2", "message 5", "alice.phone"),
            ReceiptSpec("receipt 3", "message 6", "alice.phone"),
            ReceiptSpec("receipt 4", "message 6", "alice.web"),
        ],
        notices=[NoticeSpec("notice 1", "alice.web"), NoticeSpec("notice 2", "bob.phone")],
        queries=[
            QuerySpec("query 1", "alice.web", "alice.phone", "bob"),
            QuerySpec("query 2", "alice.web", "alice.phone", "bob"),
            QuerySpec("query 3", "alice.web", "alice.phone", "mallory"),
            QuerySpec("query 4", "mallory.phone", "alice.phone", "mallory"),
            QuerySpec("query 5", "ghost", "alice.phone", "bob"),
        ],
        sync_keys=[SyncKeySpec("key 1", "alice.phone"), SyncKeySpec("key 2", "alice.phone")],
        backups=[
            BackupSpec("backup 1", "alice.phone"),
            BackupSpec("backup 2", "alice.phone"),
            BackupSpec("backup 3", "bob.phone"),
        ],
        codes=[
            CodeSpec("code 1", "alice.phone", "bob"),
            CodeSpec("code 2", "alice.web", "bob"),
            CodeSpec("code 3", "bob.phone", "alice"),
            CodeSpec("code 4", "bob.phone", "alice"),
        ],
    )


SCOPES = (
    *(_fading(), _viewing(), _ringing(), _answering(), _asking(), _watching(), _vault(), _comparing()),
    *(_demand(), _begging(), _pretending(), _hearsay(), _pocket()),
)
POCKETS = {scope.name: scope for scope in SCOPES}
