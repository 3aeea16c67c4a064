"""Faults at the client: a death before or after the k-th write, and conflicts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

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
def dying(client: "DynamoDBClient", moment: str, position: int) -> Iterator[Dying]:
    """Let the client die at a write inside the block."""
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
