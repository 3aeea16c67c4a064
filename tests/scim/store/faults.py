"""Faults at the client: a death before or after the k-th write, conflicts, throttling, silence,
answers from a moment ago (docs/fault-tests.md lists what is injected where).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from scim.store.keys.directory import ItemKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE = "dynamodb.TransactWriteItems"
REASONS = {"ValidationError": "Item size to update has exceeded the maximum allowed size"}


class Death(BaseException):
    """The process ends here; nothing may catch this."""


class Dying:
    """Dies at the k-th write, `moment` being before-call (not written) or after-call (written)."""

    def __init__(self, moment: str, position: int) -> None:
        self.moment = moment
        self.left = position
        self.has_died = False

    def __call__(self, **_: Any) -> None:
        if self.left == 0:
            self.has_died = True
            raise Death
        self.left -= 1


@contextmanager
def dying(client: "DynamoDBClient", moment: str, position: int) -> Iterator[None]:
    """Let the client die at a write inside the block, which has to come to that write."""
    with dying_or_done(client, moment, position) as death:
        yield
    assert death.has_died, "the block was done before that write"


@contextmanager
def dying_or_done(client: "DynamoDBClient", moment: str, position: int) -> Iterator[Dying]:
    """Let the client die at a write inside the block, if it comes to that write."""
    dying_ = Dying(moment, position)
    event = f"{moment}.{WRITE}"
    client.meta.events.register(event, dying_)
    try:
        yield dying_
    except Death:
        pass
    finally:
        client.meta.events.unregister(event, dying_)


class Refusing:
    """Answers the first `times` writes with an error in place of DynamoDB."""

    def __init__(self, times: int, code: str, reasons: tuple[str, ...] = ()) -> None:
        self.times = times
        self.code = code
        self.reasons = reasons
        self.tokens: list[str] = []

    def __call__(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        self.tokens.append(json.loads(params["body"])["ClientRequestToken"])
        if len(self.tokens) > self.times:
            return None
        parsed = {
            "Error": {"Code": self.code, "Message": "injected"},
            "CancellationReasons": [
                {"Code": reason, "Message": REASONS.get(reason)} for reason in self.reasons
            ],
            "ResponseMetadata": {},
        }
        return AWSResponse("", 400, {}, None), parsed


@contextmanager
def refusing(client: "DynamoDBClient", times: int, code: str, *reasons: str) -> Iterator[Refusing]:
    """Let the client's first writes inside the block be refused."""
    refusing_ = Refusing(times, code, reasons)
    client.meta.events.register_first(f"before-call.{WRITE}", refusing_)
    try:
        yield refusing_
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", refusing_)


