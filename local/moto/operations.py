"""DynamoDB's operations on items, executed by moto without a web request.

For each call, moto builds a web framework's request, searches all services for the right one, and walks AWS's
description of everything sent and received. For a small item that takes longer than the operation itself.
Here an operation's JSON goes directly to moto's handler, and the handler's result is written as JSON.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from moto.core.exceptions import JsonRESTError
from moto.core.utils import get_service_model
from moto.dynamodb.responses import DynamoHandler

from local.intrinsics import ACCOUNT_ID, REGION
from local.moto.wire import with_bytes

TARGET = "DynamoDB_20120810."
CONTENT_TYPE = "application/x-amz-json-1.0"
HOST = f"dynamodb.{REGION}.amazonaws.com"
METHODS = {
    "BatchGetItem": DynamoHandler.batch_get_item,
    "DeleteItem": DynamoHandler.delete_item,
    "GetItem": DynamoHandler.get_item,
    "PutItem": DynamoHandler.put_item,
    "Query": DynamoHandler.query,
    "Scan": DynamoHandler.scan,
    "TransactWriteItems": DynamoHandler.transact_write_items,
    "UpdateItem": DynamoHandler.update_item,
}

Answered = tuple[int, dict[str, str], bytes]


def answered(url: str, headers: Mapping[str, Any], body: Any) -> Answered | None:
    """Return status, headers and body for a request, or None if it is not an operation on items."""
    target = _text(headers.get("x-amz-target", ""))
    operation = target.removeprefix(TARGET)
    if operation not in METHODS or urlsplit(url).netloc != HOST:
        return None
    handler = DynamoHandler()
    handler.region, handler.current_account = REGION, ACCOUNT_ID
    handler.body = handler.params = _parsed(body)
    status, content = 200, b""
    try:
        result: Any = METHODS[operation](handler).result
        members = _members(operation)
        answer = {n: v for n, v in result.items() if n in members and v is not None}
        content = json.dumps(answer, default=_base64).encode()
    except JsonRESTError as error:
        status, content = error.code, error.description.encode()
    return status, {"x-amz-crc32": str(zlib.crc32(content)), "Content-Type": CONTENT_TYPE}, content


def _parsed(body: str | bytes) -> Any:
    """Return a request in moto's form; few have binary values."""
    hook = with_bytes if '"B' in _text(body) else None
    return json.loads(body, object_hook=hook)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


@cache
def _members(operation: str) -> frozenset[str]:
    """Return the members that DynamoDB's response to an operation may have; moto's handlers return more."""
    return frozenset(get_service_model("dynamodb").operation_model(operation).output_shape.members)


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no value of an item")
