"""Every stanza has one reader, whatever the shortcuts by which it is found."""

from __future__ import annotations

import pytest

from impl.dialogue import Client, Event, Request, Unlinked
from impl.stanzas import table
from tests.impl.stanzas.carrying import WEB, carried
from tests.impl.stanzas.samples import ASKED, TOLD
from tests.impl.stanzas.test_damaged_messages import EVENTS, REQUESTS

QUESTIONS = [*((request, client) for _, request, _, client in ASKED), *((each, WEB) for each in REQUESTS)]
NOTICES = [*((event, client) for _, event, client in TOLD), *((each, WEB) for each in EVENTS)]


@pytest.mark.parametrize(("request_", "client"), QUESTIONS)
def test_a_question_is_read_by_who_wrote_it(request_: Request, client: Client) -> None:
    for node in map(carried, table.exchange_of(request_).ask(request_, client)):
        assert table.exchange_for(node) is table.exchange_of(request_)
        assert [each for each in table.EXCHANGES if each.is_asked(node)] == [table.exchange_of(request_)]


@pytest.mark.parametrize(("event", "client"), NOTICES)
def test_a_notice_is_read_by_who_wrote_it(event: Event, client: Client) -> None:
    node = carried(table.notice_of(event).tell(event, client))
    assert table.notice_for(node) is table.notice_of(event)
    assert [each for each in table.NOTICES if each.is_told(node)] == [table.notice_of(event)]


def test_nothing_is_left_out() -> None:
    assert {type(request) for request, _ in QUESTIONS} == {each.request for each in table.EXCHANGES}
    told = {type(event) for event, _ in NOTICES}
    assert told == {each.event for each in table.NOTICES} == set(Event.__subclasses__()) - {Unlinked}
