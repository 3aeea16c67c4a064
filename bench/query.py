"""What lists and filters cost at 1,000 users, and at 100,000: `python -m bench.query`.

Only counts, no times: round trips and capacity units of each request. A query that an index answers must cost
the same at every size, and a walk by startIndex hardly more than one by cursor. bench/scale/sizes.py
has the variables of the environment.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import boto3

from bench.caller import Caller, Cost, costs_by_size, sizes_text
from bench.loader import Loader
from bench.scale.sizes import reported
from local.gateway import Gateway
from local.seed import TENANT

SIZES = (1_000, 10_000)
LOADED = "2026-01-01T00:00:00.000Z"
PAGE = 100
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WALK_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Query:
    """A request on /Users and its most round trips and read units, None where they grow."""

    name: str
    target: str
    round_trips: int | None
    rcu: float | None = None
    is_constant: bool = True


def filtered(name: str, text: str, round_trips: int, rcu: float) -> Query:
    """Return a lookup by filter, whose cost must not depend on the size."""
    return Query(name, f"?filter={quoted(text)}", round_trips, rcu)


def quoted(text: str) -> str:
    """Return a filter in the form for a URL."""
    return text.replace(" ", "%20").replace('"', "%22")


# Each match is read strongly consistently, at one unit, so that no client sees a state older than the one
# acknowledged (docs/reliability.md). With ConsistentReads=0 it is half a unit.
QUERIES = (
    filtered("userName eq", 'userName eq "user0000077@example.com"', 2, 2),
    filtered("userName eq, nobody", 'userName eq "nobody"', 1, 1),
    filtered("externalId eq", 'externalId eq "ext-0000077"', 2, 2),
    filtered("emails.value eq", 'emails.value eq "user0000077@example.com"', 2, 2),
    filtered(
        'emails[type eq "work"].value eq',
        'emails[type eq "work"].value eq "user0000077@example.com"',
        2,
        2,
    ),
    filtered("displayName eq", 'displayName eq "Person 0000077"', 2, 2),
    filtered("employeeNumber eq", f'{ENTERPRISE}:employeeNumber eq "0000077"', 2, 2),
    filtered(
        "two indexed, and",
        'externalId eq "ext-0000077" and emails.value eq "user0000077@example.com"',
        3,
        3,
    ),
    filtered(
        "two indexed, or",
        'userName eq "user0000077@example.com" or externalId eq "ext-0000099"',
        3,
        4,
    ),
    filtered("userName sw, 10 found", 'userName sw "user000007"', 2, 11),
    filtered(
        "userName gt and lt, 9 found",
        'userName gt "user0000070" and userName lt "user0000079"',
        2,
        10,
    ),
    filtered("meta.lastModified gt, 1 found", 'meta.lastModified gt "2026-06-01T00:00:00Z"', 2, 2),
    Query("count=0", "?count=0", 1, 1),
    Query("first page of 100", f"?count={PAGE}", 3, 60, is_constant=False),
    Query(
        "sorted by userName, first page",
        f"?sortBy=userName&count={PAGE}",
        4,
        104,
        is_constant=False,
    ),
    Query("page of 100 from the middle, cold", "MIDDLE", None, is_constant=False),
    Query("unindexed: title eq", "?filter=" + quoted('title eq "Boss"'), None, is_constant=False),
)
WALKS = {
    "by startIndex": "",
    "by cursor": "&cursor",
    "sorted by userName, by startIndex": "&sortBy=userName",
    "sorted by userName, by cursor": "&sortBy=userName&cursor",
    "userName sw, by startIndex": "&filter=" + quoted('userName sw "user"'),
    "userName sw, by cursor": "&filter=" + quoted('userName sw "user"') + "&cursor",
}


@dataclass(frozen=True, slots=True)
class Walked:
    """The cost of a walk through all pages, and its most expensive page except the first."""

    found: int
    whole: Cost
    dearest: Cost


@dataclass(frozen=True, slots=True)
class Measured:
    """The costs at one size."""

    queries: Mapping[str, Cost]
    walks: Mapping[str, Walked]


def main(sizes: Sequence[int], store: str) -> tuple[str, list[str]]:
    """Return the tables of measurements, and what is wrong with them."""
    found = {size: measured(size, store) for size in sorted(sizes)}
    return tables_of(found), complaints_of(found)


def measured(size: int, store: str) -> Measured:
    """Return all costs at a size."""
    overrides = {
        "Meter": "1",
        "LogLevel": "ERROR",
        "MaxScanned": "1000000",
        "MaxComparisons": "1000000000",
    }
    with Gateway.start(store, overrides) as gateway:
        (table_name,) = gateway.store.tables.values()
        loader = Loader(boto3.client("dynamodb"), table_name, TENANT, LOADED)
        loader.load_people([person(n) for n in range(size - 1)])
        caller = Caller(gateway)
        caller.call("POST", "/Users", {"schemas": [USER], **person(size - 1)}, 201)
        # The first request of a process reads constant data, which is not part of a query's cost.
        caller.call("GET", "/Users?cursor&count=1")
        queries = {
            query.name: caller.call("GET", "/Users" + _target(query, size)).cost
            for query in QUERIES
        }
        return Measured(queries, {name: walked(caller, more) for name, more in WALKS.items()})


def person(number: int) -> dict[str, object]:
    """Return a user as identity providers create them."""
    name = f"user{number:07d}@example.com"
    return {
        "userName": name,
        "externalId": f"ext-{number:07d}",
        "displayName": f"Person {number:07d}",
        "name": {"givenName": f"Given{number % 997}", "familyName": f"Family{number % 1009}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": number % 10 != 0,
        "title": "Boss" if number == 5 else f"Clerk {number % 20}",
        ENTERPRISE: {"employeeNumber": f"{number:07d}", "department": f"D{number % 50}"},
    }


def walked(caller: Caller, more: str) -> Walked:
    """Walk through all users and return the cost."""
    costs: list[Cost] = []
    ids: set[str] = set()
    start, cursor = 1, more
    while True:
        page = f"/Users?count={PAGE}{cursor}" + ("" if "cursor" in more else f"&startIndex={start}")
        answer = caller.call("GET", page)
        costs.append(answer.cost)
        found = answer.body["Resources"]
        ids |= {each["id"] for each in found}
        start += len(found)
        following = answer.body.get("nextCursor")
        if "cursor" in more:
            if following is None:
                break
            cursor = more.replace("&cursor", f"&cursor={following}")
        elif start > answer.body["totalResults"]:
            break
    if len(ids) != start - 1:
        raise ValueError(f"{more}: somebody came twice")
    return Walked(
        len(ids),
        Cost(
            sum(cost.round_trips for cost in costs),
            sum(cost.rcu for cost in costs),
            sum(cost.wcu for cost in costs),
        ),
        max(costs[1:] or costs, key=lambda cost: (cost.round_trips, cost.rcu)),
    )


def tables_of(found: Mapping[int, Measured]) -> str:
    """Return the costs as tables in Markdown."""
    at_sizes = f"at {sizes_text(found)} users"
    rows = [
        [query.name, costs_by_size(of.queries[query.name] for of in found.values())]
        for query in QUERIES
    ]
    walks = [_walk_row(name, [of.walks[name] for of in found.values()]) for name in WALKS]
    tables = (
        (["query", at_sizes], rows),
        (["walk in pages of 100", "most expensive page", f"all pages, {at_sizes}"], walks),
    )
    return "\n\n".join(
        "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines])
        for head, lines in tables
    )


def complaints_of(found: Mapping[int, Measured]) -> list[str]:
    """Return the budgets that do not hold, and the costs that grow but must not."""
    wrong: list[str] = []
    for query in QUERIES:
        costs = {size: of.queries[query.name] for size, of in found.items()}
        if query.is_constant and len(set(costs.values())) > 1:
            wrong.append(f"{query.name}: not the same at every size")
        wrong += [
            f"{query.name} at {size:,}: {cost} is beyond {query.round_trips} / {query.rcu}"
            for size, cost in costs.items()
            if (query.round_trips is not None and cost.round_trips > query.round_trips)
            or (query.rcu is not None and cost.rcu > query.rcu)
        ]
    for size, of in found.items():
        wrong += [
            f"{name} at {size:,}: found {walk.found}"
            for name, walk in of.walks.items()
            if walk.found != size
        ]
        for name in ("", "sorted by userName, ", "userName sw, "):
            index, cursor = of.walks[f"{name}by startIndex"], of.walks[f"{name}by cursor"]
            if index.whole.rcu > WALK_RATIO * cursor.whole.rcu:
                wrong.append(
                    f"{name}by startIndex at {size:,}: {index.whole.rcu:g} RCU, by cursor {cursor.whole.rcu:g}"
                )
        plain = of.walks["by startIndex"].dearest
        if plain.round_trips > 3 or plain.rcu > 60:
            wrong.append(f"a page of a walk at {size:,}: {plain} is beyond 3 / 60")
    return wrong


def _walk_row(name: str, walks: Sequence[Walked]) -> list[str]:
    sides = [walk.dearest for walk in walks], [walk.whole for walk in walks]
    return [name, *map(costs_by_size, sides)]


def _target(query: Query, size: int) -> str:
    if query.target == "MIDDLE":
        return f"?startIndex={size // 2 + 1}&count={PAGE}"
    return query.target


if __name__ == "__main__":
    sys.exit(reported(main, SIZES))
