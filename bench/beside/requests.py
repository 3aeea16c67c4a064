"""The CPU of requests, compared with scim2-server, in one run: `python -m bench.beside.requests` (DynamoDB Local).

Ours is a function's handler with its real client and sockets to DynamoDB Local, another process, which is not
counted. scim2-server is its WSGI application, with its data in its own memory. Both get the same requests in
turn; the CPU time of the responding process counts. `without the client` omits the time inside the calls of
our DynamoDB client.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import quote

from bench.caller import PATCH_URN, UnexpectedAnswerError
from bench.goal import goal_told
from local.child_process import answering
from local.gateway import Gateway
from local.seed import TOKEN
from scim.store.dynamodb.json_client import JsonClient

PEER: Final = Path(__file__).parents[2] / ".venv-peer" / "bin" / "python"
USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
BULK: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
TURNS: Final = 40
PEOPLE: Final = 100
OVERRIDES: Final = {"LogLevel": "INFO", "ShowTolerated": "0"}
GOALS: Final = {
    "GET": (0.6, 0.22),
    "userName eq": (0.4, 0.18),
    "userName eq, seen before": (0.4, 0.18),
    "PATCH": (0.8, None),
    "create": (0.9, 0.5),
    "PUT": (0.8, None),
    "list 100": (0.04, None),
    "member add at 1,000": (0.035, None),
    "member add at 10,000": (0.003, None),
    "group of 1,000": (0.4, None),
    "co over 2,000": (1.5, None),
    "Bulk of 100": (0.9, None),
}
_PEER: Final = """
import io, json, logging, sys, time
from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import (load_default_resource_types, load_default_schemas,
    load_default_service_provider_config)
logging.disable(logging.CRITICAL)
provider = ScimProvider.from_discovery(load_default_schemas().values(), load_default_resource_types().values(),
    config=load_default_service_provider_config())
service = ScimService(provider, secret="none")
application = BearerTokenApplication(InMemoryStorage(), provider, service=service)
for line in sys.stdin:
    method, path, body = json.loads(line)
    path, _, query = path.partition("?")
    content = b"" if body is None else json.dumps(body).encode()
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/scim+json", "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http"}
    told = []
    before = time.process_time()
    text = b"".join(application(environ, lambda status, headers, *_: told.append(status)))
    seconds = time.process_time() - before
    print(json.dumps([int(told[0].split()[0]), text.decode(), seconds]), flush=True)
"""


@dataclass(slots=True)
class Spent:
    """CPU seconds of each response, and the part of them inside the client."""

    whole: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)


Called = Callable[[str, str, object], tuple[int, dict[str, Any], float, float]]
"""Makes a request: returns status, body, CPU seconds, and CPU seconds in the client."""
Served = AbstractContextManager[Called]
Request = tuple[str, str, object]
"""Method, path and body."""
Asked = Callable[[int], Request]
"""Returns the request of a turn."""


@contextmanager
def ours() -> Iterator[Called]:
    """Serve with a table of DynamoDB Local; only the functions' handlers are counted."""
    with Gateway.start("dynamodb-local", OVERRIDES) as gateway, asked_of(gateway) as call:
        yield call


@contextmanager
def asked_of(gateway: Gateway) -> Iterator[Called]:
    """Call a gateway; only the functions' handlers are counted."""
    spent = {"handler": 0.0, "client": 0.0}
    with _counting(gateway, spent):

        def call(method: str, path: str, body: object) -> tuple[int, dict[str, Any], float, float]:
            headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
            content = b"" if body is None else json.dumps(body).encode()
            spent.update(handler=0.0, client=0.0)
            status, _, text = gateway.handle(method, f"/scim/v2{path}", headers, content)
            answer = json.loads(text) if text else {}
            return status, answer, spent["handler"], spent["client"]

        yield call


@contextmanager
def _counting(gateway: Gateway, spent: dict[str, float]) -> Iterator[None]:
    """Count the CPU of resource functions' handlers, and of the client inside them."""
    handlers = gateway._runtime._handlers  # noqa: SLF001 - the measured code is inside
    asked = JsonClient._called  # noqa: SLF001 - likewise

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        # Count this thread only: /Bulk uses several at once.
        before = time.thread_time()
        try:
            return asked(self, *arguments, **named)
        finally:
            spent["client"] += time.thread_time() - before

    class Counted(dict[str, Any]):
        """The handlers, each of them timed; the authorizer's responses are cached."""

        def setdefault(self, name: str, handler: Any = None) -> Any:
            def timed(event: Any, context: Any) -> Any:
                before = time.process_time()
                try:
                    return handler(event, context)
                finally:
                    spent["handler"] += time.process_time() - before

            return super().setdefault(name, timed)

    gateway._runtime._handlers = Counted(handlers)  # noqa: SLF001 - likewise
    JsonClient._called = counted  # type: ignore[method-assign]  # noqa: SLF001 - likewise
    try:
        yield
    finally:
        JsonClient._called = asked  # type: ignore[method-assign]  # noqa: SLF001 - likewise


