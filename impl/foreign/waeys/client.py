"""WAeys as a whole client. It links by QR and by code, logs in, and unlinks itself; messages it cannot handle.

Settings: `waWebSocketUrl`, what the application supplies (the key store; `getMessage` and the like, whose defaults take
other arguments than they are given), and the logger, by which alone its errors are seen. Replaced as the process
starts: the root key, and what opens URLs.
"""

import asyncio
import sys
import urllib.request
from typing import Any

from WAeys.Defaults import WA_CERT_DETAILS
from WAeys.Defaults.index import default_connection_config
from WAeys.Socket.socket import make_socket
from WAeys.Utils.logger import ILogger
from WAeys.WABinary.jid_utils import jid_normalized_user as user_of

from impl.foreign.driver import Reports, Settings, follow, named, opener
from impl.foreign.waeys.state import State

RESTART = 515


class Logger(ILogger):  # type: ignore[misc]
    """What it finds wrong is reported; the rest is for nobody."""

    level = "error"

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def child(self, obj: Any) -> "Logger":
        return self

    def _emit(self, level: str, obj: Any, msg: str | None = None) -> None:
        if level in ("error", "warn"):
            causes = obj.values() if isinstance(obj, dict) else ()
            why = " ".join(named(each) for each in causes if isinstance(each, Exception))
            self._reports.tell("error", what=msg or str(obj), why=why)


class Driver:
    def __init__(self, settings: Settings, reports: Reports) -> None:
        self._tell = reports.tell
        self._state = State(settings.state / "state")
        self._config = {
            **default_connection_config(),
            "waWebSocketUrl": settings.url,
            "auth": {"creds": self._state.creds, "keys": {"get": self._state.get, "set": self._state.set}},
            "logger": Logger(reports),
            "patchMessageBeforeSending": self._as_it_is,
            "cachedGroupMetadata": self._nothing,
            "getMessage": self._nothing,
        }
        self._socket: dict[str, Any] = {}

    def connect(self) -> None:
        self._socket = make_socket(self._config)
        events = self._socket["ev"]
        events.on("connection.update", self._connection)
        events.on("creds.update", lambda _: self._state.save())
        events.on("messages.upsert", self._messages)
        events.on("messages.update", self._updates)

    async def send(self, to: str, text: str) -> dict[str, Any]:
        sent = await self._socket["sendMessage"](to, {"text": text})
        return {"to": to, "id": sent["key"]["id"]}

    async def code(self, user: str) -> dict[str, Any]:
        self._tell("code", text=await self._socket["requestPairingCode"](user))
        return {"user": user}

    async def logout(self) -> dict[str, Any]:
        await self._socket["logout"]()
        return {}

    async def disconnect(self) -> None:
        await self._socket["end"](None)

    def _connection(self, update: dict[str, Any]) -> None:
        me = self._state.creds.get("me") or {}
        if update.get("qr"):
            self._tell("qr", text=update["qr"])
        if update.get("isNewLogin"):
            self._tell("paired", jid=me.get("id"), lid=me.get("lid"))
        if update.get("connection") == "open":
            self._tell("open", jid=me.get("id"), lid=me.get("lid"))
        if update.get("connection") == "close":
            error = update["lastDisconnect"]["error"]
            code = getattr(error, "statusCode", None)
            self._tell("close", reason=str(error or ""), code=code)
            if code == RESTART:
                self.connect()

    def _messages(self, upsert: dict[str, Any]) -> None:
        for message in upsert["messages"]:
            key, content = message["key"], message.get("message") or {}
            told = {"id": key["id"], "chat": user_of(key["remoteJid"]), "from_me": key["fromMe"]}
            told["sender"] = user_of(key.get("participant") or key["remoteJid"])
            if message.get("messageStubType"):
                self._tell("undecryptable", **told, why=str((message.get("messageStubParameters") or [""])[0]))
            elif text := content.get("conversation") or (content.get("extendedTextMessage") or {}).get("text"):
                self._tell("message", **told, text=text)

    def _updates(self, updates: list[dict[str, Any]]) -> None:
        for each in updates:
            key, status = each["key"], each["update"].get("status")
            self._tell("receipt", id=key["id"], chat=user_of(key["remoteJid"]), status=str(status))

    @staticmethod
    async def _as_it_is(message: Any, recipients: list[str] | None = None) -> Any:
        return message

    @staticmethod
    async def _nothing(*asked: Any) -> None:
        return None


async def main(settings: Settings) -> None:
    WA_CERT_DETAILS["PUBLIC_KEY"] = settings.root
    urllib.request.install_opener(opener(settings.address))
    reports = Reports()
    driver = Driver(settings, reports)
    driver.connect()
    await follow(reports, {"send": driver.send, "code": driver.code, "logout": driver.logout})
    await driver.disconnect()


if __name__ == "__main__":
    asyncio.run(main(Settings.of(sys.argv[1:])))
