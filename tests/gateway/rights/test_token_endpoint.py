"""A client's secret or assertion leads to a token and to a user, through the gateway."""

import base64
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
from local.http import Answer
from scim.access.client import OAuthClient
from scim.access.tenant import Tenant
from scim.access.token import hash_of
from scim.bootstrap.access import access_in
from scim.store.access.clients import StoredClients
from tests.fakes.authorization_server import EC, RSA, AuthorizationServer, running

SECRET, NEXT_SECRET = "s" * 48, "n" * 48
FORM = "application/x-www-form-urlencoded"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BASE = f"http://{ADDRESS}"
USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    overrides = {"TokenEndpoint": "true", "TokenSeconds": "600", "SCIM_LOOPBACK_ISSUERS": "1"}
    with Gateway.start(overrides=overrides) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def clients(gateway: Gateway, server: AuthorizationServer) -> StoredClients:
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    access.tenants.create(Tenant("acme", "2026-01-01T00:00:00.000Z"))
    jwks = {"keys": [{**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"}]}
    common: dict[str, Any] = {
        "tenant": "acme",
        "scopes": ("users:*", "groups:list"),
        "label": "",
        "created_at": "2026-01-01T00:00:00.000Z",
    }
    hashes = (hash_of(SECRET), hash_of(NEXT_SECRET))
    for client in (
        OAuthClient("secretive", secret_hashes=hashes, **common),
        OAuthClient("signing", jwks=json.dumps(jwks), **common),
        OAuthClient("publishing", jwks_uri=f"{server.url}/jwks", **common),
        OAuthClient("gone", secret_hashes=hashes, revoked_at="2026-02-01T00:00:00.000Z", **common),
        OAuthClient("keyless", **common),
        OAuthClient(
            "narrow", secret_hashes=hashes, filters='{"User":"title eq \\"x\\""}', **common
        ),
    ):
        access.clients.save(client)
    return access.clients


def ask(
    gateway: Gateway, headers: dict[str, str] | None = None, **form: str
) -> tuple[int, Any, Answer]:
    body = urlencode({"grant_type": "client_credentials"} | form).encode()
    sent = {"Content-Type": FORM, **(headers or {})}
    answer = gateway.handle("POST", "/oauth2/token", sent, body)
    return answer.status, json.loads(answer.body), answer


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def assertion(client_id: str, key: Any = EC, algorithm: str = "ES256", **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": BASE,
        "iat": now,
        "exp": now + 60,
        "jti": f"{time.time_ns()}",
    } | changed
    kid = "ec" if key is EC else "rsa"
    held = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(held, key, algorithm, {"kid": kid})


def by(token: str) -> dict[str, str]:
    return {"client_assertion_type": ASSERTION, "client_assertion": token}


def scim(gateway: Gateway, method: str, path: str, token: str, body: Any = None) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    content = b"" if body is None else json.dumps(body).encode()
    return gateway.handle(method, path, headers, content)


def test_the_token_endpoint_is_one_of_the_schemes(gateway: Gateway, clients: StoredClients) -> None:
    token = ask(gateway, basic("secretive", SECRET))[1]["access_token"]
    config = json.loads(scim(gateway, "GET", "/scim/v2/ServiceProviderConfig", token).body)
    shown = [each["type"] for each in config["authenticationSchemes"]]
    assert shown == ["oauthbearertoken", "oauth2"]


def test_a_client_with_filters_sees_resources_inside_them(
    gateway: Gateway, clients: StoredClients
) -> None:
    whole, narrow = (
        ask(gateway, basic(name, SECRET))[1]["access_token"] for name in ("secretive", "narrow")
    )
    hidden = {**USER, "userName": "outside"}
    made = json.loads(scim(gateway, "POST", "/scim/v2/Users", whole, hidden).body)
    place = f"/scim/v2/Users/{made['id']}"
    assert scim(gateway, "POST", "/scim/v2/Users", narrow, {**USER, "title": "y"}).status == 403
    assert scim(gateway, "GET", place, narrow).status == 404
    assert scim(gateway, "DELETE", place, whole).status == 204


@pytest.mark.parametrize("secret", [SECRET, NEXT_SECRET])
def test_a_user_is_created_with_a_token_for_a_clients_secret(
    gateway: Gateway, clients: StoredClients, secret: str
) -> None:
    status, answer, raw = ask(gateway, basic("secretive", secret))
    assert status == 200
    headers = dict(raw.headers)
    assert (headers["Cache-Control"], headers["Pragma"]) == ("no-store", "no-cache")
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 600)
    token = answer["access_token"]
    header, claims = (
        jwt.get_unverified_header(token),
        jwt.decode(token, options={"verify_signature": False}),
    )
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    assert claims["exp"] - claims["iat"] == 600
    user = scim(gateway, "POST", "/scim/v2/Users", token, USER | {"userName": secret[:5]})
    assert user.status == 201
    assert scim(gateway, "GET", "/acme/scim/v2/Users", token).status == 200
    assert scim(gateway, "GET", "/demo/scim/v2/Users", token).status == 403
    assert scim(gateway, "POST", "/scim/v2/Groups", token, {}).status == 403


def test_a_secret_may_be_sent_in_the_form(gateway: Gateway, clients: StoredClients) -> None:
    status, answer, _ = ask(
        gateway, client_id="secretive", client_secret=SECRET, scope="groups:list"
    )
    assert (status, answer["scope"]) == (200, "groups:list")
    token = answer["access_token"]
    assert scim(gateway, "GET", "/scim/v2/Groups", token).status == 200
    assert scim(gateway, "POST", "/scim/v2/Users", token, USER).status == 403


@pytest.mark.parametrize("audience", [BASE, f"{BASE}/oauth2/token", [BASE]])
def test_an_assertion_is_proof_too(gateway: Gateway, clients: StoredClients, audience: Any) -> None:
    assert ask(gateway, **by(assertion("signing", aud=audience)))[0] == 200


def test_a_client_may_publish_its_keys(gateway: Gateway, clients: StoredClients) -> None:
    assert ask(gateway, **by(assertion("publishing", RSA, "PS256")))[0] == 200


def test_an_assertion_is_good_once(gateway: Gateway, clients: StoredClients) -> None:
    token = assertion("signing")
    assert ask(gateway, **by(token))[0] == 200
    assert ask(gateway, **by(token))[0] == 401
    repeated = assertion("signing", jti="again")
    assert ask(gateway, **by(repeated))[0] == 200
    assert (
        ask(gateway, **by(assertion("signing", jti="again", exp=int(time.time()) + 90)))[0] == 401
    )


NOW = int(time.time())


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda: assertion("signing", RSA, "RS256"), id="another key"),
        pytest.param(lambda: assertion("signing", aud="https://other.example.com"), id="audience"),
        pytest.param(lambda: assertion("signing", exp=NOW - 60, iat=NOW - 90), id="expired"),
        pytest.param(lambda: assertion("signing", exp=NOW + 3600), id="long-lived"),
        pytest.param(lambda: assertion("signing", exp=None), id="no end"),
        pytest.param(lambda: assertion("signing", jti=None), id="no id"),
        pytest.param(lambda: assertion("signing", sub="secretive"), id="of somebody else"),
        pytest.param(lambda: assertion("secretive"), id="of a client without keys"),
        pytest.param(lambda: assertion("keyless"), id="of a client without anything"),
        pytest.param(lambda: assertion("nobody"), id="of nobody"),
        pytest.param(lambda: assertion("../x#y"), id="of what can be no client"),
        pytest.param(lambda: assertion("signing") + "x", id="changed"),
        pytest.param(lambda: "a.b.c", id="garbage"),
        pytest.param(lambda: "", id="empty"),
    ],
)
def test_a_forged_assertion_proves_nothing(
    gateway: Gateway, clients: StoredClients, forged: Any
) -> None:
    status, body, _ = ask(gateway, **by(forged()))
    assert (status, body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("headers", "form", "status", "error"),
    [
        (basic("secretive", "x" * 48), {}, 401, "invalid_client"),
        (basic("secretive", ""), {}, 401, "invalid_client"),
        (basic("nobody", SECRET), {}, 401, "invalid_client"),
        (basic("gone", SECRET), {}, 401, "invalid_client"),
        (basic("keyless", SECRET), {}, 401, "invalid_client"),
        (basic("signing", SECRET), {}, 401, "invalid_client"),
        ({"Authorization": "Bearer x"}, {}, 401, "invalid_client"),
        ({"Authorization": "Basic !"}, {}, 401, "invalid_client"),
        ({}, {}, 401, "invalid_client"),
        ({}, {"client_id": "secretive"}, 401, "invalid_client"),
        (basic("secretive", SECRET), {"client_secret": SECRET}, 400, "invalid_request"),
        (basic("secretive", SECRET), {"client_id": "signing"}, 401, "invalid_client"),
        (basic("secretive", SECRET), {"scope": "*"}, 400, "invalid_scope"),
        (basic("secretive", SECRET), {"scope": "users:* groups:*"}, 400, "invalid_scope"),
        (basic("secretive", SECRET), {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (basic("secretive", SECRET), {"grant_type": ""}, 400, "invalid_request"),
        (basic("secretive", SECRET) | {"Content-Type": "text/plain"}, {}, 400, "invalid_request"),
        (basic("secretive", SECRET), {"x": "y" * 20_000}, 400, "invalid_request"),
    ],
)
def test_a_refusal_says_which_kind_it_is(
    gateway: Gateway,
    clients: StoredClients,
    headers: dict[str, str],
    form: dict[str, str],
    status: int,
    error: str,
) -> None:
    answered, body, raw = ask(gateway, headers, **form)
    assert (answered, body["error"]) == (status, error)
    assert SECRET not in raw.body.decode()


def test_a_parameter_without_a_value_counts_as_omitted(
    gateway: Gateway, clients: StoredClients
) -> None:
    empty = {"client_secret": "", "client_assertion": "", "scope": ""}
    status, body, _ = ask(gateway, basic("secretive", SECRET), **empty)
    assert (status, body["scope"]) == (200, "users:* groups:list")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param(
            {"Content-Type": FORM},
            f"&client_id=secretive&client_secret={SECRET}".encode(),
            id="Tirasa/ConnIdSCIMBundle: AbstractSCIMService.getBearerToken (Apache Syncope)",
        ),
        pytest.param(
            basic("secretive", SECRET), b"", id="SAP/scimono: OauthClientCredentialsAuthenticator"
        ),
    ],
)
def test_the_grant_type_may_be_in_the_url(
    gateway: Gateway, clients: StoredClients, headers: dict[str, str], body: bytes
) -> None:
    results = []
    for grant_type in ("client_credentials", "password"):
        answer = gateway.handle("POST", f"/oauth2/token?grant_type={grant_type}", headers, body)
        results.append((answer.status, json.loads(answer.body).get("error")))
    assert results == [(200, None), (400, "unsupported_grant_type")]


