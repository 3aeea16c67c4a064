"""Writes the report as Markdown, docs/performance.md, from performance.json."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bench import budgets, cold_start
from bench.node import scimmy
from bench.plots.charts import charts
from bench.scale import growth, throughput
from bench.shown import rows
from bench.walk import BOUNDS

GOALS: Final = {
    "known shape / recursive descent": 0.25,
    "new shape / scim2-filter-parser": 1.0,
}


def written(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown."""
    return "\n".join(
        [
            "# Performance",
            "",
            "Written by `make bench`; [performance.json](performance.json) has the same as data. Counts are exact and",
            "tests hold them (`tests/bench/test_walk.py`, `tests/scim/store/directory/test_sweeper.py`); ratios are of CPU time,",
            "taken alternately on one machine, and `make bench ARGS=check` allows 1.3 times what stands here.",
            "`make bench ARGS=plots` draws the pictures anew.",
            "",
            "What requests cost in round trips and capacity, by size: [groups.md](groups.md) (`make bench-groups`) and",
            "[query.md](query.md) (`make bench-query`), counted on DynamoDB Local. Exports and imports: `make bench-transfer`.",
            "",
            "## Filters",
            "",
            "CPU of reading eight filters as identity providers send them, over that of another parser. scim2-parse-filter of",
            "npm reads them in Node, warm: V8 has compiled what reads them; its garbage is counted.",
            "",
            "| | ratio | goal |",
            "|---|---|---|",
            *(f"| {n} | {r} | {GOALS.get(n, '')} |" for n, r in report["filters"].items()),
            "",
            "## Cold starts",
            "",
            "CPU until a function could serve, over that of boto3's client, Powertools' resolver and a pydantic model;",
            "both beyond a bare Python. The layer as it is built: definitions compiled, bytecode there. The functions are those",
            "of `template.yaml`, each with its environment and without a service to ask; one code that is deployed as several",
            "stands once.",
            "",
            *cold_start.rows(report["coldStarts"]),
            *_picture(report, "cold"),
            "",
            "## Requests beside scim2-server",
            "",
            "CPU over that of scim2-server, which keeps 100 users in its own memory (2,000 where it is told), ours are in",
            "DynamoDB Local, another process. Whole is a function's handler with its client and sockets; without the client",
            "leaves its calls out. A goal that is not met says so.",
            "Measured on two quiet cores: from run to run a ratio differs by a twentieth, from machine to machine by up to a half.",
            "",
            *rows(report["beside"]),
            *_picture(report, "beside"),
            *_picture(report, "member"),
            "",
            *scimmy.section(report.get("besideScimmy", {})),
            "## Budgets",
            "",
            "Round trips / read units / write units, counted after AWS's model on DynamoDB Local. What is read by id is read",
            "as of now, as the service is shipped, or with `ConsistentReads=0`, which is half of that and may be a moment old",
            "([0029](decisions/0029-reads-of-one-moment.md)): the latter is what the budgets were drawn up for. The large",
            "group has all users as members. `make bench ARGS=budgets` measures them anew, a test holds them at 100 and 10,000",
            "users (`tests/bench/test_budgets.py`).",
            "",
            *budgets.rows(budgets.of_json(report["budgets"])),
            *_picture(report, "size"),
            "",
            *_growth(report),
            *_throughput(report),
            *_prices(report),
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


def _picture(report: Mapping[str, Any], name: str) -> Sequence[str]:
    chart = charts(report).get(name)
    return [] if chart is None else ["", f"![{chart.alt}](performance/{name}.svg)"]


def _growth(report: Mapping[str, Any]) -> Sequence[str]:
    if "growth" not in report:
        return []
    return [
        "## Growth",
        "",
        "CPU of a function's handler with its client and sockets, by how much a request is about. The exponent is that of",
        "the power of the size that comes next to the milliseconds: 1 is in proportion. What a request takes at any size",
        "makes it smaller, and less so between the two largest sizes, which the last step is: 1.1 is its goal. Behind the",
        "limit ([limits.md](limits.md)) is its default; what is beyond is refused.",
        "",
        *growth.rows(report["growth"]),
        *_picture(report, "growth"),
        "",
        "As many operations as values are each compared with each: what they take is their product, which is why it is",
        "`MaxComparisons` that bounds them, at some 430 of each. The memberships of a user who is deleted are removed slice by slice,",
        "most of them after the request.",
        "",
    ]


def _throughput(report: Mapping[str, Any]) -> Sequence[str]:
    if "throughput" not in report:
        return []
    return [
        "## Throughput",
        "",
        "Requests a second. A function answers one at a time, so one instance of it answers in a second of CPU what is in",
        "the second column, the reciprocal of the milliseconds above; Lambda starts as many instances as requests come at",
        "once. The rest is of `make run` on DynamoDB Local: one Python process that is gateway, authorizer, functions and",
        "change log in turn, keeps its last requests (`RequestLog`), and is asked by threads of another. By the clock server,",
        "clients and database want the same two processors, so that is of that machine at that moment; by the second of CPU",
        "it is of the server's process alone.",
        "",
        *throughput.rows(report["throughput"], report["beside"]),
        "",
    ]


def _prices(report: Mapping[str, Any]) -> Sequence[str]:
    if "prices" not in report:
        return []
    columns = next(iter(report["prices"].values()))
    return [
        "## Price",
        "",
        "US dollars a month of one tenant, from measured units and the prices, assumptions and month of",
        "`bench/prices.json`; [cost.md](cost.md) has what they are. Idle is what a deployment costs without any request.",
        "",
        f"| users | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(
            f"| {int(users):,} | {' | '.join(f'{dollars:.3f}' for dollars in month.values())} |"
            for users, month in report["prices"].items()
        ),
        "",
    ]
