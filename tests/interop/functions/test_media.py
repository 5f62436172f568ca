"""Media files sealed by one side and opened by the other."""

from hashlib import sha256

import pytest

from impl.crypto import media
from impl.crypto.entropy import seeded
from impl.crypto.media import MediaError, MediaKind
from impl.foreign.errors import Refused
from impl.foreign.process import Shim

ENTROPY = seeded(b"interop media")
KEY = ENTROPY(32)
EVERYBODYS = ("image", "video", "audio", "document", "md-msg-hist", "md-app-state")
SOME = ("ptt", "sticker", "gif", "ptv", "thumbnail-link", "thumbnail-image", "thumbnail-video", "thumbnail-document")
SIZES = (0, 1, 15, 16, 17, 1000)
LARGE = (65_535, 65_536, 200_000)


def kind_of(mms_type: str) -> MediaKind:
    return next(each for each in MediaKind if each.mms_type == mms_type)


def both_ways(peer: Shim, kind: str, plaintext: bytes) -> None:
    sealed = media.seal(plaintext, KEY, kind_of(kind))
    assert peer.call("open_media", file=sealed.file, key=KEY, kind=kind) == plaintext
    theirs = peer.call("seal_media", plaintext=plaintext, kind=kind)
    assert (theirs["sha256"], theirs["enc_sha256"]) == (sha256(plaintext).digest(), sha256(theirs["file"]).digest())
    again = media.seal(plaintext, theirs["key"], kind_of(kind))
    assert again.file == theirs["file"], "the same key gives the same file"
    hashes = theirs["sha256"], theirs["enc_sha256"]
    assert media.open_(theirs["file"], theirs["key"], kind_of(kind), *hashes, len(plaintext)) == plaintext


@pytest.mark.parametrize("kind", EVERYBODYS)
def test_kinds(peer: Shim, kind: str) -> None:
    both_ways(peer, kind, b"a file")


@pytest.mark.only("baileys", "waeys")
@pytest.mark.parametrize("kind", SOME)
def test_more_kinds(peer: Shim, kind: str) -> None:
    both_ways(peer, kind, b"a file")


@pytest.mark.parametrize("size", SIZES)
def test_sizes(peer: Shim, size: int) -> None:
    both_ways(peer, "image", ENTROPY(size))


@pytest.mark.only("baileys", "pyaileys", "pywhats")
@pytest.mark.parametrize("size", LARGE)
def test_larger_files(peer: Shim, size: int) -> None:
    """WAeys has an AES of its own in Python, for which this would take minutes."""
    both_ways(peer, "video", ENTROPY(size))


@pytest.mark.difference("media-mac")
def test_a_changed_file(peer: Shim) -> None:
    plaintext = ENTROPY(100)
    sealed = media.seal(plaintext, KEY, MediaKind.IMAGE)
    changed = bytes([sealed.file[0] ^ 1]) + sealed.file[1:]
    with pytest.raises(MediaError):
        media.open_(changed, KEY, MediaKind.IMAGE, sealed.sha256, sha256(changed).digest(), len(plaintext))
    if peer.peer.name == "pywhats":
        with pytest.raises(Refused, match="HMAC"):
            peer.call("open_media", file=changed, key=KEY, kind="image")
    else:
        opened = peer.call("open_media", file=changed, key=KEY, kind="image")
        assert opened != plaintext and opened[32:] == plaintext[32:], "two blocks of it are others"
