"""What is answered without a token: paths of the template that no authorizer is in front of."""

from collections.abc import Callable, Mapping
from typing import Any

from scim.http.app import Handler

HEALTH_PATH, OPENAPI_PATH = "/health", "/openapi.json"
HEALTH = '{"status":"pass"}'
"""That the gateway and a function answer; nothing of the table, which nobody may ask for unknown."""

Text = Callable[[], str]
"""Returns JSON text."""


def with_public(handler: Handler, texts: Mapping[str, Text]) -> Handler:
    """Return the handler, with JSON for everybody at the paths of the template that are named."""

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
    """Return the answer to who asks whether the service is there."""
    return HEALTH
