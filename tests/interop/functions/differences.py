"""Where a peer does something else than we do: what comes in, what each does, and where its source says so.

Each is shown by the tests that bear its name (`@pytest.mark.difference`); docs/interop.md lists them in this order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`theirs` by peer: what it does, and the file of its package that does it."""

    given: str
    ours: str
    theirs: dict[str, tuple[str, str]]


def same(what: str, **files: str) -> dict[str, tuple[str, str]]:
    """Several peers that do the same."""
    return {peer: (what, file) for peer, file in files.items()}


DIFFERENCES: dict[str, Difference] = {
    "filler": Difference(
        "A packed text of an odd number of characters whose last half byte is 0 instead of 15.",
        "Refused: one text has one packed form.",
        same(
            "The half byte is cut off unseen.",
            baileys="lib/WABinary/decode.js, readPacked8",
            pyaileys="wabinary/decode.py, read_packed8",
            waeys="WABinary/decode.py, read_packed8",
            pywhats="binary/decoder.py, _read_packed",
        ),
    ),
    "packed-length": Difference(
        "A text of 128 to 254 digits.",
        "Written as it is, and refused if it is packed: 127 is what every other encoder packs at most.",
        same("Packed.", pywhats="binary/encoder.py, _write_string"),
    ),
    "other-messengers": Difference(
        "A name of another messenger (`15550001:300@msgr`, `2-15550001:300@interop`).",
        "Read, and written with the tags FB_JID and INTEROP_JID.",
        same(
            "Read as text; written as AD_JID of a user of WhatsApp, the device cut to a byte.",
            baileys="lib/WABinary/encode.js, writeJid",
            pyaileys="wabinary/encode.py, write_jid",
            waeys="WABinary/encode.py, write_jid",
        )
        | same("Not read; written as the others do.", pywhats="binary/decoder.py and encoder.py, _write_jid"),
    ),
    "hosted-phone": Difference(
        "The name of a hosted account without a device (`15550001@hosted`).",
        "AD_JID with device 0, as whatsmeow; the other form is read too.",
        same(
            "JID_PAIR; our form is read too.",
            baileys="lib/WABinary/encode.js, writeJid",
            pyaileys="wabinary/encode.py, write_jid",
            waeys="WABinary/encode.py, write_jid",
        ),
    ),
    "value-as-content": Difference(
        "A node whose content is a token or a name, as Baileys and we write texts.",
        "Read as that text or name.",
        same("Refused: content is bytes, a packed text or nodes.", pywhats="binary/decoder.py, _read_content"),
    ),
    "participant-hash": Difference(
        "The names of the devices that a message is for.",
        "`2:` and the base64 of 6 bytes (8 characters), over names in full (`15550001.0:0@s.whatsapp.net`).",
        same(
            "`2:` and 6 characters of the base64, over the names as given.",
            baileys="lib/Utils/generics.js, generateParticipantHashV2",
            pyaileys="messages/wa_message.py, generate_participant_hash_v2",
            waeys="Utils/generics.py, generate_participant_hash_v2",
        ),
    ),
    "verify-without-verdict": Difference(
        "A signature of 64 bytes over something else: of an account when linking, of certificates.",
        "Refused.",
        same(
            "Accepted: `Curve.verify` drops the verdict that libsignal 6 returns, and says yes unless an error was "
            "raised. Reported in public, in the review of pull request 2067 of WhiskeySockets/Baileys.",
            baileys="lib/Utils/crypto.js, Curve.verify; libsignal/src/curve.js, verifySignature",
        ),
    ),
    "sign-bit": Difference(
        "A signature of a key whose Edwards point has the sign 1, which is half of all.",
        "libsignal's form: the sign is the highest bit of the signature.",
        same("XEdDSA as specified: the sign is 0, so that these verify nowhere.", signal_python="x3dh/base_state.py"),
    ),
    "account-type": Difference(
        "A container of linking of the type HOSTED, its HMAC made accordingly, around an account of the type E2EE.",
        'Refused ("account_type"): container, account and device must be of one type.',
        same(
            "Accepted: the types are not compared.",
            baileys="lib/Utils/validate-connection.js, configureSuccessfulPairing",
            pyaileys="socket.py, _on_pair_success",
            waeys="Utils/validate_connection.py, configure_successful_pairing",
        )
        | same("Refused: the prefix of such an HMAC is not known.", pywhats="pairing.py, _extract_pair_success"),
    ),
    "qr-fields": Difference(
        "The text of a QR.",
        "Five fields, the last is the kind of client.",
        same("Four fields.", pywhats="pairing.py, encode_qr_payload"),
    ),
    "prekey-signature": Difference(
        "A bundle whose signed prekey is not signed by the identity key.",
        'Refused ("prekey_signature").',
        same(
            "A session begins: the verdict is not asked for (`isInit`).",
            libsignal_js="src/session_builder.js, initOutgoing; src/curve.js, verifySignature",
            waeys="Signal/libsignal_session_builder.py, init_outgoing",
        ),
    ),
    "previous-counter": Difference(
        "The last message of a chain, after the first one of the next chain.",
        "Opened. Like libsignal we announce the last counter of the chain before.",
        same(
            "Refused: the announced number is taken for how many messages there were, and the key of the last one is "
            "not kept. It is then taken for the beginning of a chain, and the session is lost.",
            pywhats="signal/experimental/ratchet.py, _skip_message_keys and _dh_ratchet",
        ),
    ),
    "second-first-message": Difference(
        "A second message of a session that was not answered yet.",
        "Opened in the session of the first.",
        same(
            "Refused: each begins a session, and the one-time prekey is used up.",
            pywhats="messaging/receiver.py, _decrypt",
        ),
    ),
    "state-before-mac": Difference(
        "A message that somebody changed, then the right one.",
        "The first is refused and changes nothing; the second is opened.",
        same(
            "Both are refused: the chain steps before the MAC is verified.",
            pywhats="signal/experimental/ratchet.py, ratchet_decrypt",
        ),
    ),
    "iterations": Difference(
        "Messages sealed one after the other under a sender key.",
        "Iterations 0, 1, 2, 3.",
        same(
            "Every other one; receivers keep a key for each that they never see.",
            baileys="lib/Signal/Group/group_cipher.js, encrypt",
            pyaileys="signal/group.py, encrypt",
            waeys="Signal/Group/group_cipher.py, encrypt",
        ),
    ),
    "skipped-group-messages": Difference(
        "A group message that another one overtook.",
        "Opened, up to 2000 of them.",
        same("Refused.", pywhats="signal/experimental/sender_key.py, group_decrypt"),
    ),
    "sender-key-frames": Difference(
        "The frames of a sender key.",
        "Those of WhatsApp: id, iteration, ciphertext.",
        same(
            "A distribution id of 16 bytes comes first. Out of the frame both open each other's messages.",
            libsignal="rust/protocol/src/protocol.rs",
        ),
    ),
    "patch-left-out": Difference(
        "Patch 3 of app state after patch 1.",
        'Refused ("version"), before any code is computed.',
        same("Refused by the snapshot code.", pyaileys="appstate/processor.py", pywhats="appstate/patches.py")
        | same(
            "Taken by the function; what calls it compares the snapshot code, and then warns, keeps what was taken and "
            "leaves out the patches after it.",
            baileys="lib/Utils/chat-utils.js, decodeSyncdPatch and decodePatches",
        ),
    ),
    "first-patch": Difference(
        "The first patch of a collection, with wrong codes.",
        "Refused.",
        same(
            "Taken: without a state of before, codes are not compared.",
            pyaileys="appstate/processor.py, validate_patch_macs",
        ),
    ),
    "snapshot-code": Difference(
        "A snapshot that lacks one of its records.",
        'Refused ("snapshot_mac").',
        same(
            "Taken, with a warning and what records there are.",
            baileys="lib/Utils/chat-utils.js, decodeSyncdSnapshot",
        ),
    ),
    "required-zero": Difference(
        "A required field whose value is 0, such as the type INITIAL_BOOTSTRAP of a history.",
        "Written, and asked for when reading.",
        same(
            "Not written: its schema is of proto3. It reads ours.",
            pyaileys="proto/WAProto_pb2.py",
        ),
    ),
    "media-mac": Difference(
        "A media file in which somebody changed a byte.",
        "Refused: hashes and MAC are verified before anything is decrypted.",
        same(
            "Decrypted, two blocks of it to something else: neither the MAC nor the hashes are looked at.",
            baileys="lib/Utils/messages-media.js, downloadEncryptedContent",
            waeys="Utils/messages_media.py, download_encrypted_content",
        )
        | same("The same, unless `validate_mac` is set.", pyaileys="media.py, decrypt_media_bytes"),
    ),
    "certificates": Difference(
        "A server whose certificates another root has signed, or are out of date.",
        "Refused, both.",
        same("Both are taken: the certificates are not read.", pywhats="socket/noise.py, NoiseHandshake.perform")
        | same(
            "Both are taken, the first for `Curve.verify`; dates are not looked at.",
            baileys="lib/Utils/noise-handler.js, processHandshake",
        )
        | same(
            "The first is refused; dates are not looked at.",
            pyaileys="crypto/noise.py, _verify_cert_chain",
            waeys="Utils/noise_handler.py, process_handshake",
        ),
    ),
    "issuer-serial": Difference(
        "A certificate of the root whose issuer's number, 0, is left out.",
        "Taken for 0; we spell it out.",
        same("Refused.", baileys="lib/Utils/noise-handler.js, processHandshake", waeys="Utils/noise_handler.py"),
    ),
    "first-payload": Difference(
        "The first message of Noise XX.",
        "It has no payload, as in every client of WhatsApp.",
        same(
            "It has an empty one, which is hashed, as the specification has it; left out, the rest is the same.",
            signal_python="noise/state.py, write_message",
        ),
    ),
}
"""By name."""
