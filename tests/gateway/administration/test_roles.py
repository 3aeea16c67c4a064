"""The roles of the functions for operators and portals grant what their code does, for every operation."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import boto3
import httpx2
import pytest
from botocore.credentials import Credentials

from local.api_gateway.signature import KEY
from local.gateway import Gateway
from scim.access.setup_link import SetupLink
from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.moments import time_text
from scim.service.administration.operations import CONSOLE_LINKS, OPERATIONS
from scim.store.access.setup_links import SetupLinks
from scim_cli.administrator import OverApi
from tests.gateway.administration.browser import Browser
from tests.gateway.administration.wire import HOST, Wire
from tests.gateway.client import Client
from tests.gateway.roles.watched import Roles
from tests.gateway.transfer import declared

Call = Callable[..., Any]
ISSUER = "https://issuer.example"
MAPPING = {"attributes": [{"target": "userType", "value": "Employee"}]}


def _over_api(gateway: Gateway) -> Call:
    http = httpx2.Client(transport=Wire(gateway))
    admin = OverApi(f"http://{HOST}/admin/v1", Credentials(KEY, KEY), "us-east-1", http)
    return lambda method, path, **given: admin.call(method, path, given)


def _over_console(gateway: Gateway) -> Call:
    browser = _opened(gateway, "console")

    def call(method: str, path: str, **given: Any) -> Any:
        query = f"?{urlencode(given)}" if method in {"GET", "DELETE"} and given else ""
        body = None if method in {"GET", "DELETE"} else given
        answer = browser.ask(method, f"admin{path}{query}", body)
        assert answer.status < 300, answer.body
        return answer.body

    return call


def _opened(gateway: Gateway, folder: str, tenant: str = "") -> Browser:
    """Return a browser with a session of the console, or of a tenant's portal."""
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    at, ends = time_text(now), time_text(now + timedelta(hours=1))
    table = table_of_credentials(boto3.client("dynamodb"), gateway.store.tables["Table"])
    link = SetupLink(secrets.token_hex(6), tenant, at, ends, 3600)
    SetupLinks(table).save(hash_of(secret), link)
    browser = Browser(gateway, folder)
    assert browser.ask("POST", "session", {"secret": secret}).status == 204
    return browser


@pytest.mark.parametrize(
    ("function", "door"), [("AdminFunction", _over_api), ("ConsoleFunction", _over_console)]
)
def test_operators_use_only_what_their_role_grants(
    function: str, door: Callable[[Gateway], Call], roles: Roles
) -> None:
    with Gateway.start(overrides={"LogLevel": "ERROR", "RequestLog": "50"}) as gateway:
        called, done = door(gateway), set[tuple[str, str]]()

        def call(method: str, path: str, **given: Any) -> Any:
            done.add((method, path.replace("/acme", "/{tenant}")))
            return called(method, path, **given)

        _administer(gateway, call)
        if function == "AdminFunction":  # a session may not call these
            link = call("POST", CONSOLE_LINKS)["link_id"]
            call("POST", f"{CONSOLE_LINKS}/{link}/revoke")
            call("GET", CONSOLE_LINKS)
    assert roles.denied == set()
    assert function in {name for name, _ in roles.asked}
    missed = {
        each.name
        for each in OPERATIONS
        if (function == "AdminFunction" or not each.path.startswith(CONSOLE_LINKS))
        and not any(m == each.method and each.pattern().fullmatch(path) for m, path in done)
    }
    assert missed == set()


