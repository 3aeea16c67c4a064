"""The gateway's own responses, rendered from the template's GatewayResponses."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.http import Answer, Request

_STATUS = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "REQUEST_TOO_LARGE": 413,
    "UNAUTHORIZED": 401,
    # There is no separate kind to configure: a Lambda proxy integration's failure uses DEFAULT_5XX.
    "DEFAULT_5XX": 502,
}
_EXCEPTION = {
    "ACCESS_DENIED": "AccessDeniedException",
    "INVALID_SIGNATURE": "IncompleteSignatureException",
    "MISSING_AUTHENTICATION_TOKEN": "MissingAuthenticationTokenException",
    "REQUEST_TOO_LARGE": "RequestTooLongException",
    "UNAUTHORIZED": "UnauthorizedException",
    "DEFAULT_5XX": "InternalServerErrorException",
}
_DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}
_VARIABLE = re.compile(
    r"\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)|\$\{context\.([A-Za-z0-9_.]+)\}"
)
_HEADER = "gatewayresponse.header."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the gateway responds itself: one of API Gateway's response types, and its message.

    `authorizer` is the context that an authorizer returned with a denial.
    """

    kind: str
    message: str | None
    authorizer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusals:
    """The gateway responses of this API."""

    configured: Mapping[str, Mapping[str, Any]]

    def answer(self, refusal: Refusal, request: Request, context: Mapping[str, Any]) -> Answer:
        """Return the response: that of the kind, or else the default of its class."""
        own_status = _STATUS[refusal.kind]
        fallback = "DEFAULT_4XX" if own_status < 500 else "DEFAULT_5XX"
        response = self.configured.get(refusal.kind) or self.configured.get(fallback) or {}
        templates = response.get("responseTemplates") or _DEFAULT_TEMPLATES
        media_type = _media_type(templates, request)
        values = {**context, "authorizer": refusal.authorizer, "error": _error(refusal)}
        headers = {
            "Content-Type": media_type,
            "x-amzn-RequestId": str(context["requestId"]),
            "x-amzn-ErrorType": _EXCEPTION.get(refusal.kind, "InternalServerErrorException"),
        }
        for name, expression in (response.get("responseParameters") or {}).items():
            if name.startswith(_HEADER):
                header = name.removeprefix(_HEADER)
                headers = {
                    key: value for key, value in headers.items() if key.lower() != header.lower()
                }
                headers[header] = _mapped(expression, request, values)
        body = _VARIABLE.sub(
            lambda found: _text(values, found[1] or found[2]), templates[media_type]
        )
        status = int(response.get("statusCode") or own_status)
        return Answer(status, tuple(headers.items()), body.encode())


def _media_type(templates: Mapping[str, str], request: Request) -> str:
    accepted = [
        part.partition(";")[0].strip().lower()
        for part in (request.header("Accept") or "").split(",")
    ]
    wanted = next((media_type for media_type in templates if media_type in accepted), None)
    return wanted or (
        "application/json" if "application/json" in templates else next(iter(templates))
    )


def _error(refusal: Refusal) -> dict[str, str]:
    return {
        "message": refusal.message or "null",
        "messageString": json.dumps(refusal.message),
        "responseType": refusal.kind,
        "validationErrorString": "",
    }


def _mapped(expression: str, request: Request, values: Mapping[str, Any]) -> str:
    if expression.startswith("'"):
        return expression[1:-1]
    if expression.startswith("context."):
        return _text(values, expression.removeprefix("context."))
    if expression.startswith("method.request.header."):
        return request.header(expression.removeprefix("method.request.header.")) or ""
    raise ValueError(f"The local gateway cannot map {expression}.")


def _text(values: Mapping[str, Any], path: str) -> str:
    value: Any = values
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)
