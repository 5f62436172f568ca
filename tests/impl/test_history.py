"""History for a new companion, as a whole and check by check."""

from dataclasses import dataclass, replace

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.crypto import media
from impl.history import sharing
from impl.phone import Phone
from impl.receiving import read
from impl.stanza import Stanza
from impl.wire import content, padding
from impl.wire.adv import SignedDeviceIdentity
from impl.wire.content import HistoryFile, HistoryNotice, HistoryType, Text
from impl.wire.history import History
from tests.impl.household import NOW, Household, Share, in_outbox, notice_from
from tests.impl.refusals import refused

ALICE, WEB, DESKTOP, BOB = Address("alice", 0), Address("alice", 1), Address("alice", 2), Address("bob", 0)


@dataclass
class Story:
    """Alice and Bob talked; then Alice linked `web` and `desktop`, and everybody met."""

    home: Household
    phone: Phone
    web: Companion
    bob: Phone

    def share(self) -> Share:
        """With a blob, however small."""
        self.phone.inline_limit = 0
        return in_outbox(self.phone, self.share_inline())

    def share_inline(self) -> Stanza:
        return self.phone.share_history(WEB, self.home.answers[WEB], self.web.bundle(), NOW)


@pytest.fixture
def story() -> Story:
    home = Household()
    phone, bob = home.phone("alice"), home.phone("bob")
    home.introduce()
    for sender, to, text in ((phone, bob, "hi"), (bob, phone, "ho"), (phone, bob, "ha")):
        (stanza,) = sender.send(text, to.address.user, Text(text), NOW)
        to.receive(stanza, NOW)
    web, _ = home.companion(phone), home.companion(phone)
    home.learn()
    return Story(home, phone, web, bob)


def test_a_companion_has_what_the_phone_had(story: Story) -> None:
    share = story.share()
    assert share.stanza.category == "peer"
    assert story.web.history_path(share.stanza) == share.path
    assert story.web.import_history(share.stanza, share.blob, NOW) == 3
    assert story.web.conversation == story.phone.conversation
    assert {message.source for message in story.web.conversation} == {"history"}
    assert [m.timestamp for m in story.web.conversation] == [m.timestamp for m in story.phone.conversation]


def test_looking_up_the_path_changes_nothing(story: Story) -> None:
    share = story.share()
    before = story.web.snapshot()
    story.web.history_path(share.stanza)
    assert story.web.snapshot() == before


def test_phone_and_companion_have_met_through_history(story: Story) -> None:
    share = story.share()
    story.web.import_history(share.stanza, share.blob, NOW)
    (copy,) = story.web.send("id", "bob", Text("hello from the web"), NOW)
    assert copy.recipient == ALICE
    story.phone.receive(copy, NOW)


def test_merging_twice_changes_nothing(story: Story) -> None:
    first, second = story.share(), story.share()
    story.web.import_history(first.stanza, first.blob, NOW)
    told = list(story.web.conversation)
    assert story.web.import_history(second.stanza, second.blob, NOW) == 0
    assert story.web.conversation == told


@pytest.mark.parametrize("live_first", [True, False])
def test_a_message_told_and_delivered_is_kept_once(story: Story, live_first: bool) -> None:
    story.home.introduce()
    to_phone, to_web, _ = story.bob.send("new", "alice", Text("new"), NOW)
    story.phone.receive(to_phone, NOW)
    share = story.share()
    if live_first:
        story.web.receive(to_web, NOW)
    story.web.import_history(share.stanza, share.blob, NOW)
    if not live_first:
        story.web.receive(to_web, NOW)
    assert sorted(story.web.conversation, key=str) == sorted(story.phone.conversation, key=str)
    assert [message.source for message in story.web.conversation if message.id == "new"] == ["received"]


