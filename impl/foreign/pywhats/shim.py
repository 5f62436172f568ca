"""The functions of pywhats, as verbs; sessions are put together as its sender and receiver do."""

import asyncio
import threading
import zlib
from typing import Any

from pywhats.appstate.keys import AppStateSyncKey, InMemoryAppStateKeyStore
from pywhats.appstate.lthash import subtract_then_add
from pywhats.appstate.patches import HashState, decode_patch, decode_snapshot
from pywhats.binary import decode, encode
from pywhats.binary.jid import parse_jid
from pywhats.binary.node import Node
from pywhats.events import JID
from pywhats.history import parse_history_sync
from pywhats.media.crypto import MMS_TYPE, decrypt_media
from pywhats.media.upload import encrypt_media
from pywhats.pairing import _extract_pair_success, build_pair_success_reply, encode_qr_payload, verify_pair_success
from pywhats.proto import HistorySync, SyncdPatch, SyncdSnapshot
from pywhats.signal.experimental import sender_key as sender_keys
from pywhats.signal.experimental.keys import (
    IdentityKeyPair,
    PreKeyBundle,
    SignedPreKey,
    generate_pre_key,
    xeddsa_sign,
    xeddsa_verify,
)
from pywhats.signal.experimental.ratchet import (
    ratchet_decrypt,
    ratchet_encrypt,
    ratchet_init_alice,
    ratchet_init_bob,
)
from pywhats.signal.experimental.types import PreKeySignalMessage, SignalMessage
from pywhats.signal.experimental.x3dh import x3dh_initiator, x3dh_responder
from pywhats.socket import crypto
from pywhats.socket.noise import NoiseHandshake

from impl.foreign.lines import serve

MEDIA = {mms_type: media_type for media_type, mms_type in MMS_TYPE.items()}


def bare(key: bytes) -> bytes:
    return key[-32:]


def value(text: str) -> Any:
    """What it writes as a name has to be one of its names."""
    return parse_jid(text) if "@" in text else text


def read(node: dict[str, Any]) -> Node:
    content = node["content"]
    if isinstance(content, str):
        content = content.encode()
    attrs = {name: value(text) for name, text in node["attrs"]}
    return Node(node["tag"], attrs, [*map(read, content)] if isinstance(content, list) else content)


def told(node: Node) -> dict[str, Any]:
    content = [*map(told, node.content)] if isinstance(node.content, list) else node.content
    attrs = [(key, spelled(each) if isinstance(each, JID) else each) for key, each in node.attrs.items()]
    return {"tag": node.tag, "attrs": attrs, "content": content}


def spelled(jid: JID) -> str:
    """A name as others spell it; the package's own text has a dot before the device."""
    return f"{jid.user}{f':{jid.device}' if jid.device else ''}@{jid.server}"


