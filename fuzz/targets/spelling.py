"""What an encoder must give back for accepted bytes, where one meaning has one encoding; and texts as bytes."""

from __future__ import annotations

from collections.abc import Callable

from fuzz.protobuf import join, split


def text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def as_bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def as_it_is(data: bytes) -> bytes:
    return data


def without(*zeros: str) -> Callable[[bytes], bytes]:
    """Foreign encoders write enums of value zero, ours leaves them out: `zeros` are those fields, in hex."""
    spelled = {bytes.fromhex(zero) for zero in zeros}
    return lambda data: join([chunk for chunk in split(data) if bytes(chunk) not in spelled])


def spelled(zero: str) -> Callable[[bytes], bytes]:
    """Foreign encoders leave a number of value zero out, ours writes it: `zero` is that field, in hex."""
    (field,) = split(bytes.fromhex(zero))

    def spell(data: bytes) -> bytes:
        chunks = split(data)
        if all(chunk.tag != field.tag for chunk in chunks):
            chunks = sorted([*chunks, field], key=lambda chunk: chunk.tag)
        return join(chunks)

    return spell
