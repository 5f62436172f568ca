"""Values as lines of JSON, for processes on both sides of a pipe; bytes are `{"base64": ...}`.

Also what a shim in Python is: verbs, called one by one. It runs among foreign packages, so nothing is imported but
the standard library. `lines.mjs` is the same for Node.js.
"""

import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any


def dumps(value: Any) -> str:
    """One line, without its end. TypeError for what JSON does not know."""
    return json.dumps(_worded(value), separators=(",", ":"))


def loads(line: str | bytes) -> Any:
    """ValueError if it is no JSON."""
    return json.loads(line, object_hook=_read)


def _worded(value: Any) -> Any:
    match value:
        case bytes() | bytearray() | memoryview():
            return {"base64": b64encode(value).decode()}
        case Mapping():
            return {key: _worded(each) for key, each in value.items()}
        case list() | tuple():
            return [_worded(each) for each in value]
    return value


def _read(value: dict[str, Any]) -> Any:
    return b64decode(value["base64"]) if value.keys() == {"base64"} else value


def serve(verbs: Mapping[str, Callable[..., Any]]) -> None:
    """Answers `{"verb", "with"}` with `{"value"}`, `{"error"}` or `{"unknown"}` until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a peer prints is no answer
    for line in sys.stdin.buffer:
        asked = loads(line)
        try:
            verb = verbs.get(asked["verb"])
            answer = dumps({"unknown": asked["verb"]} if verb is None else {"value": verb(**asked["with"])})
        except Exception as error:  # whatever a peer raises is its answer
            answer = dumps({"error": f"{type(error).__name__}: {error}"})
        print(answer, file=answers, flush=True)
