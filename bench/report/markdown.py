"""Writes the report as Markdown, docs/performance.md, from performance.json."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bench import budgets, cold_start
from bench.beside import waiting
from bench.beside.requests import rows
from bench.node import scimmy
from bench.plots.charts import charts
from bench.scale import growth, throughput
from bench.walk import BOUNDS
from local.template import TEMPLATE, document_of

GOALS: Final = {
    "known shape / recursive descent": 0.25,
    "new shape / scim2-filter-parser": 1.0,
}


def _runtime() -> str:
    return str(document_of(TEMPLATE)["Globals"]["Function"]["Runtime"])


def written(report: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            "# Performance",
            "",
            "How much CPU requests, filters and cold starts take, beside other servers, and how that grows with their size. `make bench`",
            "writes this page; [performance.json](performance.json) has the same data. Ratios compare the CPU time of two sides that were",
            "measured alternately on one machine; `make bench ARGS=check` allows 1.3 times these values. Counts are exact.",
            f"Measured with Python {report['python']}; the functions run on {_runtime()} (`template.yaml`).",
            "",
            "For the cost of requests in round trips and capacity, by size, see [groups.md](groups.md) (`make bench-groups`) and",
            "[query.md](query.md) (`make bench-query`), both counted on DynamoDB Local. For exports and imports, run `make bench-transfer`.",
            "",
            "## Filters",
            "",
            "These ratios divide the CPU of parsing eight filters of identity providers by the CPU of another parser. The npm package",
            "scim2-parse-filter parses them in Node after V8 has compiled it; its garbage collection is included.",
            "",
            "| | ratio | goal |",
            "|---|---|---|",
            *(f"| {n} | {r} | {GOALS.get(n, '')} |" for n, r in report["filters"].items()),
            "",
            "## Cold starts",
            "",
            "These ratios divide the CPU until a function can serve a request by the CPU for loading boto3's client, Powertools' resolver",
            "and a pydantic model. Both exclude the start of Python itself. The layer is used as it is built, with compiled definitions",
            "and bytecode. The functions and their environments are those of `template.yaml`, without services to call. Functions with",
            "the same code share one row.",
            "",
            *cold_start.rows(report["coldStarts"]),
            *_picture(report, "cold"),
            "",
            "## Requests beside scim2-server",
            "",
            "These ratios divide the CPU of this service by the CPU of scim2-server. scim2-server stores 100 users in its own memory",
            "(2,000 where the row says so); this service stores them in DynamoDB Local, a separate process. *Whole* is a function's handler with its",
            "client and sockets; *without the client* excludes the client's calls. The table marks missed goals.",
            "A ratio differs by a twentieth between runs, and by up to a half between machines; adding a member, by up to two thirds.",
            "",
            *rows(report["beside"]),
            *_picture(report, "beside"),
            *_picture(report, "member"),
            "",
            *_waiting(report),
            *scimmy.section(report.get("besideScimmy", {})),
            "## Budgets",
            "",
            "The table shows round trips / read units / write units, counted with AWS's rules on DynamoDB Local. Reads by id are",
            "consistent by default (*as of now*). With `ConsistentReads=0` they cost half and may be a moment old",
            "([0029](decisions/0029-reads-of-one-moment.md)); the budgets were set for this mode. The large",
            "group has all users as members. A cost stands once if it is the same at every size. `make bench ARGS=budgets` measures",
            "the table again, and a test checks it at 100 and 10,000 users (`tests/bench/test_budgets.py`).",
            "",
            *budgets.rows(budgets.of_json(report["budgets"])),
            *_picture(report, "size"),
            "",
            *_growth(report),
            *_throughput(report),
            "## Modules a request enters",
            "",
            "| request | modules | at most |",
            "|---|---|---|",
            *(f"| {name} | {n} | {BOUNDS[name]} |" for name, n in report["modules"].items()),
            "",
            "`python -m bench.walk names` lists them.",
            "",
            "## The sweep",
            "",
            "The sweep runs one query a minute, for half a read unit. This covers 1,000 tenants, or any number of tenants without open work.",
            "",
        ]
    )


def _picture(report: Mapping[str, Any], name: str) -> Sequence[str]:
    chart = charts(report).get(name)
    return [] if chart is None else ["", f"![{chart.alt}](performance/{name}.svg)"]


def _waiting(report: Mapping[str, Any]) -> Sequence[str]:
    if "waiting" not in report:
        return []
    return [
        "The wait for DynamoDB itself takes CPU: a process that has slept is woken by the kernel and runs on with cold caches.",
        "scim2-server, with its data in its own memory, does not wait. The table shows the CPU of one GET when its response comes",
        "from the socket, when the same response is returned at once, and when it is returned after a sleep without a socket.",
        "An `eq` that is not yet known waits twice. How much a wait takes depends on the machine.",
        "",
        *waiting.rows(report["waiting"], report["beside"]["GET"]["peerMilliseconds"]),
        "",
    ]


def _growth(report: Mapping[str, Any]) -> Sequence[str]:
    if "growth" not in report:
        return []
    return [
        "## Growth",
        "",
        "The table shows the CPU of a function's handler with its client and sockets at several sizes of a request. The exponent is",
        "the power of the size that best fits the milliseconds: 1 means proportional. The fixed cost of a request",
        "lowers it, but less so between the two largest sizes, which the column *last step* shows. Its goal is 1.1. The last",
        "column has the limit ([limits.md](limits.md)) with its default; larger requests are refused.",
        "",
        *growth.rows(report["growth"]),
        *_picture(report, "growth"),
        "",
        "In one row, every operation is compared with every value, so the time is proportional to their product. This is why",
        "`MaxComparisons` bounds them, at some 430 of each. When a user is deleted, the memberships are removed slice by slice,",
        "most of them after the request.",
        "",
    ]


def _throughput(report: Mapping[str, Any]) -> Sequence[str]:
    if "throughput" not in report:
        return []
    return [
        "## Throughput",
        "",
        "The table shows requests a second. *One function* is what one instance handles in a second of CPU; Lambda starts an instance",
        "for each concurrent request. The other columns are `make run` on DynamoDB Local: one Python process runs gateway, authorizer,",
        "functions, change log and request log in turn. Server, clients and database share two processors; *CPU* counts only the server.",
        "",
        *throughput.rows(report["throughput"], report["beside"]),
        "",
    ]
