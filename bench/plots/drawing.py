"""Draws its input: `.venv-peer/bin/python bench/plots/drawing.py FOLDER < charts.json` writes FOLDER/NAME.svg.

It runs in the Python that has matplotlib, which cannot import the rest of this package. Equal data makes
equal files.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

WIDTH: Final = 8.0
"""Inches of 100 pixels."""
COLOURS: Final = ("#0072b2", "#e69f00", "#009e73")
GOAL: Final = "#a01030"
BEHIND: Final = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
STYLE: Final = {
    "svg.hashsalt": "performance",
    "svg.fonttype": "none",
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "legend.frameon": False,
}
Chart = Mapping[str, Any]


def drawn(chart: Chart) -> Figure:
    figure = {"lines": _lines, "bars": _bars}[chart["kind"]](chart)
    figure.suptitle(chart["title"], fontsize=12, x=0.01, ha="left")
    return figure


def _lines(chart: Chart) -> Figure:
    panels, columns = chart["panels"], chart["columns"]
    rows = -(-len(panels) // columns)
    height = 4.2 if len(panels) == 1 else 0.9 + 2.0 * rows
    figure, axes = pyplot.subplots(rows, columns, figsize=(WIDTH, height), squeeze=False)
    flat: Sequence[Axes] = list(axes.flat)
    for place, panel in zip(flat, panels, strict=False):
        _panel(place, panel, chart)
    for empty in flat[len(panels) :]:
        empty.set_axis_off()
    figure.supxlabel(chart["x"])
    figure.supylabel(chart["y"])
    labels = [line["label"] for line in panels[0]["lines"]]
    if len(labels) > 1:
        figure.legend(
            *flat[0].get_legend_handles_labels(), loc="outside upper right", ncols=len(labels)
        )
    return figure


def _panel(axes: Axes, panel: Mapping[str, Any], chart: Chart) -> None:
    axes.set_title(fill(panel["title"], 92 // chart["columns"]), loc="left")
    for line, colour, style in zip(panel["lines"], COLOURS, ("o-", "s--", "^:"), strict=False):
        # The second line is thinner, so that both are visible where they coincide.
        wide = 3 if style == "o-" and len(panel["lines"]) > 1 else 1.5
        axes.plot(line["x"], line["y"], style, color=colour, label=line["label"], ms=4, lw=wide)
    axes.set_xscale("log")
    _ticks(axes.xaxis, panel["lines"][0]["x"])
    if chart["is_logarithmic"]:
        axes.set_yscale("log")
        ends = {line["y"][place] for line in panel["lines"] for place in (0, -1)}
        _ticks(axes.yaxis, sorted(ends))
        if len(panel["lines"]) == 1:
            _in_proportion(axes, panel["lines"][0])
    else:
        most = max(max(line["y"]) for line in panel["lines"])
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_ylim(0, max(most * 1.3, 2))


def _ticks(axis: Any, values: Sequence[float]) -> None:
    """Mark these ascending values, except those whose numbers would overlap."""
    apart = [value for before, value in pairwise([0, *values]) if value > before * 1.5]
    axis.set_minor_locator(NullLocator())
    axis.set_ticks(apart, [_number(value) for value in apart])


def _in_proportion(axes: Axes, line: Mapping[str, Any]) -> None:
    """Draw a line proportional to x, through the last point."""
    last = line["y"][-1] / line["x"][-1]
    axes.plot(line["x"], [each * last for each in line["x"]], ":", color="#666666", lw=1)


def _bars(chart: Chart) -> Figure:
    bars, labels = chart["bars"], chart["labels"]
    figure, axes = pyplot.subplots(figsize=(WIDTH, 1.2 + (0.2 + 0.13 * len(labels)) * len(bars)))
    thick = 0.8 / len(labels)
    most = max(each for bar in bars for each in (*bar["values"], *bar["goals"]) if each is not None)
    for number, label in enumerate(labels):
        places = [row + (number - (len(labels) - 1) / 2) * thick for row in range(len(bars))]
        values = [bar["values"][number] for bar in bars]
        axes.barh(places, values, thick * 0.92, color=COLOURS[number], label=label)
        for place, value, bar in zip(places, values, bars, strict=True):
            goal = bar["goals"][number]
            if goal is not None:
                axes.plot([goal] * 2, [place - thick / 2, place + thick / 2], color=GOAL, lw=2)
            # Right of the bar, or of the goal if that would overlap the number.
            end = goal if goal is not None and 0 <= goal - value < most * 0.09 else value
            axes.text(end + most * 0.01, place, f"{value:g}", va="center", fontsize=8, bbox=BEHIND)
    axes.axvline(1, color="#444444", lw=1)
    axes.plot([], [], color=GOAL, lw=2, label="goal")
    axes.set_yticks(range(len(bars)), [bar["label"] for bar in bars])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.margins(y=0.01)
    axes.set_xlim(0, most * 1.1)
    axes.set_xlabel(chart["x"])
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return figure


def _number(value: float) -> str:
    """Return a number in two digits: 0.69, 2.3, 110, 10k."""
    rounded = float(f"{value:.2g}")
    return f"{rounded / 1000:g}k" if rounded >= 1000 else f"{rounded:g}"


def main(folder: Path, found: Sequence[Chart]) -> int:
    """Write a file for each picture; return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for chart in found:
            figure = drawn(chart)
            figure.savefig(
                folder / f"{chart['name']}.svg", metadata={"Date": None, "Creator": None}
            )
            pyplot.close(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), json.load(sys.stdin)))
