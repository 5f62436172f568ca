"""Device lists in stanzas, as wire.md, section 4, has them."""

from __future__ import annotations

import pytest

from impl.dialogue import Declined, DeviceEntry, Devices, DevicesChanged, FetchDevices, IdentityChanged
from impl.stanzas.directory import Changed, Fetch, Publish, Reregistered, contact_hash
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server
from tests.impl.stanzas.carrying import ALICE, BOB, WEB, carried, changed, element
from tests.impl.stanzas.samples import DIRECTORY, FETCH, LIST, SECOND

ALONE = FetchDevices((ALICE.user,))
OTHER = Jid("15550001009", Server.USER)


def question(*protocols: str, users: tuple[Node, ...] = (element("user", jid=Jid(ALICE.user, Server.USER)),)) -> Node:
    """As a foreign client asks."""
    query = element("query", *map(element, protocols))
    usync = element("usync", query, element("list", *users), sid="7", mode="query", last="true", index="0")
    return carried(element("iq", usync, type="get", xmlns="usync", to=Jid("", Server.USER)))


def answer(*devices: Node, rest: tuple[Node, ...] = ()) -> Node:
    """What is said of Alice."""
    found = element("devices", element("device-list", *devices), *rest)
    users = element("list", element("user", found, jid=Jid(ALICE.user, Server.USER)))
    return carried(element("iq", element("usync", users), type="result"))


def device(id: int, key_index: int | None = None, **attrs: str) -> Node:
    return Node("device", {"id": str(id), **({} if key_index is None else {"key-index": str(key_index)}), **attrs})


def replied(node: Node) -> str:
    """The list of users in our answer."""
    request = Fetch().asked(node, WEB)
    (usync,) = Fetch().result(node, request, {user: DIRECTORY.get(user, Devices(())) for user in request.users})
    return shown(carried(usync).content[1])


def test_devices_are_asked_for_by_usync() -> None:
    (node,) = Fetch().ask(ALONE, WEB)
    assert shown(node) == (
        '<iq to="s.whatsapp.net" type="get" xmlns="usync">'
        '<usync sid="1" mode="query" last="true" index="0" context="message">'
        '<query><devices version="2"/></query><list><user jid="15550001001@s.whatsapp.net"/></list></usync></iq>'
    )
    assert replied(node) == (
        '<list><user jid="15550001001@s.whatsapp.net"><devices><device-list hash="2:ghjJHONG">'
        '<device id="0" key-index="0"/><device id="1" key-index="1"/><device id="2" key-index="3"/></device-list>'
        f'<key-index-list ts="{SECOND}">{LIST[:32].hex()}… {len(LIST)} bytes</key-index-list></devices></user></list>'
    )


def test_other_protocols_are_answered_along_with_it() -> None:
    asked = question("devices", "lid", "contact", "status", "disappearing_mode", "picture", "unheard_of")
    assert replied(asked).partition("</devices>")[2] == (
        '<lid val="915550001001@lid"/><contact type="in"/><status t="0"/><disappearing_mode duration="0" t="0"/>'
        "</user></list>"
    )


def test_baileys_asks_for_a_lid_alone() -> None:
    users = (element("user", jid=Jid(ALICE.user, Server.USER)), element("user", jid=OTHER))
    assert replied(question("lid", users=users)) == (
        '<list><user jid="15550001001@s.whatsapp.net"><lid val="915550001001@lid"/></user>'
        '<user jid="15550001009@s.whatsapp.net"/></list>'
    )


def test_whoever_is_asked_for_by_lid_is_answered_so() -> None:
    users = (element("user", jid=Jid("9" + ALICE.user, Server.LID)),)
    assert replied(question("lid", users=users)) == (
        '<list><user jid="915550001001@lid"><lid val="915550001001@lid"/></user></list>'
    )


def test_whether_a_number_is_registered() -> None:
    users = tuple(element("user", Node("contact", content=f"+{user}")) for user in (ALICE.user, "15550001009"))
    assert replied(question("contact", users=users)) == (
        '<list><user jid="15550001001@s.whatsapp.net"><contact type="in">+15550001001</contact></user>'
        '<user jid="15550001009@s.whatsapp.net"><contact type="out">+15550001009</contact></user></list>'
    )


@pytest.mark.parametrize(
    "user",
    [
        element("user"),
        element("user", element("contact")),
        element("user", Node("contact", content="+")),
        element("user", Node("contact", content="a@b")),
        element("user", jid=Jid("1", Server.BOT)),
        element("user", jid=Jid("1", Server.LID)),
    ],
)
def test_it_must_be_clear_who_is_meant(user: Node) -> None:
    with pytest.raises(DecodeError):
        Fetch().asked(question("devices", users=(user,)), WEB)


