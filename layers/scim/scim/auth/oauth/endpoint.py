"""The Lambda handler of the token endpoint, our public keys and the metadata."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from scim.auth.oauth.client import ClientAuthentication, Form, KnownClient, OAuthError
from scim.auth.oauth.token import (
    KEYS_PATH,
    LONGEST_LIFETIME,
    METADATA_PATH,
    TOKEN_PATH,
    MintedTokens,
)
from scim.errors import TooManyRequests, Unavailable
from scim.log import log_not_served

MAX_BODY = 16_384
_MEDIA_TYPE = "application/x-www-form-urlencoded"
_NO_STORE = "no-store"

Answer = dict[str, Any]


def token_endpoint(
    minted: MintedTokens, clients: ClientAuthentication, now: Callable[[], float], seconds: int
) -> Callable[[Mapping[str, Any], Any], Answer]:
    """Return the Lambda handler; its tokens live for `seconds`, and at most an hour."""
    lifetime = min(seconds, LONGEST_LIFETIME)

    documents = {METADATA_PATH: minted.metadata, KEYS_PATH: minted.jwks}

    def handler(event: Mapping[str, Any], _context: Any) -> Answer:
        match event["httpMethod"], event["resource"]:
            case "GET" | "HEAD" as method, path if path in documents:
                answer = _document(documents[path])
                return answer if method == "GET" else {**answer, "body": ""}
            case "POST", path if path == TOKEN_PATH:
                return _token(event)
        return _answer(404, {"error": "not_found"})

    def _token(event: Mapping[str, Any]) -> Answer:
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        authorization = headers.get("authorization")
        try:
            form = _form(event, headers.get("content-type", ""))
            client = clients.client(form, authorization)
            scopes = _scopes(form, client)
            token = minted.token(client, scopes, now(), lifetime)
        except OAuthError as error:
            return _refusal(error, authorization)
        except (Unavailable, TooManyRequests) as error:
            return _busy(error)
        members = {"token_type": "Bearer", "expires_in": lifetime, "scope": " ".join(scopes)}
        return _answer(200, {"access_token": token, **members})

    return handler


def _form(event: Mapping[str, Any], media_type: str) -> Form:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8", errors="replace")
    is_form = media_type.partition(";")[0].strip().lower() == _MEDIA_TYPE
    if (body and not is_form) or len(body) > MAX_BODY:
        raise OAuthError("invalid_request", f"Send a form: {_MEDIA_TYPE}.")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    # RFC 6749 section 3.2: no parameter may be repeated, and one without a value counts as omitted.
    if len(dict(pairs)) != len(pairs):
        raise OAuthError("invalid_request", "A parameter occurs twice.")
    form = {name: value for name, value in pairs if value}
    # The endpoint's URI may have a query (same section). Some clients have no other place for grant_type.
    grant_type = form.get("grant_type") or _query(event).get("grant_type")
    if not grant_type:
        raise OAuthError("invalid_request", "grant_type is missing; send client_credentials.")
    if grant_type != "client_credentials":
        raise OAuthError("unsupported_grant_type", "grant_type must be client_credentials.")
    return form


def _query(event: Mapping[str, Any]) -> Mapping[str, str]:
    return event.get("queryStringParameters") or {}


def _scopes(form: Form, client: KnownClient) -> tuple[str, ...]:
    """Return the requested scopes, or all of the client's scopes if it requests none. Raises OAuthError."""
    requested = tuple(word for word in form.get("scope", "").split(" ") if word)
    if not set(requested) <= set(client.scopes):
        raise OAuthError("invalid_scope", "The client does not have a requested scope.")
    return requested or client.scopes


def _refusal(error: OAuthError, authorization: str | None) -> Answer:
    body = {"error": error.code, "error_description": error.description}
    if error.code != "invalid_client":
        return _answer(400, body)
    answer = _answer(401, body)
    # RFC 6749 section 5.2 requires it; API Gateway sends it as x-amzn-Remapped-WWW-Authenticate.
    if authorization is not None:
        answer["headers"]["WWW-Authenticate"] = 'Basic realm="scim"'
    return answer


def _document(read: Callable[[], Mapping[str, Any]]) -> Answer:
    try:
        return _answer(200, read(), "public, max-age=300")
    except Unavailable as error:
        return _busy(error)


def _busy(error: Unavailable | TooManyRequests) -> Answer:
    log_not_served(error, 503)
    answer = _answer(503, {"error": "temporarily_unavailable", "error_description": error.detail})
    answer["headers"] |= error.headers()
    return answer


def _answer(status: int, body: Mapping[str, Any], cache: str = _NO_STORE) -> Answer:
    headers = {"Content-Type": "application/json", "Cache-Control": cache}
    if cache == _NO_STORE:
        headers["Pragma"] = "no-cache"  # RFC 6749 section 5.1 requires both
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
