"""Whatever arrives: every exchange and notice about messages, groups and calls gives a value or DecodeError.

A value that it gives is read again when it is written down.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.dialogue import (
    AskRetry,
    CallSignalled,
    Client,
    Delivery,
    Event,
    FetchGroups,
    GroupDelivery,
    MediaRetried,
    Receipted,
    Request,
    RetryAsked,
    SendMediaRetry,
    SendReceipts,
    SignalCall,
    TellName,
    Unavailable,
)
from impl.stanzas import calls, group_messages, groups, media_retries, messages, presence, receipts, retries
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server
from tests.impl.stanzas import (
    test_calls,
    test_group_messages,
    test_groups,
    test_media_retries,
    test_messages,
    test_receipts,
    test_retries,
)
from tests.impl.stanzas.carrying import ALICE, BOB, NOISE, WEB, carried
from tests.impl.stanzas.damage import survives

FILES = (messages, group_messages, groups, receipts, retries, media_retries, calls, presence)
EXCHANGES: list[Exchange[Any, Any]] = [each for file in FILES for each in file.EXCHANGES]
NOTICES: list[Notice[Any]] = [each for file in FILES for each in file.NOTICES]

REQUESTS: list[Request[Any]] = [
    *test_messages.QUESTIONS,
    *test_group_messages.QUESTIONS,
    *(request for _, request, _ in test_groups.QUESTIONS),
    *(SendReceipts((each,)) for each in test_receipts.EXACT),
    *(AskRetry(each) for each in test_retries.REQUESTS),
    *(SendMediaRetry(each) for each in test_media_retries.RETRIES),
    *(SignalCall(each) for each in test_calls.SIGNALS),
    TellName("Alice"),
]
EVENTS: list[Event] = [
    Delivery(test_messages.sealed(WEB, "pkmsg", ALICE), BOB.user),
    Unavailable("3EB0", ALICE, BOB.user),
    GroupDelivery(test_group_messages.DELIVERY),
    *test_groups.EVENTS,
    *(Receipted(each) for each in test_receipts.TELLINGS),
    *(RetryAsked(each) for each in test_retries.REQUESTS),
    *(MediaRetried(each) for each in test_media_retries.RETRIES),
    *(CallSignalled(each) for each in test_calls.SIGNALS),
]


def test_there_is_one_of_each() -> None:
    assert {type(each) for each in REQUESTS} == {each.request for each in EXCHANGES}
    assert {type(each) for each in EVENTS} == {each.event for each in NOTICES}


def exchange_of(request: Request[Any]) -> Exchange[Any, Any]:
    (found,) = [each for each in EXCHANGES if each.request is type(request)]
    return found


@pytest.mark.parametrize("at", range(len(REQUESTS)))
def test_damaged_questions(at: int) -> None:
    exchange = exchange_of(REQUESTS[at])
    (node,) = map(carried, exchange.ask(REQUESTS[at], WEB))

    def read(wrong: Node) -> None:
        asked = exchange.asked(wrong, WEB)
        assert [exchange.asked(carried(each), WEB) for each in exchange.ask(asked, WEB)] == [asked]

    refused = survives(read, node, Random(at))
    assert refused or isinstance(REQUESTS[at], FetchGroups), "only whoever asks for everything cannot ask wrong"


@pytest.mark.parametrize("at", range(len(EVENTS)))
def test_damaged_notices(at: int) -> None:
    (notice,) = [each for each in NOTICES if each.event is type(EVENTS[at])]
    node = carried(notice.tell(EVENTS[at], WEB))

    def read(wrong: Node) -> None:
        told = notice.told(wrong, WEB)
        assert notice.told(carried(notice.tell(told, WEB)), WEB) == told

    assert survives(read, node, Random(at)) > 0


@pytest.mark.parametrize(("exchange", "request_", "value"), test_groups.QUESTIONS)
def test_damaged_answers(exchange: Exchange[Any, Any], request_: Request[Any], value: object) -> None:
    (question,) = exchange.ask(request_, WEB)
    node = carried(exchange.answer(question, request_, value))
    assert survives(lambda wrong: exchange.answered(request_, wrong), node, Random(1)) > 0


WORDS = (
    *("message", "participants", "to", "enc", "device-identity", "receipt", "list", "item", "retry", "registration"),
    *("keys", "encrypt", "rmr", "notification", "iq", "create", "group", "participant", "call", "offer", "destination"),
)
KEYS = ("id", "to", "from", "type", "jid", "participant", "recipient", "category", "count", "v", "xmlns", "call-id")
VALUES = ("text", "retry", "server-error", "w:gp2", "w:g2", "set", "get", "peer", "2", "1", "msg", "skmsg", "@g.us")
USER, GROUP = Server.USER, Server.GROUP
NAMES = st.sampled_from((Jid("1", USER), Jid("1", USER, 2), Jid("1", GROUP), Jid("", GROUP)))
ATTRS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES) | NAMES, max_size=6)
LEAVES = st.builds(Node, st.sampled_from(WORDS), ATTRS, st.none() | st.binary(max_size=40) | st.text(max_size=8))


def holding(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(Node, st.sampled_from(WORDS), ATTRS, st.lists(nodes, max_size=4).map(tuple))


@given(st.recursive(LEAVES, holding, max_leaves=12), st.sampled_from((WEB, ALICE, NOISE)))
def test_any_stanza(node: Node, client: Client) -> None:
    for exchange in EXCHANGES:
        if exchange.is_asked(node):
            with suppress(DecodeError):
                exchange.asked(node, client)
    for notice in NOTICES:
        if notice.is_told(node):
            with suppress(DecodeError):
                notice.told(node, client)
    receipts.confirmed(node)
