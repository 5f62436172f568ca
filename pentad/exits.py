"""How a command line ends: its exit code, and one line on stderr for what the user can mend.

0 all that was checked holds, 1 something is violated or unknown, 2 bad usage or bad input. Ctrl-C in the middle of an
engine ends with 130, which typer sees to; `progress` in `terminal` says how far the engine came.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fuzz.errors import FuzzError
from impl.demo.errors import DemoError
from impl.net.errors import NetError
from impl.serve.errors import ServeError
from model.language import ModelError
from pentad.app import app
from pentad.terminal import remark
from reports.evidence import EvidenceError


def main() -> None:
    """The console command `pentad`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code. What the user can mend is one line on stderr."""
    try:
        app(arguments, prog_name="pentad")
    except SystemExit as ended:
        return int(ended.code or 0)
    except (ModelError, EvidenceError, FuzzError, DemoError, NetError, ServeError) as error:
        remark(str(error))
    except OSError as error:
        remark(told(error))
    return 2


def told(error: OSError) -> str:
    """What the system refused, and the file that stands where a folder is needed, if that is why."""
    if not error.strerror:  # raised by a library, with words of its own
        return str(error) or f"{type(error).__name__}, and no word why"
    if error.filename is None:
        return error.strerror
    if isinstance(error, FileExistsError | NotADirectoryError):
        path = Path(str(error.filename))
        for place in (path, *path.parents):
            if place.exists() and not place.is_dir():
                return f"{place} is a file, and a folder is needed there; choose another place"
    return f"{error.filename}: {error.strerror}"
