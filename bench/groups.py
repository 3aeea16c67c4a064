"""What requests on groups cost at 10 members, and at 1,000,000: `python -m bench.groups`.

Only counts, no times: round trips and capacity units of each request, which must be the same at every size
and within the budgets (bench/scale/sizes.py has the variables).
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import boto3

from bench.caller import Caller, Cost, costs_by_size, sizes_text
from bench.loader import Loader
from bench.scale.sizes import reported
from local.gateway import Gateway
from local.seed import SINCE, TENANT
from scim.access.tenant import Tenant
from scim.bootstrap.access import access_in
from scim.fsck import violations
from scim.service.system import SystemClock

SIZES = (10, 1_000, 100_000)
CHECKED = 10_000
"""Groups up to this size are loaded first, and the loaded items are checked one by one."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The maximum cost of an operation."""

    round_trips: int
    rcu: float
    wcu: float

    def holds(self, cost: Cost) -> bool:
        return (
            cost.round_trips <= self.round_trips and cost.rcu <= self.rcu and cost.wcu <= self.wcu
        )


BUDGETS = {
    "add 1 member": Budget(2, 2, 7),
    "add the same member again": Budget(1, 2, 0),
    # A strongly consistent read costs twice the units of an eventually consistent one, and a new member
    # must be found: 1 for the edge, 1 for the group.
    "check a membership": Budget(2, 2, 0),
    "read a member with its groups": Budget(2, 2, 0),
    "remove 1 member": Budget(2, 2, 7),
    "remove the same member again": Budget(1, 2, 0),
    "read without members": Budget(1, 1, 0),
    "read the name": Budget(1, 1, 0),
    "read the member count": Budget(1, 1, 0),
    "rename": Budget(2, 1, 8),
    "read one membership": Budget(2, 3, 0),
    "add through /GroupMembers": Budget(2, 2, 7),
    "remove through /GroupMembers": Budget(2, 2, 7),
}
MEMBERSHIP = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group:membersMetadata"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
Costs = dict[str, Cost]


def main(sizes: Sequence[int], store: str) -> tuple[str, list[str]]:
    """Return the table of measurements, and what is wrong with them."""
    overrides = {"Meter": "1", "LogLevel": "ERROR"}
    with Gateway.start(store, overrides) as gateway:
        access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
        known = Tenant(TENANT, SINCE)
        access.tenants.change(known, replace(known, profile="default+groupMembers"))
        groups = _loaded(gateway, sorted(sizes))
        caller = Caller(gateway)
        user = caller.call("POST", "/Users", {"schemas": [USER], "userName": "joiner"}, 201)
        costs = {size: measured(caller, groups[size], user.body["id"]) for size in groups}
    return table_of(costs), complaints_of(costs)


def measured(caller: Caller, group: str, user: str) -> Costs:
    """Return the cost of each operation on the group."""
    where = f"/Groups/{group}"
    add: dict[str, object] = {"op": "add", "path": "members", "value": [{"value": user}]}
    remove: dict[str, object] = {"op": "remove", "path": f'members[value eq "{user}"]'}
    membership = {
        "schemas": [MEMBERSHIP],
        "group": {"value": group},
        "member": {"value": user},
    }
    name = caller.call("GET", f"{where}?attributes=displayName").body["displayName"]
    # The first change in each hour also writes an index entry: make it now.
    caller.patch(where, {"op": "replace", "path": "displayName", "value": f"{name} again"})
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("add 1 member", lambda: caller.patch(where, add)),
        ("add the same member again", lambda: caller.patch(where, add)),
        (
            "check a membership",
            lambda: caller.search(
                "/Groups", f'id eq "{group}" and members eq "{user}"', "&attributes=id"
            ),
        ),
        ("read a member with its groups", lambda: caller.call("GET", f"/Users/{user}")),
        ("read one membership", lambda: caller.call("GET", f"/GroupMembers/{group}~{user}")),
        ("remove 1 member", lambda: caller.patch(where, remove)),
        ("remove the same member again", lambda: caller.patch(where, remove)),
        ("read without members", lambda: caller.call("GET", f"{where}?excludedAttributes=members")),
        ("read the name", lambda: caller.call("GET", f"{where}?attributes=displayName")),
        (
            "read the member count",
            lambda: caller.call("GET", f"{where}?attributes={METADATA}"),
        ),
        (
            "rename",
            lambda: caller.patch(where, {"op": "replace", "path": "displayName", "value": name}),
        ),
        (
            "add through /GroupMembers",
            lambda: caller.call("POST", "/GroupMembers", membership, 201),
        ),
        (
            "remove through /GroupMembers",
            lambda: caller.call("DELETE", f"/GroupMembers/{group}~{user}", expected=204),
        ),
    ]
    return {operation: act().cost for operation, act in steps}


def table_of(costs: Mapping[int, Costs]) -> str:
    """Return the costs as a table in Markdown."""
    head = ["operation", f"at {sizes_text(costs)} members"]
    rows = [[name, costs_by_size(of[name] for of in costs.values())] for name in BUDGETS]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def complaints_of(costs: Mapping[int, Costs]) -> list[str]:
    """Return the costs that differ between sizes, and the budgets that do not hold."""
    found: list[str] = []
    for name, budget in BUDGETS.items():
        if len({of[name] for of in costs.values()}) > 1:
            found.append(f"{name}: not the same at every size")
        found += [
            f"{name} at {size:,}: {of[name]} is beyond {budget}"
            for size, of in costs.items()
            if not budget.holds(of[name])
        ]
    return found


def _loaded(gateway: Gateway, sizes: Sequence[int]) -> dict[int, str]:
    (table_name,) = gateway.store.tables.values()
    client = boto3.client("dynamodb")
    loader = Loader(client, table_name, TENANT, SystemClock().now())
    small = [size for size in sizes if size <= CHECKED]
    large = [size for size in sizes if size > CHECKED]
    groups = loader.load(small, "small") if small else {}
    pages = client.get_paginator("scan").paginate(TableName=table_name)
    wrong = violations(item for page in pages for item in page["Items"])
    if wrong:
        raise ValueError(f"what was loaded is not what the service writes: {wrong[:3]}")
    return groups | (loader.load(large, "large") if large else {})


if __name__ == "__main__":
    sys.exit(reported(main, SIZES))
