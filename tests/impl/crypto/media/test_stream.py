import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.crypto.media import MediaError, MediaFacts, open_stream, seal, seal_stream
from impl.crypto.media.stream import PIECE_SIZE
from tests.impl.crypto.media.files import BAD, GOOD, KIND, MEDIA_KEY, TEXT, Trickle

SIZES = st.lists(st.integers(1, 2 * PIECE_SIZE), min_size=1, max_size=5).map(tuple)
FACTS = MediaFacts(GOOD.sha256, GOOD.enc_sha256, GOOD.length, GOOD.sidecar)
BEFORE_DECRYPTION = {"size", "enc_sha256", "ciphertext", "mac"}


def opened(source, target, media=GOOD):
    open_stream(source, target, MEDIA_KEY, KIND, media.sha256, media.enc_sha256, media.length)


class Untouched(io.BytesIO):
    def write(self, piece, /):
        raise AssertionError("written to before the file was verified")


class Replaced(io.BytesIO):
    """A file that another one replaces after the first pass."""

    def __init__(self, first: bytes, second: bytes) -> None:
        super().__init__(first)
        self._next = [first, second]

    def seek(self, offset, whence=io.SEEK_SET, /):
        if whence == io.SEEK_SET:
            self.getbuffer()[:] = self._next.pop(0)
        return super().seek(offset, whence)


class Breaking(io.BytesIO):
    """A disk that is full after one piece."""

    def write(self, piece, /):
        if self.tell() > PIECE_SIZE // 2:
            raise OSError("no space left")
        return super().write(piece)


@given(SIZES)
def test_sealing_does_not_depend_on_how_the_source_is_cut(sizes):
    target = io.BytesIO()
    assert seal_stream(Trickle(TEXT, sizes), target, MEDIA_KEY, KIND) == FACTS
    assert target.getvalue() == GOOD.file


@given(SIZES)
def test_opening_does_not_depend_on_how_the_source_is_cut(sizes):
    target = io.BytesIO()
    opened(Trickle(GOOD.file, sizes), target)
    assert target.getvalue() == TEXT


def test_streams_are_taken_from_where_they_stand():
    plaintext, file, target = io.BytesIO(b"skipped" + TEXT), io.BytesIO(b"header"), io.BytesIO(b"earlier")
    for stream in (file, target):
        stream.seek(0, io.SEEK_END)
    plaintext.seek(7)
    assert seal_stream(plaintext, file, MEDIA_KEY, KIND) == FACTS
    file.seek(6)
    opened(file, target)
    assert target.getvalue() == b"earlier" + TEXT


@pytest.mark.parametrize(
    "media", [media for media, check in BAD.values() if check in BEFORE_DECRYPTION], ids=lambda media: None
)
def test_nothing_is_decrypted_before_hash_and_mac_are_verified(media):
    with pytest.raises(MediaError):
        opened(io.BytesIO(media.file), Untouched(), media)


@pytest.mark.parametrize(
    "media", [media for media, check in BAD.values() if check not in BEFORE_DECRYPTION], ids=lambda media: None
)
def test_what_is_refused_at_the_end_is_cut_off_again(media):
    target = io.BytesIO(b"earlier")
    target.seek(7)
    with pytest.raises(MediaError):
        opened(io.BytesIO(media.file), target, media)
    assert target.getvalue() == b"earlier"


def test_what_an_error_interrupts_is_cut_off_again():
    target = Breaking()
    with pytest.raises(OSError, match="space"):
        opened(io.BytesIO(GOOD.file), target)
    assert target.getvalue() == b""


def test_a_file_replaced_after_it_was_verified_is_refused():
    other = seal(TEXT[::-1], MEDIA_KEY, KIND).file
    target = io.BytesIO()
    with pytest.raises(MediaError) as refusal:
        opened(Replaced(GOOD.file, other), target)
    assert refusal.value.check == "sha256"
    assert target.getvalue() == b""


def test_memory_does_not_grow_with_the_file(tmp_path):
    size = 64 * PIECE_SIZE
    paths = [tmp_path / name for name in ("plain", "file", "opened")]
    paths[0].write_bytes(bytes(size))
    tracemalloc.start()
    with paths[0].open("rb") as source, paths[1].open("wb") as target:
        facts = seal_stream(source, target, MEDIA_KEY, KIND)
    with paths[1].open("rb") as source, paths[2].open("wb") as target:
        opened(source, target, facts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * PIECE_SIZE
    assert paths[2].read_bytes() == bytes(size)
