"""One report: `python -m bench [check|requests|large|budgets]` (`make bench`) writes docs/performance.md, and JSON beside it.

With `requests`, `large` or `budgets` (SIZES names other sizes) only these are measured anew, all else stays as reported. With `check` nothing is written: counts have to be as reported, ratios at most 1.3 times that. Times
of a machine mean nothing beside those of another; ratios were taken alternately on one.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench import budgets
from bench.cold_start import cold_starts
from bench.filters import measured, ratios, readers
from bench.large import measured as large
from bench.shown import rows, shown
from bench.walk import BOUNDS, walks

REPORT: Final = Path(__file__).parents[1] / "docs" / "performance.json"
SLACK: Final = 1.3
GOALS: Final = {
    "known shape / recursive descent": 0.25,
    "new shape / scim2-filter-parser": 1.0,
    "users": 0.5,
    "authorizer": 0.35,
}


def of_requests() -> dict[str, Any]:
    """Return what is measured of requests, as the JSON file has it."""
    return {"modules": {name: len(walk.calls) for name, walk in walks().items()}, "beside": shown()}


def of_budgets() -> dict[str, Any]:
    """Return what operations with a budget cost, as the JSON file has it."""
    chosen = tuple(int(size) for size in os.environ.get("SIZES", "").split())
    return budgets.as_json(budgets.measured(chosen or budgets.SIZES, "dynamodb-local"))


def found() -> dict[str, Any]:
    """Return everything that is measured, as the JSON file has it."""
    requests = of_requests()
    return {
        **requests,
        "beside": requests["beside"] | large(),
        "filters": {name: round(each, 2) for name, each in ratios(measured(readers())).items()},
        "budgets": of_budgets(),
        "coldStarts": {name: asdict(each) for name, each in cold_starts().items()},
    }


def worse(now: Mapping[str, Any], reported: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is worse than reported: a count that is higher, a ratio 1.3 times as high."""
    for name, count in now["modules"].items():
        if count > reported["modules"][name]:
            yield f"{name} enters {count} modules, reported are {reported['modules'][name]}"
    yield from budgets.complaints_of(budgets.of_json(now["budgets"]))
    for name, ratio in now["filters"].items():
        if ratio > SLACK * reported["filters"][name]:
            yield f"{name} is {ratio}, reported is {reported['filters'][name]}"
    for name, started in now["coldStarts"].items():
        was = reported["coldStarts"][name]["ratio"]
        if started["ratio"] > SLACK * was:
            yield f"the cold start of {name} is {started['ratio']} of naive, reported is {was}"
    for name, beside in now["beside"].items():
        for side in ("whole", "withoutClient"):
            if beside[side] > SLACK * reported["beside"][name][side]:
                was = reported["beside"][name][side]
                yield f"{name}, {side}, takes {beside[side]} of scim2-server, reported is {was}"


def written(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown."""
    return "\n".join(
        [
            "# Performance",
            "",
            "Written by `make bench`; [performance.json](performance.json) has the same as data. Counts are exact and",
            "tests hold them (`tests/bench/test_walk.py`, `tests/scim/store/directory/test_sweeper.py`); ratios are of CPU time,",
            "taken alternately on one machine, and `make bench ARGS=check` allows 1.3 times what stands here.",
            "",
            "What requests cost in round trips and capacity, by size: [groups.md](groups.md) (`make bench-groups`) and",
            "[query.md](query.md) (`make bench-query`), counted on DynamoDB Local. Exports and imports: `make bench-transfer`.",
            "",
            "## Filters",
            "",
            "CPU of reading eight filters as identity providers send them, over that of another parser.",
            "",
            "| | ratio | goal |",
            "|---|---|---|",
            *(f"| {n} | {r} | {GOALS.get(n, '')} |" for n, r in report["filters"].items()),
            "",
            "## Cold starts",
            "",
            "CPU until a function could serve, over that of boto3's client, Powertools' resolver and a pydantic model;",
            "both beyond a bare Python. The layer as it is built: definitions compiled, bytecode there.",
            "",
            "| function | ratio | goal | memory, MB |",
            "|---|---|---|---|",
            *(
                f"| {name} | {each['ratio']} | {GOALS.get(name, '')} | {each['megabytes']} |"
                for name, each in report["coldStarts"].items()
            ),
            "",
            "## Requests beside scim2-server",
            "",
            "CPU over that of scim2-server, which keeps 100 users in its own memory (2,000 where it is told), ours are in",
            "DynamoDB Local, another process. Whole is a function's handler with its client and sockets; without the client",
            "leaves its calls out. A goal that is not met says so.",
            "Measured on two quiet cores: from run to run a ratio differs by a twentieth, from machine to machine by up to a half.",
            "",
            *rows(report["beside"]),
            "",
            "## Budgets",
            "",
            "Round trips / read units / write units, counted after AWS's model on DynamoDB Local. What is read by id is read",
            "as of now, as the service is shipped, or with `ConsistentReads=0`, which is half of that and may be a moment old",
            "([0029](decisions/0029-reads-of-one-moment.md)): the latter is what the budgets were drawn up for. The large",
            "group has all users as members. `make bench ARGS=budgets` measures them anew, a test holds them at 100 and 10,000",
            "users (`tests/bench/test_budgets.py`).",
            "",
            *budgets.rows(budgets.of_json(report["budgets"])),
            "",
            "## Modules a request enters",
            "",
            "| request | modules | at most |",
            "|---|---|---|",
            *(f"| {name} | {n} | {BOUNDS[name]} |" for name, n in report["modules"].items()),
            "",
            "Half of what a PATCH enters says what the request means: it is read, aimed, rewritten from dialects and checked in",
            "steps that each have a module and tests of their own. The other half is the store and what all requests share.",
            "What is the same for all requests about a type is found once a process and asked of nobody; small modules that had",
            "one topic with another are part of it. What is left has work of its own: two of them joined would be longer to read,",
            "and no request the shorter for it.",
            "`python -m bench.walk names` lists them.",
            "",
            "## The sweep",
            "",
            "One query a minute, half a unit, for 1,000 tenants or any number of them that left no work.",
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Write the report, or hold what is measured now against it; return the exit status."""
    reported = json.loads(REPORT.read_text("utf-8"))
    match arguments:
        case ["requests"]:
            now = of_requests()
            now = {**reported, **now, "beside": reported["beside"] | now["beside"]}
        case ["large"]:
            now = {**reported, "beside": reported["beside"] | large()}
        case ["budgets"]:
            now = {**reported, "budgets": reported["budgets"] | of_budgets()}
        case _:
            now = found()
    if arguments != ["check"]:
        REPORT.write_text(json.dumps(now, indent=2) + "\n", "utf-8")
        REPORT.with_suffix(".md").write_text(written(now), "utf-8")
        return 0
    complaints = list(worse(now, reported))
    print("\n".join(complaints) or "Nothing is worse than docs/performance.json says.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
