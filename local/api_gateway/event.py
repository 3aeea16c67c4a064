"""The events that API Gateway makes from a request: for a Lambda proxy integration and for a REQUEST authorizer."""

import time
import uuid
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from local.api_gateway.routes import Match
from local.http import Headers, Request
from local.intrinsics import ACCOUNT_ID, REGION

# Hop-by-hop fields end at the gateway; the gateway sets the X-Forwarded fields itself.
_DROPPED = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
_OVERWRITTEN = {"x-forwarded-port", "x-forwarded-proto", "x-forwarded-for"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the API is: its id, its stage and the address that clients use, as with a custom domain."""

    api_id: str
    name: str
    address: str
    binary_types: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{self.api_id}/{self.name}"


def context_of(request: Request, match: Match | None, stage: Stage) -> dict[str, Any]:
    """Return the requestContext of one request."""
    now = time.time()
    identity = dict.fromkeys(
        [
            "cognitoIdentityPoolId",
            "accountId",
            "cognitoIdentityId",
            "caller",
            "accessKey",
            "principalOrgId",
            "cognitoAuthenticationType",
            "cognitoAuthenticationProvider",
            "userArn",
            "user",
        ]
    )
    return {
        "resourceId": match.resource.resource_id if match else None,
        "resourcePath": match.resource.path if match else None,
        "httpMethod": request.method,
        "extendedRequestId": b64encode(uuid.uuid4().bytes[:11]).decode(),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "path": request.path,
        "accountId": ACCOUNT_ID,
        "protocol": "HTTP/1.1",
        "stage": stage.name,
        "domainPrefix": stage.address.partition(".")[0],
        "requestTimeEpoch": int(now * 1000),
        "requestId": str(uuid.uuid4()),
        "identity": {
            **identity,
            "sourceIp": request.source_ip,
            "userAgent": request.header("User-Agent"),
        },
        "domainName": stage.address,
        "apiId": stage.api_id,
    }


def method_arn(request: Request, stage: Stage) -> str:
    """Return the ARN that an authorizer's policy is evaluated for: the request's own method and path."""
    return f"{stage.arn}/{request.method}/{request.path.removeprefix('/')}"


def proxy_event(
    request: Request, match: Match, context: Mapping[str, Any], stage: Stage
) -> dict[str, Any]:
    """Return the event of a Lambda proxy integration, payload version 1.0."""
    single, multiple = _header_maps(_forwarded(request, stage))
    query = _query(request.query)
    is_binary = _is_binary(request.header("Content-Type"), stage.binary_types)
    body = b64encode(request.body) if is_binary else request.body
    return {
        "resource": match.resource.path,
        # The path and its parameters keep the client's escapes: unlike an HTTP API, a REST API passes them on
        # undecoded (seen in aws/aws-sam-cli#771 and dherault/serverless-offline#271).
        "path": request.path,
        "httpMethod": request.method,
        "headers": single or None,
        "multiValueHeaders": multiple or None,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": dict(stage.variables) or None,
        "requestContext": dict(context),
        "body": body.decode("utf-8", errors="replace") or None,
        "isBase64Encoded": is_binary and bool(body),
    }


def authorizer_event(
    request: Request, match: Match, context: Mapping[str, Any], stage: Stage
) -> dict[str, Any]:
    """Return the event of a REQUEST authorizer: no body, and empty maps where a proxy event has null."""
    event = proxy_event(request, match, context, stage)
    for name in ("body", "isBase64Encoded"):
        del event[name]
    event["requestContext"].pop("authorizer", None)
    maps = (
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
    )
    empty: dict[str, Any] = {
        name: {} for name in (*maps, "pathParameters", "stageVariables") if event[name] is None
    }
    return {"type": "REQUEST", "methodArn": method_arn(request, stage), **event, **empty}


def _forwarded(request: Request, stage: Stage) -> Headers:
    chain = [value for name, value in request.headers if name.lower() == "x-forwarded-for"]
    kept = tuple(
        (name, value)
        for name, value in request.headers
        if name.lower() not in _DROPPED and name.lower() not in _OVERWRITTEN
    )
    return (
        *kept,
        ("X-Forwarded-For", ", ".join((*chain, request.source_ip))),
        ("X-Forwarded-Port", stage.address.rpartition(":")[2]),
        ("X-Forwarded-Proto", "http"),
    )


def _header_maps(headers: Headers) -> tuple[dict[str, str], dict[str, list[str]]]:
    spelling: dict[str, str] = {}
    multiple: dict[str, list[str]] = {}
    for name, value in headers:
        multiple.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
    return {name: values[-1] for name, values in multiple.items()}, multiple


def _query(query: str) -> dict[str, list[str]]:
    # Decoded exactly once, a plus sign as a space: API Gateway does so, and clients that send forms expect it.
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        values.setdefault(name, []).append(value)
    return values


def _is_binary(content_type: str | None, binary_types: Iterable[str]) -> bool:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return any(binary in ("*/*", media_type) for binary in binary_types)
