"""The commands, a file each; `explore`, which has several ways to search, is a folder."""

from __future__ import annotations

from collections.abc import Callable

from pentad.commands.check import check_command
from pentad.commands.compare import compare_command
from pentad.commands.conform import conform_command
from pentad.commands.demo import demo_command
from pentad.commands.explain import explain_command
from pentad.commands.explore.command import explore_command
from pentad.commands.export import export_command
from pentad.commands.fuzz import fuzz_command
from pentad.commands.list import list_command
from pentad.commands.necessity import necessity_command
from pentad.commands.prove import prove_command
from pentad.commands.replay import replay_command
from pentad.commands.report import report_command
from pentad.commands.scan import scan_command
from pentad.commands.serve import serve_command
from pentad.commands.tell import tell_command
from pentad.commands.walk import walk_command

COMMANDS: dict[str, Callable[..., None]] = {
    "check": check_command,
    "prove": prove_command,
    "necessity": necessity_command,
    "export": export_command,
    "explore": explore_command,
    "compare": compare_command,
    "walk": walk_command,
    "conform": conform_command,
    "fuzz": fuzz_command,
    "replay": replay_command,
    "demo": demo_command,
    "serve": serve_command,
    "scan": scan_command,
    "tell": tell_command,
    "report": report_command,
    "list": list_command,
    "explain": explain_command,
}
"""In the order of `pentad --help`."""