def test_credentials_in_the_url_are_not_read(gateway: Gateway, clients: StoredClients) -> None:
    url = f"/oauth2/token?client_id=secretive&client_secret={SECRET}"
    answer = gateway.handle("POST", url, {"Content-Type": FORM}, b"grant_type=client_credentials")
    assert (answer.status, json.loads(answer.body)["error"]) == (401, "invalid_client")


def test_a_repeated_parameter_is_refused(gateway: Gateway, clients: StoredClients) -> None:
    body = b"grant_type=client_credentials&scope=users:*&scope=*"
    answer = gateway.handle(
        "POST", "/oauth2/token", {"Content-Type": FORM, **basic("secretive", SECRET)}, body
    )
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_request")


def test_a_revoked_clients_tokens_open_nothing(gateway: Gateway, clients: StoredClients) -> None:
    client = clients.find("secretive")
    assert client is not None
    short = OAuthClient("short", "acme", ("users:*",), "", client.created_at, client.secret_hashes)
    clients.save(short)
    token = ask(gateway, basic("short", SECRET))[1]["access_token"]
    other = ask(gateway, basic("short", SECRET))[1]["access_token"]
    assert scim(gateway, "GET", "/scim/v2/Users", token).status == 200
    clients.save(
        OAuthClient("short", "acme", ("users:*",), "", client.created_at, (), "", "", "2026")
    )
    # The gateway remembers the first for a minute; the second it has not seen.
    assert scim(gateway, "GET", "/scim/v2/Users", other).status == 401