def test_devices_stand_for_their_account_once() -> None:
    users = tuple(element("user", jid=Jid(ALICE.user, Server.USER, each)) for each in (0, 1))
    assert Fetch().asked(question("devices", users=users), WEB) == ALONE


def test_a_question_without_query_is_none() -> None:
    node = question("devices")
    with pytest.raises(DecodeError):
        Fetch().asked(changed(node, (element("list"),), "usync"), WEB)


def test_companions_without_index_and_hosted_ones_do_not_count() -> None:
    node = answer(device(0), device(1, 4), device(2), device(3, 0), device(99, 5, is_hosted="true"))
    assert Fetch().answered(ALONE, node) == {ALICE.user: Devices((DeviceEntry(ALICE, 0), DeviceEntry(WEB, 4)))}


def test_a_list_that_was_left_out_is_none() -> None:
    for content in (None, (), b""):
        node = answer(device(0), rest=(Node("key-index-list", {"ts": "1"}, content),))
        assert Fetch().answered(ALONE, node)[ALICE.user].signed_list is None


@pytest.mark.parametrize(
    "node",
    [
        answer(device(0), device(1, 4), device(1, 5)),
        answer(device(0), device(1, 4), device(2, 4)),
        answer(*(device(each, each) for each in range(101))),
        answer(device(256, 1)),
        answer(device(1, 1 << 32)),
        answer(element("device")),
        answer(rest=(Node("key-index-list", {"ts": "1"}, b"no list"),)),
        answer(rest=(Node("key-index-list", {"ts": "1"}, bytes(4097)),)),
        element("iq", element("usync", element("list")), type="result"),
        element("iq", type="result"),
    ],
)
def test_lists_within_bounds(node: Node) -> None:
    with pytest.raises(DecodeError):
        Fetch().answered(ALONE, node)


def test_only_those_asked_for_and_each_once() -> None:
    (node,) = Fetch().ask(FETCH, WEB)
    reply = Fetch().answer(node, FETCH, DIRECTORY)
    with pytest.raises(DecodeError, match="not asked for"):
        Fetch().answered(ALONE, reply)
    (user,) = answer(device(0)).content[0].content[0].content
    with pytest.raises(DecodeError, match="twice"):
        Fetch().answered(ALONE, changed(answer(device(0)), (user, user), "usync", "list"))


def test_an_error_is_not_an_account_without_devices() -> None:
    wrong = changed(answer(), (element("error", code="503", text="later"),), "usync", "list", "user", "devices")
    with pytest.raises(Declined, match="503: later"):
        Fetch().answered(ALONE, wrong)


def test_a_phone_publishes_its_list() -> None:
    (node,) = Publish().ask(Publish.request(LIST), ALICE)
    assert shown(node) == (
        '<iq to="s.whatsapp.net" type="set" xmlns="md">'
        f'<key-index-list ts="{SECOND}">{LIST[:32].hex()}… {len(LIST)} bytes</key-index-list></iq>'
    )
    for junk in (b"", b"junk", bytes(4097), None):
        with pytest.raises(DecodeError):
            Publish().asked(changed(node, junk, "key-index-list"), ALICE)


def test_devices_have_changed() -> None:
    """Baileys forgets the devices of those who are named inside."""
    assert shown(Changed().tell(DevicesChanged(BOB.user), WEB)) == (
        '<notification from="15550001002@s.whatsapp.net" type="devices">'
        f'<update hash="{contact_hash(BOB.user)}"><device jid="15550001002@s.whatsapp.net"/></update></notification>'
    )
    assert contact_hash("15550001002") == "jR3P"


@pytest.mark.parametrize("change", ["add", "remove", "update"])
def test_whichever_way_they_changed(change: str) -> None:
    node = element("notification", element(change), type="devices", from_=Jid(BOB.user, Server.USER))
    assert Changed().is_told(node) and Changed().told(node, WEB) == DevicesChanged(BOB.user)


def test_the_own_list_comes_by_account_sync() -> None:
    own = Jid(ALICE.user, Server.USER)
    node = element("notification", element("devices", dhash="2:x"), type="account_sync", from_=own)
    assert Changed().is_told(node) and Changed().told(node, WEB) == DevicesChanged(ALICE.user)
    assert not Changed().is_told(element("notification", element("blocklist"), type="account_sync", from_=own))


def test_an_account_was_registered_anew() -> None:
    node = Reregistered().tell(IdentityChanged(BOB.user), WEB)
    assert shown(node) == '<notification from="15550001002@s.whatsapp.net" type="encrypt"><identity/></notification>'
    for wrong in (Jid(BOB.user, Server.USER, 1), Jid("", Server.USER), "nonsense"):
        with pytest.raises(DecodeError):
            Reregistered().told(element("notification", element("identity"), type="encrypt", from_=wrong), WEB)
