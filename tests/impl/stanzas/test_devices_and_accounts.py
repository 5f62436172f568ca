"""Whatever one end says about devices and accounts, the other end understands; what is damaged it refuses."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from impl.dialogue import Client, CountPrekeys, Event, Request
from impl.stanzas import appstate, directory, linking, pairing, prekeys
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from tests.impl.stanzas.carrying import answered, asked, carried, refusal, told
from tests.impl.stanzas.damage import survives
from tests.impl.stanzas.samples import ASKED, TOLD

FILES = (linking, pairing, directory, prekeys, appstate)

each_question = pytest.mark.parametrize(
    ("exchange", "question", "answer", "client"), ASKED, ids=lambda value: type(value).__name__
)
each_notice = pytest.mark.parametrize(("notice", "event", "client"), TOLD, ids=lambda value: type(value).__name__)


def test_there_is_a_sample_of_each() -> None:
    assert {type(each[0]) for each in ASKED} == {type(each) for file in FILES for each in file.EXCHANGES}
    assert {type(each[0]) for each in TOLD} == {type(each) for file in FILES for each in file.NOTICES}


@each_question
def test_a_question_is_understood(
    exchange: Exchange[Any, Any], question: Request[Any], answer: Any, client: Client
) -> None:
    assert asked(exchange, question, client) == [question]
    assert answered(exchange, question, answer, client) == answer
    declined = refusal(exchange, question, client)
    assert (declined.code, declined.why) == (404, "item-not-found")


@each_notice
def test_a_notice_is_understood(notice: Notice[Any], event: Event, client: Client) -> None:
    assert told(notice, event, client) == event


def test_nothing_is_taken_for_something_else() -> None:
    exchanges = [each for file in FILES for each in file.EXCHANGES]
    for exchange, question, _, client in ASKED:
        for node in exchange.ask(question, client):
            assert [type(each) for each in exchanges if each.is_asked(carried(node))] == [type(exchange)]
    notices = [each for file in FILES for each in file.NOTICES]
    for notice, event, client in TOLD:
        node = carried(notice.tell(event, client))
        assert [type(each) for each in notices if each.is_told(node)] == [type(notice)]


@each_question
def test_damaged_questions_and_answers_are_refused(
    exchange: Exchange[Any, Any], question: Request[Any], answer: Any, client: Client
) -> None:
    (node,) = exchange.ask(question, client)
    refused = survives(lambda wrong: (exchange.is_asked(wrong), exchange.asked(wrong, client)), node, Random(1))
    assert refused or question == CountPrekeys()
    reply = exchange.answer(node, question, answer)
    survives(lambda wrong: exchange.answered(question, wrong), reply, Random(2))


@each_question
def test_no_damage_breaks_an_answer(
    exchange: Exchange[Any, Any], question: Request[Any], answer: Any, client: Client
) -> None:
    """The server answers the question that it has read, whatever else there was in it."""
    (node,) = exchange.ask(question, client)

    def reply(wrong: Any) -> None:
        if exchange.is_asked(wrong):
            exchange.answer(wrong, exchange.asked(wrong, client), answer)

    survives(reply, node, Random(3))


@each_notice
def test_damaged_notices_are_refused(notice: Notice[Any], event: Event, client: Client) -> None:
    node = notice.tell(event, client)
    assert survives(lambda wrong: (notice.is_told(wrong), notice.told(wrong, client)), node, Random(1))