class Party:
    """Own keys, and one session."""

    def __init__(self) -> None:
        self.identity = IdentityKeyPair.generate()
        self.signed = SignedPreKey.generate(self.identity, 5)
        self.once: Any = generate_pre_key(9)
        self.ratchet: Any = None
        self.peer = b""
        self.pending: Any = None

    def bundle(self) -> dict[str, Any]:
        return {
            "registration_id": 1234,
            "identity": self.identity.public,
            "signed_prekey_id": 5,
            "signed_prekey": self.signed.public,
            "signature": self.signed.signature,
            "one_time_id": 9,
            "one_time": self.once.public,
        }

    def initiate(self, bundle: dict[str, Any]) -> None:
        """`MessageSender._establish_session_from_bundle`."""
        once = bare(bundle["one_time"]) if bundle["one_time"] else None
        taken = PreKeyBundle(
            bare(bundle["identity"]), bundle["signed_prekey_id"], bare(bundle["signed_prekey"]), bundle["signature"],
            bundle["one_time_id"] if once else None, once,
        )  # fmt: skip
        self.pending = x3dh_initiator(self.identity, taken)
        self.peer = taken.identity_key
        self.ratchet = ratchet_init_alice(self.pending.shared_secret, taken.signed_pre_key_public)

    def seal(self, plaintext: bytes) -> dict[str, Any]:
        """`MessageSender._encrypt_for`."""
        header, ciphertext, mac_key = ratchet_encrypt(self.ratchet, plaintext, self.identity.public + self.peer)
        message = SignalMessage(header=header, ciphertext=ciphertext)
        if self.pending is None:
            return {"type": "msg", "body": message.encode(self.identity.public, self.peer, mac_key)}
        first = PreKeySignalMessage(
            1234, self.pending.used_one_time_pre_key_id, self.pending.used_signed_pre_key_id,
            self.pending.ephemeral_public, self.pending.identity_public, message,
        )  # fmt: skip
        return {"type": "pkmsg", "body": first.encode(self.identity.public, self.peer, mac_key)}

    def open(self, type: str, body: bytes) -> bytes:
        """`MessageReceiver._decrypt`: another first message begins another session, with the prekeys it names."""
        if type == "msg":
            message = SignalMessage.decode(body)
            plaintext = self._decrypt(message)
            self.pending = None
            return plaintext
        first = PreKeySignalMessage.decode(body)
        once = self.once if first.one_time_pre_key_id is not None else None
        if first.one_time_pre_key_id is not None and once is None:
            raise ValueError(f"unknown one-time pre-key id {first.one_time_pre_key_id}")
        shared = x3dh_responder(self.identity, self.signed, once, first.identity_key, first.base_key).shared_secret
        self.ratchet = ratchet_init_bob(shared, self.signed.private, self.signed.public)
        self.peer = first.identity_key
        plaintext = self._decrypt(first.message)
        if first.one_time_pre_key_id is not None:
            self.once = None
        return plaintext

    def _decrypt(self, message: Any) -> bytes:
        return ratchet_decrypt(
            self.ratchet, message.header, message.ciphertext, self.peer + self.identity.public,
            verify_mac=lambda key: message.verify_mac(self.peer, self.identity.public, key),
        )  # fmt: skip


party = Party()


def new_party() -> dict[str, Any]:
    global party
    party = Party()
    return party.bundle()


class Collection:
    """One collection of app state; what is stored of it, `apply_patch_list` would keep."""

    def __init__(self, name: str, shared: list[tuple[bytes, bytes]]) -> None:
        self.name, self.state, self.held = name, HashState(), dict[bytes, bytes]()
        self.keys = InMemoryAppStateKeyStore()
        for key_id, data in shared:
            self.keys.put(AppStateSyncKey(key_id, data, b"", 1))

    def taken(self, result: Any) -> dict[str, Any]:
        self.state = result.state
        for each in result.mutations:
            if each.operation == 0:
                self.held[each.index_mac] = each.value_mac
            else:
                self.held.pop(each.index_mac, None)
        changes = [{"index": each.index, "value": each.action.SerializeToString()} for each in result.mutations]
        return {"hash": self.state.hash, "changes": changes}

    def apply_patch(self, data: bytes) -> dict[str, Any]:
        patch = SyncdPatch.FromString(data)
        return self.taken(decode_patch(patch, self.keys, self.name, self.state, get_prev_value_mac=self.held.get))

    def apply_snapshot(self, data: bytes) -> dict[str, Any]:
        self.held = {}
        return self.taken(decode_snapshot(SyncdSnapshot.FromString(data), self.keys, self.name))


collection = Collection("", [])


def new_collection(name: str, shared: list[tuple[bytes, bytes]]) -> None:
    global collection
    collection = Collection(name, shared)


def parse_history(data: bytes) -> dict[str, Any]:
    parsed = parse_history_sync(data)
    return {
        "type": parsed.sync_type, "progress": parsed.progress, "chats": parsed.conversation_ids,
        "count": parsed.message_count,
    }  # fmt: skip


def seal_media(plaintext: bytes, kind: str) -> dict[str, Any]:
    made = encrypt_media(plaintext, MEDIA[kind])
    hashes = {"sha256": made.file_sha256, "enc_sha256": made.file_enc_sha256}
    return {"key": made.media_key, "file": made.enc_data, **hashes}


def open_media(file: bytes, key: bytes, kind: str) -> bytes:
    return decrypt_media(file, key, MEDIA[kind], file_enc_sha256=b"", file_sha256=b"")


def pair(stanza: dict[str, Any], secret: bytes, private_key: bytes, public_key: bytes) -> dict[str, Any]:
    _, signed, jid, _ = _extract_pair_success(read(stanza), adv_secret=secret)
    identity = verify_pair_success(signed, our_identity_public=public_key)
    reply = build_pair_success_reply(signed, our_identity_private=private_key, our_identity_public=public_key)
    return {"jid": spelled(jid), "key_index": identity.key_index, "identity": reply.SerializeToString()}


