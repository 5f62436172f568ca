"""Durations, figures and bytes as people read them."""

from __future__ import annotations

SHOWN_BYTES = 512


def seconds(duration: float) -> str:
    if duration < 59.95:
        return f"{duration:.3g} s"
    minutes, rest = divmod(round(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def number(cell: str | int | float | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return f"{cell:.4g}" if isinstance(cell, float) and abs(cell) < 1000 else f"{cell:,.0f}"


def hexdump(text: str) -> str:
    """Sixteen bytes a line: offset, hexadecimal, printable ASCII; the beginning only of a long input."""
    data = bytes.fromhex(text)
    lines = []
    for offset in range(0, min(len(data), SHOWN_BYTES), 16):
        row = data[offset : offset + 16]
        ascii = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{offset:04x}  {row.hex(' '):<47}  {ascii}")
    if len(data) > SHOWN_BYTES:
        lines.append(f"… {len(data) - SHOWN_BYTES:,} bytes more; the evidence file has them all")
    return "\n".join(lines)