def test_a_token_signed_by_another_key_is_refused(gateway: Gateway, clients: StoredClients) -> None:
    token = ask(gateway, basic("secretive", SECRET))[1]["access_token"]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    for changed in ({}, {"scope": "*"}):
        forged = jwt.encode(claims | changed, EC, "ES256", header)
        assert scim(gateway, "GET", "/scim/v2/Users", forged).status == 401


def test_a_client_finds_out_by_itself(gateway: Gateway, clients: StoredClients) -> None:
    answer = gateway.handle("GET", "/.well-known/oauth-authorization-server")
    metadata = json.loads(answer.body)
    assert answer.status == 200
    assert metadata["issuer"] == BASE
    assert metadata["token_endpoint"] == f"{BASE}/oauth2/token"
    assert metadata["grant_types_supported"] == ["client_credentials"]
    (key,) = json.loads(gateway.handle("GET", "/oauth2/jwks").body)["keys"]
    token = ask(gateway, basic("secretive", SECRET))[1]["access_token"]
    assert key["kid"] == jwt.get_unverified_header(token)["kid"]
    claims = jwt.decode(
        token, jwt.PyJWK(key), algorithms=["ES256"], audience=f"{BASE}/scim/v2", issuer=BASE
    )
    assert claims["client_id"] == "secretive"
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_no_secret_is_stored(gateway: Gateway, clients: StoredClients) -> None:
    ask(gateway, basic("secretive", SECRET))
    table = gateway.store.tables["Table"]
    items = json.dumps(boto3.client("dynamodb").scan(TableName=table)["Items"], default=str)
    assert SECRET not in items
    assert hash_of(SECRET) in items


def test_without_the_endpoint_nothing_of_it_is_served() -> None:
    with Gateway.start() as gateway:
        assert gateway.handle("GET", "/oauth2/jwks").status == 401
        assert gateway.handle("POST", "/oauth2/token").status == 401
