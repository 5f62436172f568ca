"""The functions of WAeys, as verbs."""

import asyncio
import base64
import logging
import zlib
from pathlib import Path
from typing import Any

from WAeys.Defaults.index import NOISE_WA_HEADER, WA_CERT_DETAILS
from WAeys.Signal import libsignal_keyhelper as keyhelper
from WAeys.Signal.Group.group_cipher import GroupCipher
from WAeys.Signal.Group.group_session_builder import GroupSessionBuilder
from WAeys.Signal.Group.sender_key_distribution_message import SenderKeyDistributionMessage
from WAeys.Signal.Group.sender_key_name import Sender, SenderKeyName
from WAeys.Signal.Group.sender_key_record import SenderKeyRecord
from WAeys.Signal.libsignal_session_builder import SessionBuilder
from WAeys.Signal.libsignal_session_cipher import SessionCipher
from WAeys.Signal.libsignal_session_record import SessionRecord
from WAeys.Signal.protocol_address import ProtocolAddress
from WAeys.Utils import messages_media
from WAeys.Utils.crypto import Curve, derive_pairing_code_key, generate_signal_pub_key
from WAeys.Utils.generics import generate_participant_hash_v2
from WAeys.Utils.history import _history_to_dict, process_history_message
from WAeys.Utils.logger import ILogger
from WAeys.Utils.lt_hash import LTHashAntiTampering
from WAeys.Utils.noise_handler import make_noise_handler
from WAeys.Utils.validate_connection import configure_successful_pairing
from WAeys.WABinary.decode import decode_binary_node
from WAeys.WABinary.encode import encode_binary_node
from WAeys.WABinary.types import BinaryNode
from WAeys.WAProto import WAProto as proto

from impl.foreign.lines import serve

run = asyncio.new_event_loop().run_until_complete
PEER = ProtocolAddress("peer", 1)
OWN_KEY, THEIR_KEY = (SenderKeyName("group", Sender(name, 1)) for name in ("own", "peer"))


def read(node: dict[str, Any]) -> BinaryNode:
    content = node["content"]
    return BinaryNode(node["tag"], dict(node["attrs"]), [*map(read, content)] if isinstance(content, list) else content)


def told(node: BinaryNode) -> dict[str, Any]:
    content = [*map(told, node.content)] if isinstance(node.content, list) else node.content
    return {"tag": node.tag, "attrs": list(node.attrs.items()), "content": content}


class Party:
    """The store that sessions and sender keys are kept in."""

    def __init__(self) -> None:
        self.identity = keyhelper.generate_identity_key_pair()
        self.registration_id = keyhelper.generate_registration_id()
        self.signed = keyhelper.generate_signed_pre_key(self.identity, 5)
        self.once: Any = keyhelper.generate_pre_key(9)
        self.session: Any = None
        self.sender_keys: dict[str, Any] = {}

    async def loadSession(self, address: str) -> Any:
        return SessionRecord.deserialize(self.session) if self.session else None

    async def storeSession(self, address: str, record: Any) -> None:
        self.session = record.serialize()

    async def isTrustedIdentity(self, *anybody: Any) -> bool:
        return True

    async def loadPreKey(self, key_id: int) -> Any:
        return self.once["keyPair"] if self.once and key_id == self.once["keyId"] else None

    async def removePreKey(self, key_id: int) -> None:
        self.once = None

    async def loadSignedPreKey(self, *key_id: int) -> Any:
        return self.signed["keyPair"]

    async def getOurRegistrationId(self) -> int:
        return self.registration_id

    async def getOurIdentity(self) -> Any:
        return self.identity

    async def load_sender_key(self, name: SenderKeyName) -> Any:
        return self.sender_keys.get(str(name)) or SenderKeyRecord()

    async def store_sender_key(self, name: SenderKeyName, record: Any) -> None:
        self.sender_keys[str(name)] = record


party, groups = Party(), Party()


def new_party() -> dict[str, Any]:
    global party
    party = Party()
    return {
        "registration_id": party.registration_id,
        "identity": party.identity["pubKey"],
        "signed_prekey_id": 5,
        "signed_prekey": party.signed["keyPair"]["pubKey"],
        "signature": party.signed["signature"],
        "one_time_id": 9,
        "one_time": party.once["keyPair"]["pubKey"],
    }


def initiate(bundle: dict[str, Any]) -> None:
    device = {
        "registrationId": bundle["registration_id"],
        "identityKey": generate_signal_pub_key(bundle["identity"]),
        "signedPreKey": {
            "keyId": bundle["signed_prekey_id"],
            "publicKey": generate_signal_pub_key(bundle["signed_prekey"]),
            "signature": bundle["signature"],
        },
    }
    if bundle["one_time"]:
        device["preKey"] = {"keyId": bundle["one_time_id"], "publicKey": generate_signal_pub_key(bundle["one_time"])}
    run(SessionBuilder(party, PEER).init_outgoing(device))


def seal(plaintext: bytes) -> dict[str, Any]:
    sealed = run(SessionCipher(party, PEER).encrypt(plaintext))
    return {"type": "pkmsg" if sealed["type"] == 3 else "msg", "body": sealed["body"]}


def open_(type: str, body: bytes) -> Any:
    cipher = SessionCipher(party, PEER)
    return run(
        cipher.decrypt_pre_key_whisper_message(body) if type == "pkmsg" else cipher.decrypt_whisper_message(body)
    )


