"""The operator's console through the gateway: operations of the Admin API, performed by a session."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.access.setup_link import SetupLink
from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.fsck.check import violations
from scim.http.console.app import permissions_of
from scim.store.access.setup_links import SetupLinks
from tests.gateway.administration.browser import OURS, Browser
from tests.gateway.client import Client

FOREIGN = {**OURS, "Origin": "https://evil.example"}


@dataclass(frozen=True)
class Service:
    """A gateway, and the links of the deployment behind it."""

    gateway: Gateway
    links: SetupLinks
    table: str

    def secret(self, tenant: str = "") -> str:
        now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
        at, ends = (
            each.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            for each in (now, now + timedelta(hours=1))
        )
        self.links.save(hash_of(secret), SetupLink(secrets.token_hex(6), tenant, at, ends, 3600))
        return secret


@pytest.fixture(name="service", scope="module")
def _service() -> Iterator[Service]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "RequestLog": "200"}) as gateway:
        name = gateway.store.tables["Table"]
        client = boto3.client("dynamodb")
        yield Service(gateway, SetupLinks(table_of_credentials(client, name)), name)
        assert violations(client.scan(TableName=name)["Items"]) == []


@pytest.fixture(name="browser", scope="module")
def _browser(service: Service) -> Browser:
    browser = Browser(service.gateway, "console")
    assert browser.ask("POST", "session", {"secret": service.secret()}).status == 204
    assert browser.cookie.startswith("__Host-scim-console=")
    return browser


def test_tenants_are_shown_with_a_state(browser: Browser) -> None:
    found = {each["tenant"]: each for each in browser.ask("GET", "admin/status").body["items"]}
    assert found["entra"]["state"] == "never"
    assert found["ipsie"]["state"] == "never"  # it has a client, and no token
    assert found["demo"]["tokens"] == 1


def test_the_session_performs_operations_of_the_admin_api(
    service: Service, browser: Browser
) -> None:
    made = browser.ask("POST", "admin/tenants/demo/tokens", {"label": "by hand"}).body
    assert Client(service.gateway, made["token"]).send("GET", "/Users").status == 200
    listed = browser.ask("GET", "admin/tenants/demo/tokens").body["items"]
    assert [each["label"] for each in listed if each["token_id"] == made["token_id"]] == ["by hand"]
    assert "token" not in listed[-1]
    revoked = browser.ask("POST", f"admin/tenants/demo/tokens/{made['token_id']}/revoke", {})
    assert (revoked.status, revoked.body["valid"]) == (200, False)
    acts = [
        item
        for item in boto3.client("dynamodb").scan(TableName=service.table)["Items"]
        if item["pk"]["S"].startswith("AUDIT#")
    ]
    assert acts
    assert made["token"] not in json.dumps(acts, default=str)


def test_a_breaker_is_released(browser: Browser) -> None:
    released = browser.ask("POST", "admin/tenants/demo/breaker/release", {"allow": 5})
    assert (released.status, released.body["opened_at"]) == (200, "")
    assert browser.ask("GET", "admin/tenants/demo/breaker").status == 200


def test_resources_are_found_by_type_and_filter(service: Service, browser: Browser) -> None:
    def totals() -> dict[str, int]:
        items = browser.ask("GET", "tenants/demo/types").body["items"]
        return {each["type"]: each["total"] for each in items}

    before = totals()
    Client(service.gateway).user("<i>kim</i>", active=True)
    assert totals() == {"User": before["User"] + 1, "Group": 0}
    wanted = "tenants/demo/resources/User?filter=userName%20sw%20%22%3Ci%22"
    found = browser.ask("GET", wanted).body
    assert (found["totalResults"], found["Resources"][0]["userName"]) == (1, "<i>kim</i>")
    assert browser.ask("GET", "tenants/demo/resources/User?filter=userName").status == 400
    assert browser.ask("GET", "tenants/demo/resources/Robot").status == 404
    assert browser.ask("GET", "tenants/nobody/types").status == 404
    assert browser.ask("GET", "tenants/%23/types").status == 404


def test_a_link_to_a_portal_is_made_and_revoked_from_the_console(
    service: Service, browser: Browser
) -> None:
    made = browser.ask("POST", "admin/tenants/demo/links", {"contact": "help@example.com"}).body
    session = json.dumps({"secret": made["secret"]}).encode()
    opened = service.gateway.handle("POST", "/setup/api/session", OURS, session)
    assert opened.status == 204
    cookie = {**OURS, "Cookie": dict(opened.headers)["Set-Cookie"].partition(";")[0]}
    assert service.gateway.handle("GET", "/setup/api/state", cookie).status == 200
    (listed,) = [
        each
        for each in browser.ask("GET", "admin/tenants/demo/links").body["items"]
        if each["link_id"] == made["link_id"]
    ]
    assert (listed["opens"], "secret" in listed) == (False, False)  # it was used
    at = f"admin/tenants/demo/links/{made['link_id']}/revoke"
    assert browser.ask("POST", at, {}).status == 200
    assert service.gateway.handle("GET", "/setup/api/state", cookie).status == 401
    acts = browser.ask("GET", "admin/tenants/demo/audit?kind=act").body["items"]
    told = [(each["operation"], each["outcome"]) for each in acts[:3]]
    assert told == [("revokeLink", "done"), ("openSession", "done"), ("createLink", "done")]
    assert made["secret"] not in json.dumps(acts)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "console-links"),
        ("GET", "console-links"),
        ("POST", "console-links/abc/revoke"),
    ],
)
def test_a_session_neither_makes_lists_nor_revokes_links_to_the_console(
    browser: Browser, method: str, path: str
) -> None:
    assert browser.ask(method, f"admin/{path}", {} if method == "POST" else None).status == 403


def test_acts_that_concern_no_tenant_are_audited_under_the_name_of_the_service(
    browser: Browser,
) -> None:
    acts = browser.ask("GET", "admin/tenants/scim/audit?kind=act").body["items"]
    assert {each["operation"] for each in acts} == {"openSession"}


def test_a_request_can_be_tried_without_storing_anything(
    service: Service, browser: Browser
) -> None:
    def tried(method: str, path: str, **more: object) -> Any:
        return browser.ask("POST", "tenants/demo/trial", {"method": method, "path": path, **more})

    user = Client(service.gateway).user("trial@example.com", title="Ms")
    operations = [{"op": "Replace", "path": "title", "value": "Dr"}]
    body = {"schemas": [], "Operations": operations}
    answer = tried("PATCH", f"/Users/{user['id']}", body=body).body
    assert answer["status"] == 200
    assert answer["body"]["operations"] == [{"op": "replace", "path": "title", "value": "Dr"}]
    assert answer["body"]["changes"][0]["diff"] == [
        {"path": "title", "before": "Ms", "after": "Dr"}
    ]
    assert answer["cost"].endswith("wcu=0")
    for method, path in (("DELETE", f"/Users/{user['id']}"), ("POST", "/Users")):
        assert tried(method, path, body={"userName": "new@example.com"}).body["status"] == 200
    assert tried("POST", "/Users", body={"userName": "trial@example.com"}).body["status"] == 409
    assert tried("POST", "/Bulk", body={}).body["status"] == 404
    shown = tried("GET", f"/Users/{user['id']}").body
    assert (shown["status"], shown["body"]["title"]) == (200, "Ms")
    found = tried("GET", '/Users?filter=userName%20eq%20"new@example.com"&explain=true').body
    assert found["body"]["totalResults"] == 0
    assert any(name.endswith(":Explanation") for name in found["body"])
    for path in ("Users", "//[", "//example.com/Users"):
        assert tried("GET", path).status == 400
    assert tried("TRACE", "/Users").status == 400
    no_text = {"method": ["GET"], "path": "/Users"}
    assert browser.ask("POST", "tenants/demo/trial", no_text).status == 400


def test_the_console_lists_the_writable_attributes_of_each_type(browser: Browser) -> None:
    types = {each["type"]: each for each in browser.ask("GET", "tenants/demo/types").body["items"]}
    user = {each["path"]: each for each in types["User"]["attributes"]}
    assert user["userName"] == {
        "path": "userName",
        "type": "string",
        "required": True,
        "multiValued": False,
    }
    assert user["emails.value"]["multiValued"]
    assert {"name.givenName", "active", "externalId"} <= user.keys()
    assert not {"id", "groups.value", "meta.version"} & user.keys()


def _paths() -> Iterator[Any]:
    for path, methods in permissions_of("console").rows.items():
        if path not in ("/session", "/sign-in"):
            for method in methods:
                plain = path.replace("{tenant}", "demo").replace("{type}", "User")
                yield method, plain.replace("{path+}", "tenants/demo/breaker").strip("/")


@pytest.mark.parametrize(("method", "path"), list(_paths()))
def test_a_session_of_a_portal_is_none_of_the_console(
    service: Service, method: str, path: str
) -> None:
    portal = Browser(service.gateway, "console")
    refused = portal.ask("POST", "session", {"secret": service.secret("demo")})
    assert (refused.status, portal.cookie) == (401, "")
    answer = service.gateway.handle(
        "POST", "/setup/api/session", OURS, json.dumps({"secret": service.secret("demo")}).encode()
    )
    value = dict(answer.headers)["Set-Cookie"].partition(";")[0].partition("=")[2]
    for name in ("__Host-scim-console", "__Host-scim-setup"):
        portal.cookie = f"{name}={value}"
        assert portal.ask(method, path, {}).status == 401


@pytest.mark.parametrize(("method", "path"), list(_paths()))
def test_another_site_cannot_use_the_console(browser: Browser, method: str, path: str) -> None:
    assert browser.ask(method, path, {}, FOREIGN).status == 403


@pytest.mark.parametrize("path", ["admin", "admin/", "tenants/x", "tenants//types", "nothing"])
def test_a_path_that_is_none_is_not_found(browser: Browser, path: str) -> None:
    assert browser.ask("GET", path).status == 404
