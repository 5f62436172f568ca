"""Linking by code, `<link_code_companion_reg stage>`: three stages asked as iqs and passed on as notifications.

wire.md, section 3.2; tulir/whatsmeow, `pair-code.go`; the phone's side: zapo, `src/auth/pairing/companion-host.ts`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar, Literal, TypeVar

from impl.dialogue import (
    AnswerPairing,
    AskPairing,
    Client,
    Done,
    Event,
    FinishPairing,
    PairingAnswered,
    PairingAsked,
    PairingFinished,
    Request,
)
from impl.kinds import OTHER_CLIENT, DeviceProps, Platform
from impl.stanzas.exchange import SERVER_JID, Exchange, Iq, Ordered
from impl.stanzas.notice import Notice
from impl.stanzas.reading import child, children, content_text, data, data_up_to, leaves, optional, user
from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, Value
from impl.wire.pairing_code import WRAPPED_BUNDLE_SIZE, WRAPPED_KEY_SIZE, CompanionFinish, CompanionHello, PrimaryHello
from impl.wire.qr import CLIENT_TYPES

TAG = "link_code_companion_reg"
KEY_SIZE = 32
REFERENCE_LIMIT = 256
DISPLAY_LIMIT = 100

REF = "link_code_pairing_ref"
COMPANION_EPHEMERAL = "link_code_pairing_wrapped_companion_ephemeral_pub"
PRIMARY_EPHEMERAL = "link_code_pairing_wrapped_primary_ephemeral_pub"
SERVER_AUTH_KEY = "companion_server_auth_key_pub"
PRIMARY_IDENTITY = "primary_identity_pub"
COMPANION_IDENTITY = "companion_identity_public"
KEY_BUNDLE = "link_code_pairing_wrapped_key_bundle"

COMPANION_HELLO, PRIMARY_HELLO, COMPANION_FINISH = "companion_hello", "primary_hello", "companion_finish"

_DISPLAY = re.compile(r"(.+?) \((.*)\)", re.DOTALL)

R = TypeVar("R", bound=Request[Any])
A = TypeVar("A")
E = TypeVar("E", bound=Event)


class _Stage(Iq[R, A]):
    """An iq that is known by its stage, too."""

    type: ClassVar[Literal["get", "set"]] = "set"
    xmlns = "md"
    tag = TAG
    stage: ClassVar[str]

    def is_asked(self, node: Node) -> bool:
        return super().is_asked(node) and optional(children(node)[0], "stage") == self.stage


class _StageTold(Notice[E]):
    """A notification that is known by its stage."""

    stage: ClassVar[str]

    def tell(self, event: E, to: Client) -> Node:
        content = (Node(TAG, {"stage": self.stage}, self.content(event)),)
        return Node("notification", {"from": SERVER_JID, "type": TAG}, content)

    def is_told(self, node: Node) -> bool:
        pairing = node.tag == "notification" and optional(node, "type") == TAG
        return pairing and any(optional(each, "stage") == self.stage for each in children(node, TAG))

    @abstractmethod
    def content(self, event: E) -> tuple[Node, ...]:
        """The elements of the stage."""


class Ask(_Stage[AskPairing, bytes]):
    """The companion's wrapped key, its Noise key and what it is; answered with the reference, wrapped once more."""

    request = AskPairing
    stage = COMPANION_HELLO

    def content(self, request: AskPairing, own: Client) -> tuple[Node, ...]:
        attrs: dict[str, Value] = {
            "jid": Jid(request.user, Server.USER),
            "stage": self.stage,
            "should_show_push_notification": "true",
        }
        letter, display = written_props(request.props)
        noise = own if isinstance(own, bytes) else b""  # whoever has an account does not ask
        keys = leaves(((COMPANION_EPHEMERAL, request.ephemeral), (SERVER_AUTH_KEY, noise)))
        said = (
            Node("companion_platform_id", content=letter),
            Node("companion_platform_display", content=display),
            Node("link_code_pairing_nonce", content=b"\0"),
        )
        return (Node(TAG, attrs, (*keys, *said)),)

    def asked(self, node: Node, client: Client) -> AskPairing:
        """The key must be that of the connection: it is where the phone's answer goes."""
        hello = child(node, TAG)
        if data(child(hello, SERVER_AUTH_KEY), KEY_SIZE) != client:
            raise DecodeError("not the key of this connection", f"<{SERVER_AUTH_KEY}>")
        return AskPairing(
            user(hello, "jid"),
            data(child(hello, COMPANION_EPHEMERAL), WRAPPED_KEY_SIZE),
            read_props(
                content_text(child(hello, "companion_platform_id")),
                content_text(child(hello, "companion_platform_display")),
            ),
        )

    def result(self, node: Node, request: AskPairing, value: bytes) -> tuple[Node, ...]:
        return (Node(TAG, {"stage": self.stage}, leaves(((REF, value),))),)

    def read(self, request: AskPairing, node: Node) -> bytes:
        return _reference(child(node, TAG))


