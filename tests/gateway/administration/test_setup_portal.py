"""The setup portal through the gateway: a link opens once, a session reaches its tenant and nothing else."""

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.template import parameters_of
from scim.access.requests_kept import IS_ON
from scim.access.setup_link import SetupLink
from scim.access.tenant import Tenant
from scim.access.token import hash_of
from scim.bootstrap.administration import administration_on
from scim.bootstrap.credentials import Credentials, credentials_on, table_of_credentials
from scim.fsck.check import violations
from scim.http.console.app import permissions_of
from scim.http.console.setup.tokens import MOST
from scim.service.administration.mapping import draft_kept
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor
from scim.settings import Settings
from scim.store.access.audit_records import StoredActs
from scim.store.access.setup_links import SetupLinks
from scim.store.dynamodb.table import Table
from tests.gateway.administration.browser import ORIGIN, OURS, Browser
from tests.gateway.client import Client

DAY = timedelta(days=1)
NAMES = iter(f"portal{number}" for number in range(1000))


def text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Service:
    """A gateway, and what its operator can do to the table behind it."""

    gateway: Gateway
    links: SetupLinks
    access: Credentials
    table: Table

    @property
    def settings(self) -> Settings:
        return Settings(table_name=self.gateway.store.tables["Table"])

    def tenant(self) -> str:
        name = next(NAMES)
        self.access.tenants.create(Tenant(name, text_of(datetime.now(UTC))))
        return name

    def link(self, tenant: str, /, **more: Any) -> tuple[str, str]:
        now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
        made = SetupLink(secrets.token_hex(6), tenant, text_of(now), text_of(now + DAY), 3600)
        self.links.save(hash_of(secret), replace(made, **more))
        return hash_of(secret), secret

    def browser(self, tenant: str) -> Browser:
        browser = Browser(self.gateway, "setup")
        answer = browser.ask("POST", "session", {"secret": self.link(tenant)[1]})
        assert answer.status == 204
        return browser


@pytest.fixture(name="service", scope="module")
def _service() -> Iterator[Service]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "RequestLog": "200"}) as gateway:
        client = boto3.client("dynamodb")
        table = table_of_credentials(client, gateway.store.tables["Table"])
        yield Service(gateway, SetupLinks(table), credentials_on(table), table)
        items = client.scan(TableName=gateway.store.tables["Table"])["Items"]
        assert violations(items) == []


def test_a_link_is_exchanged_for_a_cookie_that_scripts_and_other_sites_never_see(
    service: Service,
) -> None:
    answer = Browser(service.gateway, "setup").ask(
        "POST", "session", {"secret": service.link(service.tenant())[1]}
    )
    name, *bounds = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-scim-setup=")
    assert set(bounds) == {"Path=/", "Max-Age=3600", "Secure", "HttpOnly", "SameSite=Strict"}


def test_a_link_opens_once(service: Service) -> None:
    _, secret = service.link(service.tenant())
    first, second = Browser(service.gateway, "setup"), Browser(service.gateway, "setup")
    assert first.ask("POST", "session", {"secret": secret}).status == 204
    refused = second.ask("POST", "session", {"secret": secret})
    assert (refused.status, second.cookie) == (401, "")
    assert refused.body["detail"].startswith("This link was already used")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"expires_at": "2026-01-01T00:00:00.000Z"}, "This link has expired."),
        ({"revoked_at": "2026-01-01T00:00:00.000Z"}, "This link was revoked."),
        ({"tenant": ""}, "This link opens nothing"),
        ({"tenant": "gone"}, "The tenant of this link no longer exists."),
    ],
    ids=["expired", "revoked", "the console's", "of nobody"],
)
def test_an_invalid_link_opens_nothing(
    service: Service, change: Mapping[str, str], told: str
) -> None:
    browser = Browser(service.gateway, "setup")
    _, secret = service.link(service.tenant(), **change)
    refused = browser.ask("POST", "session", {"secret": secret})
    assert (refused.status, browser.cookie) == (401, "")
    assert refused.body["detail"].startswith(told)


def test_a_secret_nobody_was_given_opens_nothing(service: Service) -> None:
    assert (
        Browser(service.gateway, "setup").ask("POST", "session", {"secret": "x" * 43}).status == 401
    )
    assert Browser(service.gateway, "setup").ask("POST", "session", {"secret": 5}).status == 401


