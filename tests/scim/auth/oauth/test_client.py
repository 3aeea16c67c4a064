"""A client authenticates in exactly one way, and a refusal does not say why."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from scim.auth.http_client import Outbound
from scim.auth.introspection import basic
from scim.auth.jwks import KeySets
from scim.auth.oauth.client import ASSERTION, ClientAuthentication, OAuthError
from tests.fakes.authorization_server import EC

SECRET = "s" * 40
AUDIENCE = "https://scim.example.com"
JWKS = json.dumps({"keys": [{**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"}]})


Form = Callable[[], dict[str, str]]
"""Makes a form when it is sent: what it proves is soon too old."""


@dataclass(frozen=True)
class Known:
    client_id: str = "a:b"
    tenant: str = "acme"
    scopes: tuple[str, ...] = ("users:*",)
    secret_hashes: tuple[str, ...] = (hashlib.sha256(SECRET.encode()).hexdigest(),)
    jwks: str = JWKS
    jwks_uri: str = ""
    filters: str = ""
    revoked_at: str | None = None


@dataclass
class Clients:
    known: Known = field(default_factory=Known)
    used: set[str] = field(default_factory=set)

    def find(self, client_id: str) -> Known | None:
        return self.known if client_id == self.known.client_id else None

    def use_once(self, client_id: str, assertion_id: str, until: float) -> bool:
        is_new = assertion_id not in self.used
        self.used.add(assertion_id)
        return is_new


def client(form: dict[str, str], authorization: str | None = None, **known: Any) -> Any:
    clients = ClientAuthentication(
        Clients(Known(**known)), (AUDIENCE,), KeySets(Outbound().read), time.time
    )
    return clients.client(form, authorization)


def asserted(**changed: Any) -> dict[str, str]:
    claims = {
        "iss": "a:b",
        "sub": "a:b",
        "aud": AUDIENCE,
        "exp": int(time.time()) + 60,
        "jti": "1",
    } | changed
    token = jwt.encode(claims, EC, "ES256", {"kid": "ec"})
    return {"client_assertion_type": ASSERTION, "client_assertion": token}


@pytest.mark.parametrize(
    ("form", "authorization"),
    [
        pytest.param(dict, basic("a:b", SECRET), id="Basic, form-encoded"),
        pytest.param(lambda: {"client_id": "a:b"}, basic("a:b", SECRET), id="Basic, named twice"),
        pytest.param(lambda: {"client_id": "a:b", "client_secret": SECRET}, None, id="in the form"),
        pytest.param(asserted, None, id="by assertion"),
        pytest.param(lambda: {**asserted(), "client_id": "a:b"}, None, id="by assertion, named"),
    ],
)
def test_each_way_to_authenticate_a_client_is_enough(form: Form, authorization: str | None) -> None:
    assert client(form(), authorization).tenant == "acme"


@pytest.mark.parametrize(
    ("form", "authorization", "known"),
    [
        pytest.param(dict, None, {}, id="no way"),
        pytest.param(lambda: {"client_assertion": "a.b.c"}, None, {}, id="no type"),
        pytest.param(
            lambda: {**asserted(), "client_assertion_type": "saml"}, None, {}, id="other type"
        ),
        pytest.param(lambda: {**asserted(), "client_id": "other"}, None, {}, id="named otherwise"),
        pytest.param(asserted, None, {"jwks": ""}, id="no keys"),
        pytest.param(asserted, None, {"revoked_at": "2026"}, id="revoked"),
        pytest.param(dict, basic("a:b", SECRET), {"revoked_at": "2026"}, id="revoked, by secret"),
        pytest.param(dict, basic("a:b", SECRET), {"secret_hashes": ()}, id="no secrets"),
        pytest.param(dict, basic("a:b", SECRET[1:]), {}, id="short secret"),
        pytest.param(dict, "Basic é", {}, id="not ASCII"),
        pytest.param(lambda: asserted(sub="other"), None, {}, id="other subject"),
        pytest.param(lambda: asserted(jti=""), None, {}, id="empty id"),
        pytest.param(lambda: asserted(exp=int(time.time()) + 86_400), None, {}, id="long-lived"),
    ],
)
def test_any_other_proof_of_a_client_is_refused(
    form: Form, authorization: str | None, known: Any
) -> None:
    with pytest.raises(OAuthError) as refused:
        client(form(), authorization, **known)
    assert refused.value.code == "invalid_client"


@pytest.mark.parametrize(
    "form", [asserted, lambda: {"client_assertion_type": ASSERTION}, lambda: {"client_secret": ""}]
)
def test_two_ways_to_authenticate_are_an_invalid_request(form: Form) -> None:
    with pytest.raises(OAuthError) as refused:
        client(form(), basic("a:b", SECRET))
    assert refused.value.code == "invalid_request"


def test_the_keys_that_a_client_publishes_are_not_read_for_each_assertion() -> None:
    read: list[str] = []

    def published(url: str) -> Any:
        read.append(url)
        return json.loads(JWKS)

    known = Known(jwks="", jwks_uri="https://client.example.com/keys")
    clients = ClientAuthentication(Clients(known), (AUDIENCE,), KeySets(published), time.time)
    for number in range(3):
        assert clients.client(asserted(jti=str(number)), None) == known
    forged = jwt.encode({"iss": "a:b"}, EC, "ES256", {"kid": "unknown"})
    for _ in range(3):
        with pytest.raises(OAuthError):
            clients.client({"client_assertion_type": ASSERTION, "client_assertion": forged}, None)
    assert read == ["https://client.example.com/keys"]
