"""Requests a second of one server process: `python -m bench.scale.throughput` (Linux; DynamoDB Local).

The server is that of `make run`: one Python process in which the gateway, the authorizer, the functions and
the work after a change take turns, one event at a time. Its clients are threads of this process, each with
its own connection. They and DynamoDB Local compete for the same processors, so requests by clock time are
valid for this machine and moment only. Requests by CPU second count the CPU of the server's process alone, as
the kernel reports it.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from typing import Final
from urllib.parse import quote

from bench.beside.member_add import Served, running
from bench.beside.requests import PEOPLE, Asked, Request, ids_made, of_people, person
from bench.caller import PATCH_URN, UnexpectedAnswerError
from local.seed import TOKEN

BASE: Final = "/scim/v2"
CLIENTS: Final = (1, 4, 16)
SECONDS: Final = 2.5
Found = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By request and number of clients: requests `bySecond` of clock time and `byCpuSecond` of the server's CPU."""


@dataclass(frozen=True, slots=True)
class Load:
    """`clients` clients that call one server for `seconds` seconds."""

    served: Served
    clients: int
    seconds: float

    def of(self, asked: Asked) -> dict[str, float]:
        """Return the requests answered in a second. Raises UnexpectedAnswerError if one fails."""
        numbers, begun, spent = count(), time.monotonic(), self.served.seconds()
        deadline = begun + self.seconds
        with ThreadPoolExecutor(self.clients) as pool:
            clients = [
                pool.submit(self._asks, asked, numbers, deadline) for _ in range(self.clients)
            ]
            answered = sum(client.result() for client in clients)
        clock, cpu = time.monotonic() - begun, self.served.seconds() - spent
        return {"bySecond": round(answered / clock), "byCpuSecond": round(answered / cpu)}

    def _asks(self, asked: Asked, numbers: "count[int]", deadline: float) -> int:
        """Make one request after another until the deadline, and return their number."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        answered = 0
        with closing(HTTPConnection("127.0.0.1", self.served.port, timeout=60)) as connection:
            while time.monotonic() < deadline:
                method, path, body = asked(next(numbers))
                content = None if body is None else json.dumps(body)
                connection.request(method, self.served.base + path, content, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status not in (200, 201, 204):
                    raise UnexpectedAnswerError(f"{method} {path}: {answer.status} {text[:300]!r}")
                answered += 1
        return answered


def measured(
    clients: Sequence[int] = CLIENTS, seconds: float = SECONDS
) -> dict[str, dict[str, dict[str, float]]]:
    """Return requests a second by request and by number of clients, in the form of the JSON file."""
    environment = {**os.environ, "STORE": "dynamodb-local", "SCIM_METER": "0"}
    found: dict[str, dict[str, dict[str, float]]] = {}
    with running([sys.executable, "-m", "local"], BASE, environment) as served:
        ids = ids_made(served.call("POST", "/Bulk", of_people(range(PEOPLE))))
        for name, asked in _requests(ids).items():
            Load(served, 1, seconds / 5).of(asked)  # loading modules and caches does not count
            found[name] = {str(each): Load(served, each, seconds).of(asked) for each in clients}
            print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
    return found


def _requests(ids: Sequence[str]) -> Mapping[str, Asked]:
    new = count()

    def patched(number: int) -> Request:
        operation = {"op": "replace", "path": "title", "value": f"Title {number} {next(new)}"}
        body = {"schemas": [PATCH_URN], "Operations": [operation]}
        return "PATCH", f"/Users/{ids[number % len(ids)]}", body

    def searched(number: int) -> Request:
        asked = quote(f'userName eq "person{number % len(ids)}@example.com"')
        return "GET", f"/Users?filter={asked}", None

    return {
        "GET": lambda number: ("GET", f"/Users/{ids[number % len(ids)]}", None),
        "userName eq": searched,
        "PATCH": patched,
        "create": lambda _: ("POST", "/Users", person(f"-new-{next(new)}")),
    }


def rows(found: Found, beside: Mapping[str, Mapping[str, float]]) -> Sequence[str]:
    """Return the lines of a table in Markdown; `beside` has the CPU of each request in a function."""
    clients = list(next(iter(found.values()), {}))
    from_clients = f"{' / '.join(map(str, clients))} clients"
    head = ["request", "one function", from_clients, f"{from_clients}, CPU"]
    lines = [head, ["---"] * len(head)]
    for name, each in found.items():
        alone = f"{1000 / beside[name]['milliseconds']:,.0f}" if name in beside else ""
        sides = ("bySecond", "byCpuSecond")
        told = [" / ".join(f"{each[number][side]:,}" for number in clients) for side in sides]
        lines.append([name, alone, *told])
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    print("\n".join(rows(measured(), {})))