def test_link_and_tenant_are_asked_again_at_each_call(service: Service) -> None:
    tenant = service.tenant()
    link_hash, secret = service.link(tenant)
    browser = Browser(service.gateway, "setup")
    browser.ask("POST", "session", {"secret": secret})
    settings = service.access.tenants.find(tenant)
    assert settings is not None
    assert browser.ask("GET", "state").status == 200
    suspended = replace(settings, suspended_at="2026-01-01T00:00:00.000Z")
    service.access.tenants.change(settings, suspended)
    assert browser.ask("GET", "state").status == 401
    service.access.tenants.change(suspended, settings)
    assert browser.ask("GET", "state").status == 200
    service.links.revoke(link_hash, "2026-01-01T00:00:00.000Z")
    assert browser.ask("GET", "state").status == 401


def test_a_session_does_not_outlive_its_tenant(service: Service) -> None:
    tenant = service.tenant()
    browser, (_, unused) = service.browser(tenant), service.link(tenant)
    operator = administration_on(boto3.client("dynamodb"), service.settings), Actor("kim")
    performed(*operator, "DELETE", f"/tenants/{tenant}", {})
    assert browser.ask("GET", "state").status == 401
    performed(*operator, "POST", "/tenants", {"name": tenant})
    assert browser.ask("GET", "state").status == 401
    assert browser.ask("POST", "tokens", {}).status == 401
    refused = Browser(service.gateway, "setup").ask("POST", "session", {"secret": unused})
    assert (refused.status, refused.body["detail"]) == (
        401,
        "This link was revoked. Ask for a new one.",
    )


def test_a_cookie_opens_nothing_after_signing_out(service: Service) -> None:
    browser = service.browser(service.tenant())
    kept = browser.cookie
    assert browser.ask("DELETE", "session", {}).status == 204
    browser.cookie = kept
    assert browser.ask("GET", "state").status == 401


ROWS = [
    (method, path, permission)
    for path, methods in permissions_of("setup").rows.items()
    for method, permission in methods.items()
]


@pytest.mark.parametrize(("method", "path", "permission"), ROWS, ids=str)
def test_a_request_without_a_session_is_refused(
    service: Service, method: str, path: str, permission: str
) -> None:
    if permission != "session:open":
        browser = Browser(service.gateway, "setup", "__Host-scim-setup=invented")
        assert browser.ask(method, path.strip("/").replace("{id}", "x"), {}).status == 401


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", sorted({path for _, path, _ in ROWS}))
def test_a_route_has_the_methods_that_the_table_names(
    service: Service, method: str, path: str
) -> None:
    if (method, path) not in {(m, p) for m, p, _ in ROWS}:
        assert Browser(service.gateway, "setup").ask(method, path.strip("/"), {}).status == 405


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({**OURS, "Origin": "https://evil.example"}, id="another origin"),
        pytest.param({**OURS, "Origin": "null"}, id="no origin to speak of"),
        pytest.param({**OURS, "Sec-Fetch-Site": "cross-site"}, id="told by the browser"),
        pytest.param({k: v for k, v in OURS.items() if k != "Origin"}, id="no origin"),
        pytest.param({k: v for k, v in OURS.items() if k != "X-Scim-Console"}, id="a form"),
    ],
)
def test_another_site_cannot_use_the_session(service: Service, headers: Mapping[str, str]) -> None:
    browser = service.browser(service.tenant())
    assert browser.ask("POST", "tokens", {}, headers).status == 403
    assert browser.ask("GET", "state").body["tokens"] == []


def test_a_session_is_no_token_and_a_token_no_session(service: Service) -> None:
    tenant = service.tenant()
    browser = service.browser(tenant)
    made = browser.ask("POST", "tokens", {}).body
    answer = service.gateway.handle("GET", "/scim/v2/Users", {"Cookie": browser.cookie})
    assert answer.status == 401
    bearer = {**OURS, "Authorization": f"Bearer {made['token']}"}
    assert Browser(service.gateway, "setup").ask("GET", "state", headers=bearer).status == 401


def test_a_session_sees_and_ends_tokens_of_its_own_tenants_portal_alone(service: Service) -> None:
    mine, other = service.browser(service.tenant()), service.browser(service.tenant())
    made = other.ask("POST", "tokens", {}).body
    assert mine.ask("GET", "state").body["tokens"] == []
    assert mine.ask("DELETE", f"tokens/{made['id']}", {}).status == 404
    assert mine.ask("POST", "tokens", {"rotates": made["id"]}).status == 404
    assert [each["id"] for each in other.ask("GET", "state").body["tokens"]] == [made["id"]]
    demo = Browser(service.gateway, "setup")
    demo.ask("POST", "session", {"secret": service.link("demo")[1]})
    assert demo.ask("GET", "state").body["tokens"] == []  # the operator made the one of the demo
    assert demo.ask("DELETE", "tokens/local-demo", {}).status == 404


