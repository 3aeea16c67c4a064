"""DynamoDB's JSON protocol: signs and sends the calls that the store makes.

Requests and responses have the form that boto3's low-level client uses, except for binary values in
responses: they stay in base64, and `values.decoded_item` accepts both forms. For the reasons not to use boto3
see docs/decisions/0056-own-client-of-dynamodb.md.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError

from scim.compact import encode_by, value_of
from scim.store.dynamodb.connections import Connections, HttpAnswer
from scim.store.dynamodb.signature import RequestSigner

TARGET = "DynamoDB_20120810."
OK = 200
EXPIRED = frozenset({"ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"})
SKEWED = frozenset({"InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired"})
MOST_SKEW = 240.0
"""Seconds of clock skew above which a refused signature is blamed on the clock. AWS allows 300."""


def _plain(value: object) -> object:
    """Return the JSON form of a value that the encoder does not know."""
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} is nothing the store sends")


_encode = encode_by(_plain, ensure_ascii=True)


class JsonClient:
    """Calls DynamoDB. Each call is one attempt (docs/decisions/0028-one-retry-policy.md).

    The only retry follows a refused signature, once: with new keys if `renew` finds any, or with DynamoDB's
    own time. DynamoDB does nothing when it refuses a signature, so this cannot repeat a write.
    """

    def __init__(
        self, connections: Connections, signer: RequestSigner, renew: Callable[[], bool]
    ) -> None:
        self._connections = connections
        self._signer = signer
        self._renew = renew

    def get_item(self, **request: Any) -> Any:
        return self._called("GetItem", request)

    def batch_get_item(self, **request: Any) -> Any:
        """Return up to 100 items by their keys."""
        return self._called("BatchGetItem", request)

    def query(self, **request: Any) -> Any:
        """Return items of a partition, at most 1 MB of them."""
        return self._called("Query", request)

    def put_item(self, **request: Any) -> Any:
        return self._called("PutItem", request)

    def update_item(self, **request: Any) -> Any:
        """Change an item."""
        return self._called("UpdateItem", request)

    def transact_write_items(self, **request: Any) -> Any:
        """Make all of the writes or none."""
        return self._called("TransactWriteItems", request)

    def _called(self, operation: str, request: Mapping[str, Any]) -> Any:
        """Return the response as boto3 does. Raises botocore's errors."""
        body = _encode(request).encode("ascii")
        answer = self._sent(operation, body)
        if answer.status != OK and self._is_mended(code_of(answer), answer):
            answer = self._sent(operation, body)
        if answer.status != OK:
            raise refusal(answer, operation)
        return value_of(answer.body.decode())

    def _sent(self, operation: str, body: bytes) -> HttpAnswer:
        target = TARGET + operation
        answer = self._connections.exchange(self._signer.headers(target, body), body)
        checksum = answer.headers.get("x-amz-crc32")
        if checksum is not None and checksum != str(zlib.crc32(answer.body)):
            raise ConnectionClosedError(endpoint_url=self._connections.url)
        return answer

    def _is_mended(self, code: str, answer: HttpAnswer) -> bool:
        """Tell whether the signature was at fault and a second attempt may succeed."""
        if code in EXPIRED:
            return self._renew()
        if code not in SKEWED:
            return False
        from email.utils import mktime_tz, parsedate_tz  # noqa: PLC0415 - clocks are rarely wrong

        date = parsedate_tz(answer.headers.get("date", ""))
        if date is None:
            return False
        now = float(mktime_tz(date))
        if not self._signer.is_off(now, MOST_SKEW):
            return False
        self._signer.set_clock(now)
        return True


def code_of(answer: HttpAnswer) -> str:
    """Return the name of the error in a response, or the HTTP status if the body names none."""
    return str(_error_in(answer).get("__type", answer.status)).rpartition("#")[2]


def refusal(answer: HttpAnswer, operation: str) -> ClientError:
    """Return the error that boto3 raises for this response."""
    error = _error_in(answer)
    message = error.get("message", error.get("Message", ""))
    response: Any = {
        **error,
        "Error": {"Code": code_of(answer), "Message": message},
        "ResponseMetadata": {
            "HTTPStatusCode": answer.status,
            "RequestId": answer.headers.get("x-amzn-requestid", ""),
        },
    }
    return ClientError(response, operation)


def _error_in(answer: HttpAnswer) -> dict[str, Any]:
    """Return the JSON object in a response's body, or {} if there is none: a proxy may have responded."""
    try:
        error = json.loads(answer.body)
    except ValueError:
        return {}
    return error if isinstance(error, dict) else {}
