"""One client as the server sees it: let in, answered, told; and whatever it says, nobody else notices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impl.address import Address
from impl.connected import TurnedAway
from impl.dialogue import DevicesChanged
from impl.stanzas.reading import optional
from impl.wire.client_payload import Login
from impl.wire.nodes import Jid, Node, Server
from tests.impl.connected.desk import ALICE, BOB, Outlet, Place, noise


@pytest.fixture
def place() -> Place:
    return Place()


def tags(outlet: Outlet) -> list[str]:
    return [node.tag for node in outlet.take()]


def test_who_logs_in_gets_its_mailbox_once_it_asks(place: Place) -> None:
    outlet = Outlet()
    session = place.desk.accept(place.noise_of("web"), place.payload_of("web"), True, outlet)
    assert tags(outlet) == ["success"]
    place.say(place.bob, ALICE, "Hello")
    place.desk.deliver()
    assert tags(outlet) == []
    session.received(Node("iq", {"id": "1", "type": "set", "xmlns": "passive"}, (Node("active"),)))
    assert tags(outlet) == ["iq", "message", "ib"]


def test_what_is_confirmed_leaves_the_mailbox_and_the_rest_comes_again(place: Place) -> None:
    place.say(place.bob, ALICE, "one")
    place.say(place.bob, ALICE, "two")
    session, outlet = place.enter("web")
    first, second = (node for node in outlet.take() if node.tag == "message")
    session.received(Node("receipt", {"id": first.attrs["id"], "to": first.attrs["from"]}))
    session.closed("gone")
    session, outlet = place.enter("web")
    (again,) = (node for node in outlet.take() if node.tag == "message")
    assert again == second
    session.received(Node("ack", {"class": "message", "id": again.attrs["id"], "to": again.attrs["from"]}))
    assert place.server.mailboxes.count(Address(ALICE, 1)) == 0


@pytest.mark.parametrize(
    ("key", "payload"),
    [
        (noise(7), Login(int(ALICE), 0)),  # another key
        (noise(2), Login(int(ALICE), 0)),  # that of somebody else
        (noise(1), Login(int(ALICE), 1)),  # that of another device
        (noise(7), Login(15550009999, 0)),  # nobody
    ],
)
def test_nobody_else_is_let_in(key: bytes, payload: Login, place: Place) -> None:
    with pytest.raises(TurnedAway) as turned:
        place.desk.accept(key, payload, True, Outlet())
    assert turned.value.node == Node("failure", {"reason": "401", "location": "lo"})


def test_who_connects_anew_replaces_its_former_connection_but_a_recording_does_not(place: Place) -> None:
    _, first = place.enter("web")
    replay, recorded = place.enter("web", proven=False)
    assert not first.why and tags(recorded) == ["success"]
    replay.received(Node("iq", {"id": "1", "type": "set", "xmlns": "passive"}, (Node("active"),)))
    assert first.why == "connected anew" and first.take()[-1].tag == "stream:error"


def test_a_companion_of_nobody_has_something_to_show_and_may_do_nothing_else(place: Place) -> None:
    session, outlet, _ = place.introduce()
    (shown,) = outlet.take()
    assert shown.content and isinstance(shown.content, tuple) and shown.content[0].tag == "pair-device"
    session.received(Node("iq", {"id": "1", "type": "get", "xmlns": "encrypt"}, (Node("count"),)))
    (answer,) = outlet.take()
    assert (answer.attrs["type"], answer.attrs["id"]) == ("error", "1")


def test_a_companion_that_is_unlinked_is_told_why_and_its_connection_ends(place: Place) -> None:
    _, outlet = place.enter("web")
    with place.server.store.transaction():
        place.server.linking.remove(Address(ALICE, 1))
    place.desk.deliver()
    assert outlet.why == "unlinked"
    last = outlet.take()[-1]
    assert (last.tag, last.attrs["code"]) == ("stream:error", "401")
    assert place.server.mailboxes.count(Address(ALICE, 1)) == 0
    with pytest.raises(TurnedAway):
        place.enter("web")


NOBODY = (Node("key", content=(Node("user"),)),)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (Node("iq", {"id": "7", "type": "get", "xmlns": "nobody:knows"}), ("iq", "501")),
        (
            Node("iq", {"id": "7", "type": "get", "xmlns": "encrypt"}, (Node("key", content=(Node("user"),)),)),
            ("iq", "400"),
        ),
        (Node("message", {"id": "7", "to": Jid(BOB, Server.USER)}), ("ack", "479")),
        (Node("receipt", {"id": "7"}), ("ack", "479")),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_error(said: Node, answer: tuple[str, str], place: Place) -> None:
    session, outlet = place.enter("web")
    outlet.take()
    session.received(said)
    (told,) = outlet.take()
    code = optional(told, "error") or told.content[0].attrs["code"]  # type: ignore[index, union-attr]
    assert (told.tag, code) == answer and told.attrs["id"] == "7" and not outlet.why


def test_a_stanza_that_means_nothing_ends_the_connection(place: Place) -> None:
    session, outlet = place.enter("web")
    session.received(Node("song", {"id": "1"}))
    assert "song" in outlet.why and outlet.take()[-1].attrs["code"] == "500"


def test_who_confirms_nothing_gets_no_more(place: Place) -> None:
    session, outlet = place.enter("web")
    outlet.take()
    outlet.replies = 0
    with place.server.store.transaction():
        for _ in range(200):
            place.server.mailboxes.post(Address(ALICE, 1), DevicesChanged(BOB))
    place.desk.deliver()
    told = outlet.take()
    assert len(told) == 128 and outlet.replies == 2 * 128
    session.received(Node("ack", {"class": "notification", "id": told[0].attrs["id"], "to": told[0].attrs["from"]}))
    assert len(outlet.take()) == 1


NAMES = st.sampled_from([Jid(ALICE, Server.USER), Jid(BOB, Server.USER, 3), Jid("1", Server.GROUP), "x", "1", "get"])
KEYS = st.sampled_from(["id", "to", "from", "type", "xmlns", "class", "participant", "recipient", "category", "jid"])
TAGS = st.sampled_from(
    ["iq", "message", "receipt", "ack", "call", "enc", "participants", "to", "key", "user", "list", "usync", "ib"]
)
ATTRS = st.dictionaries(KEYS, NAMES, max_size=5)
NODES = st.recursive(
    st.builds(Node, TAGS, ATTRS, st.one_of(st.none(), st.binary(max_size=40), NAMES)),
    lambda inner: st.builds(Node, TAGS, ATTRS, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(st.lists(NODES, max_size=12))
@settings(max_examples=150, deadline=None)
def test_whatever_one_says_the_server_goes_on_and_the_others_hear_nothing_strange(nodes: list[Node]) -> None:
    place = Place()
    session, outlet = place.enter("web")
    _, other = place.enter("bob")
    other.take()
    for node in nodes:
        if not outlet.why:
            session.received(node)
    assert not other.why
    assert {node.tag for node in other.take()} <= {"message", "receipt", "notification", "call"}
    place.say(place.bob, ALICE, "Still here?")
    assert place.server.mailboxes.count(Address(ALICE, 0)) > 0