def test_a_token_of_the_portal_opens_users_and_groups_and_no_settings(service: Service) -> None:
    client = Client(
        service.gateway, service.browser(service.tenant()).ask("POST", "tokens", {}).body["token"]
    )
    assert client.send("GET", "/Users").status == 200
    assert client.send("GET", "/Groups").status == 200
    for path in ("/Requests", "/Definitions"):
        assert client.send("GET", path).status == 403


def test_a_token_that_follows_another_overlaps_with_it(service: Service) -> None:
    browser = service.browser(service.tenant())
    first = browser.ask("POST", "tokens", {}).body
    second = browser.ask("POST", "tokens", {"rotates": first["id"], "overlapDays": 3}).body
    assert second["follows"] == first["id"]
    for made in (first, second):
        assert Client(service.gateway, made["token"]).send("GET", "/Users").status == 200
    shown = {each["id"]: each for each in browser.ask("GET", "state").body["tokens"]}
    ends = datetime.fromisoformat(shown[first["id"]]["expiresAt"])
    assert timedelta(days=2, hours=23) < ends - datetime.now(UTC) <= timedelta(days=3)
    assert all(each["usedAt"] for each in shown.values())
    assert browser.ask("DELETE", f"tokens/{first['id']}", {}).status == 204
    service.gateway.forget_verdicts()
    assert Client(service.gateway, first["token"]).send("GET", "/Users").status == 401


def test_the_number_of_tokens_of_a_portal_is_limited(service: Service) -> None:
    browser = service.browser(service.tenant())
    made = [browser.ask("POST", "tokens", {}) for _ in range(MOST)]
    assert {each.status for each in made} == {200}
    for more in ({}, {"rotates": made[0].body["id"]}):
        assert browser.ask("POST", "tokens", more).status == 409
    assert browser.ask("DELETE", f"tokens/{made[0].body['id']}", {}).status == 204
    assert browser.ask("POST", "tokens", {}).status == 200


@pytest.mark.parametrize("bad", [0, 731, -1, True, "7", 1.5], ids=repr)
def test_the_lifetime_of_a_token_is_from_1_to_730_days(service: Service, bad: object) -> None:
    browser = service.browser(service.tenant())
    refused = browser.ask("POST", "tokens", {"days": bad})
    assert refused.status == 400
    assert refused.body["detail"] == "days: expected a whole number from 1 to 730."


def test_progress_is_what_came_with_tokens_of_the_portal(service: Service) -> None:
    tenant = service.tenant()
    browser = service.browser(tenant)
    client = Client(service.gateway, browser.ask("POST", "tokens", {}).body["token"])
    Client(service.gateway).user("somebody@else.example")  # of another tenant
    user = client.user("<b>kim</b>", active=True)
    client.send("POST", "/Users", {"userName": ["x", 2]})
    operations = [{"op": "replace", "value": {"active": False}}]
    client.send("PATCH", f"/Users/{user['id']}", {"schemas": [], "Operations": operations})
    shown: Any = {"requests": 0}
    for _ in range(100):  # written after the answers
        shown = browser.ask("GET", "progress").body
        if shown["requests"] == 3:
            break
        time.sleep(0.05)
    assert {name: each["served"] for name, each in shown["steps"].items()} == {
        "test": True,
        "create": True,
        "deactivate": True,
    }
    (refusal,) = shown["refusals"]
    assert (refusal["status"], refusal["attribute"]) == (400, "userName")
    assert browser.ask("GET", f"progress?after={shown['last']}").body["requests"] == 0
    (users,) = browser.ask("GET", "review").body["types"]
    assert (users["total"], users["names"]) == (1, [{"name": "<b>kim</b>", "isActive": False}])
    health = browser.ask("GET", "health").body
    assert (health["requests"], health["errors"][0]["times"]) == (3, 1)


def test_the_state_says_how_a_token_is_sent_and_whether_requests_are_kept(service: Service) -> None:
    usual = service.browser(service.tenant()).ask("GET", "state").body
    assert (usual["schemes"], usual["keepsRequests"]) == (["bearer", "bare"], True)
    tenant = next(NAMES)
    made = Tenant(tenant, text_of(datetime.now(UTC)), profile="ownidp", schemes=("token",))
    service.access.tenants.create(made)
    operator = administration_on(boto3.client("dynamodb"), service.settings)
    operator.requests.change(tenant, lambda _: {IS_ON: False})
    own = service.browser(tenant).ask("GET", "state").body
    assert (own["schemes"], own["keepsRequests"]) == (["token"], False)


