"""Routes with AWS_IAM accept requests signed with the local key and refuse others as AWS does."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.api_gateway.refusal import Refusal
from local.api_gateway.signature import KEY, PRINCIPAL, identity_of
from local.http import Request, request_of

TARGET = "/admin/v1/tenants?count=2&after=a%2Fb"


def _signed(
    key: str = KEY, secret: str = KEY, service: str = "execute-api", body: bytes = b""
) -> dict[str, str]:
    request = AWSRequest("POST", f"http://127.0.0.1:8080{TARGET}", {}, body)
    SigV4Auth(Credentials(key, secret), service, "us-east-1").add_auth(request)
    return {"Host": "127.0.0.1:8080", **dict(request.headers.items())}


def _asked(headers: dict[str, str], body: bytes = b"", target: str = TARGET) -> Request:
    return request_of("POST", target, headers, body)


def test_a_request_signed_with_the_local_key_comes_from_the_local_principal() -> None:
    identity = identity_of(_asked(_signed(body=b'{"name":"acme"}'), b'{"name":"acme"}'))
    assert not isinstance(identity, Refusal)
    assert identity["userArn"] == PRINCIPAL


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "MISSING_AUTHENTICATION_TOKEN"),
        ({"Authorization": "Bearer local-demo-token"}, "INVALID_SIGNATURE"),
        (_signed(key="AKIDOTHER"), "ACCESS_DENIED"),
        (_signed(secret="other"), "INVALID_SIGNATURE"),
        (_signed(service="s3"), "INVALID_SIGNATURE"),
        ({**_signed(), "X-Amz-Date": "yesterday"}, "INVALID_SIGNATURE"),
    ],
    ids=["nothing", "a token", "another key", "another secret", "another service", "no time"],
)
def test_any_other_signature_is_refused(headers: dict[str, str], kind: str) -> None:
    refusal = identity_of(_asked(headers))
    assert isinstance(refusal, Refusal)
    assert refusal.kind == kind


def test_a_signature_is_for_one_body_and_one_target() -> None:
    for changed in (_asked(_signed(), b"{}"), _asked(_signed(), target="/admin/v1/tenants")):
        assert isinstance(identity_of(changed), Refusal)


def test_a_signature_ends_after_minutes() -> None:
    late = datetime.now(UTC) + timedelta(minutes=6)
    assert isinstance(identity_of(_asked(_signed()), late), Refusal)
