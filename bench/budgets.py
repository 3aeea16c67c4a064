"""The cost of operations with a budget, at 100, 10,000 and 100,000 users: `python -m bench.budgets` (DynamoDB Local).

Only counts, no times: round trips and capacity units by AWS's rules. They must be the same at every size and
within the budgets. Each operation is measured on the same table with strongly consistent reads, which are the
default, and with `ConsistentReads=0`, for which the budgets were set
(docs/decisions/0029-reads-of-one-moment.md). SIZES sets other sizes.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import boto3
from botocore.config import Config

from bench.beside.requests import person
from bench.bulk_job import imported
from bench.caller import Caller, Cost, costs_by_size, sizes_text
from bench.loader import Loader
from bench.query import walked
from local.gateway import Gateway
from local.seed import TENANT
from scim.service.system import SystemClock

SIZES: Final = (100, 10_000, 100_000)
SMALL: Final = 10
"""The number of members of the small group; the members of the large group are all users."""
GROUPS: Final = 1_000
IMPORTED: Final = 100
RELAXED: Final = "ConsistentReads=0"
AS_OF_NOW: Final = "as of now"
READING: Final = {AS_OF_NOW: "1", RELAXED: "0"}
OVERRIDES: Final = {"Meter": "1", "LogLevel": "ERROR"}


@dataclass(frozen=True, slots=True)
class Budget:
    """The maximum cost of an operation, None for no bound; `now` bounds the `rcu` of strongly consistent reads."""

    round_trips: int
    rcu: float | None = None
    wcu: float | None = None
    now: float | None = None

    def most(self, reading: str) -> tuple[float | None, ...]:
        """Return the most round trips, read units and write units, for that way of reading."""
        rcu = self.now if reading == AS_OF_NOW and self.now is not None else self.rcu
        return self.round_trips, rcu, self.wcu

    def holds(self, cost: Cost, reading: str) -> bool:
        """Tell whether the cost is within the budget."""
        spent = cost.round_trips, cost.rcu, cost.wcu
        return all(
            most is None or each <= most
            for each, most in zip(spent, self.most(reading), strict=True)
        )


# A strongly consistent read by id costs a unit instead of a half.
BUDGETS: Final = {
    "GET user": Budget(1, 0.5, 0, now=1),
    "GET user, in a group to name": Budget(2, 1, 0, now=2),
    "userName eq": Budget(2, 1.5, 0, now=2),
    "userName eq, seen before": Budget(1, 1, 0),
    "externalId eq": Budget(2, 1.5, 0, now=2),
    "emails.value eq": Budget(2, 1.5, 0, now=2),
    "create user, 4 indexes": Budget(2, None, 14),
    # Includes the receipt, and a share of the counter (docs/decisions/0138-creations-of-a-batch-together.md).
    "create user by an import, 4 indexes": Budget(1, None, 14),
    "PATCH user, unindexed attribute": Budget(2, 1, 3),
    "add 1 member, group of 10": Budget(2, None, 7),
    "add 1 member, group of all": Budget(2, None, 7),
    "remove 1 member, group of 10": Budget(2, None, 7),
    "remove 1 member, group of all": Budget(2, None, 7),
    "GET group of all without members": Budget(2, 1, 0),
    "is X in the group of all": Budget(2, 1, 0, now=2),
    "rename the group of all": Budget(2, None, 8),
    "list 100, first page": Budget(3, 60),
    # Reading the groups' names costs one more round trip, as for one user.
    "list 100, most expensive page of a walk": Budget(4, 60),
    "list 100, most expensive page of a walk, without groups": Budget(3, 60),
    "delete a user in 1,000 groups": Budget(3),
}
VARYING: Final = {name for name in BUDGETS if name.startswith(("list", "create user by an import"))}
"""These vary with the lengths of a page's resources, or of a job's parts."""
Costs = dict[str, Cost]
Found = Mapping[int, Mapping[str, Costs]]
"""Costs by size and way of reading."""


def measured(sizes: Sequence[int], store: str) -> dict[int, dict[str, Costs]]:
    """Return the cost of each operation at each size, each size in its own table."""
    return {size: _measured(size, store) for size in sizes}


def _measured(size: int, store: str) -> dict[str, Costs]:
    with Gateway.start(store, OVERRIDES) as gateway:
        (table_name,) = gateway.store.tables.values()
        client = boto3.client("dynamodb", config=Config(parameter_validation=False))
        # No one reads the stream here, and DynamoDB Local gets slower as the stream gets longer.
        client.update_table(TableName=table_name, StreamSpecification={"StreamEnabled": False})
        loader = Loader(client, table_name, TENANT, SystemClock().now())
        groups = loader.load(sorted({SMALL, size}), "all", _someone)
        # A walk leaves page markers that the next walk with the same token would use, so there is only one.
        caller = Caller(gateway)
        caller.call("GET", "/Users?cursor&count=1")
        lists = {
            "list 100, first page": caller.call("GET", "/Users?cursor&count=100").cost,
            "list 100, most expensive page of a walk": walked(caller, "").dearest,
            "list 100, most expensive page of a walk, without groups": walked(
                caller, "&excludedAttributes=groups"
            ).dearest,
        }
        found: dict[str, Costs] = {}
        for reading, value in READING.items():
            # Names are read each time, because a cached name would cost nothing (decision 0142).
            variables = {"SCIM_CONSISTENT_READS": value, "SCIM_NAME_SECONDS": "0"}
            read = gateway.beside(variables=variables)
            found[reading] = _costs(read, groups[SMALL], groups[size], reading)
        spent = imported(gateway, [_indexed(f"-imported-{n}") for n in range(IMPORTED)])
        each = Cost(
            round(spent.round_trips / IMPORTED, 1),
            round(spent.rcu / IMPORTED, 1),
            round(spent.wcu / IMPORTED, 1),
        )
        found[AS_OF_NOW] |= {**lists, "create user by an import, 4 indexes": each}
        leaver, _ = loader.load_joiner(GROUPS, "leaver")
        left = caller.call("DELETE", f"/Users/{leaver}", expected=204).cost
        found[AS_OF_NOW] |= {"delete a user in 1,000 groups": left}
        return found


def _someone(number: int) -> Mapping[str, object]:
    """Return a user; every tenth has all indexed values, the others only a name."""
    whole = person(number)
    return whole if number % 10 == 0 else {"userName": whole["userName"], "active": True}


def _indexed(name: str) -> Mapping[str, object]:
    return {**person(name), "displayName": f"Kim {name}"}


def _costs(gateway: Gateway, small: str, large: str, name: str) -> Costs:
    caller = Caller(gateway)
    # The first request of a process reads constant data, which is not part of an operation's cost.
    caller.call("GET", "/Users?cursor&count=1")
    user = caller.call("POST", "/Users", _indexed(f"-{name}"), 201).body["id"]
    stranger, asked = Caller(gateway.beside()), f'userName eq "person-{name}@example.com"'
    stranger.call("GET", "/Users?cursor&count=1")
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("GET user", lambda: caller.call("GET", f"/Users/{user}")),
        ("userName eq", lambda: _found(stranger, asked)),
        ("userName eq, seen before", lambda: _found(caller, asked)),
        ("externalId eq", lambda: _found(caller, f'externalId eq "x--{name}"')),
        ("emails.value eq", lambda: _found(caller, f'emails.value eq "person-{name}@example.com"')),
        (
            "create user, 4 indexes",
            lambda: caller.call("POST", "/Users", _indexed(f"-{name}-more"), 201),
        ),
        ("PATCH user, unindexed attribute", lambda: _set(caller, f"/Users/{user}", "title", name)),
        *_changes_of("group of 10", caller, small, user),
        *_changes_of("group of all", caller, large, user),
        (
            "GET group of all without members",
            lambda: caller.call("GET", f"/Groups/{large}?excludedAttributes=members"),
        ),
        ("rename the group of all", lambda: _set(caller, f"/Groups/{large}", "displayName", name)),
    ]
    return {operation: act().cost for operation, act in steps}


def _changes_of(
    group: str, caller: Caller, id_: str, user: str
) -> list[tuple[str, Callable[[], Any]]]:
    where, member = f"/Groups/{id_}", f'members[value eq "{user}"]'
    # The first change of a group in each hour also writes an index entry: make it now.
    _set(caller, where, "displayName", f"{group} again")
    is_in = f'id eq "{id_}" and members eq "{user}"'
    added: dict[str, object] = {"op": "add", "path": "members", "value": [{"value": user}]}
    steps: list[tuple[str, Callable[[], Any]]] = [
        (f"add 1 member, {group}", lambda: caller.patch(where, added)),
        (
            f"remove 1 member, {group}",
            lambda: caller.patch(where, {"op": "remove", "path": member}),
        ),
    ]
    if group == "group of all":
        steps[1:1] = [
            (
                "is X in the group of all",
                lambda: _found(caller, is_in, "/Groups", "&attributes=id"),
            ),
            ("GET user, in a group to name", lambda: caller.call("GET", f"/Users/{user}")),
        ]
    return steps


def _set(caller: Caller, where: str, attribute: str, value: str) -> Any:
    operation: dict[str, object] = {"op": "replace", "path": attribute, "value": value}
    is_user = where.startswith("/Users")
    return caller.patch(where, operation, expected=200 if is_user else 204)


def _found(caller: Caller, text: str, endpoint: str = "/Users", more: str = "") -> Any:
    answered = caller.search(endpoint, text, more)
    if answered.body["totalResults"] != 1:
        raise ValueError(f"{text} finds {answered.body['totalResults']}")
    return answered


def complaints_of(found: Found) -> list[str]:
    """Return the budgets that do not hold, and the costs that differ between sizes."""
    wrong: list[str] = []
    for operation, budget in BUDGETS.items():
        for reading in READING:
            costs = {
                size: of[reading][operation]
                for size, of in found.items()
                if operation in of[reading]
            }
            if operation not in VARYING and len(set(costs.values())) > 1:
                wrong.append(f"{operation}, {reading}: not the same at every size")
            wrong += [
                f"{operation}, {reading}, at {size:,}: {cost} is beyond {asked_text(budget, reading)}"
                for size, cost in costs.items()
                if not budget.holds(cost, reading)
            ]
    return wrong


def asked_text(budget: Budget, reading: str) -> str:
    """Return a budget in the form of costs: round trips / read units / write units."""
    return " / ".join("-" if most is None else f"{most:g}" for most in budget.most(reading))


def rows(found: Found) -> Sequence[str]:
    """Return the lines of the table in Markdown."""
    head = [
        "operation",
        "reads",
        "at most",
        f"at {sizes_text(found)} users",
    ]
    lines = [
        [operation, readings[0] if len(readings) == 1 else "either", *figures]
        for operation, budget in BUDGETS.items()
        for figures, readings in _figures(found, operation, budget).items()
    ]
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)]


def _figures(
    found: Found, operation: str, budget: Budget
) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the budget and the costs of an operation, with the ways of reading for which they are these."""
    readings: dict[tuple[str, str], list[str]] = {}
    for reading in READING:
        if costs := costs_by_size(
            of[reading][operation] for of in found.values() if operation in of[reading]
        ):
            readings.setdefault((asked_text(budget, reading), costs), []).append(reading)
    return readings


def as_json(found: Found) -> dict[str, Any]:
    """Return the costs in the form of the JSON file."""
    return {
        str(size): {
            reading: {name: asdict(cost) for name, cost in costs.items()}
            for reading, costs in of.items()
        }
        for size, of in found.items()
    }


def of_json(content: Mapping[str, Any]) -> dict[int, dict[str, Costs]]:
    return {
        int(size): {
            reading: {name: Cost(**cost) for name, cost in costs.items()}
            for reading, costs in of.items()
        }
        for size, of in content.items()
    }


if __name__ == "__main__":
    chosen = [int(size) for size in os.environ.get("SIZES", "").replace(",", " ").split()]
    costs_found = measured(chosen or SIZES, os.environ.get("STORE", "dynamodb-local"))
    print("round trips / read units / write units\n")
    print("\n".join(rows(costs_found)))
    complaints = complaints_of(costs_found)
    print("\n".join(complaints), file=sys.stderr)
    sys.exit(1 if complaints else 0)
