"""`pentad compare`: this protocol beside the one before it."""

from __future__ import annotations

import typer
from rich.table import Table
from rich.text import Text

from model.systems import MULTI_DEVICE
from pentad.options import OUT, Ids, Out, chosen
from pentad.terminal import counting, out, progress
from reports.html import SYMBOLS


def compare_command(ids: Ids = None, directory: Out = None) -> None:
    """Put this protocol beside the one before it, where the phone did everything: which properties did that break?

    \b
    Example: pentad compare F10 F13 L7
    """
    from model.systems import TETHERED
    from properties.comparison import compare

    folder = (directory or OUT) / "compare"
    folder.mkdir(parents=True, exist_ok=True)
    with progress("compare") as tell:
        rows = compare(MULTI_DEVICE, TETHERED, chosen(ids), progress=counting(tell, "obligations"))
    table = Table("", "property", MULTI_DEVICE.name, TETHERED.name, "how it fails there", box=None, pad_edge=False)
    for row in rows:
        more = f", and {len(row.depends) - 1} moves more" if len(row.depends) > 1 else ""
        how = f"{row.depends[0]}{more}" if row.depends else ""
        if row.trace is not None:
            row.trace.save(folder / f"{row.property.id}.json")
            how = f"{len(row.trace.steps)} steps: {folder / f'{row.property.id}.json'}"
        verdicts = (SYMBOLS[row.verdict], SYMBOLS[row.of_other])
        table.add_row(row.property.id, Text(row.property.statement), *verdicts, Text(how))
    out.print(table)
    raise typer.Exit(0 if all(row.verdict == "holds" for row in rows) else 1)
