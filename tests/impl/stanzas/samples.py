"""One of each question with its answer, and of each notice, about devices and accounts, for tests of this folder.

What linking hands around has its true form, but signatures of nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from impl.address import Address
from impl.dialogue import (
    AnswerPairing,
    ApproveLinking,
    AskPairing,
    Client,
    CollectionAnswer,
    CollectionAsk,
    CollectionsChanged,
    ConfirmLinking,
    CountPrekeys,
    DeviceEntry,
    Devices,
    DevicesChanged,
    Done,
    Event,
    FetchBundles,
    FetchDevices,
    FinishPairing,
    IdentityChanged,
    Linked,
    OneTimePrekey,
    PairingAnswered,
    PairingAsked,
    PairingFinished,
    PairSuccess,
    PrekeysLow,
    PublishList,
    PublishPrekeys,
    Request,
    SyncCollections,
    Unlink,
)
from impl.kinds import DeviceProps, Platform
from impl.sessions import PrekeyBundle
from impl.stanzas import appstate, directory, linking, pairing, prekeys
from impl.stanzas.exchange import Exchange
from impl.stanzas.notice import Notice
from impl.wire.adv import DeviceIdentity, IdentityContainer, KeyIndexList, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.appstate import CollectionName
from impl.wire.pairing_code import CompanionFinish, CompanionHello, PrimaryHello
from tests.impl.stanzas.carrying import ALICE, BOB, DESKTOP, NOISE, TABLET, WEB

INDEX, SECOND = 3, 1626220800

DETAILS = DeviceIdentity(7, SECOND, INDEX).encode()
CONTAINER = IdentityContainer(SignedDeviceIdentity(DETAILS, b"\x01" * 32, b"\x02" * 64).encode(), b"\x03" * 32).encode()
CONFIRMATION = SignedDeviceIdentity(DETAILS, None, b"\x02" * 64, b"\x04" * 64).encode()
WHOLE_IDENTITY = SignedDeviceIdentity(DETAILS, b"\x01" * 32, b"\x02" * 64, b"\x04" * 64).encode()
LIST = SignedKeyIndexList(KeyIndexList(7, SECOND, INDEX, (0, INDEX)).encode(), b"\x05" * 64).encode()

APPROVAL = ApproveLinking(NOISE, CONTAINER, INDEX, LIST)
SUCCESS = PairSuccess(CONTAINER, WEB)
PORTAL = DeviceProps(Platform.CATALINA, "Portal")
LINKED = Linked(WEB, CONFIRMATION, PORTAL)

REF = b"2@abc,1"
PRIMARY = PrimaryHello(REF, b"\x06" * 80, b"\x07" * 32)
FINISH = CompanionFinish(REF, b"\x08" * 156, b"\x09" * 32)
HELLO = CompanionHello(REF, b"\x0a" * 80, NOISE)
ASK_PAIRING = AskPairing("15550001001", b"\x0a" * 80, PORTAL)

BARE = PrekeyBundle(0x01020304, b"\x0b" * 32, 0x050607, b"\x0c" * 32, b"\x0d" * 64)
FULL = replace(BARE, one_time_id=8, one_time=b"\x0e" * 32, device_identity=WHOLE_IDENTITY)
UPLOAD = PublishPrekeys(BARE, (OneTimePrekey(8, b"\x0e" * 32), OneTimePrekey(9, b"\x0f" * 32)))

ALICE_HAS = Devices((DeviceEntry(ALICE, 0), DeviceEntry(WEB, 1), DeviceEntry(DESKTOP, 3)), LIST)
FETCH = FetchDevices(("15550001001", "15550001002", "15550001003"))
DIRECTORY = {
    "15550001001": ALICE_HAS,
    "15550001002": Devices((DeviceEntry(BOB, 0),)),
    "15550001003": Devices(()),
}

HIGH, LOW, CRITICAL = CollectionName.REGULAR_HIGH, CollectionName.REGULAR_LOW, CollectionName.CRITICAL_BLOCK
SYNC = SyncCollections(
    (CollectionAsk(HIGH, 7, b"patch"), CollectionAsk(LOW, 0, None, True), CollectionAsk(CRITICAL, 2))
)
SYNCED = (
    CollectionAnswer(HIGH, None, (b"theirs", b"more"), 409),
    CollectionAnswer(LOW, b"reference", (b"newer",)),
    CollectionAnswer(CRITICAL),
)

BUNDLES: tuple[tuple[Address, PrekeyBundle], ...] = ((BOB, BARE), (TABLET, FULL))

ASKED: tuple[tuple[Exchange[Any, Any], Request[Any], Any, Client], ...] = (
    (linking.Approve(), APPROVAL, WEB, ALICE),
    (linking.CONFIRM, ConfirmLinking(CONFIRMATION), Done(), NOISE),
    (linking.Remove(), Unlink(WEB, LIST), Done(), ALICE),
    (linking.Remove(), Unlink(WEB, None), Done(), WEB),
    (pairing.Ask(), ASK_PAIRING, REF, NOISE),
    (pairing.Answer(), AnswerPairing(PRIMARY), Done(), ALICE),
    (pairing.Finish(), FinishPairing(FINISH), Done(), NOISE),
    (directory.Fetch(), FETCH, DIRECTORY, WEB),
    (directory.Publish(), PublishList(LIST), Done(), ALICE),
    (prekeys.Publish(), UPLOAD, Done(), WEB),
    (prekeys.Publish(), PublishPrekeys(BARE), Done(), WEB),
    (prekeys.Count(), CountPrekeys(), 812, WEB),
    (prekeys.Fetch(), FetchBundles((BOB, TABLET)), BUNDLES, WEB),
    (prekeys.Fetch(), FetchBundles((BOB, TABLET)), (), WEB),
    (appstate.Sync(), SYNC, SYNCED, WEB),
)
"""Who asks, what, what the server says, and to whom."""

TOLD: tuple[tuple[Notice[Any], Event, Client], ...] = (
    (linking.Succeeded(), SUCCESS, NOISE),
    (linking.Joined(), LINKED, ALICE),
    (pairing.Asked(), PairingAsked(HELLO), ALICE),
    (pairing.Answered(), PairingAnswered(PRIMARY), NOISE),
    (pairing.Finished(), PairingFinished(FINISH), ALICE),
    (directory.Changed(), DevicesChanged("15550001002"), WEB),
    (directory.Reregistered(), IdentityChanged("15550001002"), WEB),
    (prekeys.Low(), PrekeysLow(4), WEB),
    (appstate.Changed(), CollectionsChanged((HIGH, LOW)), WEB),
)
"""Who tells, what, and whom."""
