"""The operator's console in a browser: live requests, a filter, a token, a breaker, definitions, resources."""

import json
import urllib.request

import pytest

from tests.browser.conftest import Running, Watched

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(240)]
TOKEN = "local-demo-token"
MARKUP = "<img src=x onerror='window.hit=1'>"
DEVICE = "urn:example:scim:schemas:Device"


def asked(running: Running, method: str, path: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    url, raw = f"http://{running.address}/scim/v2{path}", json.dumps(body).encode()
    request = urllib.request.Request(url, raw, headers, method=method)
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310 - http, to ourselves


def defined(running: Running, description: str) -> None:
    attribute = {"name": "serial", "type": "string", "required": True, "uniqueness": "server"}
    schema = {"id": DEVICE, "name": "Device", "description": description, "attributes": [attribute]}
    type_ = {"name": "Device", "endpoint": "/Devices", "schema": DEVICE}
    asked(running, "PUT", "/Definitions", {"schemas": [schema], "resourceTypes": [type_]})


def test_an_operator_looks_at_a_tenant_and_acts(running: Running, watched: Watched) -> None:
    page = watched.page
    asked(running, "POST", "/Users", {"userName": MARKUP, "displayName": MARKUP})
    defined(running, "first")
    defined(running, "second")
    page.goto(running.scim("console", "open"))
    page.get_by_role("button", name="demo", exact=True).wait_for()
    assert page.url == f"http://{running.address}/console/index.html"
    watched.look("console-tenants")

    page.get_by_role("button", name="demo", exact=True).click()
    running.scim("simulate", "okta", "--people", "1", "--pace", "0", "--faults", token=TOKEN)
    page.get_by_role("row").filter(has_text="404").first.wait_for()
    page.get_by_label("Result").select_option("refused")
    page.get_by_label("Rule or attribute").fill("emails")
    assert page.locator("tbody tr").count() == 1
    page.get_by_label("Rule or attribute").fill("")
    page.get_by_label("Result").select_option("served")
    page.get_by_role("row").filter(has_text="PATCH /Users").get_by_role("button").first.click()
    page.get_by_role("heading", name="Operations it came to").wait_for()
    watched.look("console-requests")

    page.get_by_role("button", name="Tokens", exact=True).click()
    page.get_by_label("Label").fill("from the console")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_text("Copy the token now").wait_for()
    row = page.get_by_role("row").filter(has_text="from the console")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke for good?").click()
    row.get_by_text("ended").wait_for()
    watched.look("console-tokens")

    page.get_by_role("button", name="Breaker", exact=True).click()
    page.get_by_role("button", name="Release").click()
    page.get_by_text("Released.").wait_for()
    watched.look("console-breaker")

    page.get_by_role("button", name="Definitions", exact=True).click()
    first = page.get_by_role("row").filter(has_text="Bring back")
    first.get_by_role("button").click()
    page.get_by_role("button", name="Bring it into force?").click()
    page.get_by_role("row").nth(3).wait_for()  # a third version below the head
    watched.look("console-definitions")

    page.get_by_role("button", name="Resources", exact=True).click()
    page.get_by_label("Filter").fill('userName sw "<img"')
    page.get_by_role("button", name="Find").click()
    page.get_by_text("1 found").wait_for()
    assert page.get_by_text(MARKUP).first.is_visible()
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hit") is None
    watched.look("console-resources")
    page.get_by_role("button", name="Jobs", exact=True).click()
    page.get_by_text("Nothing yet.").wait_for()
    assert watched.errors == []
