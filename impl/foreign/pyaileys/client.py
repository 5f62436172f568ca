"""pyaileys as a whole client. It links by QR only, reads app state, and cannot unlink itself.

Settings: `SocketConfig.ws_url`, and no reconnecting by itself (it knows no refusal, and would go on for ever). Replaced
as the process starts: the root key, and what opens URLs (hosts of files are constants of `media.py`). Its handlers run
in its receive loop, which a query within one would stop: queries are tasks here.
"""

import asyncio
import hashlib
import sys
import urllib.request
from collections.abc import Coroutine
from functools import partial
from typing import Any

from pyaileys.client import WhatsAppClient
from pyaileys.crypto import noise
from pyaileys.socket import ConnectionUpdate
from pyaileys.socket_config import SocketConfig
from pyaileys.wabinary.jid import jid_normalized_user as user_of
from pyaileys.wabinary.types import BinaryNode

from impl.foreign.driver import Reports, Settings, follow, named, opener

MEDIA = {"imageMessage": "image", "videoMessage": "video", "audioMessage": "audio", "documentMessage": "document"}
WRONG = (
    "message.decode_error", "message.proto_error", "history.sync_error", "app_state.sync_error",
    "app_state.sync_warning", "app_state.key_share_error", "sender_key.distribution_error",
)  # fmt: skip


class Driver:
    def __init__(self, client: WhatsAppClient, reports: Reports) -> None:
        self._client = client
        self._tell = reports.tell
        self._code: int | None = None
        self._names: dict[str, str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        for event, handler in {
            "connection.update": self._connection,
            "stanza.stream:error": self._stream_error,
            "stanza.receipt": self._receipt,
            "stanza.notification": self._notification,
            "message.decrypted": self._message,
            "message.decrypt_error": self._undecryptable,
            "history.sync": self._history,
            "app_state.keys": self._keys,
            "app_state.sync": self._synced,
            **{event: partial(self._wrong, event) for event in WRONG},
        }.items():
            client.on(event, handler)

    async def send(self, to: str, text: str) -> dict[str, Any]:
        return {"to": to, "id": await self._client.send_text(to, text, wait_ack=True)}

    async def media(self, to: str, path: str, kind: str) -> dict[str, Any]:
        send = {
            "image": self._client.send_image_file,
            "video": self._client.send_video_file,
            "audio": self._client.send_voice_note_file,
            "document": self._client.send_document_file,
        }[kind]
        return {"to": to, "id": await send(to, path, wait_ack=True)}

    async def sync(self, collections: list[str] | None = None) -> dict[str, Any]:
        """It never does so by itself, and goes on without MACs after a wrong one unless told not to."""
        await self._client.resync_app_state(collections=collections, fallback_on_mac_mismatch=False)
        return {}

    async def history(self, chat: str, count: int = 50) -> dict[str, Any]:
        return {"request": await self._client.request_chat_history(chat, count=count)}

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _connection(self, update: ConnectionUpdate) -> None:
        me = self._client.socket.auth.creds.me
        if update.qr:
            self._tell("qr", text=update.qr)
        if update.is_new_login and me:
            self._tell("paired", jid=me.id, lid=me.lid)
        if update.connection == "open" and me:
            self._tell("open", jid=me.id, lid=me.lid)
        if update.connection == "close":
            self._tell("close", reason=str(update.last_disconnect or ""), code=self._code)
            self._code = None

    def _stream_error(self, node: BinaryNode) -> None:
        self._code = int(node.attrs.get("code") or 0)

    def _receipt(self, node: BinaryNode) -> None:
        status = node.attrs.get("type") or "delivered"
        self._tell("receipt", id=node.attrs["id"], chat=user_of(node.attrs["from"]), status=status)

    def _notification(self, node: BinaryNode) -> None:
        if node.attrs.get("type") == "server_sync":
            self._later(self.sync([child.attrs["name"] for child in node.content if child.tag == "collection"]))

    async def _message(self, message: dict[str, Any]) -> None:
        content = message["message"]
        told = {
            "id": message["id"],
            "chat": user_of(message["chat_jid"]),
            "sender": user_of(message["sender_jid"]),
            "from_me": user_of(message["sender_jid"]) == user_of(self._client.socket.auth.creds.me.id),
            "text": message["text"],
        }
        kinds = [kind for field, kind in MEDIA.items() if content.HasField(field)]
        if kinds:
            told["media"] = {"kind": kinds[0], **await self._file(content)}
        if kinds or message["text"]:  # else it is not for the user
            self._tell("message", **told)

    async def _file(self, content: Any) -> dict[str, Any]:
        try:
            data = await self._client.download_message_media(content)
        except Exception as error:  # whatever a peer raises is its answer
            return {"error": named(error)}
        return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def _undecryptable(self, what: dict[str, Any]) -> None:
        self._tell(
            "undecryptable", id=what["stanza_id"], sender=user_of(what["jid"]), type=what["type"], why=what["error"]
        )

    def _history(self, synced: dict[str, Any]) -> None:
        """It tells no number of messages, so those with a text in its store are counted."""
        store = self._client.store
        kept = [message for chat in store.list_chats() for message in store.get_messages(chat.jid, limit=1 << 20)]
        messages = sum(message.text is not None for message in kept)
        self._tell("history", kind=synced["syncType"], chats=synced["conversations"], messages=messages)

    def _keys(self, shared: dict[str, Any]) -> None:
        self._later(self.sync())

    def _wrong(self, event: str, what: dict[str, Any]) -> None:
        self._tell("error", what=event, why=str(what))

    def _synced(self, what: dict[str, Any]) -> None:
        """Of what it reads it keeps the names of contacts."""
        for contact in self._client.store.list_contacts():
            if contact.name and self._names.get(contact.jid) != contact.name:
                self._names[contact.jid] = contact.name
                self._tell("state", kind="contact", chat=contact.jid, value=contact.name)
        self._tell("state", kind="synced", value=what["collections"])


async def main(settings: Settings) -> None:
    noise.WA_CERT_PUBLIC_KEY = settings.root
    urllib.request.install_opener(opener(settings.address))
    reports = Reports()
    socket = SocketConfig(ws_url=settings.url, auto_reconnect=False)
    client, auth = await WhatsAppClient.from_auth_folder(str(settings.state), socket=socket)
    client.on("creds.update", lambda _: auth.save_creds())
    driver = Driver(client, reports)
    try:
        await client.connect()
    except Exception as error:  # whatever it raises is why it is not connected
        reports.tell("close", reason=named(error), code=None)
    await follow(reports, {"send": driver.send, "media": driver.media, "sync": driver.sync, "history": driver.history})
    await client.disconnect()


if __name__ == "__main__":
    asyncio.run(main(Settings.of(sys.argv[1:])))
