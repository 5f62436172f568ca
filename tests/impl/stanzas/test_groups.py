"""Groups and their members, as stanzas: `w:g2`, `w:gp2`."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from impl.dialogue import ChangeMembers, CreateGroup, FetchGroup, FetchGroups, GroupChanged, Request, Roster
from impl.stanzas.exchange import Exchange
from impl.stanzas.groups import Changed, Changing, Creating, Fetching, FetchingAll
from impl.stanzas.rosters import read_group
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import ALICE, BOB, WEB, answered, asked, carried, changed, refusal, told, without
from tests.impl.stanzas.xml import xml

GROUP, CAROL = "120363000000000001@g.us", "15550001003"
ROSTER = Roster(GROUP, 3, ALICE.user, (ALICE.user, BOB.user), "Walks", 1626220800)
GROUP_XML = (
    '<group id="120363000000000001" subject="Walks" creation="1626220800" creator="15550001001@s.whatsapp.net"'
    ' s_t="1626220800" s_o="15550001001@s.whatsapp.net" p_v_id="3" size="2" addressing_mode="pn">'
    '<participant jid="15550001001@s.whatsapp.net" type="superadmin"/>'
    '<participant jid="15550001002@s.whatsapp.net"/></group>'
)
CREATE, CHANGE, FETCH, FETCH_ALL, CHANGED = Creating(), Changing(), Fetching(), FetchingAll(), Changed()

QUESTIONS: list[tuple[Exchange, Request, object]] = [
    (CREATE, CreateGroup("key", (BOB.user,), "Walks"), ROSTER),
    (CREATE, CreateGroup("key", (), ""), replace(ROSTER, subject="", members=(ALICE.user,))),
    (CHANGE, ChangeMembers(GROUP, add=(BOB.user, CAROL)), ROSTER),
    (CHANGE, ChangeMembers(GROUP, remove=(BOB.user,)), ROSTER),
    (CHANGE, ChangeMembers(GROUP, (CAROL,), (BOB.user,)), ROSTER),
    (CHANGE, ChangeMembers(GROUP, remove=(ALICE.user,)), replace(ROSTER, admin="", members=())),
    (FETCH, FetchGroup(GROUP), ROSTER),
    (FETCH_ALL, FetchGroups(), (ROSTER, replace(ROSTER, group="1@g.us"))),
    (FETCH_ALL, FetchGroups(), ()),
]


@pytest.mark.parametrize(("exchange", "request_", "value"), QUESTIONS)
def test_question_answer_and_refusal(exchange: Exchange, request_: Request, value: object) -> None:
    assert asked(exchange, request_) == [request_]
    assert answered(exchange, request_, value) == value
    assert refusal(exchange, request_).code == 404


def written(exchange: Exchange, request: Request, value: object) -> tuple[str, str]:
    (question,) = exchange.ask(request, WEB)
    return shown(question), shown(exchange.answer(question, request, value))


def test_a_group_is_made() -> None:
    question, answer = written(CREATE, CreateGroup("3EB0", (BOB.user,), "Walks"), ROSTER)
    assert question == (
        '<iq to="g.us" type="set" xmlns="w:g2"><create subject="Walks" key="3EB0">'
        '<participant jid="15550001002@s.whatsapp.net"/></create></iq>'
    )
    assert answer == f'<iq from="g.us" type="result">{GROUP_XML}</iq>'


def test_members_are_added() -> None:
    question, answer = written(CHANGE, ChangeMembers(GROUP, add=(BOB.user,)), ROSTER)
    add = '<add><participant jid="15550001002@s.whatsapp.net"/></add>'
    assert question == f'<iq to="{GROUP}" type="set" xmlns="w:g2">{add}</iq>'
    assert answer == f'<iq from="{GROUP}" type="result">{add}{GROUP_XML}</iq>'


def test_whoever_removes_itself_leaves() -> None:
    question, _ = written(CHANGE, ChangeMembers(GROUP, remove=(ALICE.user,)), ROSTER)
    assert question == f'<iq to="g.us" type="set" xmlns="w:g2"><leave><group id="{GROUP}"/></leave></iq>'


def test_what_other_clients_ask() -> None:
    asks = {
        '<iq to="@g.us" type="set" xmlns="w:g2" id="7"><create subject="Walks">'
        '<participant jid="15550001002@s.whatsapp.net"/></create></iq>': CreateGroup("7", (BOB.user,), "Walks"),
        f'<iq to="{GROUP}" type="get" xmlns="w:g2"><query request="interactive"/></iq>': FetchGroup(GROUP),
        '<iq to="@g.us" type="get" xmlns="w:g2"><participating><participants/></participating></iq>': FetchGroups(),
        f'<iq to="@g.us" type="set" xmlns="w:g2"><leave><group id="{GROUP}"/></leave></iq>': ChangeMembers(
            GROUP, remove=(ALICE.user,)
        ),
    }
    for text, request in asks.items():
        (exchange,) = [each for each in (CREATE, CHANGE, FETCH, FETCH_ALL) if each.is_asked(xml(text))]
        assert exchange.asked(xml(text), WEB) == request
    assert not any(
        each.is_asked(xml(f'<iq to="{GROUP}" type="set" xmlns="w:g2"><promote/></iq>')) for each in (CHANGE,)
    )


EVENTS = [
    GroupChanged(replace(ROSTER, version=1), ROSTER.members, (), ALICE.user),
    GroupChanged(ROSTER, (BOB.user,), (), ALICE.user),
    GroupChanged(ROSTER, (), (CAROL,), CAROL),
    GroupChanged(ROSTER, (BOB.user,), (CAROL,), ALICE.user),
    GroupChanged(ROSTER),
]


@pytest.mark.parametrize("event", EVENTS)
def test_the_client_hears_what_the_server_tells(event: GroupChanged) -> None:
    assert told(CHANGED, event) == event


def test_a_new_group_is_told_whole_and_a_change_beside_the_group() -> None:
    created, added, *_ = EVENTS
    head = f'<notification from="{GROUP}" type="w:gp2" participant="15550001001@s.whatsapp.net">'
    first = GROUP_XML.replace('p_v_id="3"', 'p_v_id="1"')
    assert shown(CHANGED.tell(created, WEB)) == f'{head}<create type="new">{first}</create></notification>'
    assert shown(CHANGED.tell(added, WEB)) == (
        f'{head}<add v_id="3" prev_v_id="2"><participant jid="15550001002@s.whatsapp.net"/></add>'
        f"{GROUP_XML}</notification>"
    )


@pytest.mark.parametrize("lost", ["@id", "@creation", "@p_v_id"])
def test_every_part_of_a_group_is_needed(lost: str) -> None:
    with pytest.raises(DecodeError):
        read_group(without(xml(GROUP_XML), lost))


def test_nobody_is_a_member_twice() -> None:
    twice = changed(xml(GROUP_XML), (Node("participant", {"jid": "15550001002@s.whatsapp.net"}),) * 2)
    with pytest.raises(DecodeError, match="2 participants"):
        read_group(twice)


def test_a_group_is_not_told_in_the_name_of_another() -> None:
    node = carried(CHANGED.tell(EVENTS[1], WEB))
    with pytest.raises(DecodeError, match="about"):
        CHANGED.told(Node(node.tag, {**node.attrs, "from": "2@g.us"}, node.content), WEB)


def test_an_account_is_no_group() -> None:
    node = xml('<iq to="15550001002@s.whatsapp.net" type="get" xmlns="w:g2"><query/></iq>')
    with pytest.raises(DecodeError, match="not a group"):
        FETCH.asked(node, WEB)
