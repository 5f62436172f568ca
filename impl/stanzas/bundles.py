"""The keys of a device as elements, published, fetched or sent along with a request to send again.

wire.md, sections 7.6, 7.7 and 8.7; tulir/whatsmeow, `prekeys.go`. Numbers are big-endian.
"""

from __future__ import annotations

from impl.crypto.keys import KEY_SIZE, with_type
from impl.crypto.xeddsa import SIGNATURE_SIZE
from impl.sessions import PrekeyBundle
from impl.stanzas.reading import child, content_number, data, data_up_to, find, leaves
from impl.wire.adv import IDENTITY_LIMIT
from impl.wire.client_payload import PREKEY_ID_SIZE, REGISTRATION_ID_SIZE
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node

KEY_TYPE = with_type(b"")
DEVICE_IDENTITY = "device-identity"


def registration_node(registration_id: int) -> Node:
    return Node("registration", content=registration_id.to_bytes(REGISTRATION_ID_SIZE))


def read_registration(node: Node) -> int:
    """From the child of `node`. DecodeError."""
    return content_number(child(node, "registration"), REGISTRATION_ID_SIZE)


def key_nodes(bundle: PrekeyBundle) -> tuple[Node, ...]:
    """`<type/><identity/>[<key/>]<skey/>[<device-identity/>]`."""
    one_time = () if bundle.one_time_id is None else (prekey_node(bundle.one_time_id, bundle.one_time or b""),)
    vouched = () if bundle.device_identity is None else ((DEVICE_IDENTITY, bundle.device_identity),)
    return (*identity_nodes(bundle), *one_time, signed_node(bundle), *leaves(vouched))


def read_bundle(node: Node, registration_id: int) -> PrekeyBundle:
    """From such children of `node`; the signature is not verified yet. DecodeError."""
    if data(child(node, "type")) != KEY_TYPE:
        raise DecodeError("not the type of an X25519 key", "<type>")
    signed, one_time, vouched = child(node, "skey"), find(node, "key"), find(node, DEVICE_IDENTITY)
    one_time_id, one_time_key = (None, None) if one_time is None else read_prekey(one_time)
    return PrekeyBundle(
        registration_id,
        data(child(node, "identity"), KEY_SIZE),
        *read_prekey(signed),
        data(child(signed, "signature"), SIGNATURE_SIZE),
        one_time_id,
        one_time_key,
        None if vouched is None else data_up_to(vouched, IDENTITY_LIMIT),
    )


def identity_nodes(bundle: PrekeyBundle) -> tuple[Node, ...]:
    return leaves((("type", KEY_TYPE), ("identity", bundle.identity)))


def signed_node(bundle: PrekeyBundle) -> Node:
    parts = (_id(bundle.signed_prekey_id), ("value", bundle.signed_prekey), ("signature", bundle.signature))
    return Node("skey", content=leaves(parts))


def prekey_node(id: int, public: bytes) -> Node:
    """`<key><id/><value/></key>`."""
    return Node("key", content=leaves((_id(id), ("value", public))))


def read_prekey(node: Node) -> tuple[int, bytes]:
    """Identifier and public key. DecodeError."""
    return content_number(child(node, "id"), PREKEY_ID_SIZE), data(child(node, "value"), KEY_SIZE)


def _id(id: int) -> tuple[str, bytes]:
    return "id", id.to_bytes(PREKEY_ID_SIZE)
