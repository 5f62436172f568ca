"""From the hash in an ack to the devices that a message lacks; the honest server says the same without stanzas."""

from __future__ import annotations

import pytest

from impl.address import Address
from impl.client.drive import drive
from impl.dialogue import Accepted, CreateGroup, Submit, SubmitToGroup
from impl.participants import participant_hash
from impl.server import Server
from impl.stanza import Stanza
from impl.stanzas.recount import recount
from tests.impl.stanzas.carrying import ALICE, BOB, DESKTOP, TABLET, WEB

GONE = Address(BOB.user, 9)


@pytest.fixture
def server() -> Server:
    server = Server()
    with server.store.transaction():
        for address in (ALICE, WEB, DESKTOP, BOB, TABLET):
            server.directory.add(address, address.device)
    return server


def submit(*recipients: Address, **more: bool) -> Submit:
    return Submit(
        "3EB0", BOB.user, tuple(Stanza("3EB0", WEB, each, "message", "msg", b"x") for each in recipients), **more
    )


REQUESTS = {
    "without some": submit(ALICE, BOB),
    "with one that is gone": submit(ALICE, DESKTOP, BOB, TABLET, GONE),
    "complete": submit(ALICE, DESKTOP, BOB, TABLET),
    "for nobody": submit(),
    "again": submit(TABLET, again=True),
    "again, gone": submit(GONE, again=True),
    "to be viewed once, not by the phone": submit(ALICE, view_once=True),
    "to be viewed once": submit(BOB, view_once=True),
    "peer, gone": Submit("3EB0", None, submit(GONE).stanzas),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_counting_again_gives_what_the_server_counts(server: Server, name: str) -> None:
    request = REQUESTS[name]
    said = server.answer(WEB, request)
    found = drive(recount(request, WEB), lambda question: server.answer(WEB, question))
    assert found == Accepted(said.missing, said.extra)
    assert (said.phash is None) == (found == Accepted())


def test_the_hash_is_that_of_all_devices_which_the_server_counts(server: Server) -> None:
    said = server.answer(WEB, submit(ALICE, BOB, GONE))
    assert said.phash == participant_hash([ALICE, WEB, DESKTOP, BOB, TABLET])


def test_in_a_group_everybody_counts(server: Server) -> None:
    group = server.answer(WEB, CreateGroup("key", (BOB.user,))).group
    request = SubmitToGroup("3EB0", group, "2:AAAAAAAA", b"x", ())
    said = server.answer(WEB, request)
    assert said.phash == participant_hash([ALICE, WEB, DESKTOP, BOB, TABLET])
    found = drive(recount(request, WEB), lambda question: server.answer(WEB, question))
    assert found.missing == said.missing == (ALICE, DESKTOP, BOB, TABLET)
    assert server.answer(WEB, SubmitToGroup("3EB1", group, said.phash, b"x", ())) == Accepted()
    assert server.answer(WEB, SubmitToGroup("3EB2", group, "", b"x", ())) == Accepted()


def test_in_a_group_phones_of_others_view_once(server: Server) -> None:
    group = server.answer(WEB, CreateGroup("key", (BOB.user,))).group
    to_bob = submit(BOB).stanzas
    for made_for, missing in ((), (BOB,)), (to_bob, ()):
        request = SubmitToGroup("3EB0", group, "", b"", made_for, view_once=True)
        said = server.answer(WEB, request)
        found = drive(recount(request, WEB), lambda question: server.answer(WEB, question))
        assert found.missing == said.missing == missing
        assert (said.phash is None) == (not missing)
