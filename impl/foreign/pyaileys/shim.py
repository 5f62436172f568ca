"""The functions of pyaileys, as verbs."""

import asyncio
import base64
import zlib
from typing import Any

from pyaileys.appstate import LTHash, expand_app_state_keys, process_patch, process_snapshot
from pyaileys.appstate.lthash import WAPATCH_INTEGRITY_INFO
from pyaileys.appstate.processor import HashState, b64_index
from pyaileys.auth.creds import KeyPair, SignedKeyPair
from pyaileys.auth.state import AuthenticationState
from pyaileys.auth.utils import init_auth_creds
from pyaileys.crypto import noise as noises
from pyaileys.crypto.curve import DefaultCurve25519Provider
from pyaileys.media import decrypt_media_bytes, encrypt_media_bytes
from pyaileys.messages import extract_message_text, generate_participant_hash_v2
from pyaileys.proto import WAProto_pb2 as proto
from pyaileys.signal.repository import PreKeyBundle, PreKeyBundleKey, SignalRepository
from pyaileys.signal.util import signal_pubkey
from pyaileys.socket import WASocket
from pyaileys.socket_config import SocketConfig
from pyaileys.wabinary import BinaryNode, decode_binary_node, encode_binary_node

from impl.foreign.lines import serve

run = asyncio.new_event_loop().run_until_complete
curve = DefaultCurve25519Provider()
PEER, GROUP, OWN = "15550002@s.whatsapp.net", "120363-1@g.us", "15550001@s.whatsapp.net"


def read(node: dict[str, Any]) -> BinaryNode:
    content = node["content"]
    return BinaryNode(node["tag"], dict(node["attrs"]), [*map(read, content)] if isinstance(content, list) else content)


def told(node: BinaryNode) -> dict[str, Any]:
    content = [*map(told, node.content)] if isinstance(node.content, list) else node.content
    return {"tag": node.tag, "attrs": list(node.attrs.items()), "content": content}


