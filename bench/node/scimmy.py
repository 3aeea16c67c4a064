"""The CPU of requests, compared with scimmy-routers: `python -m bench.node.scimmy` (DynamoDB Local, npm, Node).

Like `bench.beside.requests` with scim2-server, and `bench.beside.large` with both: scimmy-routers is an Express application in
its own process, called without sockets, with its data in its own memory. The CPU of all threads of that
process counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from bench.beside.large import GROUP
from bench.beside.requests import PEOPLE, Called, Served, beside, checked, peer, requests
from bench.caller import PATCH_URN
from bench.node.program import command_of, environment, say_left_out
from local.packages.npm import UnavailableError

WARMED: Final = 200
"""Requests of each kind before counting begins; more of them make no difference."""

Found = Mapping[str, Mapping[str, float]]


def served() -> Callable[[], Served] | None:
    """Return what starts the peer, warm and empty; if it is unavailable, say so and return None."""
    try:
        command = command_of("scimmy.mjs")
    except UnavailableError as error:
        say_left_out("requests beside scimmy-routers", error)
        return None
    return partial(_theirs, command)


def of_requests() -> dict[str, dict[str, float]]:
    """Return the measurements of `bench.beside.requests` with this peer; if it is unavailable, say so and return {}."""
    start = served()
    return {} if start is None else beside(served=start)


@contextmanager
def _theirs(command: Sequence[str]) -> Iterator[Called]:
    with peer(command, "/scim/v2", environment()) as call:
        _warm(call)
        yield call


def _warm(call: Called) -> None:
    """Make every request often enough that V8 has compiled its code, and delete what that created."""
    asked = requests(call)
    creation = asked.pop("create")
    members = [{"value": f"member {number}"} for number in range(PEOPLE)]
    body = {"schemas": [GROUP], "displayName": "to warm", "members": members}
    group = f"/Groups/{checked(call, 'POST', '/Groups', body)[1]['id']}"
    for turn in range(WARMED):
        for request in asked.values():
            checked(call, *request(turn % PEOPLE))
        made = checked(call, *creation(turn))[1]["id"]
        checked(call, "DELETE", f"/Users/{made}", None)
        checked(call, "GET", group, None)
        for operation in (
            {"op": "add", "path": "members", "value": [{"value": "one more"}]},
            {"op": "remove", "path": 'members[value eq "one more"]'},
        ):
            checked(call, "PATCH", group, {"schemas": [PATCH_URN], "Operations": [operation]})
        checked(call, "GET", "/Users?filter=title%20co%20%22le%20199%22", None)
    checked(call, "DELETE", group, None)
    for each in checked(call, "GET", "/Users?count=1000", None)[1]["Resources"]:
        checked(call, "DELETE", f"/Users/{each['id']}", None)


def section(found: Found) -> Sequence[str]:
    """Return this part of the report in Markdown, or none if nothing was ever measured."""
    if not found:
        return []
    return [
        "## Requests beside scimmy-routers",
        "",
        "This is the same comparison with the npm package scimmy-routers: an Express application with users and groups in its own",
        "memory, found by id and by `userName` in a map, and searched with its own filters. It is called within its process, without",
        "sockets, and with a constant bearer token. Its CPU includes all threads, garbage collection and compilation. V8 is warm: each",
        f"kind of request except Bulk was sent {WARMED} times before the measurement. There are no goals.",
        "",
        "| request | whole | without the client | ours, ms | scimmy-routers, ms |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {each['whole']} | {each['withoutClient']} |"
            f" {each['milliseconds']} | {each['peerMilliseconds']} |"
            for name, each in found.items()
        ),
        "",
    ]


if __name__ == "__main__":
    print("\n".join(section(of_requests())))
