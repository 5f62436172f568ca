"""What is seen of a demonstration: a table that lives, lines where there is no terminal, and the end of it."""

from __future__ import annotations

from rich.table import Table

from impl.demo.member import Member
from impl.demo.stage import PlayedStage
from impl.demo.verdict import Verdict

NUMBERS = ("mailbox", "said", "received", "connections", "repeats", "duplicates refused", "kills")


def live(stage: PlayedStage) -> Table:
    """One row a process. Repeats are batches of requests that were sent again."""
    table = _table("device", "", *NUMBERS)
    for member in stage.members.values():
        state = member.state
        numbers = (
            stage.mailboxes.get(state.address or "", 0), state.said, state.held - state.said,
            member.all_connections, member.all_repeats, member.all_duplicates, member.child.kills,
        )  # fmt: skip
        table.add_row(member.role.name, standing(member), *(f"{each:,}" for each in numbers))
    table.add_row("server", "on" if stage.server.running else "off", *[""] * 6, f"{stage.server.kills:,}")
    return table


def line(stage: PlayedStage) -> str:
    """The same, summed up."""
    members = stage.members.values()
    said = sum(member.state.said for member in members)
    received = sum(member.state.held - member.state.said for member in members)
    return (
        f"  {said:,} said, {received:,} received, {sum(stage.mailboxes.values()):,} in mailboxes,"
        f" {sum(member.all_connections for member in members):,} connections,"
        f" {sum(member.all_repeats for member in members):,} repeats,"
        f" {sum(member.all_duplicates for member in members):,} duplicates refused,"
        f" {sum(child.kills for child in stage.children):,} kills"
    )


def standing(member: Member) -> str:
    if not member.child.wanted:
        return "off"
    return "on" if member.online else "connecting"


def summary(verdict: Verdict) -> Table:
    """Who has what in the end."""
    table = _table("device", "each exactly once", "wrote", "has", "missing", "twice", "strange")
    for each in verdict.holdings:
        numbers = (
            len(each.wrote), len(each.held), each.missing(verdict.said), each.twice, each.strange(verdict.said),
        )  # fmt: skip
        table.add_row(each.name, "✓" if verdict.exactly_once(each) else "✗", *(f"{n:,}" for n in numbers))
    return table


def _table(*columns: str) -> Table:
    """Two columns of text, then numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < 2 else "right")
    return table
