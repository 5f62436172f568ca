import pytest

from impl.kinds import OTHER_CLIENT, Kind, Platform, kind_of
from impl.wire.qr import CLIENT_TYPES

LETTERS = {
    Kind.WEB: "1234569",
    Kind.DESKTOP: "78c",
    Kind.TABLET: "d",
    Kind.PHONE: "ef",
    Kind.OTHER: "0",
}
PLATFORMS = {
    Kind.WEB: "CHROME FIREFOX IE OPERA SAFARI EDGE",
    Kind.DESKTOP: "DESKTOP UWP IOS_CATALYST",
    Kind.TABLET: "IPAD ANDROID_TABLET",
    Kind.PORTAL: "OHANA ALOHA CATALINA",
    Kind.PHONE: "IOS_PHONE ANDROID_PHONE ANDROID_AMBIGUOUS",
    Kind.OTHER: "UNKNOWN TCL_TV WEAR_OS AR_WRIST AR_DEVICE VR CLOUD_API SMARTGLASSES",
}


@pytest.mark.parametrize("kind", Kind)
def test_letters_and_platforms_of_each_kind(kind: Kind) -> None:
    assert {letter for letter in CLIENT_TYPES if kind_of(letter) is kind} == set(LETTERS.get(kind, ""))
    assert {platform.name for platform in Platform if platform.kind is kind} == set(PLATFORMS[kind].split())


@pytest.mark.parametrize("platform", Platform)
def test_the_letter_of_a_platform_comes_closest(platform: Platform) -> None:
    """No letter says Portal, iPad or glasses: they show themselves as another client, which may join."""
    assert platform.client_type in CLIENT_TYPES
    kind = kind_of(platform.client_type)
    assert kind is platform.kind or (kind is Kind.WEB and platform.client_type == OTHER_CLIENT)
    assert kind.may_join == platform.kind.may_join


def test_only_a_phone_may_not_join() -> None:
    assert [kind for kind in Kind if not kind.may_join] == [Kind.PHONE]
