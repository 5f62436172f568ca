"""Linking by QR, first against data of another implementation, then check by check."""

import hmac
from collections.abc import Callable
from dataclasses import replace

import pytest

from impl.address import Address
from impl.companion import Companion
from impl.crypto import xeddsa
from impl.crypto.entropy import seeded
from impl.crypto.kdf import hmac_sha256
from impl.crypto.keys import KeyPair
from impl.kinds import DeviceProps, Platform
from impl.linking import SEATS, Vouched
from impl.phone import Phone
from impl.refusal import Refused
from impl.vouching import vouched_index
from impl.wire.adv import AccountType, DeviceIdentity, IdentityContainer, SignedDeviceIdentity, SignedKeyIndexList
from impl.wire.qr import Qr
from tests.impl.household import NOW, Household
from tests.impl.refusals import refused
from tests.vectors import load

FOREIGN = load("foreign")["linking"]
ACCOUNT = KeyPair.of(bytes.fromhex(FOREIGN["account_private"]))
COMPANION = KeyPair.of(bytes.fromhex(FOREIGN["companion_private"]))
SECRET = bytes.fromhex(FOREIGN["linking_secret"])
ADDRESS = Address("alice", 1)


@pytest.fixture
def phone() -> Phone:
    """The phone of the foreign data, about to give away its key index."""
    phone = Phone.register("alice", seeded(b"phone"), FOREIGN["timestamp"] - 1)
    with phone.store.transaction():
        phone.identity = ACCOUNT
        phone.pins["alice"] = ACCOUNT.public
        phone.raw_id = FOREIGN["raw_id"]
        phone.vouched.update((i, Vouched(bytes([i]) * 32, b"")) for i in range(1, FOREIGN["key_index"]))
    return phone


@pytest.fixture
def companion() -> Companion:
    """The companion of the foreign data, which shows its linking secret."""
    companion = Companion.create(seeded(b"companion"), NOW)
    with companion.store.transaction():
        companion.identity = COMPANION
        companion.secret = SECRET
    return companion


def shown(companion: Companion) -> str:
    keys = companion.noise.public, companion.identity.public, companion.secret or b""
    return Qr("ref", *keys, companion.props.platform.client_type).encode()


def signed_by(account: KeyPair, details: bytes, identity: bytes) -> SignedDeviceIdentity:
    signature = xeddsa.sign(account.private, b"\x06\x00" + details + identity, seeded(b"signature"))
    return SignedDeviceIdentity(details, account.public, signature)


def under(secret: bytes, signed: SignedDeviceIdentity) -> bytes:
    return IdentityContainer(signed.encode(), hmac_sha256(secret, signed.encode())).encode()


def test_a_phone_makes_the_foreign_container(phone: Phone, companion: Companion) -> None:
    """Same keys, same account, same time, same key index: the same bytes but for two spelled-out zeros."""
    approval = phone.scan(shown(companion), FOREIGN["timestamp"])
    assert approval.key_index == FOREIGN["key_index"]

    container = IdentityContainer.decode(approval.container)
    assert container.hmac == hmac.digest(SECRET, container.details, "sha256")

    signed = SignedDeviceIdentity.decode(container.details)
    assert signed.details.hex() + "20002800" == FOREIGN["details"]
    assert signed.account_key == ACCOUNT.public
    assert signed.device_signature is None
    message = bytes.fromhex(FOREIGN["account_signature_message"].replace("20002800", ""))
    assert xeddsa.verify(ACCOUNT.public, message, signed.account_signature or b"")


