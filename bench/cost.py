"""What the service costs: `python -m bench.cost` writes docs/cost.md from measured units and prices.json.

The service's own meter counts the units (X-SCIM-Cost). The data file has the prices with their date and
region, the assumptions that only AWS could verify, and the requests of a month for 1,000 users.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import boto3

from bench.caller import Caller, Cost
from bench.feed_cost import ALONE, THOUSAND, Stream, Work
from local.gateway import Gateway
from local.template import TEMPLATE, read

PRICES: Final = Path(__file__).with_name("prices.json")
DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "cost.md"
SIZES: Final = (1_000, 100_000, 1_000_000)
MINUTES: Final = 43_800
"""Minutes in a month."""
AT_ONCE: Final = 20
"""Log items that one invocation delivers."""
POLLS: Final = 648_000
"""Requests in a month with which Lambda polls a queue: five at a time, twenty seconds each."""
_USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"


@dataclass(frozen=True, slots=True)
class Known:
    """Prices in dollars by name, assumptions, and the number of each request by 1,000 users in a month."""

    region: str
    date: str
    note: str
    prices: Mapping[str, Mapping[str, Any]]
    assumed: Mapping[str, float]
    month: Mapping[str, int]

    def price(self, name: str) -> float:
        usd: float = self.prices[name]["usd"]
        return usd


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of requests, and the bytes of a user in the table, to the nearest hundred."""

    requests: Mapping[str, Cost]
    bytes_of_a_user: int
    feed: Mapping[str, Work] = field(default_factory=dict)
    """The cost of the change log, by how the changes arrive."""


def known() -> Known:
    """Return the content of prices.json."""
    return Known(**json.loads(PRICES.read_text("utf-8")))


def measured(store: str) -> Measured:
    """Make each request once and return its cost, and the cost of the change log.

    Raises UnequalError if the requests cost something else without a change log.
    """
    found = _measured(store, "on")
    if _measured(store, "off").requests != found.requests:
        raise UnequalError
    return found


