"""Seeds: what the reference implementation writes, and a few inputs that it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from fuzz.corpus import appstate, chat, codes, connection, contents, media, nodes, stanzas, transport
from impl.crypto.entropy import seeded

AREAS = (chat, codes, contents, nodes, stanzas, appstate, media, transport, connection)


def seeds(seed: int) -> dict[str, list[bytes]]:
    """Inputs for each target by name: accepted ones, and each of them without its last byte."""
    entropy = seeded(b"corpus" + seed.to_bytes(8))
    inputs: dict[str, set[bytes]] = {}
    for area in AREAS:
        for name, accepted in area.recorded(entropy).items():
            inputs.setdefault(name, set()).update(each for whole in accepted for each in (whole, whole[:-1]))
    return {name: sorted(each) for name, each in inputs.items()}


def write(directory: Path, inputs: Iterable[bytes]) -> None:
    """One file an input, named by its hash, as libFuzzer does it."""
    directory.mkdir(parents=True)
    for data in inputs:
        (directory / sha256(data).hexdigest()[:16]).write_bytes(data)