def test_a_companion_accepts_the_foreign_container(companion: Companion) -> None:
    answer = companion.confirm(bytes.fromhex(FOREIGN["container"]), ADDRESS, FOREIGN["timestamp"])

    signed = SignedDeviceIdentity.decode(answer)
    message = bytes.fromhex(FOREIGN["device_signature_message"])
    assert xeddsa.verify(COMPANION.public, message, signed.device_signature or b"")
    foreign = SignedDeviceIdentity.decode(bytes.fromhex(FOREIGN["signed_identity"]))
    assert signed == replace(foreign, account_key=None, device_signature=signed.device_signature)
    record = SignedDeviceIdentity.decode(companion.device_identity or b"")
    assert record == replace(foreign, device_signature=signed.device_signature)
    assert companion.address == ADDRESS
    assert companion.pins == {"alice": ACCOUNT.public}
    assert (companion.secret, companion.links) == (None, 1)


def test_others_accept_the_foreign_device() -> None:
    device = Phone.register("bob", seeded(b"bob"), NOW)
    device.pin("alice", ACCOUNT.public)
    signed = SignedDeviceIdentity.decode(bytes.fromhex(FOREIGN["signed_identity"]))
    full = replace(signed, device_signature=bytes.fromhex(FOREIGN["device_signature"])).encode()
    assert vouched_index(device, ADDRESS, COMPANION.public, full) == FOREIGN["key_index"]


def test_linking_as_a_whole() -> None:
    phone = Phone.register("alice", seeded(b"phone"), NOW)
    companion = Companion.create(seeded(b"companion"), NOW)
    qr = companion.show_qr("ref")
    approval = phone.scan(qr, NOW)
    companion.confirm(approval.container, ADDRESS, NOW)

    assert SignedKeyIndexList.decode(approval.signed_list).list.valid_indexes == (0, approval.key_index)
    assert approval.signed_list == phone.signed_list
    companion.learn_list("alice", approval.signed_list, NOW)
    assert vouched_index(phone, ADDRESS, companion.identity.public, companion.device_identity) == 1


def test_container_and_list_carry_one_time_and_lists_rise(phone: Phone) -> None:
    times = [SignedKeyIndexList.decode(phone.signed_list).list.timestamp]
    for _ in range(3):
        approval = phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW)
        signed = SignedDeviceIdentity.decode(IdentityContainer.decode(approval.container).details)
        times.append(SignedKeyIndexList.decode(approval.signed_list).list.timestamp)
        assert signed.identity.timestamp == times[-1]
    assert times == sorted(set(times))


def test_key_indexes_are_never_given_away_again(phone: Phone) -> None:
    first = phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW).key_index
    phone.unlink(first, NOW)
    assert phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW).key_index == first + 1
    assert phone.live == (first + 1,)


def test_every_qr_has_a_secret_of_its_own(companion: Companion) -> None:
    first, second = Qr.decode(companion.show_qr("a")), Qr.decode(companion.show_qr("b"))
    assert first.secret != second.secret == companion.secret


def test_a_former_qr_is_worthless(phone: Phone, companion: Companion) -> None:
    former = phone.scan(companion.show_qr("a"), NOW).container
    companion.show_qr("b")
    with refused(companion, "linking_secret"):
        companion.confirm(former, ADDRESS, NOW)


@pytest.mark.parametrize("platform", [Platform.ANDROID_PHONE, Platform.IOS_PHONE, Platform.ANDROID_AMBIGUOUS])
def test_a_phone_takes_no_phone(phone: Phone, platform: Platform) -> None:
    with refused(phone, "not_a_phone"):
        phone.scan(Companion.create(phone.entropy, NOW, DeviceProps(platform)).show_qr("ref"), NOW)


@pytest.mark.parametrize("owner", ["alice", "bob"])
def test_a_phone_takes_no_account_key(phone: Phone, owner: str) -> None:
    phone.pin("bob", bytes(32))
    qr = Qr("ref", bytes(32), phone.pins[owner], bytes(32), "1")
    with refused(phone, "not_a_phone"):
        phone.scan(qr.encode(), NOW)


def test_an_identity_gets_one_vouching(phone: Phone, companion: Companion) -> None:
    phone.unlink(phone.scan(shown(companion), NOW).key_index, NOW)
    with refused(phone, "once"):
        phone.scan(shown(companion), NOW)