@contextmanager
def full(client: "DynamoDBClient", *items: ItemKey, added: str = "g.") -> Iterator[None]:
    """Leave no room in items for another link, or for what else begins with `added`, as in an item of 400 KB."""

    def refused(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        steps = [next(iter(each.values())) for each in json.loads(params["body"])["TransactItems"]]
        reasons = ["ValidationError" if _adds(step, items, added) else "None" for step in steps]
        return _cancelled(reasons) if "ValidationError" in reasons else None

    client.meta.events.register_first(f"before-call.{WRITE}", refused)
    try:
        yield
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", refused)


def _adds(step: Mapping[str, Any], items: Sequence[ItemKey], attribute: str) -> bool:
    names = step.get("ExpressionAttributeNames", {})
    short = [f"{each} " for each, name in names.items() if name.startswith(attribute)]
    added = step.get("UpdateExpression", "").partition("ADD ")[2].partition("DELETE ")[0]
    place = tuple(each["S"] for each in step.get("Key", {}).values())
    return place in items and any(each in added for each in short)


def _cancelled(reasons: Sequence[str]) -> tuple[Any, dict[str, Any]]:
    parsed = {
        "Error": {"Code": "TransactionCanceledException", "Message": "injected"},
        "CancellationReasons": [
            {"Code": reason, "Message": REASONS.get(reason)} for reason in reasons
        ],
        "ResponseMetadata": {},
    }
    return AWSResponse("", 400, {}, None), parsed


@contextmanager
def losing(client: "DynamoDBClient", operation: str) -> Iterator[None]:
    """Let the answer to the first call of an operation that has an effect get lost."""
    lost: list[str] = []

    def lose(**_: Any) -> None:
        if not lost:
            lost.append(operation)
            raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    event = f"after-call.dynamodb.{operation}"
    client.meta.events.register(event, lose)
    try:
        yield
    finally:
        client.meta.events.unregister(event, lose)
    assert lost, f"no {operation} had an effect"


class Passing:
    """Passes on what it does not say otherwise."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return getattr(self._client, name)  # type: ignore[no-any-return] - of another client it is


class Partial(Passing):
    """Brings `most` items of each batch read and calls the others UnprocessedKeys, as under throttling."""

    def __init__(self, client: "DynamoDBClient", most: int) -> None:
        super().__init__(client)
        self._most = most
        self.cut = 0

    def batch_get_item(self, **request: Any) -> Mapping[str, Any]:
        """Read some of the keys."""
        ((table, wanted),) = request["RequestItems"].items()
        now, later = wanted["Keys"][: self._most], wanted["Keys"][self._most :]
        answer = (
            self._client.batch_get_item(RequestItems={table: {**wanted, "Keys": now}})
            if now
            else {"Responses": {}}
        )
        if not later:
            return answer
        self.cut += 1
        return {**answer, "UnprocessedKeys": {table: {**wanted, "Keys": later}}}


class Silent(Passing):
    """Takes `seconds` on a clock and then breaks off, as long as `is_silent`; remembers what was asked."""

    def __init__(self, client: "DynamoDBClient", clock: "SetWatch", seconds: float = 2.0) -> None:
        super().__init__(client)
        self._clock = clock
        self._seconds = seconds
        self.is_silent = True
        self.asked: list[Mapping[str, Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.asked.append(request)
            if self.is_silent:
                self._clock.now += self._seconds
                raise ReadTimeoutError(endpoint_url="https://dynamodb.example")
            return getattr(self._client, name)(**request)

        return call


class Lagging(Passing):
    """Answers what is not asked for as of now from the table as it was when this was made.

    So does the index, which nobody can ask as of now.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        super().__init__(client)
        items: Sequence[Mapping[str, Any]] = client.scan(TableName=table)["Items"]
        self._then = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}

    def get_item(self, **request: Any) -> Mapping[str, Any]:
        if request.get("ConsistentRead"):
            return self._client.get_item(**request)
        item = self._item(request["Key"])
        return {} if item is None else {"Item": item}

    def batch_get_item(self, **request: Any) -> Mapping[str, Any]:
        ((table, wanted),) = request["RequestItems"].items()
        if wanted.get("ConsistentRead"):
            return self._client.batch_get_item(**request)
        found = [item for key in wanted["Keys"] if (item := self._item(key)) is not None]
        return {"Responses": {table: found}}

    def query(self, **request: Any) -> Mapping[str, Any]:
        if "IndexName" not in request:
            return self._client.query(**request)
        values = request["ExpressionAttributeValues"]
        partition, first, last = (values[name]["S"] for name in (":p", ":a", ":b"))
        rows = [
            item
            for item in self._then.values()
            if item.get("gp", {}).get("S") == partition and first <= item["gs"]["S"] <= last
        ]
        ordered = sorted(rows, key=lambda item: str(item["gs"]["S"]))
        return {"Items": ordered if request.get("ScanIndexForward", True) else ordered[::-1]}

    def _item(self, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self._then.get((key["pk"]["S"], key["sk"]["S"]))


@dataclass
class SetWatch:
    """A clock that only moves when it is told to; sleeping moves it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