def test_a_trial_shows_which_users_a_list_would_create(service: Service) -> None:
    browser = service.browser(service.tenant())
    token = browser.ask("POST", "tokens", {}).body["token"]
    Client(service.gateway, token).user("lee@example.com")
    rows = [
        "Login;First name;Last name;Email;Active;Shoe size",
        "kim@example.com;Kim;<b>Lee</b>;kim@example.com;true;42",
        "LEE@example.com;Lee;Lee;;;",
        "kim@example.com;Kim;Again;;;",
        "max@example.com;Max;M;;perhaps;",
        ";Nobody;N;;;",
    ]
    found = browser.ask("POST", "trial", {"text": "\r\n".join(rows)}).body
    assert [(each["name"], each["becomes"]) for each in found["people"]] == [
        ("kim@example.com", "new"),
        ("LEE@example.com", "known"),
        ("kim@example.com", "twice"),
        ("max@example.com", "refused"),
        ("", "refused"),
    ]
    assert "boolean" in found["people"][3]["why"]
    assert "userName" in found["people"][4]["why"]
    told = {each["column"]: (each["attribute"], each["sample"]) for each in found["columns"]}
    assert told["Login"] == ("userName", "kim@example.com")
    assert told["Last name"] == ("name.familyName", "<b>Lee</b>")
    assert told["Shoe size"] == (None, "42")
    (users,) = browser.ask("GET", "review").body["types"]
    assert users["total"] == 1  # nothing was stored


@pytest.mark.parametrize("text", [None, 5, "", "userName", "name\nkim", "userName\n" + "k\n" * 101])
def test_a_malformed_list_is_refused(service: Service, text: object) -> None:
    assert service.browser(service.tenant()).ask("POST", "trial", {"text": text}).status == 400


def test_every_column_of_the_example_on_the_page_is_used(service: Service) -> None:
    page = Path("layers/scim/scim/http/console/static/text.js").read_text("utf-8")
    example = re.search(r'example: "(userName.*)"', page)
    assert example is not None
    row = ",".join("kim@example.com" for _ in example[1].split(","))
    found = service.browser(service.tenant()).ask("POST", "trial", {"text": f"{example[1]}\n{row}"})
    assert [each["attribute"] for each in found.body["columns"]] == [
        "userName",
        "name.givenName",
        "name.familyName",
        "emails",
    ]


def test_roles_given_by_groups_are_proposed_and_not_in_force(service: Service) -> None:
    tenant, operator = (
        service.tenant(),
        administration_on(boto3.client("dynamodb"), service.settings),
    )
    browser = service.browser(tenant)
    client = Client(service.gateway, browser.ask("POST", "tokens", {}).body["token"])
    user = client.user("kim@example.com")
    group = client.group("Engineering", user["id"])
    shown = browser.ask("GET", "mapping").body
    assert [each["displayName"] for each in shown["groups"]] == ["Engineering"]
    assert (shown["gives"], shown["draft"]) == (["roles", "entitlements"], None)

    kept = {"attributes": [{"target": "title", "value": "Engineer"}]}
    draft_kept(operator, tenant, kept, "operator")
    rules = [{"displayName": "Engineering", "roles": ["developer"]}, {"displayName": "Empty"}]
    assert browser.ask("PUT", "mapping", {"groups": rules}).body["draft"] == rules[:1]
    assert "roles" not in client.send("GET", f"/Users/{user['id']}").body
    draft = operator.mapping_drafts.find(tenant)
    assert draft is not None
    assert draft.document == {**kept, "groups": rules[:1]}
    assert draft.author.startswith("setup:")
    asked = {"revision": draft.revision}
    performed(operator, Actor("kim"), "POST", f"/tenants/{tenant}/mapping/activate", asked)
    service.gateway.forget_verdicts()
    assert client.send("GET", f"/Users/{user['id']}").body["roles"][0]["value"] == "developer"
    assert browser.ask("GET", "mapping").body["inForce"] == rules[:1]
    client.send("DELETE", f"/Groups/{group['id']}")


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (None, "groups: expected a list"),
        ([5], "mapping.groups.0"),
        ([{"displayName": "a", "scopes": ["*"], "roles": ["a"]}], "mapping.groups.0.scopes"),
        ([{"roles": ["a"]}], "mapping.groups.0: one of id, displayName and externalId is expected"),
    ],
)
def test_a_malformed_rule_is_not_proposed(service: Service, groups: object, told: str) -> None:
    browser = service.browser(service.tenant())
    answer = browser.ask("PUT", "mapping", {"groups": groups})
    assert (answer.status, told in answer.body["detail"]) == (400, True)
    assert browser.ask("GET", "mapping").body["draft"] is None