def _administer(gateway: Gateway, call: Call) -> None:
    """Perform every operation of the Admin API, with open jobs where jobs are ended."""
    acme = "/tenants/acme"
    for path in ("/profiles", "/status", "/tenants"):
        call("GET", path)
    call("POST", "/tenants", name="acme")
    token = call("POST", f"{acme}/tokens", scopes=["*"])
    client = Client(gateway, token["token"], "/acme/scim/v2")
    job = declared(client, kind="import", format="ndjson").body["id"]
    for path in ("", f"/{job}", f"/{job}/failures"):
        call("GET", f"{acme}/jobs{path}")
    call("POST", f"{acme}/jobs/{job}/cancel")
    call("PATCH", acme, rate=1000)
    declared(client, kind="import", format="ndjson")
    call("POST", f"{acme}/suspend")
    call("POST", f"{acme}/resume")
    gateway.forget_verdicts()
    declared(client, kind="import", format="ndjson")
    _administer_credentials(call, acme, token["token_id"])
    _administer_definitions(call, acme)
    call("PUT", f"{acme}/feed", on=True)
    call("PUT", f"{acme}/feed/receiver", url="https://receiver.example/events")
    call("DELETE", f"{acme}/feed/receiver")
    call("PUT", f"{acme}/feed/receiver", url="https://receiver.example/events")
    call("PUT", f"{acme}/breaker", number=5)
    call("POST", f"{acme}/breaker/release")
    call("PUT", f"{acme}/request-log", bodies=1)
    for name in ("", "/feed", "/breaker", "/tolerances", "/indexes", "/requests"):
        call("GET", f"{acme}{name}")
    for name in ("/request-log", "/audit"):
        call("GET", f"{acme}{name}")
    last = call("POST", f"{acme}/tokens", scopes=["*"])
    declared(Client(gateway, last["token"], "/acme/scim/v2"), kind="import", format="ndjson")
    call("POST", f"{acme}/links")
    call("DELETE", acme)


def _administer_credentials(call: Call, acme: str, token: str) -> None:
    call("POST", f"{acme}/tokens/{token}/rotate")
    call("POST", f"{acme}/tokens/{token}/revoke")
    client = call("POST", f"{acme}/clients", scopes=["*"])["client_id"]
    call("POST", f"{acme}/clients/{client}/rotate")
    call("POST", f"{acme}/clients/{client}/revoke")
    document = {"issuer": ISSUER, "kind": "jwt", "audiences": ["scim"], "jwksUri": f"{ISSUER}/keys"}
    for scope in ("users:view", "users:*"):
        terms = {**document, "scoping": {"always": [scope]}}
        call("POST", f"{acme}/issuers", document=terms)
    call("DELETE", f"{acme}/issuers", issuer=ISSUER)
    call("POST", f"{acme}/issuers/entra", directory="72f988bf-86f1-41af-91ab-2d7cd011db47")
    link = call("POST", f"{acme}/links")["link_id"]
    call("POST", f"{acme}/links/{link}/revoke")
    for each in ("tokens", "clients", "issuers", "links"):
        call("GET", f"{acme}/{each}")


def _administer_definitions(call: Call, acme: str) -> None:
    call("POST", f"{acme}/definitions/check", document={})
    call("PUT", f"{acme}/definitions", document={})
    draft = call("PUT", f"{acme}/mapping/draft", document=MAPPING)
    call("POST", f"{acme}/mapping/preview")
    call("POST", f"{acme}/mapping/activate", revision=draft["revision"])
    call("PUT", f"{acme}/mapping/draft", document=MAPPING)
    call("DELETE", f"{acme}/mapping/draft")
    for each in ("definitions", "mapping"):
        call("GET", f"{acme}/{each}")
        version = call("GET", f"{acme}/{each}/versions")["items"][0]["version"]
        call("GET", f"{acme}/{each}/versions/{version}")
        call("POST", f"{acme}/{each}/versions/{version}/restore")


def test_the_portal_uses_only_what_its_role_grants(roles: Roles) -> None:
    with Gateway.start(overrides={"LogLevel": "ERROR", "RequestLog": "50"}) as gateway:
        portal = _opened(gateway, "setup", "demo")
        first = portal.ask("POST", "tokens", {}).body
        rotated = portal.ask("POST", "tokens", {"rotates": first["id"], "overlapDays": 3})
        assert rotated.status == 200, rotated.body
        assert portal.ask("DELETE", f"tokens/{first['id']}", {}).status == 204
        assert portal.ask("GET", "state").status == 200
        assert portal.ask("DELETE", "session", {}).status == 204
    assert roles.denied == set()
    assert "SetupFunction" in {name for name, _ in roles.asked}
