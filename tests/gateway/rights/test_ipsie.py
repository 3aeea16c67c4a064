"""The profile `ipsie`: tokens of the token endpoint alone, scope `scim`, no password."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import boto3
import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from local.gateway import ADDRESS, Gateway
from local.seed import client_of
from scim.access.client import OAuthClient
from tests.fakes.authorization_server import EC
from tests.gateway.access import CREATED, access_of, make_tenant, secret_of
from tests.gateway.client import USER, Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER = f"http://{ADDRESS}"


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"TokenEndpoint": "true"}) as gateway:
        boto3.client("dynamodb")
        yield gateway


def _asked(gateway: Gateway, **form: str) -> tuple[int, dict[str, Any]]:
    body = urlencode({"grant_type": "client_credentials"} | form).encode()
    answer = gateway.handle("POST", "/oauth2/token", FORM, body)
    told: dict[str, Any] = json.loads(answer.body)
    return answer.status, told


def _client(gateway: Gateway, **form: str) -> Client:
    id_, secret = client_of("ipsie")
    status, told = _asked(gateway, client_id=id_, client_secret=secret, **form)
    assert (status, told["scope"]) == (200, "scim")
    return Client(gateway, told["access_token"])


def test_a_token_of_the_endpoint_opens_users_groups_bulk_search_and_discovery(
    gateway: Gateway,
) -> None:
    client = _client(gateway, scope="scim")
    made = client.user("kim")
    client.group("all", made["id"])
    urn = "urn:ietf:params:scim:api:messages:2.0:"
    search = {"schemas": [f"{urn}SearchRequest"], "filter": 'userName eq "kim"'}
    bulk = {
        "schemas": [f"{urn}BulkRequest"],
        "Operations": [{"method": "DELETE", "path": f"/Users/{made['id']}"}],
    }
    assert client.send("POST", "/.search", search).body["totalResults"] == 1
    assert client.send("POST", "/Bulk", bulk).body["Operations"][0]["status"] == "204"
    assert client.send("GET", "/ServiceProviderConfig").status == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/Definitions", 403), ("/Me", 403), ("/GroupMembers", 404)]
)
def test_a_token_of_the_endpoint_opens_nothing_else(
    gateway: Gateway, path: str, status: int
) -> None:
    assert _client(gateway).send("GET", path).status == status


def test_an_opaque_token_opens_nothing(gateway: Gateway) -> None:
    secret = secret_of(gateway, "ipsie", "scim")
    assert Client(gateway, secret).send("GET", "/Users").status == 401


def test_scopes_of_a_client_beyond_the_scope_scim_grant_nothing(gateway: Gateway) -> None:
    make_tenant(gateway, "broad", profile="ipsie")
    jwks = {"keys": [{**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"}]}
    client = OAuthClient("broad", "broad", ("*",), "", CREATED, jwks=json.dumps(jwks))
    access_of(gateway).clients.save(client)
    claims = {"iss": "broad", "sub": "broad", "aud": ISSUER, "jti": "once"}
    now = int(time.time())
    signed = jwt.encode({**claims, "iat": now, "exp": now + 60}, EC, "ES256", {"kid": "ec"})
    # RFC 7523 section 2.2: the client shows itself by what it has signed.
    status, told = _asked(gateway, client_assertion_type=ASSERTION, client_assertion=signed)
    assert status == 200
    assert Client(gateway, told["access_token"]).send("GET", "/Users").status == 403


def test_the_profile_has_no_password(gateway: Gateway) -> None:
    client = _client(gateway)
    schema = client.send("GET", f"/Schemas/{USER}").body
    assert "password" not in {each["name"] for each in schema["attributes"]}
    body = {"schemas": [USER], "userName": "secretive", "password": "x"}
    assert client.send("POST", "/Users", body).status == 400


def test_the_metadata_names_the_scope(gateway: Gateway) -> None:
    answer = gateway.handle("GET", "/.well-known/oauth-authorization-server")
    told = json.loads(answer.body)
    assert "scim" in told["scopes_supported"]
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]


def test_discovery_is_as_the_ipsie_profile_requires(gateway: Gateway) -> None:
    client = _client(gateway)
    config = client.send("GET", "/ServiceProviderConfig").body
    assert config["securityEvents"]["asyncRequest"] == "request"
    canonical = {"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"}
    assert {each["type"] for each in config["authenticationSchemes"]} <= canonical
    group = client.send("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").body
    (name,) = (each for each in group["attributes"] if each["name"] == "displayName")
    assert name["uniqueness"] == "server"
    listed = client.send("GET", "/ResourceTypes/Group").body["schemaExtensions"]
    assert [each["schema"].rpartition("extension:")[2] for each in listed] == [
        "groupMembers:2.0:Group"
    ]
