"""The command line: `commands/` has a file a command, the files beside it what commands share."""

from pentad.exits import main, run

__all__ = ["main", "run"]
