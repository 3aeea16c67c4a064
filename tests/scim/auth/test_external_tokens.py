"""Which tenant a token of another issuer belongs to, and what is loaded to find out."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scim.auth.external_tokens import MAX_CANDIDATES, ExternalTokens, external_tokens
from scim.auth.http_client import Outbound
from scim.auth.jws import IssuerSilent
from scim.auth.not_authorized import NotAuthorized
from tests.fakes.authorization_server import AuthorizationServer

ROOT = Path(__file__).parents[3]


@pytest.fixture
def tokens(known: Any) -> ExternalTokens:
    secrets = {"as-client": "s3cret:with colon"}
    return external_tokens(known, secrets.__getitem__, Outbound(allows_loopback=True), None)


@pytest.mark.parametrize("path", [None, "acme", "globex"])
def test_the_tenant_of_a_signed_token_does_not_depend_on_the_path(
    tokens: ExternalTokens, server: AuthorizationServer, path: str | None
) -> None:
    principal = tokens.principal_of(server.token(), path)
    assert principal is not None
    assert principal.tenant == "acme"


def test_a_claim_tells_tenants_of_one_issuer_apart(
    tokens: ExternalTokens, known: Any, signing: dict[str, Any], server: AuthorizationServer
) -> None:
    known.documents = [
        ("acme", signing | {"claims": {"tid": "1"}}),
        ("globex", signing | {"claims": {"tid": "2"}}),
    ]
    of_second = tokens.principal_of(server.token(tid="2"), None)
    assert of_second is not None
    assert of_second.tenant == "globex"
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token(tid="3"), None)
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token(tid=2), None)


def test_a_token_is_of_one_issuer_of_a_tenant_also_when_its_answer_is_remembered(
    tokens: ExternalTokens, known: Any, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    issuers = ["https://one.example", "https://two.example"]
    known.documents = [("acme", asking | {"issuer": issuer}) for issuer in issuers]
    server.active["opaque"] = {"active": True, "iss": issuers[0]}
    for _ in range(2):
        assert tokens.principal_of("opaque", "acme").tenant == "acme"


def test_a_token_that_two_tenants_would_accept_is_refused(
    tokens: ExternalTokens, known: Any, signing: dict[str, Any], server: AuthorizationServer
) -> None:
    known.documents = [("acme", signing), ("globex", signing)]
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token(), None)
    # Not by the path either: the gateway would remember the first one's answer for the second.
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token(), "globex")


@pytest.mark.parametrize("path", [None, "acme"])
def test_the_silent_key_server_of_one_tenant_refuses_no_caller_of_another(
    tokens: ExternalTokens,
    known: Any,
    signing: dict[str, Any],
    server: AuthorizationServer,
    path: str | None,
) -> None:
    silent = signing | {"jwksUri": "http://127.0.0.1:9/keys"}
    known.documents = [("globex", silent), ("acme", signing)]
    assert tokens.principal_of(server.token(), path).tenant == "acme"
    # Whoever comes by the path of the tenant whose server is silent may be its caller.
    with pytest.raises(IssuerSilent):
        tokens.principal_of(server.token(), "globex")


def test_an_issuer_may_have_any_number_of_tenants_that_a_claim_tells_apart(
    tokens: ExternalTokens, known: Any, signing: dict[str, Any], server: AuthorizationServer
) -> None:
    many = 2 * MAX_CANDIDATES
    known.documents = [
        (f"tenant{number}", signing | {"claims": {"tid": str(number)}}) for number in range(many)
    ]
    last = tokens.principal_of(server.token(tid=str(many - 1)), None)
    assert last.tenant == f"tenant{many - 1}"
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of(server.token(tid="none"), None)
    assert refused.value.reason.startswith("its claims are those of no tenant")


def test_without_any_issuer_everybody_is_refused(
    tokens: ExternalTokens, known: Any, server: AuthorizationServer
) -> None:
    known.documents = []
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token(), None)
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of("opaque", "acme")
    assert refused.value.reason == "the token is not known"
    assert tokens.challenge("acme") is None
    assert server.asked == []


@pytest.mark.parametrize("token", ["scim_abc_" + "x" * 43, "scim_a.b.c"])
def test_a_token_of_this_service_is_not_sent_to_an_issuer(
    tokens: ExternalTokens,
    known: Any,
    asking: dict[str, Any],
    server: AuthorizationServer,
    token: str,
) -> None:
    known.documents = [("acme", asking)]
    with pytest.raises(NotAuthorized):
        tokens.principal_of(token, "acme")
    assert server.asked == []


def test_an_opaque_token_is_asked_about_only_where_the_path_names_its_tenant(
    tokens: ExternalTokens, known: Any, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    known.documents = [("acme", asking)]
    server.active["rpt"] = {"active": True, "scope": "scim.read", "sub": "somebody"}
    with pytest.raises(NotAuthorized):
        tokens.principal_of("rpt", None)
    with pytest.raises(NotAuthorized):
        tokens.principal_of("rpt", "globex")
    assert server.asked == []
    principal = tokens.principal_of("rpt", "acme")
    assert principal is not None
    assert (principal.tenant, principal.subject) == ("acme", "externalId:somebody")
    assert principal.scopes == frozenset({"users:view"})


@pytest.mark.parametrize("shape", ["opaque", "of three parts"])
@pytest.mark.parametrize(
    ("path", "whose"), [("acme", "acme"), ("globex", "globex"), ("umbrella", None), (None, None)]
)
def test_a_token_asked_about_that_two_tenants_accept_belongs_to_the_one_in_the_path(
    tokens: ExternalTokens,
    known: Any,
    asking: dict[str, Any],
    server: AuthorizationServer,
    shape: str,
    path: str | None,
    whose: str | None,
) -> None:
    known.documents = [("acme", asking), ("globex", asking)]
    token = "opaque" * 8 if shape == "opaque" else server.token()
    server.active[token] = {"active": True, "scope": "scim.read", "sub": "somebody"}
    if whose is None:
        with pytest.raises(NotAuthorized):
            tokens.principal_of(token, path)
    else:
        assert tokens.principal_of(token, path).tenant == whose


def test_a_token_one_tenant_verifies_and_another_introspects_is_refused(
    tokens: ExternalTokens,
    known: Any,
    asking: dict[str, Any],
    signing: dict[str, Any],
    server: AuthorizationServer,
) -> None:
    known.documents = [("acme", signing), ("globex", asking)]
    token = server.token()
    server.active[token] = {"active": True, "scope": "scim.read"}
    with pytest.raises(NotAuthorized):
        tokens.principal_of(token, "globex")


def test_a_jwt_may_be_one_that_is_asked_about(
    tokens: ExternalTokens, known: Any, asking: dict[str, Any], server: AuthorizationServer
) -> None:
    known.documents = [("acme", asking)]
    token = server.token()
    with pytest.raises(NotAuthorized):
        tokens.principal_of(token, None)
    server.active[token] = {"active": True, "scope": "scim.read"}
    assert tokens.principal_of(token, None) is not None


def test_only_a_signed_token_loads_cryptography() -> None:
    script = """
import os, runpy, sys
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "local"
os.environ["TABLE_NAME"] = "table"
runpy.run_path("../../functions/authorizer/app.py")
from scim.auth.external_tokens import external_tokens
from scim.auth.http_client import Outbound
from scim.auth.not_authorized import NotAuthorized

class NoIssuers:
    def named(self, issuer): return ()
    def of_tenant(self, tenant): return ()

tokens = external_tokens(NoIssuers(), str, Outbound(), None)
for token in ("opaque" * 10, "eyJhbGciOiJub25lIn0.e30.c2ln"):
    try:
        tokens.principal_of(token, "acme")
    except NotAuthorized:
        continue
    raise AssertionError(token)
assert tokens.challenge("acme") is None
print(sorted({"jwt", "cryptography", "aws_lambda_powertools"} & sys.modules.keys()))
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT / "layers/scim",
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"