def test_four_seats(phone: Phone) -> None:
    for _ in range(SEATS):
        last = phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW).key_index
    with refused(phone, "seat_free"):
        phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW)
    phone.unlink(last, NOW)
    phone.scan(Companion.create(phone.entropy, NOW).show_qr("ref"), NOW)


def test_a_torn_qr_is_refused(phone: Phone, companion: Companion) -> None:
    with refused(phone, "well_formed"):
        phone.scan(shown(companion)[:-2], NOW)


@pytest.mark.parametrize("index", [0, 1, 99])
def test_only_a_live_companion_is_unlinked(phone: Phone, index: int) -> None:
    with refused(phone, "listed"):
        phone.unlink(index, NOW)


def test_a_secret_is_used_once(companion: Companion) -> None:
    container = bytes.fromhex(FOREIGN["container"])
    companion.confirm(container, ADDRESS, NOW)
    with refused(companion, "secret_unused"):
        companion.confirm(container, ADDRESS, NOW)


def test_an_identity_is_linked_once(companion: Companion) -> None:
    companion.confirm(bytes.fromhex(FOREIGN["container"]), ADDRESS, NOW)
    with refused(companion, "fresh"):
        companion.show_qr("ref")


DETAILS = bytes.fromhex(FOREIGN["details"])
GOOD = signed_by(ACCOUNT, DETAILS, COMPANION.public)
STRANGER = KeyPair.generate(seeded(b"stranger"))


@pytest.mark.parametrize(
    ("container", "check"),
    [
        (b"", "well_formed"),
        (under(b"guessed", GOOD), "linking_secret"),
        (under(SECRET, signed_by(ACCOUNT, DETAILS, STRANGER.public)), "account_signature"),
        (under(SECRET, replace(GOOD, account_key=STRANGER.public)), "account_signature"),
        (under(SECRET, replace(GOOD, account_signature=None)), "account_signature"),
        (under(SECRET, replace(GOOD, details=DETAILS[:-4])), "account_signature"),
        (under(SECRET, replace(GOOD, account_key=None)), "well_formed"),
        (under(SECRET, signed_by(ACCOUNT, b"\xff", COMPANION.public)), "well_formed"),
    ],
    ids=["torn", "guess", "for another", "by another", "unsigned", "other details", "no key", "torn inside"],
)
def test_each_check_of_a_container(companion: Companion, container: bytes, check: str) -> None:
    with refused(companion, check):
        companion.confirm(container, ADDRESS, NOW)


def test_a_foreign_container_is_good_but_for_what_the_tests_above_change(companion: Companion) -> None:
    companion.confirm(under(SECRET, GOOD), ADDRESS, NOW)


def test_a_pinned_account_is_not_replaced(companion: Companion) -> None:
    companion.pin("alice", STRANGER.public)
    with refused(companion, "account_signature"):
        companion.confirm(under(SECRET, GOOD), ADDRESS, NOW)


def test_a_companion_is_never_device_0(companion: Companion) -> None:
    with refused(companion, "not_a_phone"):
        companion.confirm(under(SECRET, GOOD), Address("alice", 0), NOW)


def test_an_identity_from_the_future_is_refused(companion: Companion) -> None:
    with refused(companion, "not_of_the_future"):
        companion.confirm(under(SECRET, GOOD), ADDRESS, FOREIGN["timestamp"] - 86401)


