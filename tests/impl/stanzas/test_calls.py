"""Calls, as stanzas: wire.md, section 13."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from impl.address import Address
from impl.calls import Reason, Signal
from impl.dialogue import CallSignalled, Done, SignalCall
from impl.stanza import Stanza
from impl.stanzas.calls import Signalled, Signalling
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from tests.impl.stanzas.carrying import BOB, TABLET, WEB, answered, asked, refusal, told, without
from tests.impl.stanzas.xml import xml

SIGNAL, SIGNALLED = Signalling(), Signalled()
CALL = "0123456789ABCDEF0123456789ABCDEF"


def key(recipient: Address, sender: Address = WEB, kind: str = "msg") -> Stanza:
    identity = b"linked" if kind == "pkmsg" else None
    return Stanza(CALL, sender, recipient, "message", kind, b"the key", identity)


OFFER = Signal(CALL, WEB, WEB, BOB, "offer", stanza=key(BOB, kind="pkmsg"))
SIGNALS = [
    OFFER,
    Signal(CALL, TABLET, WEB, TABLET, "accept", stanza=key(TABLET)),
    *(Signal(CALL, TABLET, WEB, TABLET, "reject", reason) for reason in get_args(Reason)),
    *(Signal(CALL, WEB, WEB, TABLET, "terminate", reason) for reason in get_args(Reason)),
]


@pytest.mark.parametrize("signal", SIGNALS)
def test_the_server_is_asked_what_the_client_asks(signal: Signal) -> None:
    assert asked(SIGNAL, SignalCall(signal)) == [SignalCall(signal)]
    assert answered(SIGNAL, SignalCall(signal), Done()) == Done()
    assert refusal(SIGNAL, SignalCall(signal)).code == 404


def test_an_offer_rings_on_many_devices_at_once() -> None:
    other = replace(OFFER, recipient=TABLET, stanza=key(TABLET))
    assert asked(SIGNAL, SignalCall(OFFER, (other,))) == [SignalCall(OFFER, (other,))]


@pytest.mark.parametrize("signal", SIGNALS)
def test_the_client_hears_what_the_server_tells(signal: Signal) -> None:
    assert told(SIGNALLED, CallSignalled(signal), signal.recipient) == CallSignalled(signal)


def test_how_signals_look() -> None:
    (offer,) = SIGNAL.ask(SignalCall(OFFER), WEB)
    head = f'<offer call-id="{CALL}" call-creator="15550001001:1@s.whatsapp.net"><audio enc="opus" rate="16000"/>'
    head += '<net medium="3"/>'
    tail = '<encopt keygen="2"/><device-identity>linked</device-identity></offer></call>'
    sealed = '<enc v="2" type="pkmsg">the key</enc>'
    assert shown(offer) == (
        f'<call to="15550001002@s.whatsapp.net">{head}<destination><to jid="15550001002@s.whatsapp.net">{sealed}</to>'
        f"</destination>{tail}"
    )
    assert shown(SIGNALLED.tell(CallSignalled(OFFER), BOB)) == (
        f'<call from="15550001001:1@s.whatsapp.net">{head}{sealed}{tail}'
    )
    (reject,) = SIGNAL.ask(SignalCall(Signal(CALL, TABLET, WEB, TABLET, "reject", "busy")), WEB)
    assert shown(reject) == (
        f'<call to="15550001002:1@s.whatsapp.net"><reject call-id="{CALL}"'
        ' call-creator="15550001002:1@s.whatsapp.net" reason="busy" count="0"/></call>'
    )
    assert shown(SIGNAL.answer(reject, SignalCall(OFFER), Done())) == (
        '<ack class="call" from="15550001002:1@s.whatsapp.net" type="reject"/>'
    )


def test_baileys_rejects() -> None:
    node = xml(f"""<call from="15550001001:1@s.whatsapp.net" to="15550001002:1@s.whatsapp.net">
        <reject call-id="{CALL}" call-creator="15550001002:1@s.whatsapp.net" count="0"/></call>""")
    assert SIGNAL.asked(node, WEB) == SignalCall(Signal(CALL, TABLET, WEB, TABLET, "reject"))


@pytest.mark.parametrize(
    "path",
    [("@to",), ("accept",), ("accept", "@call-id"), ("accept", "@call-creator"), ("accept", "enc", "@type")],
)
def test_every_part_is_needed(path: tuple[str, ...]) -> None:
    (node,) = SIGNAL.ask(SignalCall(SIGNALS[1]), WEB)
    with pytest.raises(DecodeError):
        SIGNAL.asked(without(node, *path), WEB)


ATTRS = f'call-id="{CALL}" call-creator="15550001001:1@s.whatsapp.net"'
TO_BOB = '<to jid="15550001002@s.whatsapp.net"><enc v="2" type="msg">a</enc></to>'
BAD = {
    "an unknown signal": f"<transport {ATTRS}/>",
    "two signals": f"<reject {ATTRS}/><terminate {ATTRS}/>",
    "an acceptance for many": f"<accept {ATTRS}><destination>{TO_BOB}</destination></accept>",
    "an offer to nobody": f"<offer {ATTRS}><destination/></offer>",
    "an offer twice to one": f"<offer {ATTRS}><destination>{TO_BOB}{TO_BOB}</destination></offer>",
}


@pytest.mark.parametrize("name", BAD)
def test_what_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(DecodeError):
        SIGNAL.asked(xml(f'<call to="15550001002@s.whatsapp.net">{BAD[name]}</call>'), WEB)
