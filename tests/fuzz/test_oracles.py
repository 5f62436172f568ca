"""Each oracle speaks up for its own reason, and only then."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NoReturn

import pytest

from fuzz import oracles
from fuzz.oracles import Finding, check
from fuzz.targets.target import HEADROOM, Target
from impl.wire.errors import DecodeError

HONEST = Target("bytes", bytes, bytes, "content", 10, spelling=bytes)


def refuse(data: bytes) -> NoReturn:
    raise DecodeError("always", "test")


def index_beyond(data: bytes) -> bytes:
    return bytes([data[len(data)]])


def allocate(data: bytes) -> bytes:
    return bytes(2 * HEADROOM)[:0] + data


def allocate_and_refuse(data: bytes) -> NoReturn:
    allocate(data)
    refuse(data)


def dawdle(data: bytes) -> bytes:
    end = time.process_time() + 0.02
    while time.process_time() < end:
        pass
    return data


def one_way(data: bytes) -> bytes:
    """Refuses what the encoder below makes."""
    return data if data == b"seed" else refuse(data)


@pytest.mark.parametrize("target", [HONEST, replace(HONEST, decode=refuse), replace(HONEST, inflates=True)])
def test_kept_promises_are_no_findings(target: Target) -> None:
    check(target, b"seed")


@pytest.mark.parametrize(
    ("target", "property", "what"),
    [
        (replace(HONEST, decode=index_beyond), "W1", "IndexError: index out of range, not a DecodeError"),
        (replace(HONEST, decode=allocate), "W1", "bytes allocated for 4"),
        (replace(HONEST, decode=allocate_and_refuse), "W1", "bytes allocated for 4"),
        (replace(HONEST, decode=allocate, inflates=True), "W4", "bytes allocated for 4"),
        (replace(HONEST, decode=dawdle), "W1", "s for 4 bytes"),
        (replace(HONEST, decode=bytes.lower, encode=bytes.upper), "W2", "encoder writes as '53454544'"),
        (replace(HONEST, encode=index_beyond), "W3", "cannot be encoded: IndexError"),
        (replace(HONEST, decode=one_way, encode=bytes.upper), "W3", "cannot be decoded once encoded: DecodeError"),
        (replace(HONEST, encode=bytes.title, spelling=None), "W3", "b'seed' comes back as b'Seed'"),
    ],
)
def test_a_broken_promise_is_a_finding(
    target: Target, property: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracles, "SECONDS", 0.01)
    target = target if property != "W3" else replace(target, spelling=None)
    with pytest.raises(Finding) as found:
        check(target, b"seed")
    assert found.value.property == property
    assert what in found.value.what


def test_allocations_are_seen_only_where_they_are_metered() -> None:
    check(replace(HONEST, decode=allocate), b"seed", metered=False)
