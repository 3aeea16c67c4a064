"""The CPU of large requests, compared with that of peers, in one run: `python -m bench.beside.large` (DynamoDB Local).

Like `bench.beside.requests`, in a directory with 2,000 people to search and groups of 1,000 and 10,000 members. Loading
the directory is not counted, only the requests.
"""

import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Final
from urllib.parse import quote

import boto3

from bench.beside.requests import (
    BULK,
    OVERRIDES,
    USER,
    Asked,
    Called,
    Request,
    Served,
    asked_of,
    checked,
    person,
    ratios,
    rows,
    spent_in_turn,
    theirs,
)
from bench.caller import PATCH_URN
from bench.loader import Loader
from local.gateway import Gateway
from local.seed import TENANT
from scim.service.system import SystemClock

GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
PEOPLE: Final = 2_000
SIZES: Final = (1_000, 10_000)
TURNS: Final = {
    "Bulk of 100": 5,
    "group of 1,000": 5,
    "member add at 1,000": 7,
    "member add at 10,000": 3,
    "co over 2,000": 5,
}
JOINERS: Final = max(TURNS.values())


def measured(
    peers: Mapping[str, Callable[[], Served]],
) -> dict[str, dict[str, dict[str, float]]]:
    """Return by peer and request the whole ratio, the ratio without the client, and both in milliseconds.

    Our requests alternate with those of all peers, because DynamoDB Local gets slower the more is loaded.
    """
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in peers}
    with Gateway.start("dynamodb-local", OVERRIDES) as gateway, ExitStack() as stack:
        (table_name,) = gateway.store.tables.values()
        loader = Loader(boto3.client("dynamodb"), table_name, TENANT, SystemClock().now())
        mine = stack.enter_context(asked_of(gateway))
        theirs_ = [stack.enter_context(served()) for served in peers.values()]
        for name, asked in _steps(loader, mine, theirs_):
            begun = time.monotonic()
            ours, *spent = spent_in_turn((mine, *theirs_), asked, range(TURNS[name]))
            seconds = time.monotonic() - begun
            for peer, each in zip(peers, spent, strict=True):
                found[peer][name] = ratios(ours, each)
                told = f"{name}, {peer}: {found[peer][name]}, in {seconds:.0f} s"
                print(told, file=sys.stderr, flush=True)
    return found


def _steps(
    loader: Loader, mine: Called, peers: Sequence[Called]
) -> Iterator[tuple[str, Sequence[Asked]]]:
    """Yield the requests to each, smallest directory first: a peer searches all users for each new one.

    The 2,000 people are those of the Bulk requests and as many others as are missing.
    """
    calls = (mine, *peers)
    yield "Bulk of 100", [_bulk for _ in calls]
    people = [_titled(number) for number in range(PEOPLE - 100 * TURNS["Bulk of 100"])]
    loader.load_people(people)
    for call in peers:
        for body in people:
            checked(call, "POST", "/Users", body)
    yield f"co over {PEOPLE:,}", [_searched for _ in calls]
    joiners = [
        [_made(call, "/Users", person(f"joins-{n}")) for n in range(JOINERS)] for call in calls
    ]
    loaded = loader.load(SIZES, "large")
    for size in SIZES:
        groups = (loaded[size], *(_group(call, size) for call in peers))
        if size == SIZES[0]:
            yield f"group of {size:,}", [partial(_read, group) for group in groups]
        added = [_adding(group, who) for group, who in zip(groups, joiners, strict=True)]
        yield f"member add at {size:,}", added


def _titled(number: int) -> Mapping[str, object]:
    return {
        "schemas": [USER],
        "userName": f"titled{number}@example.com",
        "title": f"Title {number}",
    }


def _read(group: str, _: int) -> Request:
    return "GET", f"/Groups/{group}", None


def _searched(turn: int) -> Request:
    asked = quote(f'title co "le 19{turn % 10}"')
    return "GET", f"/Users?filter={asked}", None


def _bulk(turn: int) -> Request:
    operations = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": f"b{number}",
            "data": {**person(f"bulk-{turn}-{number}"), "title": f"Title {number}"},
        }
        for number in range(100)
    ]
    return "POST", "/Bulk", {"schemas": [BULK], "Operations": operations}


def _adding(group: str, joiners: list[str]) -> Asked:
    def request(turn: int) -> Request:
        value = [{"value": joiners[turn]}]
        operation = {"op": "add", "path": "members", "value": value}
        return "PATCH", f"/Groups/{group}", {"schemas": [PATCH_URN], "Operations": [operation]}

    return request


def _group(peers: Called, size: int) -> str:
    members = [{"value": str(uuid.uuid4())} for _ in range(size)]
    return _made(
        peers, "/Groups", {"schemas": [GROUP], "displayName": f"of {size}", "members": members}
    )


def _made(call: Called, endpoint: str, body: object) -> str:
    return str(checked(call, "POST", endpoint, body)[1]["id"])


if __name__ == "__main__":
    print("\n".join(rows(measured({"scim2-server": theirs})["scim2-server"])))