def test_every_act_of_a_portal_is_written_down_with_its_session(service: Service) -> None:
    tenant = service.tenant()
    browser = service.browser(tenant)
    first = browser.ask("POST", "tokens", {}).body
    second = browser.ask("POST", "tokens", {"rotates": first["id"]}).body
    browser.ask("DELETE", f"tokens/{first['id']}", {})
    browser.ask("DELETE", "tokens/nobody", {})
    browser.ask("PUT", "state", {"provider": "okta"})
    browser.ask("PUT", "mapping", {"groups": []})
    browser.ask("POST", "activation", {})
    kept = StoredActs(service.table, 1).older(tenant, "~", 20)
    acts = [act for _, act in reversed(kept)]
    assert [(each.operation, each.outcome) for each in acts] == [
        ("openSession", "done"),
        ("createToken", "done"),
        ("rotateToken", "done"),
        ("revokeToken", "done"),
        ("revokeToken", "refused"),
        ("changeSetup", "done"),
        ("draftMapping", "done"),
        ("activateSetup", "refused"),
    ]
    assert {each.actor.partition(":")[0] for each in acts} == {"setup"}
    assert all(made["token"] not in repr(acts) for made in (first, second))


def test_a_setup_that_never_connected_cannot_be_activated(service: Service) -> None:
    browser = service.browser(service.tenant())
    assert browser.ask("POST", "activation", {}).status == 409
    made = browser.ask("POST", "tokens", {}).body
    assert browser.ask("POST", "activation", {}).status == 409
    Client(service.gateway, made["token"]).send("GET", "/Users")
    activated = browser.ask("POST", "activation", {}).body["activatedAt"]
    assert browser.ask("GET", "state").body["activatedAt"] == activated


def test_the_provider_and_the_mail_address_are_remembered(service: Service) -> None:
    tenant = service.tenant()
    browser = service.browser(tenant)
    assert browser.ask("PUT", "state", {"provider": "okta"}).status == 200
    browser.ask("PUT", "state", {"mail": "it@acme.example"})
    shown = service.browser(tenant).ask("GET", "state").body
    assert (shown["provider"], shown["mail"]) == ("okta", "it@acme.example")
    assert shown["baseUrl"] == f"{ORIGIN}/scim/v2"
    assert browser.ask("PUT", "state", {"provider": "../okta"}).status == 400
    assert browser.ask("PUT", "state", {"mail": "x" * 255}).status == 400


@pytest.mark.parametrize("body", ["[]", "{", '{"secret": "x", "secret": "y"}', "x" * 70_000])
def test_a_body_that_is_no_object_is_refused(service: Service, body: str) -> None:
    answer = service.gateway.handle("POST", "/setup/api/session", OURS, body.encode())
    assert answer.status in (400, 413)


def test_pages_that_are_named_may_show_the_portal_within_them_and_no_console() -> None:
    origins = "https://app.example.com https://*.example.org:8443"
    with Gateway.start(overrides={"LogLevel": "ERROR", "PortalFrameAncestors": origins}) as gateway:
        paths = ("/setup/index.html", "/setup/api/state", "/console/index.html")
        told = [dict(gateway.handle("GET", path).headers) for path in paths]
    policies = [each["Content-Security-Policy"].split("; ") for each in told]
    wanted = f"frame-ancestors {origins}"
    assert [wanted in each for each in policies] == [True, True, False]
    assert ["X-Frame-Options" in each for each in told] == [False, False, True]
    assert set(policies[0]) ^ set(policies[2]) == {wanted, "frame-ancestors 'none'"}


@pytest.mark.parametrize("origins", ["https://a.example; script-src *", "http://a.example", "*"])
def test_an_invalid_origin_is_refused_by_the_template(origins: str) -> None:
    declared = parameters_of(Path("template.yaml"))["PortalFrameAncestors"]
    assert re.fullmatch(declared["AllowedPattern"], origins) is None


def test_the_page_is_found_without_its_name(service: Service) -> None:
    answer = service.gateway.handle("GET", "/setup")
    assert (answer.status, dict(answer.headers)["Location"]) == (308, "/setup/index.html")
