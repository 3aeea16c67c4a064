"""The data of the report's pictures: lines in panels, or bars."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench import cold_start
from bench.beside import requests
from bench.budgets import AS_OF_NOW

Report = Mapping[str, Any]
FLAT: Final = (
    "GET user",
    "userName eq",
    "create user, 4 indexes",
    "PATCH user, unindexed attribute",
    "add 1 member, group of all",
    "is X in the group of all",
    "rename the group of all",
    "list 100, first page",
)
"""The operations with a budget that are shown by directory size."""
_MEMBER_ADD: Final = re.compile(r"member add at ([\d,]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined by a line; lines with the same label have the same colour in all panels."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines with their own axes."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Lines:
    """A picture of panels; x is logarithmic. If y is too, a panel with one line gets a dotted line in proportion."""

    name: str
    title: str
    alt: str
    x: str
    y: str
    panels: Sequence[Panel]
    columns: int
    is_logarithmic: bool
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: a value for each of the chart's labels, and their goals."""

    label: str
    values: Sequence[float]
    goals: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of horizontal bars with a line at 1."""

    name: str
    title: str
    alt: str
    x: str
    labels: Sequence[str]
    bars: Sequence[Bar]
    kind: str = "bars"


Chart = Lines | Bars


def charts(report: Report) -> Mapping[str, Chart]:
    """Return the pictures of a report by name; a picture without data is left out."""
    made = (make(report) for part, make in _MADE if report.get(part))
    return {chart.name: chart for chart in made if chart is not None}


def _by_size(report: Report) -> Lines:
    sizes = list(report["budgets"])

    def line(label: str, operation: str, of: Callable[[Mapping[str, float]], float]) -> Line:
        costs = [report["budgets"][size][AS_OF_NOW][operation] for size in sizes]
        return Line(label, [int(size) for size in sizes], [of(cost) for cost in costs])

    measured = report["budgets"][sizes[0]][AS_OF_NOW]
    panels = [
        Panel(
            operation,
            [
                line("round trips", operation, lambda cost: cost["round_trips"]),
                line("read and write units", operation, lambda cost: cost["rcu"] + cost["wcu"]),
            ],
        )
        for operation in FLAT
        if operation in measured
    ]
    return Lines(
        "size",
        "Cost of a request by size of the directory",
        "Round trips and capacity units of operations, by number of users: flat lines, except one more round trip for a page.",
        "users",
        "round trips, units",
        panels,
        columns=4,
        is_logarithmic=False,
    )


def _beside(report: Report) -> Bars:
    bars = [
        Bar(
            name,
            [each["whole"], each["withoutClient"]],
            list(requests.GOALS.get(name, (None, None))),
        )
        for name, each in report["beside"].items()
    ]
    return Bars(
        "beside",
        "CPU of a request, relative to scim2-server",
        "Bars of each request's CPU relative to scim2-server's, whole and without the database client, with the goals.",
        "this service / scim2-server; 1 is equal CPU",
        ["whole", "without the client"],
        bars,
    )


def _member(report: Report) -> Lines | None:
    lines = [
        Line("ours", *_members(report["beside"], "milliseconds")),
        Line("scim2-server", *_members(report["beside"], "peerMilliseconds")),
        Line("scimmy-routers", *_members(report.get("besideScimmy", {}), "peerMilliseconds")),
    ]
    told = [line for line in lines if line.x]
    if not told:
        return None
    return Lines(
        "member",
        "CPU of adding a member to a group",
        "Milliseconds of CPU to add one member, by size of the group: constant for this service, growing for the others.",
        "members of the group",
        "CPU, ms",
        [Panel("", told)],
        columns=1,
        is_logarithmic=True,
    )


def _members(
    beside: Mapping[str, Mapping[str, float]], side: str
) -> tuple[Sequence[int], Sequence[float]]:
    """Return the sizes of groups in ascending order, and the cost of adding a member to each."""
    found = {
        int(size[1].replace(",", "")): each[side]
        for name, each in beside.items()
        if (size := _MEMBER_ADD.fullmatch(name))
    }
    sizes = sorted(found)
    return sizes, [found[size] for size in sizes]


def _cold(report: Report) -> Bars:
    rows = sorted(report["coldStarts"].items(), key=lambda row: float(row[1]["ratio"]))
    bars = [Bar(name, [each["ratio"]], [cold_start.GOALS.get(name)]) for name, each in rows]
    return Bars(
        "cold",
        "CPU until a function can serve, relative to a naive stack",
        "Bars of each function's CPU at a cold start, relative to that of boto3's client, Powertools and a pydantic model.",
        "function / naive stack; 1 is equal CPU",
        ["cold start"],
        bars,
    )


def _growth(report: Report) -> Lines:
    panels = [
        Panel(f"{name} ({each['last']})", [Line("CPU", each["sizes"], each["milliseconds"])])
        for name, each in report["growth"].items()
    ]
    return Lines(
        "growth",
        "CPU by size of a request (exponent of the last step)",
        "Milliseconds of CPU by size, a panel for each growing request, with dotted lines proportional to the size.",
        "size; dotted lines are proportional to it",
        "CPU, ms",
        panels,
        columns=3,
        is_logarithmic=True,
    )


_MADE: Final[Sequence[tuple[str, Callable[[Report], Chart | None]]]] = (
    ("budgets", _by_size),
    ("beside", _beside),
    ("beside", _member),
    ("coldStarts", _cold),
    ("growth", _growth),
)
"""The part of the report that each picture shows."""