def qr_text(ref: str, noise: bytes, identity: bytes, secret: bytes) -> str:
    return encode_qr_payload(ref, noise_public=noise, identity_public=identity, adv_secret=secret)


own_key: Any = None
their_key: Any = None


def distribute() -> bytes:
    global own_key
    own_key = own_key or sender_keys.create_sender_key_state(7)
    return sender_keys.build_distribution_message(own_key)


def group_seal(plaintext: bytes) -> bytes:
    global own_key
    frame, own_key = sender_keys.group_encrypt(own_key, plaintext)
    return frame


def learn(frame: bytes) -> None:
    global their_key
    their_key = sender_keys.process_distribution_message(frame)


def group_open(frame: bytes) -> bytes:
    global their_key
    plaintext, their_key = sender_keys.group_decrypt(their_key, frame)
    return plaintext


def forget_sender_keys() -> None:
    global own_key, their_key
    own_key = their_key = None


class Frames:
    """The connection of a handshake that runs in a loop of its own: what it sends, and what it is to receive."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.sent, self.received = asyncio.Queue[bytes](), asyncio.Queue[bytes]()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def send_frame(self, payload: bytes) -> None:
        await self.sent.put(payload)

    async def recv_frame(self) -> bytes:
        return await self.received.get()

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(5)


frames = Frames()
shaking: Any = None


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(3) + payload


def noise_begin(root: bytes) -> dict[str, Any]:
    """The root is taken by nobody; the opening is what `socket.transport` sends first."""
    global frames, shaking
    frames = Frames()
    private, public = crypto.generate_keypair()
    handshake = NoiseHandshake(frames, client_static_private=private)

    async def perform() -> Any:
        return await handshake.perform(await payloads.get())

    payloads: asyncio.Queue[bytes] = asyncio.Queue()
    # the payload is wanted when the handshake begins: its hello does not depend on it
    frames.do(payloads.put(PAYLOAD))
    shaking = asyncio.run_coroutine_threadsafe(perform(), frames.loop)
    return {"static": public, "sent": b"WA\x06\x03" + framed(frames.do(frames.sent.get())), "payload": PAYLOAD}


PAYLOAD = b"a payload of the client"


def noise_finish(hello: bytes, payload: bytes) -> bytes:
    frames.do(frames.received.put(hello))
    shaking.result(5)
    return framed(frames.do(frames.sent.get()))


def noise_send(node: dict[str, Any]) -> bytes:
    frames.do(shaking.result().send(encode(read(node))))
    return framed(frames.do(frames.sent.get()))


def noise_receive(data: bytes) -> Any:
    frames.do(frames.received.put(data[3:]))
    return told(decode(frames.do(shaking.result().recv())))


if __name__ == "__main__":
    serve(
        {
            "encode_node": lambda node: encode(read(node)),
            "decode_node": lambda data: told(decode(data)),
            "sign": lambda key, message: xeddsa_sign(key, message),
            "verify": lambda key, message, signature: xeddsa_verify(key, message, signature),
            "agree": lambda key, other: crypto.dh(key, other),
            "party": new_party,
            "initiate": lambda bundle: party.initiate(bundle),
            "seal": lambda plaintext: party.seal(plaintext),
            "open": lambda type, body: party.open(type, body),
            "lthash": lambda state, removed, added: subtract_then_add(state, added=added, removed=removed),
            "collection": new_collection,
            "apply_patch": lambda data: collection.apply_patch(data),
            "apply_snapshot": lambda data: collection.apply_snapshot(data),
            "parse_history": parse_history,
            "rewrite_history": lambda data: zlib.compress(
                HistorySync.FromString(zlib.decompress(data)).SerializeToString()
            ),
            "seal_media": seal_media,
            "open_media": open_media,
            "pair": pair,
            "qr_text": qr_text,
            "forget_sender_keys": forget_sender_keys,
            "distribute": distribute,
            "group_seal": group_seal,
            "learn": learn,
            "group_open": group_open,
            "noise_begin": noise_begin,
            "noise_finish": noise_finish,
            "noise_send": noise_send,
            "noise_receive": noise_receive,
        }
    )