def _measured(store: str, feed: str) -> Measured:
    with Gateway.start(store, {"Meter": "1", "LogLevel": "ERROR", "Feed": feed}) as gateway:
        caller, stream = Caller(gateway), Stream(gateway)
        people = [
            caller.call("POST", "/Users", _user(number), 201).body["id"] for number in range(200)
        ]
        (table,) = gateway.store.tables.values()
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        size = sum(_size(item) for page in pages for item in page["Items"])
        made = caller.call("POST", "/Groups", {"schemas": [_GROUP], "displayName": "All"}, 201)
        # Call functions that have cached none of them: a cached user makes a lookup cost only one read.
        stranger = Caller(gateway.beside())
        stranger.call("GET", f"/Users/{people[0]}")
        requests = _requests(caller, stranger, people[0], made.body["id"])
        works = {"in full batches": stream.in_full_batches()}
        for number in range(1, ALONE + 1):
            change: dict[str, object] = {"op": "replace", "path": "title", "value": "Guide"}
            caller.patch(f"/Users/{people[number]}", change, expected=200)
        works["each alone"] = stream.one_by_one()
        return Measured(requests, round(size // len(people), -2), works)


class UnequalError(Exception):
    """Requests cost something else without a change log, so the document would be wrong about that."""


def _size(item: Mapping[str, Any]) -> int:
    """Return the approximate size of an item in bytes."""
    return len(json.dumps(item, default=lambda value: value.decode("latin-1")))


def _requests(caller: Caller, stranger: Caller, user: str, group: str) -> dict[str, Cost]:
    at, of = f"/Users/{user}", f"/Groups/{group}"
    add: dict[str, object] = {"op": "add", "path": "members", "value": [{"value": user}]}
    remove: dict[str, object] = {"op": "remove", "path": f'members[value eq "{user}"]'}
    title: dict[str, object] = {"op": "replace", "path": "title", "value": "Guide"}
    active: dict[str, object] = {"op": "replace", "path": "active", "value": False}
    steps: dict[str, Callable[[], Any]] = {
        "create": lambda: caller.call("POST", "/Users", _user(1000), 201),
        "look up": lambda: stranger.search("/Users", 'userName eq "kim1@example.com"'),
        "read": lambda: caller.call("GET", at),
        "change": lambda: caller.patch(at, title, expected=200),
        "replace": lambda: caller.call("PUT", at, _user(0)),
        "deactivate": lambda: caller.patch(at, active, expected=200),
        "add a member": lambda: caller.patch(of, add, expected=200),
        "remove a member": lambda: caller.patch(of, remove, expected=200),
        "page of 100": lambda: caller.call("GET", "/Users?count=100"),
        "delete": lambda: caller.call("DELETE", at, expected=204),
    }
    return {name: step().cost for name, step in steps.items()}


def _user(number: int) -> dict[str, object]:
    name = f"kim{number}@example.com"
    return {
        "schemas": [_USER],
        "userName": name,
        "externalId": f"00u{number}",
        "displayName": f"Kim {number}",
        "active": True,
        "name": {"givenName": "Kim", "familyName": f"Number {number}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
    }


def of_request(cost: Cost, of: Known, memory: float) -> float:
    """Return the dollars of one request; `memory` is a function's memory in GB."""
    assumed = of.assumed
    spent = assumed["computeMilliseconds"] + assumed["roundTripMilliseconds"] * cost.round_trips
    spent += assumed["authorizerShare"] * assumed["authorizerMilliseconds"]
    return (
        of.price("gatewayRequest")
        + (1 + assumed["authorizerShare"]) * of.price("lambdaRequest")
        + spent / 1000 * memory * of.price("lambdaGigabyteSecond")
        + cost.rcu * of.price("readUnit")
        + cost.wcu * of.price("writeUnit")
        + assumed["logBytes"] / 1e9 * of.price("logGigabyte")
    )


def of_month(users: int, found: Measured, of: Known, memory: float) -> dict[str, float]:
    """Return the dollars of a month by purpose, for one tenant with `users` users."""
    requests = sum(
        number * users / 1000 * of_request(found.requests[name], of, memory)
        for name, number in of.month.items()
    )
    gigabytes = users * found.bytes_of_a_user / 1e9
    each = of.assumed["metricsOfEach"] * of.price("metric")
    return {
        "requests": requests,
        "storage": gigabytes * (of.price("storedGigabyte") + of.price("recoverableGigabyte")),
        "metrics": each * (2 + of.assumed["operations"]),
    }


def floor(of: Known, memory: float) -> dict[str, float]:
    """Return the dollars of a month without requests."""
    template = read(TEMPLATE)
    swept = of.price("lambdaRequest") + 0.5 * of.price("readUnit")
    swept += of.assumed["sweepMilliseconds"] / 1000 * memory * of.price("lambdaGigabyteSecond")
    return {
        "alarms": len(template.ids_of("AWS::CloudWatch::Alarm")) * of.price("alarm"),
        "dashboard": len(template.ids_of("AWS::CloudWatch::Dashboard")) * of.price("dashboard"),
        "keys": len(template.ids_of("AWS::KMS::Key")) * of.price("key"),
        "sweep": MINUTES * swept,
        "waiting at the queue": POLLS * of.price("queueRequest"),
    }


def gigabytes() -> float:
    """Return the memory of a function of the API, in GB."""
    megabytes: int = read(TEMPLATE).properties_of("UsersFunction")["MemorySize"]
    return megabytes / 1024


def by_size(found: Measured, of: Known) -> dict[int, dict[str, float]]:
    """Return the dollars of a month by number of users: by purpose, in total, and for 1,000 users."""
    memory = gigabytes()
    idle = sum(floor(of, memory).values())
    months: dict[int, dict[str, float]] = {}
    for users in SIZES:
        spent = {**of_month(users, found, of, memory), "idle": idle}
        whole = sum(spent.values())
        months[users] = {**spent, "together": whole, "for 1,000 users": whole / users * 1000}
    return months


def written(found: Measured, of: Known) -> str:
    """Return docs/cost.md."""
    memory = gigabytes()
    idle = floor(of, memory)
    first = sum(of_request(found.requests[name], of, memory) for name in ("look up", "create"))
    requests = (
        (name, str(cost), f"{of_request(cost, of, memory) * 1e6:.2f}")
        for name, cost in found.requests.items()
    )
    months = (
        (f"{users:,}", *(f"{dollars:.3f}" for dollars in spent.values()))
        for users, spent in by_size(found, of).items()
    )
    assumed = of.assumed
    return f"""\
# What it costs

What a request, a month and the change feed cost on AWS. `make bench-cost` writes this page from measured units and `bench/prices.json`; edit that file
to change prices, assumptions and the month.
Region {of.region}, {of.date}. {of.note}

## A request

The service's own meter (`X-SCIM-Cost`) counts the units, for a user with six attributes. The price is the sum of: a request at
the gateway; an invocation of {assumed["computeMilliseconds"]:g} ms, plus {assumed["roundTripMilliseconds"]:g} ms for each round trip, at \
{memory:g} GB; the units; {assumed["logBytes"]:g} bytes of log; and the authorizer for
{assumed["authorizerShare"]:.0%} of the requests ({assumed["authorizerMilliseconds"]:g} ms), because the gateway caches its results.
The milliseconds are assumed; they can be measured only on AWS.

{_table(("request", "round trips / read units / write units", "US dollars for a million"), requests)}

## A month

This is the cost of one tenant. The requests for each 1,000 users are: \
{", ".join(f"{name} {number}" for name, number in of.month.items())}. \
A user with its index entries takes {found.bytes_of_a_user} bytes.

{_table(("users", "requests", "storage", "metrics", "idle", "total", "for 1,000 users"), months)}

*Idle* is the cost of a month without requests: {", ".join(f"{name} {usd:.2f}" for name, usd in idle.items())}.
*Metrics* is the cost of `Metrics=tenants` with data in every hour of the month. Each further tenant costs \
{assumed["metricsOfEach"] * of.price("metric"):.2f} more, and each tolerance that \
its clients use {of.price("metric"):.2f}. `operations` has no metrics by tenant, `off` has no metrics.

A first synchronization is one lookup and one creation for each user: {first * 1000:.2f} for 1,000 users. If nothing has changed, a cycle of
an identity provider is one or two requests. One cycle every 40 minutes, as in Entra ID, costs less than a cent a month.

## The change feed

This table is the cost in the background, to two digits. A request costs the same units with the log (`Feed=on`) and without it, because the author
and the request are part of an item that is written anyway. They cost a unit more only if a resource grows past a KB because of them. The dollars are the \
sum of the units,
two functions (one writes the log, one publishes it; {assumed["computeMilliseconds"]:g} ms for an invocation and \
{assumed["roundTripMilliseconds"]:g} ms for a round trip) and one event on the bus for each change.
The read units are assumed to be {assumed["readUnitsOfAChange"]:g} for each change; 2 to 6 were counted, because the marks of recently logged changes are read too.

{_table(("1,000 changes", "invocations of the log's function", "round trips", "write units", "US dollars"), _feed_rows(found, of, memory))}

A polled or pushed event also costs a signature: {of.price("signature") * 1000:.3f} for 1,000.

Not included: data sent to the internet, a firewall (`AddressRate`), tracing, jobs ([import-speed.md](import-speed.md)).
"""


def _feed_rows(found: Measured, of: Known, memory: float) -> Iterable[Sequence[str]]:
    for name, work in found.feed.items():
        invocations = work.of(work.invocations)
        trips, units = work.of(work.cost.round_trips), work.of(work.cost.wcu)
        spent = of.assumed["computeMilliseconds"] * 2 * invocations
        spent += of.assumed["roundTripMilliseconds"] * trips
        dollars = (
            2 * invocations * of.price("lambdaRequest")
            + spent / 1000 * memory * of.price("lambdaGigabyteSecond")
            + THOUSAND * of.assumed["readUnitsOfAChange"] * of.price("readUnit")
            + units * of.price("writeUnit")
            + THOUSAND * of.price("busEvent")
        )
        yield name, f"{invocations:,.0f}", f"{trips:,.0f}", f"{units:,.0f}", f"{dollars:.4f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(written(measured(os.environ.get("STORE", "moto")), known()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
