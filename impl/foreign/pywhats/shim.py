"""The functions of pywhats, as verbs."""

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
from pywhats.signal.experimental.keys import xeddsa_sign, xeddsa_verify
from pywhats.socket import crypto

from impl.foreign.lines import serve
from impl.foreign.pywhats.handshake import Handshake
from impl.foreign.pywhats.party import Party

MEDIA = {mms_type: media_type for media_type, mms_type in MMS_TYPE.items()}


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


shaking: Any = None


def noise_begin(root: bytes, payload: bytes) -> dict[str, Any]:
    global shaking
    shaking = Handshake(payload)
    return {"static": shaking.static, "sent": shaking.hello()}


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
            "noise_finish": lambda hello, payload: shaking.finish(hello),
            "noise_send": lambda node: shaking.send(encode(read(node))),
            "noise_receive": lambda data: told(decode(shaking.receive(data))),
        }
    )
