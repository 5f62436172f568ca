"""The states of a small scope as a picture: by Graphviz where there is one, else drawn here, depth by depth."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Iterator
from html import escape
from pathlib import Path
from statistics import fmean

from model.export.dot import MOST, Drawn, drawn, written
from model.language import ModelError, System
from model.scope import Scope
from properties.exploration.explore import explore

LETTER, LINE, PAD = 6.6, 14, 8  # of monospace text of 11 pixels
BETWEEN, APART = 28, 90  # boxes in a row, and rows
SPELLED_OUT = 6  # changes; the others are in the tooltip
KINDS = (".dot", ".svg", ".png")


def picture(path: Path, system: System, scope: Scope, without: Collection[tuple[str, str]] = frozenset()) -> Drawn:
    """Draws all states that are reached into a file: .dot is text for Graphviz.

    ModelError for any other ending, for PNG without Graphviz, and if there are more states than anybody looks at: it
    says how many.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ModelError(f"a graph is drawn into a file that ends in {', '.join(KINDS)}, not {path.name!r}")
    graphviz = shutil.which("dot")
    if kind == ".png" and not graphviz:
        raise ModelError("a picture in PNG takes Graphviz, and there is no program `dot` here; write .svg or .dot")
    if (states := explore(system, scope, without=without).uninterrupted().states) > MOST:
        raise ModelError(
            f"scope {scope} has {states:,} states, and at most {MOST:,} are drawn; take a smaller one, "
            "for example users=1,devices=2,lists=1,messages=0, or walk through it: pentad walk"
        )
    graph = drawn(system, scope, without=without)
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind != ".dot" and graphviz:
        subprocess.run([graphviz, f"-T{kind[1:]}", "-o", path], input=written(graph), text=True, check=True)
    else:
        path.write_text(svg(graph) if kind == ".svg" else written(graph), encoding="utf-8")
    return graph


def svg(graph: Drawn) -> str:
    """A row a depth; in it, states stand below the middle of those that lead to them."""
    return "\n".join([*_svg(graph), ""])


def _svg(graph: Drawn) -> Iterator[str]:
    labels = [_label(changes) for changes in graph.changes]
    widths = [max(map(len, label)) * LETTER + 2 * PAD for label in labels]
    heights = [float(len(label) * LINE + 2 * PAD) for label in labels]
    middles, tops = _laid_out(graph, widths, heights)
    width = max(m + w / 2 for m, w in zip(middles, widths, strict=True)) + BETWEEN
    height = max(t + h for t, h in zip(tops, heights, strict=True)) + BETWEEN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">'
    yield f"<title>{escape(graph.title)}</title>"
    yield "<style>text{font:11px monospace} rect{fill:#fff;stroke:#333} path{fill:none;stroke:#789}"
    yield ".move{fill:#456;font-size:9px;paint-order:stroke;stroke:#fff;stroke-width:3px}"
    yield ".back{stroke-dasharray:4 3}</style>"
    yield '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '<path d="M0 0L8 4L0 8z" style="fill:#789"/></marker>'
    yield f'<rect width="{width:.0f}" height="{height:.0f}" style="stroke:none"/>'
    ports = _ports(graph, middles, widths)
    for i, (before, move, after) in enumerate(graph.moves):
        down = graph.depths[after] > graph.depths[before]
        x, y = ports[i, before], tops[before] + (heights[before] if down else 0)
        to_x, to_y = ports[i, after], tops[after] + (0 if down else heights[after])
        bend = APART / 2 if down else -APART / 2
        kind = "" if down else ' class="back"'
        curve = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
        yield f'<path{kind} d="{curve}" marker-end="url(#tip)"><title>{escape(move)}</title></path>'
        along = 0.2 + 0.15 * (i % 5)  # not all labels in one line
        at_x, at_y = x + along * (to_x - x), y + along * (to_y - y)
        yield f'<text class="move" x="{at_x:.0f}" y="{at_y:.0f}" text-anchor="middle">{escape(move)}</text>'
    for number, label in enumerate(labels):
        left, top = middles[number] - widths[number] / 2, tops[number]
        yield f"<g><title>{escape(chr(10).join(graph.changes[number]))}</title>"
        yield f'<rect x="{left:.0f}" y="{top:.0f}" width="{widths[number]:.0f}" height="{heights[number]:.0f}" rx="4"/>'
        for i, line in enumerate(label, 1):
            yield f'<text x="{left + PAD:.0f}" y="{top + PAD / 2 + i * LINE:.0f}">{escape(line)}</text>'
        yield "</g>"
    yield "</svg>"


def _label(changes: list[str]) -> list[str]:
    more = len(changes) - SPELLED_OUT
    return [*changes[:SPELLED_OUT], f"and {more} more"] if more > 0 else changes


def _laid_out(graph: Drawn, widths: list[float], heights: list[float]) -> tuple[list[float], list[float]]:
    """The middle and the top of each state."""
    middles, tops, top = [0.0] * len(widths), [0.0] * len(widths), float(BETWEEN)
    origins: dict[int, list[int]] = {}
    for before, _, after in graph.moves:
        if graph.depths[before] < graph.depths[after]:
            origins.setdefault(after, []).append(before)
    rows = [[n for n, depth in enumerate(graph.depths) if depth == d] for d in range(max(graph.depths) + 1)]
    widest = max(sum(widths[n] + BETWEEN for n in row) for row in rows)
    for row in rows:
        row.sort(key=lambda n: fmean(middles[before] for before in origins.get(n, [n])))
        left = (widest - sum(widths[n] + BETWEEN for n in row)) / 2 + BETWEEN
        for n in row:
            middles[n], tops[n] = left + widths[n] / 2, top
            left += widths[n] + BETWEEN
        top += max(heights[n] for n in row) + APART
    return middles, tops


def _ports(graph: Drawn, middles: list[float], widths: list[float]) -> dict[tuple[int, int], float]:
    """Where each move meets the states at its ends: side by side, so that few moves cross."""
    met: dict[tuple[int, bool], list[tuple[float, int]]] = {}
    for i, (before, _, after) in enumerate(graph.moves):
        down = graph.depths[after] > graph.depths[before]
        met.setdefault((before, down), []).append((middles[after], i))
        met.setdefault((after, not down), []).append((middles[before], i))
    return {
        (i, state): middles[state] + widths[state] * (place / (len(moves) + 1) - 0.5)
        for (state, _), moves in met.items()
        for place, (_, i) in enumerate(sorted(moves), 1)
    }
