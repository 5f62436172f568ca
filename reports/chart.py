"""A trace as a sequence chart: inline SVG that takes its colours from the page's style sheet.

One lifeline a participant, one numbered row a step. An arrow goes from one participant to another, a box
is what a participant does by itself, a bar across all lifelines concerns nobody in particular. What was
refused is dashed and says so; the row where model and observation part is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reports.trace import Step, Trace

GUTTER = 44  # left of the first lifeline's column: the numbers of the steps
ROW = 46
HEAD = 52
LETTER = 6.7  # width of a letter of the 11 px monospaced labels


def draw(trace: Trace) -> str:
    """Return one ``<svg>`` element as text; lengths are in CSS pixels."""
    return _Chart(trace).svg()


class _Chart:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        labels = [*trace.participants, *(_label(step) for step in trace.steps)]
        self.column = max([110.0, *(len(label) * LETTER + 26 for label in labels)])
        self.width = GUTTER + self.column * max(1, len(trace.participants))
        self.height = HEAD + ROW * len(trace.steps) + 14.0

    def svg(self) -> str:
        root = ET.Element(
            "svg",
            {
                "class": "chart",
                "role": "img",
                "aria-label": f"Sequence chart of {len(self.trace.steps)} steps, told in words beside it",
                "width": _px(self.width),
                "height": _px(self.height),
                "viewBox": f"0 0 {_px(self.width)} {_px(self.height)}",
            },
        )
        for number, step in enumerate(self.trace.steps):
            if step.decisive:
                top = HEAD + ROW * number
                _add(root, "rect", "decisive", x=0.5, y=top, width=self.width - 1, height=ROW, rx=4)
        for name in self.trace.participants:
            self._lifeline(root, name)
        for number, step in enumerate(self.trace.steps, 1):
            self._step(root, number, step)
        return ET.tostring(root, encoding="unicode")

    def _x(self, name: str) -> float:
        return GUTTER + self.column * (self.trace.participants.index(name) + 0.5)

    def _lifeline(self, root: ET.Element, name: str) -> None:
        x, width = self._x(name), len(name) * LETTER + 20
        _add(root, "line", "lifeline", x1=x, x2=x, y1=34, y2=self.height)
        _add(root, "rect", "participant", x=x - width / 2, y=8, width=width, height=26, rx=4)
        _text(root, x, 25, name, "name")

    def _step(self, root: ET.Element, number: int, step: Step) -> None:
        y = HEAD + ROW * (number - 0.5)
        row = ET.SubElement(root, "g", {"class": " ".join(_classes(step))})
        ET.SubElement(row, "title").text = f"{number}. {step.says or step.call} {step.outcome}"
        _add(row, "circle", "number", cx=GUTTER / 2, cy=y, r=11)
        _text(row, GUTTER / 2, y + 4, str(number), "number")
        source, target = step.ends
        if source is not None and target is not None and source != target:
            self._arrow(row, self._x(source), self._x(target), y, _label(step), step.refused)
        elif (alone := source or target) is not None:
            self._box(row, self._x(alone), len(_label(step)) * LETTER + 14, y, _label(step))
        else:
            self._box(row, (self.width + GUTTER) / 2, self.width - GUTTER - 24, y, _label(step))

    def _arrow(self, row: ET.Element, start: float, end: float, y: float, label: str, refused: bool) -> None:
        forward = 1 if end > start else -1
        _add(row, "line", "arrow", x1=start, x2=end - forward * (14 if refused else 6), y1=y + 8, y2=y + 8)
        if refused:
            x = end - forward * 10
            cross = f"M{_px(x - 4)} {_px(y + 4)}l8 8m0 -8l-8 8"
            ET.SubElement(row, "path", {"class": "cross", "d": cross})
        else:
            head = f"M{_px(end - forward)} {_px(y + 8)}l{-9 * forward} -4.5v9z"
            ET.SubElement(row, "path", {"class": "head", "d": head})
        _text(row, (start + end) / 2, y, label, "label")

    def _box(self, row: ET.Element, x: float, width: float, y: float, label: str) -> None:
        _add(row, "rect", "box", x=x - width / 2, y=y - 12, width=width, height=24, rx=12)
        _text(row, x, y + 4, label, "label")


def _label(step: Step) -> str:
    return f"{'✗ ' if step.decisive else ''}{step.do}{' refused' if step.refused else ''}"


def _classes(step: Step) -> Sequence[str]:
    return ["step", *(["refused"] if step.refused else []), *(["wrong"] if step.decisive else [])]


def _add(parent: ET.Element, tag: str, style: str, **lengths: float) -> None:
    ET.SubElement(parent, tag, {"class": style, **{name: _px(length) for name, length in lengths.items()}})


def _text(parent: ET.Element, x: float, y: float, text: str, style: str) -> None:
    ET.SubElement(parent, "text", {"class": style, "x": _px(x), "y": _px(y)}).text = text


def _px(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")
