"""The responses of the pages' function: JSON, refusals and files, each with security headers."""

from collections.abc import Mapping
from typing import Any

from scim.compact import json_text
from scim.errors import ScimError

_NOBODY = "frame-ancestors 'none'"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    f"base-uri 'none'; form-action 'none'; {_NOBODY}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Answer = dict[str, Any]
"""The response of a Lambda proxy integration."""


def framed_by(response: Answer, ancestors: str) -> Answer:
    """Return a response that pages of these origins, separated by spaces, may show in a frame."""
    headers = dict(response["multiValueHeaders"])
    allowed = CONTENT_SECURITY_POLICY.replace(_NOBODY, f"frame-ancestors {ancestors}")
    headers["Content-Security-Policy"] = [allowed]
    del headers["X-Frame-Options"]  # cannot name origins; browsers use the policy instead
    return {**response, "multiValueHeaders": headers}


def json_answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return JSON that must not be cached, without a body if `body` is None."""
    all_headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        **(headers or {}),
    }
    return answer(status, "" if body is None else json_text(body), all_headers)


def refusal(error: ScimError) -> Answer:
    """Return a refusal: its status and detail."""
    body = {"status": error.status, "detail": error.detail}
    return json_answer(error.status, body, error.headers())


def answer(status: int, body: str, headers: Mapping[str, str | list[str]]) -> Answer:
    """Return a response with the headers of every page; a header may have several values."""
    header_values = {
        name: [value] if isinstance(value, str) else value
        for name, value in {**SECURITY, **headers}.items()
    }
    return {
        "statusCode": status,
        "multiValueHeaders": header_values,
        "body": body,
        "isBase64Encoded": False,
    }
