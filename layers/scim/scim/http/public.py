"""Responses without a token: the template's paths that have no authorizer."""

from collections.abc import Callable, Mapping
from typing import Any

from scim.errors import ScimError
from scim.http.app import Handler, answer_of
from scim.http.dialect.answers import PLAIN_WIRE, rendered_refusal
from scim.log import log_not_served

HEALTH_PATH, OPENAPI_PATH = "/health", "/openapi.json"
HEALTH = '{"status":"pass"}'
"""Says that the gateway and a function respond. Nothing about the table: anonymous callers may not read it."""

Text = Callable[[], str]
"""Returns JSON text. Raises Unavailable when it cannot be made at the moment."""


def with_public(handler: Handler, texts: Mapping[str, Text]) -> Handler:
    """Return the handler, which serves JSON to everybody at the template's paths in `texts`."""

    def call(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        text = texts.get(str(event.get("resource")))
        if text is None or event.get("httpMethod") not in {"GET", "HEAD"}:
            return handler(event, context)
        answer = _answer_of(text)
        return answer if event["httpMethod"] == "GET" else {**answer, "body": ""}

    return call


def _answer_of(text: Text) -> dict[str, Any]:
    try:
        body = text()
    except ScimError as error:
        log_not_served(error)
        return answer_of(rendered_refusal(PLAIN_WIRE, error))
    return {
        "statusCode": 200,
        "multiValueHeaders": {
            "Content-Type": ["application/json"],
            "Cache-Control": ["no-store"],
        },
        "body": body,
        "isBase64Encoded": False,
    }


def health() -> str:
    """Return the response to a health check."""
    return HEALTH
