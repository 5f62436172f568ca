"""What kind of device a companion says it is: the letter in its QR text, the properties in its registration.

Letters: `pair-code.go` of tulir/whatsmeow and `companion_reg.rs` of whatsapp-rust; platforms: DeviceProps in
`WACompanionReg.proto` of tulir/whatsmeow. Nothing proves either. Only a platform tells a Portal, under the names that
the press had for its models (Aloha, Catalina); their neighbour Ohana is taken for one too.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

UNKNOWN_CLIENT = "0"
OTHER_CLIENT = "9"


class Kind(StrEnum):
    """Devices as the announcement of 2021 groups them; later ones are OTHER."""

    WEB = "web"
    DESKTOP = "desktop"
    TABLET = "tablet"
    PORTAL = "portal"
    PHONE = "phone"
    OTHER = "other"

    @property
    def may_join(self) -> bool:
        """Whether an account takes such a companion: it has one phone, which is no companion."""
        return self is not Kind.PHONE


class Platform(IntEnum):
    """DeviceProps.PlatformType, which the server is told at registration."""

    UNKNOWN = 0
    CHROME = 1
    FIREFOX = 2
    IE = 3
    OPERA = 4
    SAFARI = 5
    EDGE = 6
    DESKTOP = 7
    IPAD = 8
    ANDROID_TABLET = 9
    OHANA = 10
    ALOHA = 11
    CATALINA = 12
    TCL_TV = 13
    IOS_PHONE = 14
    IOS_CATALYST = 15
    ANDROID_PHONE = 16
    ANDROID_AMBIGUOUS = 17
    WEAR_OS = 18
    AR_WRIST = 19
    AR_DEVICE = 20
    UWP = 21
    VR = 22
    CLOUD_API = 23
    SMARTGLASSES = 24

    @property
    def kind(self) -> Kind:
        return _PLATFORMS.get(self, Kind.OTHER)

    @property
    def client_type(self) -> str:
        """The letter that comes closest."""
        return _CLIENT_TYPES.get(self, OTHER_CLIENT)


@dataclass(frozen=True)
class DeviceProps:
    """DeviceProps as the server is told at registration; `os` is the name that the phone shows."""

    platform: Platform = Platform.CHROME
    os: str = "Linux"


def kind_of(client_type: str) -> Kind:
    """The kind behind one of the letters of `impl.wire.qr.CLIENT_TYPES`, also called companion_platform_id."""
    return _LETTERS.get(client_type, Kind.OTHER)


_LETTERS = (
    dict.fromkeys("1234569", Kind.WEB)  # Chrome, Edge, Firefox, IE, Opera, Safari, another browser
    | dict.fromkeys("78c", Kind.DESKTOP)  # Electron, UWP, macOS
    | {"d": Kind.TABLET}  # Android tablet
    | dict.fromkeys("ef", Kind.PHONE)  # Android phone, and Android of unknown shape
)

_PLATFORMS = (
    dict.fromkeys(
        (Platform.CHROME, Platform.FIREFOX, Platform.IE, Platform.OPERA, Platform.SAFARI, Platform.EDGE), Kind.WEB
    )
    | dict.fromkeys((Platform.DESKTOP, Platform.UWP, Platform.IOS_CATALYST), Kind.DESKTOP)
    | dict.fromkeys((Platform.IPAD, Platform.ANDROID_TABLET), Kind.TABLET)
    | dict.fromkeys((Platform.OHANA, Platform.ALOHA, Platform.CATALINA), Kind.PORTAL)
    | dict.fromkeys((Platform.IOS_PHONE, Platform.ANDROID_PHONE, Platform.ANDROID_AMBIGUOUS), Kind.PHONE)
)

_CLIENT_TYPES = {
    Platform.UNKNOWN: UNKNOWN_CLIENT,
    Platform.CHROME: "1",
    Platform.EDGE: "2",
    Platform.FIREFOX: "3",
    Platform.IE: "4",
    Platform.OPERA: "5",
    Platform.SAFARI: "6",
    Platform.DESKTOP: "7",
    Platform.UWP: "8",
    Platform.IOS_CATALYST: "c",
    Platform.ANDROID_TABLET: "d",
    Platform.ANDROID_PHONE: "e",
    Platform.IOS_PHONE: "e",
    Platform.ANDROID_AMBIGUOUS: "f",
}
