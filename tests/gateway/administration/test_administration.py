"""The Admin API as it is deployed: behind AWS's signatures, apart from the API of tenants."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import boto3
import httpx2
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from click import ClickException

from local.api_gateway.signature import KEY, PRINCIPAL
from local.gateway import Gateway
from local.template import TEMPLATE
from scim.bootstrap.administration import administration_on
from scim.profile.shipped import every_mount
from scim.service.administration.openapi import administration_openapi
from scim.settings import Settings
from scim.store.access.audit_records import StoredActs
from scim_cli.administrator import OverApi
from scim_cli.exits import NoAccess
from tests.gateway.administration.wire import HOST, Wire
from tests.gateway.client import Client


@pytest.fixture(name="wire", scope="module")
def _wire(gateway: Gateway) -> Wire:
    return Wire(gateway)


@pytest.fixture(name="admin", scope="module")
def _admin(wire: Wire) -> Iterator[OverApi]:
    with closing(httpx2.Client(transport=wire)) as http:
        yield OverApi(f"http://{HOST}/admin/v1", Credentials(KEY, KEY), "us-east-1", http)


def test_a_tenant_and_its_token_are_made_and_open_the_directory(
    gateway: Gateway, admin: OverApi
) -> None:
    made = admin.call("POST", "/tenants", {"name": "made-here", "profile": "okta"})
    assert made["profile"] == "okta"
    token = admin.call("POST", "/tenants/made-here/tokens", {"scopes": ["users:*"]})
    client = Client(gateway, token["token"], "/made-here/scim/v2")
    assert client.send("GET", "/Users").status == 200
    assert client.send("GET", "/Groups").status == 403
    admin.call("POST", f"/tenants/made-here/tokens/{token['token_id']}/revoke", {})
    gateway.forget_verdicts()
    assert client.send("GET", "/Users").status == 401


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        ("ownidp", "The profile ownidp does not fit: User: the extension .* cannot be removed"),
        ("forsta", r"cannot .* while resources of this type are stored \(1\)"),
    ],
)
def test_a_profile_that_does_not_fit_the_stored_resources_is_refused(
    gateway: Gateway, admin: OverApi, profile: str, why: str
) -> None:
    tenant = f"fitted-to-{profile}"
    admin.call("POST", "/tenants", {"name": tenant})
    # Without resources any profile fits.
    for fitting_profile in (profile, "default"):
        admin.call("PATCH", f"/tenants/{tenant}", {"profile": fitting_profile})
    token = admin.call("POST", f"/tenants/{tenant}/tokens", {})["token"]
    client = Client(gateway, token, f"/{tenant}/scim/v2")
    client.user("kim", emails=[{"value": "kim@example.com"}])
    with pytest.raises(ClickException, match=why):
        admin.call("PATCH", f"/tenants/{tenant}", {"profile": profile})
    for fitting_profile in ("entra", "ipsie", "default+keepsDeleted"):
        changed = admin.call("PATCH", f"/tenants/{tenant}", {"profile": fitting_profile})
        assert changed["profile"] == fitting_profile


def test_a_feed_shows_the_settings_of_the_deployment(admin: OverApi) -> None:
    admin.call("POST", "/tenants", {"name": "followed"})
    feed = admin.call("PUT", "/tenants/followed/feed", {"days": 7})
    assert (feed["on"], feed["days"]) == (None, 7)
    assert feed["deployment"] == {"on": True, "days": 30, "full": True}


def test_a_breaker_and_a_tenant_show_the_limits_of_the_deployment(admin: OverApi) -> None:
    created_tenant = admin.call("POST", "/tenants", {"name": "limited"})
    assert created_tenant["deployment"] == {"rate": 0}
    breaker = admin.call("PUT", "/tenants/limited/breaker", {"number": 7})
    assert (breaker["number"], breaker["percent"]) == (7, None)
    assert breaker["deployment"] == {"number": 1000, "percent": 20}
    tenant = admin.call("GET", "/tenants/limited", {})
    assert (tenant["rate"], tenant["deployment"]) == (None, {"rate": 0})  # no limit locally


def test_an_act_is_the_iam_principals(gateway: Gateway, admin: OverApi) -> None:
    admin.call("POST", "/tenants", {"name": "audited"})
    acts = _acts(gateway, "audited")
    assert [(act.operation, act.actor, act.address) for act in acts] == [
        ("createTenant", PRINCIPAL, "127.0.0.1")
    ]


def _acts(gateway: Gateway, tenant: str) -> list[Any]:
    table = gateway.store.tables["Table"]
    kept = administration_on(boto3.client("dynamodb"), Settings(table_name=table)).acts
    assert isinstance(kept, StoredActs)
    return [act for _, act in kept.older(tenant, "~", 10)]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_request_without_a_signature_is_refused(wire: Wire, method: str) -> None:
    answer = wire.answer(method, "/admin/v1/tenants")
    assert answer.status == 403
    assert json.loads(answer.body) == {"message": "Missing Authentication Token"}


def test_a_token_of_a_tenant_is_no_signature(gateway: Gateway, wire: Wire) -> None:
    headers = {"Host": HOST, "Authorization": "Bearer local-demo-token"}
    answer = gateway.beside("AdminApi").handle("GET", "/admin/v1/tenants", headers)
    assert answer.status == 403
    # At the API of tenants there is nothing of it.
    assert Client(gateway, "local-demo-token", "").send("GET", "/admin/v1/tenants").status == 404


def test_a_wrong_secret_is_refused(admin: OverApi) -> None:
    other = OverApi(admin.url, Credentials(KEY, "wrong"), admin.region, admin.http)
    with pytest.raises(NoAccess, match="signature"):
        other.call("GET", "/tenants", {})


def test_a_blank_is_sent_as_aws_signs_it(admin: OverApi) -> None:
    urls = []
    admin.http.event_hooks = {"request": [lambda request: urls.append(str(request.url))]}
    admin.call("GET", "/tenants/demo/audit", {"principal": "a key/of + two"})
    admin.http.event_hooks = {}
    assert [url.partition("?")[2] for url in urls] == ["principal=a%20key%2Fof%20%2B%20two"]


def test_a_refusal_says_what_was_expected(admin: OverApi) -> None:
    with pytest.raises(ClickException, match=r"no profile octa; .* Did you mean okta\?"):
        admin.call("POST", "/tenants", {"name": "x", "profile": "octa"})


def test_a_body_that_two_readers_could_understand_differently_is_refused(wire: Wire) -> None:
    sent = b'{"name": "a", "NAME": "b"}'
    with closing(httpx2.Client(transport=wire)) as http:
        answer = _Raw(http).post("/tenants", sent)
    assert answer.status_code == 400
    assert "stands twice" in answer.json()["detail"]


class _Raw:
    """Sends bytes as they are, signed."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    def post(self, path: str, content: bytes) -> httpx2.Response:
        url = f"http://{HOST}/admin/v1{path}"
        signed = AWSRequest("POST", url, {"Content-Type": "application/json"}, content)
        SigV4Auth(Credentials(KEY, KEY), "execute-api", "us-east-1").add_auth(signed)
        return self._http.post(url, content=content, headers=dict(signed.headers.items()))


def test_the_document_is_served(admin: OverApi) -> None:
    assert admin.call("GET", "/openapi.json", {}) == administration_openapi()


def test_responses_forbid_caching(wire: Wire) -> None:
    with closing(httpx2.Client(transport=wire)) as http:
        sent = _Raw(http).post("/tenants/demo/tokens", b"{}")
    assert sent.headers["cache-control"] == "no-store"
    assert sent.headers["content-type"] == "application/json"


def test_every_tenant_that_can_be_created_is_served_at_its_path(
    gateway: Gateway, admin: OverApi
) -> None:
    paths = re.findall(r"Path: '?/([A-Za-z0-9_-]+)", TEMPLATE.read_text("utf-8"))
    mounts = [mount.split("/")[1] for mount in every_mount()]
    made = []
    for name in sorted({*paths, *mounts}):
        try:
            admin.call("POST", "/tenants", {"name": name})
        except ClickException:
            continue
        token = admin.call("POST", f"/tenants/{name}/tokens", {"scopes": ["users:*"]})["token"]
        assert Client(gateway, token, f"/{name}/scim/v2").send("GET", "/Users").status == 200
        made.append(name)
    assert {"setup", "console", "v2"}.isdisjoint(made)
    assert "health" in made