class Answer(_Stage[AnswerPairing, Done], Ordered[AnswerPairing]):
    """The phone's wrapped key and its identity."""

    request = AnswerPairing
    stage = PRIMARY_HELLO

    def content(self, request: AnswerPairing, own: Client) -> tuple[Node, ...]:
        return (Node(TAG, {"stage": self.stage}, _primary_hello(request.hello)),)

    def asked(self, node: Node, client: Client) -> AnswerPairing:
        return AnswerPairing(_read_primary_hello(child(node, TAG)))


class Finish(_Stage[FinishPairing, Done], Ordered[FinishPairing]):
    """The companion's identity, and the bundle that proves that it shows the code.

    Others repeat the number of the phone as `jid`; the reference says enough, and the dialogue has nothing else.
    """

    request = FinishPairing
    stage = COMPANION_FINISH

    def content(self, request: FinishPairing, own: Client) -> tuple[Node, ...]:
        return (Node(TAG, {"stage": self.stage}, _companion_finish(request.finish)),)

    def asked(self, node: Node, client: Client) -> FinishPairing:
        return FinishPairing(_read_companion_finish(child(node, TAG)))


class Asked(_StageTold[PairingAsked]):
    """To the phone."""

    event = PairingAsked
    stage = COMPANION_HELLO

    def content(self, event: PairingAsked) -> tuple[Node, ...]:
        hello = event.hello
        return leaves(((REF, hello.ref), (COMPANION_EPHEMERAL, hello.ephemeral), (SERVER_AUTH_KEY, hello.noise)))

    def told(self, node: Node, own: Client) -> PairingAsked:
        hello = child(node, TAG)
        return PairingAsked(
            CompanionHello(
                _reference(hello),
                data(child(hello, COMPANION_EPHEMERAL), WRAPPED_KEY_SIZE),
                data(child(hello, SERVER_AUTH_KEY), KEY_SIZE),
            )
        )


class Answered(_StageTold[PairingAnswered]):
    """To the companion."""

    event = PairingAnswered
    stage = PRIMARY_HELLO

    def content(self, event: PairingAnswered) -> tuple[Node, ...]:
        return _primary_hello(event.hello)

    def told(self, node: Node, own: Client) -> PairingAnswered:
        return PairingAnswered(_read_primary_hello(child(node, TAG)))


class Finished(_StageTold[PairingFinished]):
    """To the phone."""

    event = PairingFinished
    stage = COMPANION_FINISH

    def content(self, event: PairingFinished) -> tuple[Node, ...]:
        return _companion_finish(event.finish)

    def told(self, node: Node, own: Client) -> PairingFinished:
        return PairingFinished(_read_companion_finish(child(node, TAG)))


def written_props(props: DeviceProps) -> tuple[str, str]:
    """Companion_platform_id and companion_platform_display, `Browser (OS)`: the latter tells what the letter cannot."""
    return props.platform.client_type, f"{props.platform.name.replace('_', ' ').title()} ({props.os})"


def read_props(letter: str, display: str) -> DeviceProps:
    """What a companion that shows a code says it is. DecodeError: a known letter, a display of 1 to 100 characters."""
    if letter not in CLIENT_TYPES or not 0 < len(display) <= DISPLAY_LIMIT:
        raise DecodeError(f"{letter[:8]!r}, {len(display)} characters", "<companion_platform_display>")
    browser, system = found.groups() if (found := _DISPLAY.fullmatch(display)) else ("", display)
    named = Platform.__members__.get(browser.upper().replace(" ", "_"))
    if named is not None and named.client_type == letter:
        return DeviceProps(named, system)
    if letter == OTHER_CLIENT:  # another browser: there is no platform of this name
        return DeviceProps(Platform.CHROME, system)
    return DeviceProps(next(each for each in Platform if each.client_type == letter), system)


def _reference(node: Node) -> bytes:
    return data_up_to(child(node, REF), REFERENCE_LIMIT)


def _primary_hello(hello: PrimaryHello) -> tuple[Node, ...]:
    return leaves(((PRIMARY_EPHEMERAL, hello.ephemeral), (PRIMARY_IDENTITY, hello.identity), (REF, hello.ref)))


def _read_primary_hello(node: Node) -> PrimaryHello:
    return PrimaryHello(
        _reference(node),
        data(child(node, PRIMARY_EPHEMERAL), WRAPPED_KEY_SIZE),
        data(child(node, PRIMARY_IDENTITY), KEY_SIZE),
    )


def _companion_finish(finish: CompanionFinish) -> tuple[Node, ...]:
    return leaves(((KEY_BUNDLE, finish.bundle), (COMPANION_IDENTITY, finish.identity), (REF, finish.ref)))


def _read_companion_finish(node: Node) -> CompanionFinish:
    return CompanionFinish(
        _reference(node),
        data(child(node, KEY_BUNDLE), WRAPPED_BUNDLE_SIZE),
        data(child(node, COMPANION_IDENTITY), KEY_SIZE),
    )


EXCHANGES: tuple[Exchange[Any, Any], ...] = (Ask(), Answer(), Finish())
NOTICES: tuple[Notice[Any], ...] = (Asked(), Answered(), Finished())
