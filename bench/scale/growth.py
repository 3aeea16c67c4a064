"""How CPU grows with the size of a request's subject: `python -m bench.scale.growth` (DynamoDB Local).

Each request is measured at three or four sizes, as in `bench.beside.requests`: the handler's CPU, with its client and
sockets. The exponent is the slope of a line through the logarithms of sizes and times; 1 means proportional.
The constant part of a request's cost lowers it, so the exponent between the two largest sizes is reported as
well.
"""

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from statistics import linear_regression, median
from typing import Any, Final

import boto3

from bench.beside.requests import OVERRIDES, asked_of, checked
from bench.loader import Loader
from bench.scale.edges import EDGES, Edge, Place, in_order
from local.gateway import Gateway
from local.seed import TENANT
from scim.service.system import SystemClock
from scim.settings import VARIABLES, limits

GOAL: Final = 1.1
SLACK: Final = 0.2
TURNS: Final = 5
Found = Mapping[str, Mapping[str, Any]]
"""By request: `sizes`, `milliseconds`, `exponent` over all sizes, `last` between the two largest."""


def exponent(sizes: Sequence[int], spent: Sequence[float]) -> float:
    """Return the exponent of the power of the size that fits the times best."""
    return linear_regression(list(map(math.log, sizes)), list(map(math.log, spent))).slope


def measured(edges: Mapping[str, Edge] = EDGES, turns: int = TURNS) -> dict[str, dict[str, Any]]:
    """Return the CPU of each request at its sizes, in the form of the JSON file."""
    spent: dict[tuple[str, int], float] = {}
    with Gateway.start("dynamodb-local", OVERRIDES) as gateway, asked_of(gateway) as call:
        (table_name,) = gateway.store.tables.values()
        loader = Loader(boto3.client("dynamodb"), table_name, TENANT, SystemClock().now())
        place = Place(call, loader, turns)
        for name, size in in_order(edges):
            begun = time.monotonic()
            spent[name, size] = _milliseconds(place, edges[name], size)
            told = (
                f"{name}, {size:,}: {spent[name, size]:.2f} ms, in {time.monotonic() - begun:.0f} s"
            )
            print(told, file=sys.stderr, flush=True)
    return {
        name: grown(edge.sizes, [spent[name, size] for size in edge.sizes])
        for name, edge in edges.items()
    }


def _milliseconds(place: Place, edge: Edge, size: int) -> float:
    asked = edge.asked(place, size)
    checked(place.call, *asked(0))  # is not counted
    turns = range(1, place.turns + 1)
    return median(checked(place.call, *asked(turn))[2] for turn in turns) * 1000


def grown(sizes: Sequence[int], spent: Sequence[float]) -> dict[str, Any]:
    """Return milliseconds by size with the exponents, in the form of the JSON file."""
    return {
        "sizes": list(sizes),
        "milliseconds": [round(each, 2) for each in spent],
        "exponent": round(exponent(sizes, spent), 2),
        "last": round(exponent(sizes[-2:], spent[-2:]), 2),
    }


def worse(now: Found, reported: Found) -> Iterator[str]:
    """Yield the requests whose exponent is more than 0.2 higher than reported."""
    for name, each in now.items():
        for side in ("exponent", "last"):
            was = reported.get(name, each)[side]
            if each[side] > was + SLACK:
                yield f"{name}: CPU grows with the power {each[side]} ({side}), reported is {was}"


def rows(found: Found) -> Sequence[str]:
    """Return the lines of a table in Markdown."""
    return [
        "| growing part | sizes | ms at each size | exponent | last step | limit |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {_list(each['sizes'])} | {_list(each['milliseconds'])} | {each['exponent']} |"
            f" {each['last']}{', more than proportional' if each['last'] > GOAL else ''} | {_bound(name)} |"
            for name, each in found.items()
        ),
    ]


def _list(numbers: Sequence[float]) -> str:
    return " / ".join(f"{number:,}" for number in numbers)


def _bound(name: str) -> str:
    """Return the limit of an edge and its default, if it has one."""
    bound = EDGES[name].bound if name in EDGES else ""
    defaults = {each.name: each.default for each in VARIABLES.values()}
    return f"`{bound}` {defaults[limits()[bound]]:,}" if bound else "an item's 400 KB"


if __name__ == "__main__":
    print("\n".join(rows(measured())))
