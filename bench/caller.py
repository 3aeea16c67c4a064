"""A client of the gateway in this process that records the cost of each request; a stopwatch and a meter."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from local.gateway import Gateway
from local.seed import TOKEN
from scim.store.dynamodb import capacity
from scim.store.dynamodb.capacity import Meter

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Cost:
    """Round trips and capacity units, as the store's meter counts them (X-SCIM-Cost)."""

    round_trips: float
    rcu: float
    wcu: float

    def __str__(self) -> str:
        return f"{self.round_trips:g} / {self.rcu:g} / {self.wcu:g}"


def costs_by_size(costs: Iterable[Cost]) -> str:
    """Return the costs at several sizes, one cost if all are the same."""
    texts = [str(cost) for cost in costs]
    return "; ".join(texts if len(set(texts)) > 1 else texts[:1])


def sizes_text(sizes: Iterable[int]) -> str:
    return " / ".join(f"{size:,}" for size in sizes)


@dataclass(frozen=True, slots=True)
class Answered:
    """A response and its cost."""

    status: int
    body: dict[str, Any]
    cost: Cost


class UnexpectedAnswerError(Exception):
    """The service sent a response that the measurement does not expect."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls the service with the demo token."""

    gateway: Gateway

    def call(self, method: str, path: str, body: object = None, expected: int = 200) -> Answered:
        """Make a request. Raises UnexpectedAnswerError for a status other than `expected`."""
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/scim+json",
        }
        content = b"" if body is None else json.dumps(body).encode()
        status, answered, text = self.gateway.handle(method, f"/scim/v2{path}", headers, content)
        if status != expected:
            raise UnexpectedAnswerError(f"{method} {path}: {status} {text!r}")
        told = next((value for name, value in answered if name.lower() == "x-scim-cost"), "")
        numbers = dict(part.split("=") for part in told.split(";") if part)
        cost = Cost(int(numbers["rt"]), float(numbers["rcu"]), float(numbers["wcu"]))
        return Answered(status, json.loads(text) if text else {}, cost)

    def patch(self, path: str, *operations: dict[str, object], expected: int = 204) -> Answered:
        message = {"schemas": [PATCH_URN], "Operations": list(operations)}
        return self.call("PATCH", path, message, expected)

    def search(self, path: str, text: str, more: str = "") -> Answered:
        """GET a list by filter."""
        return self.call("GET", f"{path}?filter={quote(text)}{more}")


@dataclass(frozen=True, slots=True)
class Taken:
    """What `number` operations took: seconds and CPU seconds of each, capacity of all."""

    number: int
    seconds: float
    cpu: float
    used: capacity.Cost


class Stopwatch:
    """Measures from its creation on; resets the meter."""

    def __init__(self, spent: Meter) -> None:
        self._spent = spent
        spent.reset()
        self._began, self._cpu = time.monotonic(), time.process_time()

    def taken(self, number: int) -> Taken:
        """Return what `number` operations took."""
        seconds, cpu = time.monotonic() - self._began, time.process_time() - self._cpu
        return Taken(number, seconds / number, cpu / number, self._spent.reading())


@contextmanager
def counting() -> Iterator[Meter]:
    """Count the cost of all functions loaded in this block, until it ends; jobs' functions have no meter enabled."""
    spent, add, begin = Meter(), Meter.add, Meter.__init__

    def begun(meter: Meter, **_: bool) -> None:
        begin(meter)

    def counted(meter: Meter, cost: capacity.Cost) -> None:
        add(meter, cost)
        if meter is not spent:
            add(spent, cost)

    with patch.object(Meter, "__init__", begun), patch.object(Meter, "add", counted):
        yield spent