class Keys:
    """A key store in memory."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}

    async def get(self, key_type: str, ids: list[str]) -> dict[str, Any]:
        return {each: self.held.get(key_type, {}).get(each) for each in ids}

    async def set(self, data: Any) -> None:
        for key_type, entries in data.items():
            self.held.setdefault(key_type, {}).update(entries)

    async def clear(self) -> None:
        self.held.clear()


class Party:
    """Own keys, sessions and sender keys."""

    def __init__(self) -> None:
        self.creds, self.keys = init_auth_creds(curve=curve), Keys()
        self.auth = AuthenticationState(self.creds, self.keys)
        self.signal = SignalRepository(self.auth)


party, groups = Party(), Party()


def new_party() -> dict[str, Any]:
    global party
    party = Party()
    once = curve.generate_keypair()
    run(party.keys.set({"pre-key": {"9": {"public": once.public, "private": once.private}}}))
    signed: SignedKeyPair = party.creds.signed_pre_key
    return {
        "registration_id": party.creds.registration_id,
        "identity": party.creds.signed_identity_key.public,
        "signed_prekey_id": signed.key_id,
        "signed_prekey": signed.key_pair.public,
        "signature": signed.signature,
        "one_time_id": 9,
        "one_time": once.public,
    }


def initiate(bundle: dict[str, Any]) -> None:
    signed = PreKeyBundleKey(bundle["signed_prekey_id"], signal_pubkey(bundle["signed_prekey"]), bundle["signature"])
    once = PreKeyBundleKey(bundle["one_time_id"], signal_pubkey(bundle["one_time"])) if bundle["one_time"] else None
    taken = PreKeyBundle(bundle["registration_id"], signal_pubkey(bundle["identity"]), signed, once)
    run(party.signal.inject_outgoing_session(PEER, taken))


def seal(plaintext: bytes) -> dict[str, Any]:
    kind, body = run(party.signal.encrypt_message(PEER, data=plaintext))
    return {"type": kind, "body": body}


def open_(type: str, body: bytes) -> Any:
    return run(party.signal.decrypt_message(PEER, message_type=type, ciphertext=body))


class Collection:
    """One collection of app state."""

    def __init__(self, name: str, shared: list[tuple[bytes, bytes]]) -> None:
        self.name, self.state = name, HashState()
        self.keys = {key_id: expand_app_state_keys(data) for key_id, data in shared}

    def taken(self, result: Any) -> dict[str, Any]:
        """The state afterwards; its map of values is kept by the caller, as `client.py` does."""
        held = self.state.indexValueMap
        self.state = result.state
        self.state.indexValueMap = held
        changes = []
        for each in result.mutations:
            place = b64_index(each.index_mac)
            if each.operation == 0:
                held[place] = each.value_mac
            else:
                held.pop(place, None)
            value = each.action_value.SerializeToString() if each.action_value is not None else None
            changes.append({"index": each.index, "value": value})
        return {"hash": self.state.hash, "changes": changes}

    def apply_patch(self, data: bytes) -> dict[str, Any]:
        patch = proto.SyncdPatch.FromString(data)
        before = HashState.from_store(self.state.to_store())
        place = self.state.indexValueMap
        return self.taken(
            process_patch(
                patch, before, self.keys.__getitem__, lambda mac: place.get(b64_index(mac)),
                validate_macs=True, collection_name=self.name,
            )
        )  # fmt: skip

    def apply_snapshot(self, data: bytes) -> dict[str, Any]:
        snapshot = proto.SyncdSnapshot.FromString(data)
        self.state.indexValueMap = {}
        return self.taken(
            process_snapshot(
                snapshot, HashState(), self.keys.__getitem__, validate_macs=True, collection_name=self.name
            )
        )


collection = Collection("", [])


def new_collection(name: str, shared: list[tuple[bytes, bytes]]) -> None:
    global collection
    collection = Collection(name, shared)


def lthash(state: bytes, removed: list[bytes], added: list[bytes]) -> bytes:
    base = bytearray(state)
    LTHash(WAPATCH_INTEGRITY_INFO, 128).subtract_then_add_in_place(base, removed, added)
    return bytes(base)


def parse_history(data: bytes) -> dict[str, Any]:
    """As `client.py` reads it: inflated, then the schema of the package."""
    parsed = proto.HistorySync.FromString(zlib.decompress(data))
    messages = [each.message for chat in parsed.conversations for each in chat.messages]
    return {
        "type": parsed.syncType,
        "progress": parsed.progress,
        "chats": [chat.id for chat in parsed.conversations],
        "messages": [
            {
                "id": each.key.id, "chat": each.key.remoteJid, "from_me": each.key.fromMe, "author": each.participant,
                "text": extract_message_text(each.message) or "", "timestamp": each.messageTimestamp,
            }
            for each in messages
        ],
    }  # fmt: skip


def seal_media(plaintext: bytes, kind: str) -> dict[str, Any]:
    made = encrypt_media_bytes(plaintext, media_type=kind)
    names = {"key": made.media_key, "file": made.enc_bytes, "sha256": made.file_sha256}
    return {**names, "enc_sha256": made.file_enc_sha256}


def open_media(file: bytes, key: bytes, kind: str) -> Any:
    return decrypt_media_bytes(file, media_key=key, media_type=kind)


def pair(stanza: dict[str, Any], secret: bytes, private_key: bytes, public_key: bytes) -> dict[str, Any]:
    """What a socket does with this stanza, and what it would send."""
    creds = init_auth_creds(curve=curve)
    creds.signed_identity_key = KeyPair(public_key, private_key)
    creds.adv_secret_key = base64.b64encode(secret).decode()
    socket = WASocket(config=SocketConfig(), auth=AuthenticationState(creds, Keys()))
    sent: list[BinaryNode] = []

    async def send_node(node: BinaryNode) -> None:
        sent.append(node)

    socket.send_node = send_node
    run(socket._on_pair_success(read(stanza)))
    answered = sent[0].content[0].content[0]
    index = int(answered.attrs["key-index"])
    return {"jid": creds.me.id, "key_index": index, "identity": answered.content}


def forget_sender_keys() -> None:
    global groups
    groups = Party()


def distribute() -> Any:
    """A package hands its key out with a message alone, which is lost here."""
    return group_sealed(b"")[1]


def group_sealed(plaintext: bytes) -> Any:
    return run(groups.signal.encrypt_group_message(group_jid=GROUP, me_jid=OWN, data=plaintext))


def learn(frame: bytes) -> None:
    run(groups.signal.process_sender_key_distribution_message(GROUP, author_jid=PEER, distribution_bytes=frame))


def group_open(frame: bytes) -> Any:
    return run(groups.signal.decrypt_group_message(group_jid=GROUP, author_jid=PEER, ciphertext=frame))


noise: Any = None
static: Any = None


def noise_begin(root: bytes, payload: bytes) -> dict[str, Any]:
    global noise, static
    noises.WA_CERT_PUBLIC_KEY = root
    ephemeral, static = curve.generate_keypair(), curve.generate_keypair()
    noise = noises.NoiseHandler(key_pair=ephemeral)
    hello = proto.HandshakeMessage()
    hello.clientHello.ephemeral = ephemeral.public
    return {"static": static.public, "sent": noise.encode_frame(hello.SerializeToString())}


def noise_finish(hello: bytes, payload: bytes) -> Any:
    sealed = noise.process_handshake(proto.HandshakeMessage.FromString(hello), static)
    finish = proto.HandshakeMessage()
    finish.clientFinish.static = sealed
    finish.clientFinish.payload = noise.encrypt(payload)
    sent = noise.encode_frame(finish.SerializeToString())
    run(noise.finish_init())
    return sent


def noise_receive(data: bytes) -> Any:
    frames: list[bytes] = []
    run(noise.decode_frame(data, frames.append))
    return told(decode_binary_node(frames[0]))


if __name__ == "__main__":
    serve(
        {
            "encode_node": lambda node: encode_binary_node(read(node)),
            "decode_node": lambda data: told(decode_binary_node(data)),
            "participant_hash": lambda names: generate_participant_hash_v2(names),
            "sign": lambda key, message: curve.sign(key, message),
            "verify": lambda key, message, signature: curve.verify(key, message, signature),
            "agree": lambda key, other: curve.shared_key(key, other),
            "party": new_party,
            "initiate": initiate,
            "seal": seal,
            "open": open_,
            "lthash": lthash,
            "collection": new_collection,
            "apply_patch": lambda data: collection.apply_patch(data),
            "apply_snapshot": lambda data: collection.apply_snapshot(data),
            "parse_history": parse_history,
            "rewrite_history": lambda data: zlib.compress(
                proto.HistorySync.FromString(zlib.decompress(data)).SerializeToString()
            ),
            "seal_media": seal_media,
            "open_media": open_media,
            "pair": pair,
            "forget_sender_keys": forget_sender_keys,
            "distribute": distribute,
            "group_seal": lambda plaintext: group_sealed(plaintext)[0],
            "learn": learn,
            "group_open": group_open,
            "noise_begin": noise_begin,
            "noise_finish": noise_finish,
            "noise_send": lambda node: noise.encode_frame(encode_binary_node(read(node))),
            "noise_receive": noise_receive,
        }
    )