def test_the_key_is_neither_kept_nor_visible(story: Story) -> None:
    share = story.share()
    notice = read(story.web, share.stanza)[2].body
    assert isinstance(notice, HistoryNotice)
    story.web.import_history(share.stanza, share.blob, NOW)
    visible = repr((vars(story.phone), vars(story.web), share))
    assert isinstance(notice.content, HistoryFile)
    assert repr(notice.content.media_key) not in visible
    assert repr(notice.content.enc_sha256) not in visible


@pytest.mark.parametrize("address", [BOB, Address("bob", 1), ALICE])
def test_history_goes_to_own_companions(story: Story, address: Address) -> None:
    with refused(story.phone, "listed"):
        story.phone.share_history(address, story.home.answers[WEB], story.web.bundle(), NOW)


def test_history_goes_to_live_companions(story: Story) -> None:
    bundle = story.web.bundle()
    story.phone.unlink(1, NOW)
    with refused(story.phone, "listed"):
        story.phone.share_history(WEB, story.home.answers[WEB], bundle, NOW)


def test_nobody_linked_nothing_shared(story: Story) -> None:
    with refused(story.bob, "listed"):
        story.bob.share_history(Address("bob", 1), None, story.web.bundle(), NOW)


def test_the_companion_must_have_answered(story: Story) -> None:
    answer, other = (SignedDeviceIdentity.decode(story.home.answers[at]) for at in (WEB, DESKTOP))
    for device_identity in (
        None,
        replace(answer, device_signature=None).encode(),
        replace(answer, device_signature=bytes(64)).encode(),
        replace(answer, device_signature=other.device_signature).encode(),
    ):
        with refused(story.phone, "device_signature"):
            story.phone.share_history(WEB, device_identity, story.web.bundle(), NOW)


def test_the_bundle_is_of_the_scanned_device(story: Story) -> None:
    for bundle in (story.home.devices[DESKTOP].bundle(), story.bob.bundle()):
        with refused(story.phone, "account_signature"):
            story.phone.share_history(WEB, story.home.answers[WEB], bundle, NOW)


def test_the_signed_prekey_is_the_companions(story: Story) -> None:
    with refused(story.phone, "prekey_signature"):
        story.phone.share_history(WEB, story.home.answers[WEB], replace(story.web.bundle(), signature=bytes(64)), NOW)


def test_one_address_one_identity(story: Story) -> None:
    share = story.share()
    bundle = story.home.devices[DESKTOP].bundle()
    with refused(story.phone, "identity"):
        story.phone.share_history(WEB, story.home.answers[DESKTOP], bundle, NOW)
    assert story.web.history_path(share.stanza) == share.path


def test_history_comes_from_the_own_account(story: Story) -> None:
    story.home.introduce()
    stanza, blob = notice_from(story.bob, WEB)
    with refused(story.web, "from_own_account"):
        story.web.import_history(stanza, blob, NOW)
    with refused(story.web, "from_own_account"):
        story.web.history_path(stanza)


def test_history_comes_from_the_phone(story: Story) -> None:
    story.home.introduce()
    stanza, blob = notice_from(story.home.devices[DESKTOP], WEB)
    with refused(story.web, "from_the_phone"):
        story.web.import_history(stanza, blob, NOW)


def test_a_notice_from_the_phone_is_good_but_for_what_the_tests_above_change(story: Story) -> None:
    story.home.introduce()
    stanza, blob = notice_from(story.phone, WEB)
    assert story.web.import_history(stanza, blob, NOW) == 0


def test_history_is_imported_once(story: Story) -> None:
    share = story.share()
    story.web.import_history(share.stanza, share.blob, NOW)
    with refused(story.web, "fresh"):
        story.web.import_history(share.stanza, share.blob, NOW)


def test_a_message_is_no_history_and_history_no_message(story: Story) -> None:
    story.home.introduce()
    text = padding.pad(content.encode(Text("hi")), story.phone.entropy)
    with refused(story.web, "content"):
        story.web.import_history(story.phone.seal(WEB, text, "id", "peer", NOW), b"", NOW)
    share = story.share()
    with refused(story.web, "content"):
        story.web.receive(share.stanza, NOW)


