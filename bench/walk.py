"""How many modules of the layer one request enters: `python -m bench.walk [names]`.

A profile hook records each module that is entered once everything is loaded, and how often a path is parsed.
With `names` it lists the modules too.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import scim
from bench.caller import PATCH_URN, UnexpectedAnswerError
from local.gateway import Gateway
from local.seed import TOKEN

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LAYER = Path(scim.__path__[0])
BOUNDS = {
    "PATCH that adds a member": 64,
    "userName eq": 43,
    "GET by id": 30,
    "userName eq, in no group": 40,
    "GET by id, in no group": 27,
}


@dataclass(frozen=True, slots=True)
class Walk:
    """The modules that one request has entered, with the number of calls into each."""

    calls: Counter[str] = field(default_factory=Counter)
    paths_parsed: list[str] = field(default_factory=list)

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Record a call; this is the profile hook."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(f"{LAYER}/"):
            path = Path(code.co_filename).relative_to(LAYER)
            if "_generated" not in path.parts:
                self.calls[path.with_suffix("").as_posix()] += 1
            if code.co_name == "parse_path":
                self.paths_parsed.append(str(path))


@contextmanager
def walking() -> Iterator[Walk]:
    """Record the calls inside the block."""
    walk = Walk()
    before = sys.getprofile()
    sys.setprofile(walk)
    try:
        yield walk
    finally:
        sys.setprofile(before)


def walks() -> Mapping[str, Walk]:
    """Return the walk of each kind of request, each made once before."""
    with Gateway.start(overrides={"LogLevel": "ERROR", "ShowTolerated": "0"}) as gateway:
        # Other functions create them, so these here have cached none of them.
        others = gateway.beside()
        group = _made(others, "Groups", {"schemas": [GROUP], "displayName": "All"})
        people = [
            _made(others, "Users", {"schemas": [USER], "userName": f"user{number}@example.com"})
            for number in range(4)
        ]

        def add(number: int) -> None:
            value = [{"value": people[number]}]
            operation = {"op": "add", "path": "members", "value": value}
            body = {"schemas": [PATCH_URN], "Operations": [operation]}
            _called(gateway, "PATCH", f"/Groups/{group}", body)

        def find(number: int) -> None:
            asked = quote(f'userName eq "user{number}@example.com"')
            _called(gateway, "GET", f"/Users?filter={asked}")

        def read(number: int) -> None:
            _called(gateway, "GET", f"/Users/{people[number]}")

        def find_other(number: int) -> None:
            find(number + 2)

        def read_other(number: int) -> None:
            read(number + 2)

        requests = zip(BOUNDS, (add, find, read, find_other, read_other), strict=True)
        return {name: _second(request) for name, request in requests}


def _second(request: Callable[[int], None]) -> Walk:
    """Return the walk of the second request: the first loads modules and caches."""
    request(0)
    with walking() as walk:
        request(1)
    return walk


def _made(gateway: Gateway, endpoint: str, body: object) -> str:
    return str(_called(gateway, "POST", f"/{endpoint}", body)["id"])


def _called(gateway: Gateway, method: str, path: str, body: object = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    content = b"" if body is None else json.dumps(body).encode()
    status, _, text = gateway.handle(method, f"/scim/v2{path}", headers, content)
    if status not in {200, 201}:
        raise UnexpectedAnswerError(f"{method} {path}: {status} {text!r}")
    answer: dict[str, Any] = json.loads(text)
    return answer


def table_of(found: Mapping[str, Walk]) -> str:
    """Return the counts as a table in Markdown."""
    rows = [
        f"| {name} | {len(walk.calls)} | {BOUNDS[name]} | {walk.calls.total():,} | {len(walk.paths_parsed)} |"
        for name, walk in found.items()
    ]
    return "\n".join(
        ["| request | modules | at most | calls | paths parsed |", "|---|---|---|---|---|", *rows]
    )


if __name__ == "__main__":
    FOUND = walks()
    print(table_of(FOUND))
    if "names" in sys.argv:
        for NAME, WALK in FOUND.items():
            print(f"\n{NAME}")
            for MODULE, CALLS in sorted(WALK.calls.items()):
                print(f"{CALLS:6} {MODULE}")
