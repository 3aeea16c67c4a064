"""The HTTP rules of the token endpoint; tests/gateway/rights/test_token_endpoint.py covers the rest."""

import base64
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scim.access.client import OAuthClient
from scim.access.token import hash_of
from scim.auth.http_client import Outbound
from scim.auth.jwks import KeySets
from scim.auth.oauth.client import ClientAuthentication
from scim.auth.oauth.endpoint import token_endpoint
from scim.auth.oauth.token import MintedTokens
from scim.errors import TooManyRequests, Unavailable
from tests.scim.auth.oauth.minting import BASE, Known, Signer

SECRET = "s" * 50


class NoClients:
    def find(self, client_id: str) -> None:
        return None

    def use_once(self, client_id: str, assertion_id: str, until: float) -> bool:
        return True


class OutOfReach(NoClients):
    def find(self, client_id: str) -> None:
        raise Unavailable("The store cannot be reached at the moment.", retry_after=5)


class KeyOutOfReach(Signer):
    def public_jwks(self) -> list[dict[str, str]]:
        raise Unavailable("The signing key cannot be used at the moment.", retry_after=5)

    def sign(self, message: bytes) -> bytes:
        raise Unavailable("The signing key cannot be used at the moment.", retry_after=5)


class KnownClients(NoClients):
    def find(self, client_id: str) -> Any:
        return OAuthClient(
            client_id, "acme", ("users:*",), "", "", secret_hashes=(hash_of(SECRET),)
        )


def answer(
    method: str,
    resource: str,
    known: NoClients | None = None,
    signer: Signer | None = None,
    **event: Any,
) -> Any:
    minted = MintedTokens(BASE, signer or Signer(), {"c1": Known()}.get)
    clients = ClientAuthentication(
        known or NoClients(), minted.audiences, KeySets(Outbound().read), time.time
    )
    handler = token_endpoint(minted, clients, time.time, 600)
    return handler({"httpMethod": method, "resource": resource, **event}, None)


@pytest.mark.parametrize("path", ["/oauth2/jwks", "/.well-known/oauth-authorization-server"])
def test_public_keys_and_metadata_may_be_cached(path: str) -> None:
    answered = answer("GET", path)
    assert answered["statusCode"] == 200
    assert answered["headers"]["Cache-Control"] == "public, max-age=300"
    assert json.loads(answered["body"])
    assert answer("HEAD", path) == {**answered, "body": ""}


def test_a_path_that_is_not_its_own_is_not_found() -> None:
    assert answer("GET", "/oauth2/token")["statusCode"] == 404


@pytest.mark.parametrize("is_encoded", [False, True])
def test_a_refusal_is_never_cached(is_encoded: bool) -> None:
    body = "grant_type=client_credentials&client_id=c1&client_secret=" + "s" * 50
    answered = answer(
        "POST",
        "/oauth2/token",
        headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
        body=base64.b64encode(body.encode()).decode() if is_encoded else body,
        isBase64Encoded=is_encoded,
    )
    assert answered["statusCode"] == 401
    assert answered["headers"]["Cache-Control"] == "no-store"
    assert json.loads(answered["body"])["error"] == "invalid_client"
    assert "WWW-Authenticate" not in answered["headers"]


@pytest.mark.parametrize(
    "body", [None, "", "grant_type", "a=1&a=2", "&".join(["a=1"] * 30), "a=%ff"]
)
def test_a_body_that_is_no_form_is_an_invalid_request(body: str | None) -> None:
    answered = answer(
        "POST",
        "/oauth2/token",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=body,
    )
    assert answered["statusCode"] == 400
    assert json.loads(answered["body"])["error"] == "invalid_request"


def test_clients_that_cannot_be_looked_up_are_told_to_come_again() -> None:
    answered = answer(
        "POST",
        "/oauth2/token",
        OutOfReach(),
        headers={"content-type": "application/x-www-form-urlencoded"},
        body="grant_type=client_credentials&client_id=c1&client_secret=" + "s" * 50,
    )
    assert (answered["statusCode"], answered["headers"]["Retry-After"]) == (503, "5")
    assert json.loads(answered["body"])["error"] == "temporarily_unavailable"


def test_the_log_has_the_call_of_aws_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    class Denied(NoClients):
        def find(self, client_id: str) -> None:
            error = ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetItem")
            raise TooManyRequests("The store cannot be reached at the moment.") from error

    answer(
        "POST",
        "/oauth2/token",
        Denied(),
        headers={"content-type": "application/x-www-form-urlencoded"},
        body="grant_type=client_credentials&client_id=c1&client_secret=" + "s" * 50,
    )
    (line,) = map(vars, caplog.records)
    assert (line["status"], line["cause"]) == (503, "GetItem: AccessDeniedException")


def test_a_token_that_cannot_be_signed_now_is_to_be_asked_for_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answered = answer(
        "POST",
        "/oauth2/token",
        KnownClients(),
        KeyOutOfReach(),
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=f"grant_type=client_credentials&client_id=c1&client_secret={SECRET}",
    )
    assert (answered["statusCode"], answered["headers"]["Retry-After"]) == (503, "5")
    assert json.loads(answered["body"])["error"] == "temporarily_unavailable"
    assert [line.message for line in caplog.records] == ["not served"]


def test_public_keys_that_cannot_be_read_now_are_not_cached() -> None:
    answered = answer("GET", "/oauth2/jwks", signer=KeyOutOfReach())
    assert (answered["statusCode"], answered["headers"]["Retry-After"]) == (503, "5")
    assert answered["headers"]["Cache-Control"] == "no-store"