def test_the_blob_is_the_announced_one(story: Story) -> None:
    share, other = story.share(), story.share()
    for at in range(0, len(share.blob), 17):
        changed = share.blob[:at] + bytes([share.blob[at] ^ 1]) + share.blob[at + 1 :]
        with refused(story.web, "blob_intact"):
            story.web.import_history(share.stanza, changed, NOW)
    with refused(story.web, "blob_intact"):
        story.web.import_history(share.stanza, other.blob, NOW)
    assert story.web.import_history(share.stanza, share.blob, NOW) == 3


@pytest.mark.parametrize(
    ("plaintext", "type_", "longer"),
    [
        (b"not zlib", HistoryType.INITIAL_BOOTSTRAP, 0),
        (History(()).encode(), HistoryType.RECENT, 0),
        (History((), chunk=1).encode(), HistoryType.INITIAL_BOOTSTRAP, 0),
        (History((), progress=99).encode(), HistoryType.INITIAL_BOOTSTRAP, 0),
        (History(()).encode(), HistoryType.INITIAL_BOOTSTRAP, 1),
    ],
)
def test_the_blob_is_what_was_announced(story: Story, plaintext: bytes, type_: HistoryType, longer: int) -> None:
    story.home.introduce()
    file = media.seal(plaintext, bytes(32), media.HISTORY)
    notice = HistoryNotice(HistoryFile(file.sha256, file.length + longer, bytes(32), file.enc_sha256, "/path"), type_)
    padded = padding.pad(content.encode(notice), story.phone.entropy)
    stanza = story.phone.seal(WEB, padded, "id", "peer", NOW)
    with refused(story.web, "blob_intact"):
        story.web.import_history(stanza, file.file, NOW)


@pytest.mark.parametrize(("chunk", "progress", "rises"), [(1, 50, True), (3, 50, True), (1, 51, False), (3, 49, False)])
def test_later_parts_tell_more(story: Story, chunk: int, progress: int, rises: bool) -> None:
    story.home.introduce()

    def part(chunk: int, progress: int) -> tuple[Stanza, bytes]:
        history = History((), HistoryType.RECENT, chunk, progress)
        with story.phone.store.transaction():
            stanza = sharing.put(story.phone, WEB, history, None, None, NOW)
        return stanza, in_outbox(story.phone, stanza).blob

    story.web.import_history(*part(2, 50), NOW)
    other = part(chunk, progress)
    if rises:
        story.web.import_history(*other, NOW)
        assert story.web.history_progress == 50
    else:
        with refused(story.web, "rising"):
            story.web.import_history(*other, NOW)


def test_a_small_part_is_in_the_message(story: Story) -> None:
    stanza = story.share_inline()
    assert story.web.history_path(stanza) is None and not story.phone.uploads
    assert story.web.import_history(stanza, None, NOW) == 3
    assert story.web.conversation == story.phone.conversation


def test_an_inline_part_does_not_go_out_after_an_unlinking(story: Story) -> None:
    stanza = story.share_inline()
    assert stanza.id in story.phone.outbox
    story.phone.unlink(story.home.indexes[WEB], NOW)
    assert story.phone.stop_history() == ()
    assert not story.phone.history_left
    assert stanza.id not in story.phone.outbox and stanza.id not in story.phone.sent


@pytest.mark.parametrize("part", [b"not zlib", History((), chunk=1).encode(), History((), progress=99).encode()])
def test_an_inline_part_is_what_was_announced(story: Story, part: bytes) -> None:
    story.home.introduce()
    padded = padding.pad(content.encode(HistoryNotice(part)), story.phone.entropy)
    stanza = story.phone.seal(WEB, padded, "id", "peer", NOW)
    with refused(story.web, "blob_intact"):
        story.web.import_history(stanza, None, NOW)
