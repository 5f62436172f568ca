"""Questions of a companion and what it is told: about its account, messages, groups, calls."""

from __future__ import annotations

from typing import Any

from impl.address import Address
from impl.calls import Signal
from impl.crypto.entropy import Entropy
from impl.dialogue import (
    AskRetry,
    CallSignalled,
    ChangeMembers,
    CollectionAsk,
    CollectionsChanged,
    CountPrekeys,
    CreateGroup,
    Delivery,
    DevicesChanged,
    Event,
    FetchBundles,
    FetchDevices,
    FetchGroup,
    FetchGroups,
    GroupChanged,
    GroupDelivery,
    IdentityChanged,
    MediaRetried,
    MediaRetry,
    OneTimePrekey,
    PrekeysLow,
    PublishPrekeys,
    Receipt,
    Receipted,
    Request,
    RetryAsked,
    Roster,
    SendMediaRetry,
    SendReceipts,
    SignalCall,
    Submit,
    SubmitToGroup,
    SyncCollections,
    Unavailable,
)
from impl.messages import MessageKey
from impl.sessions import PrekeyBundle
from impl.stanza import GroupStanza, RetryRequest, Stanza
from impl.stanzas import table
from impl.wire import nodes
from impl.wire.appstate import CollectionName

PHONE, OWN = Address("15550001001", 0), Address("15550001001", 1)
BOB, TABLET = Address("15550001002", 0), Address("15550001002", 1)
GROUP, ID, CALL = "120363000000000001@g.us", "3EB0C431", "0123456789ABCDEF0123456789ABCDEF"


def recorded(entropy: Entropy) -> dict[str, list[bytes]]:
    """Inputs of each target by name, all accepted."""
    questions = [node for each in _questions(entropy) for node in table.exchange_of(each).ask(each, OWN)]
    notices = [table.notice_of(each).tell(each, OWN) for each in _notices(entropy)]
    return {"question": list(map(nodes.encode, questions)), "notice": list(map(nodes.encode, notices))}


def _questions(entropy: Entropy) -> list[Request[Any]]:
    bundle, retry = _bundle(entropy), MessageKey(ID, TABLET, BOB.user)
    alone = _sealed(entropy, OWN, TABLET)
    calls = (_offer(entropy, OWN, BOB), _offer(entropy, OWN, TABLET))
    return [
        CountPrekeys(),
        PublishPrekeys(bundle, (OneTimePrekey(8, entropy(32)), OneTimePrekey(9, entropy(32)))),
        FetchDevices((PHONE.user, BOB.user)),
        FetchBundles((BOB, TABLET)),
        SyncCollections((CollectionAsk(CollectionName.REGULAR, 7, entropy(40)),)),
        Submit(ID, BOB.user, (_sealed(entropy, OWN, BOB), alone, _sealed(entropy, OWN, PHONE))),
        Submit(ID, BOB.user, (alone,), again=True),
        Submit(ID, None, (_sealed(entropy, OWN, PHONE, peer=True),)),
        SubmitToGroup(ID, GROUP, "2:AAAAAAAA", entropy(90), (alone,)),
        SubmitToGroup(ID, GROUP, "", entropy(90), (alone,), (BOB, TABLET)),
        SubmitToGroup(ID, GROUP, "", b"", (alone,), (TABLET,)),
        CreateGroup(ID, (BOB.user,), "Walks"),
        ChangeMembers(GROUP, (BOB.user,), ("15550001003",)),
        ChangeMembers(GROUP, remove=(OWN.user,)),
        FetchGroup(GROUP),
        FetchGroups(),
        SendReceipts((Receipt(ID, OWN, TABLET, "read"), Receipt("3EB0C432", OWN, TABLET, "read"))),
        SendReceipts((Receipt(ID, OWN, PHONE, "sender", BOB.user),)),
        SendReceipts((Receipt(ID, OWN, TABLET, "delivered", GROUP),)),
        AskRetry(RetryRequest(ID, OWN, TABLET, 2, 7, bundle.registration_id, bundle, GROUP)),
        SendMediaRetry(MediaRetry(OWN, PHONE, retry, entropy(30), entropy(12))),
        SignalCall(calls[0], calls[1:]),
        SignalCall(Signal(CALL, TABLET, OWN, TABLET, "reject", "busy")),
    ]


def _notices(entropy: Entropy) -> list[Event]:
    bundle, lost = _bundle(entropy), MessageKey(ID, TABLET, BOB.user)
    roster = Roster(GROUP, 2, BOB.user, (BOB.user, OWN.user), "Walks", 1626220800)
    key = _sealed(entropy, TABLET, OWN)
    return [
        PrekeysLow(4),
        DevicesChanged(BOB.user),
        IdentityChanged(BOB.user),
        CollectionsChanged((CollectionName.REGULAR,)),
        Delivery(key),
        Delivery(_sealed(entropy, PHONE, OWN), BOB.user),
        Unavailable(ID, PHONE, BOB.user),
        GroupDelivery(GroupStanza(ID, TABLET, OWN, GROUP, entropy(90), key)),
        GroupChanged(Roster(GROUP, 1, BOB.user, (BOB.user, OWN.user)), (BOB.user, OWN.user), (), BOB.user),
        GroupChanged(roster, (OWN.user,), ("15550001003",), BOB.user),
        Receipted(Receipt(ID, TABLET, OWN, "read")),
        Receipted(Receipt(ID, PHONE, OWN, "sender", BOB.user)),
        RetryAsked(RetryRequest(ID, TABLET, OWN, 2, 7, bundle.registration_id, bundle, GROUP)),
        MediaRetried(MediaRetry(PHONE, OWN, lost, entropy(30), entropy(12))),
        CallSignalled(_offer(entropy, TABLET, OWN)),
        CallSignalled(Signal(CALL, TABLET, TABLET, OWN, "terminate", "timeout")),
    ]


def _sealed(entropy: Entropy, sender: Address, recipient: Address, peer: bool = False) -> Stanza:
    return Stanza(ID, sender, recipient, "peer" if peer else "message", "pkmsg", entropy(150), b"linked")


def _offer(entropy: Entropy, sender: Address, recipient: Address) -> Signal:
    stanza = Stanza(CALL, sender, recipient, "message", "msg", entropy(80))
    return Signal(CALL, sender, sender, recipient, "offer", stanza=stanza)


def _bundle(entropy: Entropy) -> PrekeyBundle:
    return PrekeyBundle(77, entropy(32), 5, entropy(32), entropy(64), 6, entropy(32), b"linked")
