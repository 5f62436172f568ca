from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from impl.crypto import cbc
from impl.crypto.kdf import hmac_sha256
from impl.crypto.media import MediaError, MediaKind, chunk_range, open_chunk, seal
from impl.crypto.media.sidecar import CHUNK_SIZE, Sidecar
from tests.impl.crypto.media.files import KEYS, KIND, MEDIA_KEY, maced

# With CHUNK_SIZE - 16 bytes, the second chunk is the MAC alone.
LENGTHS = [0, 1, CHUNK_SIZE - 17, CHUNK_SIZE - 16, CHUNK_SIZE - 1, CHUNK_SIZE, 3 * CHUNK_SIZE + 5]
TEXT = bytes(position % 251 for position in range(2 * CHUNK_SIZE + 5))
SEALED = seal(TEXT, MEDIA_KEY, KIND)


def part(media, index):
    wanted = chunk_range(index, media.length)
    return media.file[wanted.start : wanted.stop]


def opened(index, media=SEALED, kind=KIND, **changes):
    return open_chunk(
        **{
            "part": part(media, index),
            "index": index,
            "media_key": MEDIA_KEY,
            "kind": kind,
            "sidecar": media.sidecar,
            "length": media.length,
        }
        | changes
    )


@pytest.mark.parametrize("length", LENGTHS)
def test_a_code_covers_64_kib_and_the_16_bytes_before_them(length):
    sealed = seal(bytes(length), MEDIA_KEY, KIND)
    signed = KEYS.iv + sealed.file
    windows = [signed[at : at + 16 + CHUNK_SIZE] for at in range(0, len(sealed.file), CHUNK_SIZE)]
    assert sealed.sidecar == b"".join(hmac_sha256(KEYS.mac, window)[:10] for window in windows)


@given(st.lists(st.integers(0, len(SEALED.file))))
@example([CHUNK_SIZE - 5, CHUNK_SIZE, CHUNK_SIZE + 5])
def test_the_sidecar_does_not_depend_on_how_the_file_is_cut(cuts):
    sidecar = Sidecar(KEYS)
    edges = [0, *sorted(cuts), len(SEALED.file)]
    for begin, end in pairwise(edges):
        sidecar.update(SEALED.file[begin:end])
    assert sidecar.finish() == SEALED.sidecar


@pytest.mark.parametrize("length", LENGTHS)
def test_the_chunks_of_a_file_are_its_plaintext(length):
    sealed = seal((TEXT * 2)[:length], MEDIA_KEY, KIND)
    chunks = [opened(index, sealed) for index in range(len(sealed.sidecar) // 10)]
    assert b"".join(chunks) == (TEXT * 2)[:length]
    assert all(len(chunk) == CHUNK_SIZE for chunk in chunks[: length // CHUNK_SIZE])


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("position", [0, 15, 16, -1])
def test_every_part_of_a_chunk_is_under_its_code(index, position):
    changed = bytearray(part(SEALED, index))
    changed[position] ^= 1
    refused("sidecar", index, part=bytes(changed))


@pytest.mark.parametrize(
    ("index", "changes", "check"),
    [
        (1, {"part": part(SEALED, 1)[:-1]}, "size"),
        (1, {"part": part(SEALED, 1) + b"x"}, "size"),
        (1, {"part": b""}, "size"),
        (3, {}, "size"),
        (-1, {}, "size"),
        (1, {"sidecar": SEALED.sidecar[:10]}, "sidecar"),
        (1, {"sidecar": SEALED.sidecar[:19]}, "sidecar"),
        (1, {"sidecar": SEALED.sidecar[10:]}, "sidecar"),
        (1, {"media_key": bytes(32)}, "sidecar"),
        (1, {"kind": MediaKind.AUDIO}, "sidecar"),
        (2, {"length": SEALED.length - 1}, "padding"),
        (2, {"length": SEALED.length + 17}, "size"),
    ],
)
def test_a_chunk_that_is_not_what_the_message_says_is_refused(index, changes, check):
    refused(check, index, **changes)


def test_no_chunk_passes_for_another():
    second, third = (SEALED.file[n * CHUNK_SIZE - 16 : (n + 1) * CHUNK_SIZE] for n in (1, 2))
    refused("sidecar", 1, part=(third + second)[: len(second)])


def test_padding_is_checked_under_a_valid_sidecar():
    file = maced(cbc.encrypt(KEYS.cipher, KEYS.iv, bytes(16))[:16])
    sidecar = hmac_sha256(KEYS.mac, KEYS.iv + file)[:10]
    refused("padding", 0, media=replace(SEALED, file=file, sidecar=sidecar, length=5))


def refused(check, index, **changes):
    with pytest.raises(MediaError) as refusal:
        opened(index, **changes)
    assert refusal.value.check == check
