"""Data made by other implementations; each file says by which, in `made_with`."""

import json
from pathlib import Path
from typing import Any


def load(name: str) -> Any:
    """The parsed file `name`.json of this folder; byte strings are in hex."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
