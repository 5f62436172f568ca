"""All exchanges and notices: which one writes a request or an event, and which one reads a stanza."""

from __future__ import annotations

from typing import Any

from impl.dialogue import Event, Request
from impl.stanzas import (
    appstate,
    calls,
    directory,
    group_messages,
    groups,
    linking,
    media_retries,
    messages,
    pairing,
    prekeys,
    presence,
    receipts,
    retries,
)
from impl.stanzas.exchange import Exchange, Iq
from impl.stanzas.notice import Notice
from impl.wire.nodes import Node

_FILES = (
    *(linking, pairing, directory, prekeys, appstate),
    *(messages, group_messages, groups, receipts, retries, media_retries, calls, presence),
)

EXCHANGES: tuple[Exchange[Any, Any], ...] = tuple(each for file in _FILES for each in file.EXCHANGES)
NOTICES: tuple[Notice[Any], ...] = tuple(each for file in _FILES for each in file.NOTICES)

# who countersigns does so in the answer to an iq, which is one, too
_IQS = tuple(each for each in EXCHANGES if isinstance(each, Iq | linking.Confirm))
_OTHERS = tuple(each for each in EXCHANGES if not isinstance(each, Iq | linking.Confirm))

_BY_REQUEST = {each.request: each for each in EXCHANGES}
_BY_EVENT = {each.event: each for each in NOTICES}


def exchange_of(request: Request[Any]) -> Exchange[Any, Any]:
    """Who asks it. KeyError for what goes another way: files and registrations by HTTP."""
    return _BY_REQUEST[type(request)]


def exchange_for(node: Node) -> Exchange[Any, Any] | None:
    """Whose question it is."""
    asked_so = _IQS if node.tag == "iq" else _OTHERS
    return next((each for each in asked_so if each.is_asked(node)), None)


def notice_of(event: Event) -> Notice[Any]:
    return _BY_EVENT[type(event)]


def notice_for(node: Node) -> Notice[Any] | None:
    """Whose notice it is; None for what a client need not know."""
    return next((each for each in NOTICES if each.is_told(node)), None)