@contextmanager
def peer(
    command: Sequence[str | Path], base: str, environment: Mapping[str, str]
) -> Iterator[Called]:
    """Call a program in its own process. It reads [method, path, body] and writes [status, text, seconds]."""
    with answering(command, {"PATH": os.environ["PATH"], **environment}) as ask:

        def call(method: str, path: str, body: object) -> tuple[int, dict[str, Any], float, float]:
            status, text, seconds = ask([method, f"{base}{path}", body])
            return status, json.loads(text) if text else {}, seconds, 0.0

        yield call


def theirs() -> Served:
    """Serve scim2-server's application."""
    return peer([PEER, "-c", _PEER], "/v2", {})


def person(number: int | str) -> dict[str, object]:
    """Return a user as identity providers send them; equal for equal numbers."""
    return {
        "schemas": [USER],
        "userName": f"person{number}@example.com",
        "externalId": f"x-{number}",
        "name": {"givenName": "Kim", "familyName": f"Person {number}"},
        "emails": [{"value": f"person{number}@example.com", "type": "work", "primary": True}],
        "active": True,
    }


def of_people(names: Iterable[int | str]) -> dict[str, object]:
    """Return the bulk request that creates people."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": f"b{name}", "data": person(name)}
        for name in names
    ]
    return {"schemas": [BULK], "Operations": operations}


def ids_made(answer: Mapping[str, Any]) -> list[str]:
    """Return the ids of the resources that a bulk request created."""
    return [str(each["location"]).rpartition("/")[2] for each in answer["Operations"]]


def requests(call: Called) -> dict[str, Asked]:
    """Create a hundred people; return the requests about them, by turn.

    The function for /Bulk creates them, so the function for /Users has cached none of them at its first
    request.
    """
    ids = ids_made(checked(call, "POST", "/Bulk", of_people(range(PEOPLE)))[1])

    def patched(number: int) -> Request:
        operation = {"op": "replace", "path": "title", "value": f"Title {number}"}
        body = {"schemas": [PATCH_URN], "Operations": [operation]}
        return "PATCH", f"/Users/{ids[number]}", body

    def put(number: int) -> Request:
        return "PUT", f"/Users/{ids[number]}", {**person(number), "nickName": f"n{number}"}

    def found(number: int) -> Request:
        asked = quote(f'userName eq "person{number}@example.com"')
        return "GET", f"/Users?filter={asked}", None

    return {
        "GET": lambda number: ("GET", f"/Users/{ids[number]}", None),
        "userName eq": found,
        "userName eq, seen before": found,
        "PATCH": patched,
        "PUT": put,
        "list 100": lambda _: ("GET", "/Users?count=100", None),
        "create": lambda number: ("POST", "/Users", person(f"-new-{number}")),
    }


def checked(call: Called, *request: Any) -> tuple[int, dict[str, Any], float, float]:
    """Make a request and return its response. Raises UnexpectedAnswerError if it is an error."""
    answered = call(*request)
    if answered[0] not in (200, 201, 204):
        raise UnexpectedAnswerError(f"{request[:2]}: {answered[:2]}")
    return answered


def beside(
    turns: int = TURNS, served: Callable[[], Served] = theirs
) -> dict[str, dict[str, float]]:
    """Return by request the whole ratio, the ratio without the client, and both in milliseconds."""
    found: dict[str, dict[str, float]] = {}
    with ours() as mine, served() as peers:
        asked = [requests(mine), requests(peers)]
        for name in asked[0]:
            each = [wanted[name] for wanted in asked]
            numbers = [turn % PEOPLE for turn in range(turns)]
            found[name] = ratios(*spent_in_turn((mine, peers), each, numbers))
    return found


def spent_in_turn(
    calls: Sequence[Called], asked: Sequence[Asked], turns: Iterable[int]
) -> Sequence[Spent]:
    """Call each of them in every turn; return what each has spent."""
    found = [Spent() for _ in calls]
    for turn in turns:
        for call, request, spent in zip(calls, asked, found, strict=True):
            _, _, whole, inside = checked(call, *request(turn))
            spent.whole.append(whole)
            spent.inside.append(inside)
    return found


def ratios(mine: Spent, peers: Spent) -> dict[str, float]:
    """Return our time on one kind of request divided by the peer's."""
    whole, theirs_ = median(mine.whole), median(peers.whole)
    without = median(w - i for w, i in zip(mine.whole, mine.inside, strict=True))
    return {
        "whole": _rounded(whole / theirs_),
        "withoutClient": _rounded(without / theirs_),
        "milliseconds": round(whole * 1000, 2),
        "peerMilliseconds": round(theirs_ * 1000, 2),
    }


def _rounded(ratio: float) -> float:
    """Return three digits, so that even a small ratio can be compared with 1.3 times its value."""
    return float(f"{ratio:.3g}")


def rows(found: Mapping[str, Mapping[str, float]]) -> Sequence[str]:
    """Return the lines of a table in Markdown."""
    return [
        "| request | whole | goal | without the client | goal | ours, ms | scim2-server, ms |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {each['whole']} | {goal_told(GOALS[name][0], each['whole'])} |"
            f" {each['withoutClient']} | {goal_told(GOALS[name][1], each['withoutClient'])} |"
            f" {each['milliseconds']} | {each['peerMilliseconds']} |"
            for name, each in found.items()
        ),
    ]


if __name__ == "__main__":
    print("\n".join(rows(beside(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))))
