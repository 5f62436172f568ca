"""Every target keeps its promises on its seeds, on any bytes, at its limits, and on what once broke it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.corpus import seeds
from fuzz.errors import FuzzError
from fuzz.libfuzzer import DICTIONARIES
from fuzz.oracles import Finding, check
from fuzz.targets import TARGETS, Target, named
from fuzz.triage import regression_cases
from impl.wire.errors import DecodeError

SEEDS = seeds(0)
EACH = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
KEY = bytes(32)


def accepts(target: Target, data: bytes) -> bool:
    with suppress(DecodeError):
        target.decode(data)
        return True
    return False


@EACH
def test_seeds_keep_every_promise_and_reach_both_outcomes(target: Target) -> None:
    for data in SEEDS[target.name]:
        check(target, data)
    assert {accepts(target, data) for data in SEEDS[target.name]} == {True, False}


def test_seeds_depend_on_nothing_but_their_number() -> None:
    assert seeds(0) == SEEDS
    assert seeds(1).keys() == SEEDS.keys() == TARGETS.keys()
    assert seeds(1)["signed-identity"] != SEEDS["signed-identity"]


@EACH
def test_seeds_and_dictionary_fit_the_target(target: Target) -> None:
    assert all(len(data) <= target.max_len for data in SEEDS[target.name])
    assert (DICTIONARIES / f"{target.dictionary}.dict").is_file()


@EACH
@given(data=st.binary(max_size=200))
def test_any_bytes_keep_every_promise(target: Target, data: bytes) -> None:
    check(target, data)


@EACH
@given(data=st.data())
def test_any_bytes_inside_an_accepted_input_keep_every_promise(target: Target, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[target.name]))
    at = data.draw(st.integers(0, len(seed)))
    removed = data.draw(st.integers(0, 4))
    check(target, seed[:at] + data.draw(st.binary(max_size=4)) + seed[at + removed :])


@pytest.mark.parametrize(("path", "name"), regression_cases().items(), ids=lambda value: getattr(value, "name", ""))
def test_what_once_broke_a_decoder_no_longer_does(path: Path, name: str) -> None:
    check(TARGETS[name], path.read_bytes())


def test_a_file_that_opens_otherwise_in_pieces_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = max(SEEDS["media-file"], key=len)
    check(TARGETS["media-file"], seed)
    monkeypatch.setattr("impl.crypto.media.stream._pieces", lambda source, size=-1: [source.read(size)])
    with pytest.raises(Finding, match=r"W1: Differs: b'.*' whole, 'enc_sha256' in pieces"):
        check(TARGETS["media-file"], seed)


def test_an_unknown_target_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(FuzzError, match=r"'no-such'; there are qr, address, .*media-retry-answer$"):
        named(["qr", "no-such"])
    assert [target.name for target in named([])] == list(TARGETS)