Change = Callable[[SignedDeviceIdentity], SignedDeviceIdentity]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda signed: replace(signed, account_key=STRANGER.public), "account_signature"),
        (lambda signed: replace(signed, account_key=None), "account_signature"),
        (lambda signed: replace(signed, account_signature=signed.device_signature), "account_signature"),
        (lambda signed: replace(signed, account_signature=None), "account_signature"),
        (lambda signed: replace(signed, device_signature=signed.account_signature), "device_signature"),
        (lambda signed: replace(signed, device_signature=None), "device_signature"),
    ],
)
def test_others_check_both_signatures(change: Change, check: str) -> None:
    home = Household()
    companion, bob = home.companion(home.phone("alice")), home.phone("bob")
    bob.pin("alice", home.phones["alice"].identity.public)
    signed = SignedDeviceIdentity.decode(companion.device_identity or b"")
    with pytest.raises(Refused) as refusal:
        vouched_index(bob, ADDRESS, companion.identity.public, change(signed).encode())
    assert refusal.value.check == check
    assert vouched_index(bob, ADDRESS, companion.identity.public, companion.device_identity) == 1


def test_others_check_the_epoch() -> None:
    """The account signed, but under another raw id than that of its list."""
    home = Household()
    alice, bob = home.phone("alice"), home.phone("bob")
    home.learn()
    with alice.store.transaction():
        alice.raw_id += 1
    companion = home.companion(alice)
    with pytest.raises(Refused) as refusal:
        vouched_index(bob, ADDRESS, companion.identity.public, companion.device_identity)
    assert refusal.value.check == "account_signature"


HOSTED = {"account_type": AccountType.HOSTED, "device_type": AccountType.HOSTED}


def hosted(container: bytes) -> bytes:
    return replace(IdentityContainer.decode(container), account_type=AccountType.HOSTED).encode()


@pytest.mark.parametrize(
    ("types", "shown"),
    [
        ({}, hosted),
        ({"device_type": AccountType.HOSTED}, lambda container: container),
        ({"account_type": AccountType.HOSTED}, hosted),
        (HOSTED, lambda container: container),
    ],
    ids=["container", "device", "all but the device", "all but the container"],
)
def test_one_account_type_throughout(
    companion: Companion, types: dict[str, AccountType], shown: Callable[[bytes], bytes]
) -> None:
    """The container's own type is under no MAC: whoever changes it is found out by what the account signed."""
    identity = replace(DeviceIdentity.decode(DETAILS), **types)
    with refused(companion, "account_type"):
        companion.confirm(shown(under(SECRET, signed_by(ACCOUNT, identity.encode(), COMPANION.public))), ADDRESS, NOW)


def test_no_prefix_of_hosted_accounts_is_known(companion: Companion) -> None:
    """As a hosted account signs and MACs, with types that agree."""
    details = replace(DeviceIdentity.decode(DETAILS), **HOSTED).encode()
    good = signed_by(ACCOUNT, details, COMPANION.public)
    with refused(companion, "linking_secret"):
        mac = hmac_sha256(SECRET, b"\x06\x05" + good.encode())
        companion.confirm(IdentityContainer(good.encode(), mac, AccountType.HOSTED).encode(), ADDRESS, NOW)
    signature = xeddsa.sign(ACCOUNT.private, b"\x06\x05" + details + COMPANION.public, seeded(b"signature"))
    signed = replace(good, account_signature=signature)
    with refused(companion, "account_signature"):
        companion.confirm(hosted(under(SECRET, signed)), ADDRESS, NOW)


@pytest.mark.parametrize("types", [{"device_type": AccountType.HOSTED}, HOSTED], ids=["mixed", "unlike its list"])
def test_others_check_the_account_type(types: dict[str, AccountType]) -> None:
    home = Household()
    alice, bob = home.phone("alice"), home.phone("bob")
    home.learn()
    companion = home.companion(alice)
    signed = SignedDeviceIdentity.decode(companion.device_identity or b"")
    details = replace(signed.identity, **types).encode()
    key, account = companion.identity, alice.identity
    good = signed_by(account, details, key.public)
    message = b"\x06\x01" + details + key.public + account.public
    full = replace(good, device_signature=xeddsa.sign(key.private, message, home.entropy)).encode()
    with pytest.raises(Refused) as refusal:
        vouched_index(bob, ADDRESS, key.public, full)
    assert refusal.value.check == "account_type"
