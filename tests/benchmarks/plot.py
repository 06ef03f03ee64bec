"""Plots as SVG: bars in groups, and curves side by side. Both axes of numbers are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.templates import fill

COLOURS = ("#0b6e99", "#222222", "#999999", "#d9730d", "#e03e3e", "#f2a9a9", "#6940a5", "#4d9a5b")
GREY = "#dddddd"
INK = "#333333"


@dataclass(frozen=True)
class Scale:
    """Where numbers from ``low`` to ``high`` lie between two pixels."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, number: float) -> float:
        share = math.log(number / self.low) / math.log(self.high / self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    @property
    def ticks(self) -> list[float]:
        """1, 2 and 5 times the powers of ten that lie on it."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        every = (digit * 10.0**power for power in powers for digit in (1, 2, 5))
        return [n for n in every if self.low * 0.999 <= n <= self.high * 1.001]


def _text(x: float, y: float, words: object, anchor: str = "start", colour: str = INK) -> Any:
    return {"x": x, "y": y, "words": words, "anchor": anchor, "colour": colour}


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = GREY) -> Any:
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "colour": colour}


def bars(groups: Mapping[str, Mapping[str, float]], titles: Mapping[str, str], about: str) -> str:
    """A bar from 1 for each number of each group, named by ``titles``."""
    thick, left, width, top = 9, 110, 760, 50
    numbers = [n for group in groups.values() for n in group.values()]
    scale = Scale(min([0.8, *numbers]) / 1.1, max([2.0, *numbers]) * 1.3, left, width - 20)
    colours = dict(zip(titles, COLOURS, strict=False))
    lines, rects, texts, y = [], [], [_text(left, 16, about)], float(top)
    for name, group in groups.items():
        texts.append(_text(left - 8, y + thick * len(group) / 2 + 4, name, "end"))
        for peer, number in group.items():
            ends = sorted((scale(1), scale(number)))
            wide = max(1.0, round(ends[1] - ends[0], 1))
            bar = {"x": ends[0], "y": y, "width": wide, "height": thick - 1}
            rects.append({**bar, "colour": colours[peer]})
            y += thick
        y += thick
    for tick in scale.ticks:
        x = scale(tick)
        lines.append(_line(x, top - 6, x, y, INK if tick == 1 else GREY))
        texts.append(_text(x, top - 10, f"{tick:g}", "middle"))
    for k, (peer, title) in enumerate(titles.items()):
        x, row = left + 160 * (k % 4), y + 16 + 18 * (k // 4)
        rects.append({"x": x, "y": row - 9, "width": 10, "height": 10, "colour": colours[peer]})
        texts.append(_text(x + 15, row, title))
    height = y + 30 + 18 * ((len(titles) - 1) // 4)
    return _svg(width, height, lines=lines, bars=rects, texts=texts)


def curves(panels: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]]) -> str:
    """Panels side by side, called by what runs to the right; each a curve for each title."""
    wide, height, edge, top = 380, 300, 50, 40
    every = [pair for panel in panels.values() for curve in panel.values() for pair in curve]
    up = Scale(min(y for _, y in every) / 1.3, max(y for _, y in every) * 1.3, height - 40, top)
    lines, polylines, texts = [], [], [_text(10, 16, "seconds")]
    for k, (what, panel) in enumerate(panels.items()):
        xs = [x for curve in panel.values() for x, _ in curve]
        left, right = k * wide + edge, (k + 1) * wide - 20
        along = Scale(min(xs), max(xs), left, right)
        for tick in up.ticks:
            lines.append(_line(left, up(tick), right, up(tick)))
            texts.append(_text(left - 6, up(tick) + 4, f"{tick:g}", "end"))
        texts += [_text(along(x), height - 22, f"{x:g}", "middle") for x in sorted(set(xs))]
        texts.append(_text((left + right) / 2, height - 5, what, "middle"))
        for row, (colour, (title, curve)) in enumerate(
            zip(COLOURS[::3], panel.items(), strict=False)
        ):
            points = " ".join(f"{along(x)},{up(y)}" for x, y in curve)
            polylines.append({"points": points, "colour": colour})
            if k == 0:
                texts.append(_text(90 + 200 * row, 16, title, colour=colour))
    return _svg(wide * len(panels), height, lines=lines, curves=polylines, texts=texts)


def _svg(width: float, height: float, **parts: list[Any]) -> str:
    parts = {"lines": [], "bars": [], "curves": [], "texts": []} | parts
    return fill("plot.svg.jinja", width=width, height=height, **parts)
