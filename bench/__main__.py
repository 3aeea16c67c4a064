"""The report: `python -m bench [check|PART]` (`make bench`) writes docs/performance.md, its JSON and pictures.

With one of PARTS, only that part is measured again; the rest stays as reported (SIZES sets other sizes for
`budgets`). `check` writes nothing: counts must be as reported, ratios at most 1.3 times as high, exponents at
most 0.2 higher. Times are comparable only on one machine, so ratios come from alternating measurements on one
machine. They also differ between Pythons: the report names the one it was measured with, and a part is written
only with that one.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench import budgets
from bench.beside.large import measured as large
from bench.beside.requests import beside, theirs
from bench.beside.waiting import waiting
from bench.cold_start import cold_starts
from bench.filters import measured, ratios
from bench.node import scimmy
from bench.plots.charts import charts
from bench.plots.draw import draw
from bench.report.markdown import written
from bench.scale import growth, throughput
from bench.walk import walks
from local.dynamodb_local import ENDPOINT_VARIABLE, running
from local.environment import environment

REPORT: Final = Path(__file__).parents[1] / "docs" / "performance.json"
SLACK: Final = 1.3
PYTHON: Final = ".".join(map(str, sys.version_info[:2]))
BESIDE: Final = {"beside": "scim2-server", "besideScimmy": "scimmy-routers"}
"""Tables of requests in the JSON file, and the peer each is compared with."""


def of_requests() -> dict[str, Any]:
    """Return the measurements of requests, in the form of the JSON file."""
    return {
        "modules": {name: len(walk.calls) for name, walk in walks().items()},
        "beside": beside(),
        "waiting": waiting(),
        "besideScimmy": scimmy.of_requests(),
    }


def of_large() -> dict[str, Any]:
    """Return the measurements of large requests, in the form of the JSON file."""
    start = scimmy.served()
    peers = {"beside": theirs} | ({} if start is None else {"besideScimmy": start})
    return {"besideScimmy": {}, **large(peers)}


def of_filters() -> dict[str, Any]:
    """Return the measurements of filters, in the form of the JSON file."""
    return {"filters": {name: round(each, 2) for name, each in ratios(measured()).items()}}


def of_budgets() -> dict[str, Any]:
    """Return the cost of operations with a budget, in the form of the JSON file."""
    chosen = tuple(int(size) for size in os.environ.get("SIZES", "").split())
    return budgets.as_json(budgets.measured(chosen or budgets.SIZES, "dynamodb-local"))


def of_cold_starts() -> dict[str, Any]:
    """Return the start times of functions, in the form of the JSON file."""
    return {name: asdict(each) for name, each in cold_starts().items()}


def alone(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Measure on a separate DynamoDB Local: one that holds a large table writes the next one slowly."""
    with running() as endpoint, environment({ENDPOINT_VARIABLE: endpoint}):
        return measure()


def found() -> dict[str, Any]:
    """Return all measurements, in the form of the JSON file."""
    return {
        "python": PYTHON,
        **merged(of_requests(), alone(of_large), *BESIDE),
        **of_filters(),
        "budgets": alone(of_budgets),
        "growth": alone(growth.measured),
        "throughput": alone(throughput.measured),
        "coldStarts": of_cold_starts(),
    }


def merged(reported: Mapping[str, Any], now: Mapping[str, Any], *tables: str) -> dict[str, Any]:
    """Return the report updated with `now`; in `tables`, rows that were not measured now are kept."""
    added = {name: reported.get(name, {}) | now[name] for name in tables}
    return {**reported, **now, **added}


def worse(now: Mapping[str, Any], reported: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is worse than reported: a higher count, or a ratio more than 1.3 times as high."""
    for name, count in now["modules"].items():
        if count > reported["modules"][name]:
            yield f"{name} enters {count} modules, reported are {reported['modules'][name]}"
    yield from budgets.complaints_of(budgets.of_json(now["budgets"]))
    for name, ratio in now["filters"].items():
        was = reported["filters"].get(name, ratio)
        if ratio > SLACK * was:
            yield f"{name} is {ratio}, reported is {was}"
    yield from growth.worse(now["growth"], reported.get("growth", {}))
    for name, started in now["coldStarts"].items():
        was = reported["coldStarts"].get(name, started)["ratio"]
        if started["ratio"] > SLACK * was:
            yield f"the cold start of {name} is {started['ratio']} of naive, reported is {was}"
    for table, peer in BESIDE.items():
        yield from _dearer(now.get(table, {}), reported.get(table, {}), peer)


def _dearer(now: Mapping[str, Any], reported: Mapping[str, Any], peer: str) -> Iterator[str]:
    """Yield the requests whose ratio to a peer is worse; a request that was never reported cannot be worse."""
    for name in filter(reported.__contains__, now):
        for side in ("whole", "withoutClient"):
            ratio, was = now[name][side], reported[name][side]
            if ratio > SLACK * was:
                yield f"{name}, {side}, takes {ratio} of {peer}, reported is {was}"


Part = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Measures a part: takes the report and returns the entries to replace."""
PARTS: Final[Mapping[str, Part]] = {
    "requests": lambda reported: merged(reported, of_requests(), *BESIDE),
    "large": lambda reported: merged(reported, of_large(), *BESIDE),
    "filters": lambda reported: merged(reported, of_filters(), "filters"),
    "budgets": lambda reported: merged(reported, {"budgets": of_budgets()}, "budgets"),
    "growth": lambda _: {"growth": growth.measured()},
    "throughput": lambda _: {"throughput": throughput.measured()},
    "cold": lambda _: {"coldStarts": of_cold_starts()},
    "plots": lambda _: {},
}


def main(arguments: list[str]) -> int:
    """Write the report, or compare measurements with it; return the exit status."""
    reported = json.loads(REPORT.read_text("utf-8"))
    match arguments:
        case [] | ["check"]:
            now = merged(reported, found(), "filters", "besideScimmy")
        case [part] if part in PARTS:
            if part != "plots" and reported["python"] != PYTHON:
                print(
                    f"The report was measured with Python {reported['python']}: measure a part with it, or the whole report.",
                    file=sys.stderr,
                )
                return 2
            now = {**reported, **PARTS[part](reported)}
        case _:
            print(f"Expected nothing, check or one of {', '.join(PARTS)}.", file=sys.stderr)
            return 2
    if arguments != ["check"]:
        REPORT.write_text(json.dumps(now, indent=2) + "\n", "utf-8")
        REPORT.with_suffix(".md").write_text(written(now), "utf-8")
        draw(REPORT.with_suffix(""), charts(now).values())
        return 0
    complaints = list(worse(now, reported))
    print("\n".join(complaints) or "Nothing is worse than docs/performance.json says.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