def forget_sender_keys() -> None:
    global groups
    groups = Party()


def parse_history(data: bytes) -> dict[str, Any]:
    parsed = process_history_message(_history_to_dict(proto.HistorySync.decode(zlib.decompress(data))))
    messages = []
    for each in parsed["messages"]:
        key, message = each["key"], each["message"]
        text = message.get("conversation") or (message.get("extendedTextMessage") or {}).get("text") or ""
        named = {"id": key["id"], "chat": key["remoteJid"], "from_me": key["fromMe"], "author": each["participant"]}
        messages.append({**named, "text": text, "timestamp": int(each["messageTimestamp"])})
    chats = [chat["id"] for chat in parsed["chats"]]
    return {"type": parsed["syncType"], "progress": parsed["progress"], "chats": chats, "messages": messages}


def seal_media(plaintext: bytes, kind: str) -> dict[str, Any]:
    made = run(messages_media.encrypted_stream(plaintext, kind))
    path = Path(made["encFilePath"])
    file = path.read_bytes()
    path.unlink()
    return {
        "key": made["mediaKey"], "file": file, "sha256": made["fileSha256"], "enc_sha256": made["fileEncSha256"]
    }  # fmt: skip


def open_media(file: bytes, key: bytes, kind: str) -> bytes:
    """Its download, with the file at hand."""
    messages_media._download_bytes = lambda url, headers: file

    async def pieces() -> bytes:
        keys = messages_media.get_media_keys(key, kind)
        return b"".join([piece async for piece in messages_media.download_encrypted_content("file", keys)])

    return run(pieces())


def pair(stanza: dict[str, Any], secret: bytes, private_key: bytes, public_key: bytes) -> dict[str, Any]:
    identity = {"private": private_key, "public": public_key}
    creds = {"advSecretKey": base64.b64encode(secret).decode(), "signedIdentityKey": identity}
    made = configure_successful_pairing(read(stanza), creds)
    answered = made["reply"].content[0].content[0]
    index = int(answered.attrs["key-index"])
    return {"jid": made["creds"]["me"]["id"], "key_index": index, "identity": bytes(answered.content)}


class Quiet(ILogger):
    """Says nothing."""

    level = "silent"

    def child(self, *about: Any) -> "Quiet":
        return self

    def trace(self, *what: Any, **more: Any) -> None: ...

    debug = info = warn = error = trace


noise: Any = None
static: Any = None


def noise_begin(root: bytes, payload: bytes) -> dict[str, Any]:
    global noise, static
    WA_CERT_DETAILS["PUBLIC_KEY"] = root
    ephemeral, static = Curve.generate_key_pair(), Curve.generate_key_pair()
    noise = make_noise_handler(ephemeral, NOISE_WA_HEADER, Quiet())
    hello = proto.HandshakeMessage.encode({"clientHello": {"ephemeral": ephemeral["public"]}})
    return {"static": static["public"], "sent": noise.encode_frame(hello)}


def noise_finish(hello: bytes, payload: bytes) -> Any:
    sealed = noise.process_handshake(proto.HandshakeMessage.decode(hello).serverHello, static)
    finish = {"clientFinish": {"static": sealed, "payload": noise.encrypt(payload)}}
    sent = noise.encode_frame(proto.HandshakeMessage.encode(finish))
    run(noise.finish_init())
    return sent


def noise_receive(data: bytes) -> Any:
    nodes: list[Any] = []
    run(noise.decode_frame(data, nodes.append))
    return told(nodes[0])


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve(
        {
            "encode_node": lambda node: encode_binary_node(read(node)),
            "decode_node": lambda data: told(decode_binary_node(data)),
            "participant_hash": lambda names: generate_participant_hash_v2(names),
            "sign": lambda key, message: Curve.sign(key, message),
            "verify": lambda key, message, signature: Curve.verify(key, message, signature),
            "agree": lambda key, other: Curve.shared_key(key, other),
            "party": new_party,
            "initiate": initiate,
            "seal": seal,
            "open": open_,
            "lthash": lambda state, removed, added: LTHashAntiTampering().subtractThenAdd(state, removed, added),
            "parse_history": parse_history,
            "rewrite_history": lambda data: zlib.compress(
                proto.HistorySync.encode(proto.HistorySync.decode(zlib.decompress(data)))
            ),
            "seal_media": seal_media,
            "open_media": open_media,
            "pair": pair,
            "pairing_code_key": lambda code, salt: derive_pairing_code_key(code, salt),
            "forget_sender_keys": forget_sender_keys,
            "distribute": lambda: run(GroupSessionBuilder(groups).create(OWN_KEY)).serialize(),
            "group_seal": lambda plaintext: run(GroupCipher(groups, OWN_KEY).encrypt(plaintext)),
            "learn": lambda frame: run(
                GroupSessionBuilder(groups).process(THEIR_KEY, SenderKeyDistributionMessage(serialized=frame))
            ),
            "group_open": lambda frame: run(GroupCipher(groups, THEIR_KEY).decrypt(frame)),
            "noise_begin": noise_begin,
            "noise_finish": noise_finish,
            "noise_send": lambda node: noise.encode_frame(encode_binary_node(read(node))),
            "noise_receive": noise_receive,
        }
    )
