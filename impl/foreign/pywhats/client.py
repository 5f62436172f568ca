"""pywhats as a whole client. It links by QR only, reads app state, and cannot unlink itself.

Settings: `ws_url`, and what gets and posts files. It checks no certificate, so no root is replaced.
"""

import asyncio
import hashlib
import sys
import urllib.request
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from pywhats import Client
from pywhats.binary.jid import parse_jid
from pywhats.events import JID, HistorySync, Message, Receipt

from impl.foreign.driver import Reports, Settings, follow, named, opener

STATES: dict[str, tuple[str, str]] = {
    "archive": ("archived", "archived"),
    "mute": ("muted", "muted"),
    "pin": ("pinned", "pinned"),
    "contact": ("contact", "full_name"),
    "pushname": ("name", "name"),
}
"""Its events of app state: how they are reported, and the attribute that is their value."""


class Driver:
    def __init__(self, settings: Settings, reports: Reports) -> None:
        self._open = opener(settings.address)
        self._tell = reports.tell
        session = str(settings.state / "session.json")
        self._client = Client(session, ws_url=settings.url, media_http_get=self._get, media_http_post=self._post)
        handlers: dict[str, Callable[..., Awaitable[None]]] = {
            "qr": self._qr, "paired": self._paired, "connected": self._connected, "disconnected": self._disconnected,
            "logged_out": self._logged_out, "message": self._message, "receipt": self._receipt,
            "history_sync": self._history, "decrypt_error": self._undecryptable,
            **{event: partial(self._state, event) for event in STATES},
        }  # fmt: skip
        for event, handler in handlers.items():
            self._client.on(event)(handler)

    async def connect(self) -> None:
        try:
            await self._client.connect()
        except Exception as error:  # whatever it raises is why it is not connected
            self._tell("close", reason=named(error), code=None)

    async def disconnect(self) -> None:
        await self._client.disconnect()

    async def send(self, to: str, text: str) -> dict[str, Any]:
        chat = parse_jid(to)
        if chat.server == "g.us":
            members = [member.jid for member in (await self._client.get_group_info(chat)).participants]
            sent = await self._client.send_group_text(chat, text, members)
        else:
            sent = await self._client.send_text(chat, text)
        return {"to": to, "id": sent.id}

    async def media(self, to: str, path: str, kind: str) -> dict[str, Any]:
        data = await asyncio.to_thread(Path(path).read_bytes)
        sent = await getattr(self._client, f"send_{kind}")(parse_jid(to), data)
        return {"to": to, "id": sent.id}

    async def _get(self, url: str) -> bytes:
        return await asyncio.to_thread(self._ask, urllib.request.Request(url))

    async def _post(self, url: str, body: bytes) -> bytes:
        return await asyncio.to_thread(self._ask, urllib.request.Request(url, data=body, method="POST"))

    def _ask(self, request: urllib.request.Request) -> bytes:
        with self._open.open(request, timeout=30) as response:
            return bytes(response.read())

    async def _qr(self, text: str) -> None:
        self._tell("qr", text=text)

    async def _paired(self, jid: JID) -> None:
        self._tell("paired", jid=_full(jid))

    async def _connected(self) -> None:
        """The handshake is done; that the server takes the device is told to nobody."""
        self._tell("open", jid=_full(self._client.device.jid))

    async def _disconnected(self) -> None:
        self._tell("close", reason="disconnected", code=None)

    async def _logged_out(self, code: str) -> None:
        self._tell("close", reason="logged out", code=int(code))

    async def _message(self, message: Message) -> None:
        told = {
            "id": message.id,
            "chat": _user(message.chat),
            "sender": _user(message.sender),
            "from_me": message.from_me,
            "text": message.text,
        }
        if message.media is None:
            self._tell("message", **told)
        else:  # its query is answered in this very loop
            asyncio.create_task(self._with_media(told, message.media))  # noqa: RUF006

    async def _with_media(self, told: dict[str, Any], media: Any) -> None:
        try:
            data = await self._client.download_media(media)
            file = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        except Exception as error:  # whatever a peer raises is its answer
            file = {"error": named(error)}
        self._tell("message", **told, media={"kind": media.kind, **file})

    async def _receipt(self, receipt: Receipt) -> None:
        for message in receipt.message_ids:
            self._tell("receipt", id=message, chat=_user(receipt.from_jid), status=receipt.type or "delivered")

    async def _history(self, synced: HistorySync) -> None:
        chats, messages = synced.conversation_count, synced.message_count
        self._tell("history", kind=synced.sync_type, chats=chats, messages=messages)

    async def _state(self, event: str, change: Any) -> None:
        kind, value = STATES[event]
        chat = {"chat": _user(change.jid)} if hasattr(change, "jid") else {}
        self._tell("state", kind=kind, value=getattr(change, value), **chat)

    async def _undecryptable(self, message: str, error: str) -> None:
        self._tell("undecryptable", id=message, why=error)


def _user(jid: JID) -> str:
    return f"{jid.user}@{jid.server}"


def _full(jid: Any) -> str:
    return f"{jid.user}:{jid.device}@{jid.server}"


async def main(settings: Settings) -> None:
    reports = Reports()
    driver = Driver(settings, reports)
    connecting = asyncio.create_task(driver.connect())
    await follow(reports, {"send": driver.send, "media": driver.media})
    connecting.cancel()
    await driver.disconnect()


if __name__ == "__main__":
    asyncio.run(main(Settings.of(sys.argv[1:])))
