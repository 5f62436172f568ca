"""From the input that stopped a fuzzer to a finding: reproduced, minimised, and stored as a regression case."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fuzz.libfuzzer import HANG, RESIDENT_LIMIT, environment, module
from fuzz.targets import Target

REGRESSIONS = Path(__file__).with_name("regressions")
"""Regression cases that the tests replay."""

SECONDS = 5
"""How long an input is minimised."""

_RAISED = re.compile(r"Finding: (W\d): (.*)")


@dataclass(frozen=True)
class Found:
    """An input that breaks a property of a target, as small as it could be made, and the file that keeps it."""

    id: str
    target: str
    property: str
    what: str
    input: bytes
    path: Path


def triaged(target: Target, artifact: Path, output: Iterable[str], fault: str, regressions: Path) -> Found:
    """The finding behind an artifact of libFuzzer, which said `output`; stored in the folder `regressions`."""
    data = artifact.read_bytes()
    if artifact.name.startswith("timeout"):
        property, what = "W1", f"no answer within {HANG} s"
    elif artifact.name.startswith("oom"):
        property, what = "W4" if target.inflates else "W1", f"more than {RESIDENT_LIMIT} MiB of memory"
    else:
        property, what, data = _minimised(target, artifact, fault) or (*_raised(output), data)
    id = f"{target.name}-{sha256(data).hexdigest()[:8]}"
    path = regressions / f"{id}.bin"
    regressions.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Found(id, target.name, property, what, data, path)


def regression_cases(directory: Path = REGRESSIONS) -> dict[Path, str]:
    """The stored inputs, and the name of the target of each."""
    return {path: path.stem.rpartition("-")[0] for path in sorted(directory.glob("*.bin"))}


def _minimised(target: Target, artifact: Path, fault: str) -> tuple[str, str, bytes] | None:
    """None if the input does not reproduce, or takes the interpreter down."""
    arguments = [target.name, fault, str(artifact), str(SECONDS)]
    try:
        done = subprocess.run(
            [*module("fuzz.minimise"), *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS + 2 * HANG,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return None
    found = json.loads(done.stdout) if done.returncode == 0 else None
    return (found["property"], found["what"], bytes.fromhex(found["input"])) if found else None


def _raised(output: Iterable[str]) -> tuple[str, str]:
    raised = [found for line in output if (found := _RAISED.match(line))]
    return (raised[-1][1], raised[-1][2]) if raised else ("W1", "the interpreter died")
