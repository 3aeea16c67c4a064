"""Responses without a token: the template's paths that have no authorizer."""

from collections.abc import Callable, Mapping
from typing import Any

from scim.http.app import Handler

HEALTH_PATH, OPENAPI_PATH = "/health", "/openapi.json"
HEALTH = '{"status":"pass"}'
"""Says that the gateway and a function respond. Nothing about the table: anonymous callers may not read it."""

Text = Callable[[], str]
"""Returns JSON text."""


def with_public(handler: Handler, texts: Mapping[str, Text]) -> Handler:
    """Return the handler, which serves JSON to everybody at the template's paths in `texts`."""

    def call(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        text = texts.get(str(event.get("resource")))
        if text is None or event.get("httpMethod") not in {"GET", "HEAD"}:
            return handler(event, context)
        return {
            "statusCode": 200,
            "multiValueHeaders": {
                "Content-Type": ["application/json"],
                "Cache-Control": ["no-store"],
            },
            "body": text() if event["httpMethod"] == "GET" else "",
            "isBase64Encoded": False,
        }

    return call


def health() -> str:
    """Return the response to a health check."""
    return HEALTH
