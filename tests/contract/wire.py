"""The store's own wire with the faces of boto3's client that tests need: other calls, and its events."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from scim.store.dynamodb.connections import Connections
from scim.store.dynamodb.json_client import JsonClient
from scim.store.dynamodb.signature import Keys, RequestSigner
from scim.store.dynamodb.values import decoded_item, encoded_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECONDS = 30.0
CALLS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "query": "Query",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "transact_write_items": "TransactWriteItems",
}


class OwnWire:
    """Sends what the store asks by its own wire, all else by boto3's client, whose events both tell."""

    def __init__(self, client: "DynamoDBClient") -> None:
        connections = Connections(client.meta.endpoint_url, SECONDS, SECONDS)
        signer = RequestSigner(
            connections.host,
            client.meta.region_name,
            connections.path,
            lambda: Keys("local", "local", ""),
        )
        self._client = client
        self._own = JsonClient(connections, signer, lambda: False)

    def __getattr__(self, name: str) -> Any:
        if name not in CALLS:
            return getattr(self._client, name)
        return self._told(CALLS[name], getattr(self._own, name))

    def _told(self, operation: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        events = self._client.meta.events
        model = self._client.meta.service_model.operation_model(operation)

        def call(**request: Any) -> Any:
            context: dict[str, Any] = {}
            events.emit(
                f"provide-client-params.dynamodb.{operation}",
                params=request,
                model=model,
                context=context,
            )
            params = {"headers": {}, "body": json.dumps(request, default=str)}
            _, answered = events.emit_until_response(
                f"before-call.dynamodb.{operation}",
                model=model,
                params=params,
                request_signer=None,
                context=context,
            )
            if answered is not None:
                response, parsed = answered
                if response.status_code >= 300:
                    raise ClientError(parsed, operation)
            else:
                parsed = _with_bytes(ask(**request))
            events.emit(
                f"after-call.dynamodb.{operation}",
                http_response=None,
                parsed=parsed,
                model=model,
                context=context,
            )
            return parsed

        return call


def _with_bytes(answer: Any) -> Any:
    """Return an answer with what is binary as boto3 gives it."""
    match answer:
        case {"Item": dict(item)}:
            return {**answer, "Item": encoded_item(decoded_item(item))}
        case {"Items": list(items)}:
            return {**answer, "Items": [encoded_item(decoded_item(item)) for item in items]}
    return answer
