"""The operator's console in a browser: live requests, a filter, a token, a breaker, definitions, resources."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Running, Watched
from tests.fakes.openid_provider import CLIENT_ID, KIM, OpenIdServer, signing_in

try:
    from playwright.sync_api import expect
except ImportError:
    expect = None

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(240)]
TOKEN = "local-demo-token"
MARKUP = "<img src=x onerror='window.hit=1'>"
DEVICE = "urn:example:scim:schemas:Device"


@pytest.fixture(name="provider", scope="module")
def _provider() -> Iterator[OpenIdServer]:
    with signing_in() as server:
        yield server


@pytest.fixture(name="settings", scope="module")
def _settings(provider: OpenIdServer) -> list[str]:
    admitted = json.dumps({"groups": KIM["groups"]})
    # What is new is not counted as removed: here everything is.
    return [
        "SCIM_LOOPBACK_ISSUERS=1",
        f"ConsoleIssuer={provider.url}",
        f"ConsoleClientId={CLIENT_ID}",
        f"ConsoleAdmits={admitted}",
        "BreakerNewSeconds=0",
    ]


NOWHERE = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    "Operations": [{"method": "DELETE", "path": "/nowhere/1"}],
}


def asked(running: Running, method: str, path: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    url = f"http://{running.address}/scim/v2{path}"
    raw = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, raw, headers, method=method)
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310 - http, to ourselves


def made(running: Running, name: str) -> str:
    """Make a user; return its id."""
    body = json.dumps({"userName": name}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(f"http://{running.address}/scim/v2/Users", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - http, to ourselves
        found: str = json.load(answer)["id"]
        return found


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
    page.get_by_role("link", name="demo", exact=True).wait_for()
    assert page.url == f"http://{running.address}/console/index.html"
    watched.look("console-tenants")

    page.get_by_role("link", name="demo", exact=True).click()
    running.scim("simulate", "okta", "--people", "1", "--pace", "0", "--faults", token=TOKEN)
    page.get_by_role("row").filter(has_text="404").first.wait_for()
    page.get_by_label("Result").select_option("refused")
    page.get_by_label("Rule or attribute").fill("emails")
    assert page.locator("tbody tr").count() == 1
    asked(running, "POST", "/Bulk", NOWHERE)
    page.get_by_label("Rule or attribute").fill("leads nowhere")
    refused = page.get_by_role("row").filter(has_text="Operations[0] DELETE /: path leads nowhere")
    refused.get_by_role("button").click()
    page.get_by_role("heading", name="Refused operations").wait_for()
    page.get_by_label("Rule or attribute").fill("")
    page.get_by_label("Result").select_option("served")
    page.get_by_role("row").filter(has_text="PATCH /Users").get_by_role("button").first.click()
    page.get_by_role("heading", name="Normalized operations").wait_for()
    watched.look("console-requests")

    page.get_by_role("link", name="Definitions", exact=True).click()
    first = page.get_by_role("row").filter(has_text="Restore")
    first.get_by_role("button", name="Compare").click()
    page.get_by_role("row").filter(has_text='"first"').get_by_text('"second"').wait_for()
    first.get_by_role("button", name="Restore").click()
    page.get_by_role("button", name="Activate this version?").click()
    page.get_by_role("row").nth(3).wait_for()  # a third version below the head
    watched.look("console-definitions")

    page.get_by_role("link", name="Resources", exact=True).click()
    page.get_by_label("Filter").fill('userName sw "<img"')
    page.get_by_role("button", name="Find").click()
    page.get_by_text("1 found").wait_for()
    assert page.get_by_text(MARKUP).first.is_visible()
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hit") is None
    watched.look("console-resources")
    page.get_by_role("button", name="Explain the filter").click()
    page.get_by_role("heading", name="Query plan").wait_for()
    watched.look("console-explain")
    page.get_by_label("Filter").fill('userName sw "<img')
    page.get_by_role("button", name="Explain the filter").click()
    page.get_by_role("alert").get_by_text("a string that is not closed").wait_for()
    assert watched.errors == []


def opened(running: Running, watched: Watched) -> None:
    """Sign in by a link, and open the demo tenant."""
    watched.page.goto(running.scim("console", "open"))
    watched.page.get_by_role("link", name="demo", exact=True).click()


def show(watched: Watched, name: str) -> None:
    """Show a screen of the tenant."""
    watched.page.get_by_role("link", name=name, exact=True).click()
    watched.page.get_by_role("heading", name=f"demo: {name}").wait_for()


def test_a_token_is_made_with_its_scopes_and_revoked(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Tokens")
    page.get_by_text(f"http://{running.address}/scim/v2", exact=True).wait_for()
    page.get_by_text("Authorization: Bearer TOKEN; or Authorization: TOKEN").wait_for()
    page.get_by_label("Label").fill("from the console")
    page.get_by_label("Scopes").fill("users:view  groups:view")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    row = page.get_by_role("row").filter(has_text="from the console")
    row.get_by_text("groups:view users:view").or_(
        row.get_by_text("users:view groups:view")
    ).wait_for()
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke permanently?").click()
    row.get_by_text("ended").wait_for()
    watched.look("console-tokens")
    assert watched.errors == []


def test_a_token_is_rotated_and_the_old_one_stays_valid_for_a_week(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1280, "height": 900})
    opened(running, watched)
    show(watched, "Tokens")
    page.get_by_label("Label").fill("to be rotated")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    rows = page.get_by_role("row").filter(has_text="to be rotated")
    old = rows.locator("code").inner_text()
    expect(rows.get_by_role("button", name="Revoke")).to_be_in_viewport(ratio=1)
    rows.get_by_role("button", name="Rotate").click()
    page.get_by_text(f"Token {old} is valid until").wait_for()
    expect(rows).to_have_count(2)
    told = json.loads(running.scim("token", "list", "--tenant", "demo", "--json"))
    mine = [each for each in told if each["label"] == "to be rotated"]
    assert [each["valid"] for each in mine] == [True, True]
    assert watched.errors == []


def test_a_token_that_begins_later_can_be_revoked(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    running.scim("token", "create", "--tenant", "demo", "--label", "later", "--starts-in", "7d")
    show(watched, "Tokens")
    row = page.get_by_role("row").filter(has_text="later")
    row.get_by_role("button", name="Revoke").wait_for()
    assert row.get_by_role("button", name="Rotate").count() == 0
    assert row.get_by_text("ended").count() == 0


def test_a_valid_token_can_be_revoked_where_the_clock_is_wrong(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.clock.set_fixed_time("2100-01-01T00:00:00Z")
    opened(running, watched)
    running.scim("token", "create", "--tenant", "demo", "--label", "still valid")
    show(watched, "Tokens")
    row = page.get_by_role("row").filter(has_text="still valid")
    row.get_by_role("button", name="Revoke").wait_for()


def test_a_resource_leads_to_its_changes_in_the_audit(running: Running, watched: Watched) -> None:
    page = watched.page
    id_ = made(running, "audited@example.com")
    made(running, "another@example.com")
    opened(running, watched)
    show(watched, "Resources")
    page.get_by_label("Filter").fill('userName eq "audited@example.com"')
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=f"Open {id_}").click()
    page.get_by_role("link", name="Its changes in the audit").click()
    page.get_by_role("heading", name="demo: Audit").wait_for()
    assert page.get_by_label("Resource").input_value() == id_
    page.get_by_role("row").filter(has_text=id_).wait_for()
    assert page.locator("tbody tr").count() == 1
    page.get_by_label("Until").fill("2020-01-01T00:00")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("There are none.").wait_for()
    page.get_by_role("link", name="Audit", exact=True).click()
    page.locator("tbody tr").nth(1).wait_for()
    assert page.get_by_label("Resource").input_value() == ""
    assert watched.errors == []


def test_one_of_many_tenants_is_opened_by_its_name(running: Running, watched: Watched) -> None:
    page = watched.page
    first = {"items": [{"tenant": "aaa", "state": "never", "tokens": 1}], "next": "aaa"}
    page.route("**/admin/status?*", lambda route: route.fulfill(json=first))
    page.goto(running.scim("console", "open"))
    page.get_by_label("Tenant", exact=True).fill("demo")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="demo: Requests").wait_for()
    assert "All times are in the time zone" in page.locator("footer").inner_text()
    page.route("**/admin/status?*", lambda route: route.fulfill(json={"items": []}))
    page.get_by_role("link", name="← All tenants").click()
    page.get_by_text("scim tenant create NAME").wait_for()
    assert page.get_by_label("Tenant", exact=True).count() == 0


def test_a_breaker_that_is_open_is_released(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "State and limits")
    page.locator('input[placeholder="1000"]').wait_for()
    assert page.get_by_label("Requests a second").get_attribute("placeholder") == "no limit"
    page.get_by_label("Removals in a window").fill("1")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("Saved.").wait_for()
    watched.look("console-limits")
    users = [made(running, f"leaver-{number}@example.com") for number in range(2)]
    asked(running, "DELETE", f"/Users/{users[0]}", None)
    with pytest.raises(urllib.error.HTTPError, match="429"):
        asked(running, "DELETE", f"/Users/{users[1]}", None)
    show(watched, "Breaker")
    page.get_by_text("Open since").wait_for()
    watched.look("console-breaker")
    page.get_by_role("button", name="Release").click()
    page.get_by_text("Released.").wait_for()
    page.get_by_text("Closed: removals are allowed.").wait_for()
    asked(running, "DELETE", f"/Users/{users[1]}", None)
    running.scim("breaker", "set", "--tenant", "demo")


def test_a_breaker_without_a_window_shows_no_number_and_an_example_is_marked_as_one(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.goto(running.scim("console", "open"))
    page.get_by_role("link", name="entra", exact=True).click()
    page.get_by_role("link", name="Breaker", exact=True).click()
    page.get_by_role("row").filter(has_text="no window has begun").nth(1).wait_for()
    page.get_by_role("link", name="Mapping", exact=True).click()
    page.get_by_text("The grey text is an example.").wait_for()


@pytest.mark.parametrize("width", [320, 400, 1400])
def test_nothing_is_wider_than_the_page(running: Running, watched: Watched, width: int) -> None:
    page = watched.page
    name = f"{width}" + "n" * 190
    asked(running, "POST", "/Users", {"userName": name, "displayName": "d" * 200})
    running.scim("token", "create", "--tenant", "demo", "--label", "L" * 150)
    page.set_viewport_size({"width": width, "height": 800})
    opened(running, watched)
    for each in ("Resources", "Workbench", "Tokens", "Clients", "Audit", "Feed"):
        show(watched, each)
        page.wait_for_load_state("networkidle")
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0, each
    assert watched.errors == []


def test_a_service_that_does_not_answer_is_reported_in_a_sentence(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    page.route("**/api/**", lambda route: route.abort())
    show(watched, "Tokens")
    page.get_by_role("alert").get_by_text("The service does not answer.").wait_for()
    page.unroute("**/api/**")
    page.route("**/api/**", lambda route: route.fulfill(status=502, body="<html>Bad Gateway"))
    show(watched, "Jobs")
    page.get_by_role("alert").get_by_text("The service answered 502").wait_for()
    page.unroute("**/api/**")
    page.route("**/api/**", lambda route: route.fulfill(status=413, body='{"message":"Too Long"}'))
    show(watched, "Feed")
    page.get_by_role("alert").get_by_text("Send less at once.").wait_for()


def test_a_job_shows_how_far_it_is_and_what_was_refused(
    running: Running, watched: Watched, tmp_path: Path
) -> None:
    page, file = watched.page, tmp_path / "people.ndjson"
    people = [{"id": f"p{number}", "userName": f"job-{number}"} for number in range(5)]
    rows = [*people, {"id": MARKUP, "displayName": MARKUP}]
    lines = ({**row, "meta": {"resourceType": "User"}} for row in rows)
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    opened(running, watched)
    show(watched, "Jobs")
    page.get_by_text("Begin one with scim import").wait_for()
    running.scim("import", str(file), token=TOKEN, fails=True)
    page.get_by_text("6 / 6").wait_for()
    page.get_by_role("row").filter(has_text="import").get_by_role("button", name="Open").click()
    page.get_by_role("heading", name="Refused operations").wait_for()
    page.get_by_role("row").filter(has_text="400").wait_for()
    watched.look("console-jobs")
    file.write_text('{"schemas":[', "utf-8")
    running.scim("import", str(file), "--format", "bulk", token=TOKEN, fails=True)
    failed = page.get_by_role("row").filter(has_text="failed: Line 1: the BulkRequest")
    failed.wait_for()
    assert failed.locator("progress").get_attribute("value") == "0"
    assert page.evaluate("window.hit") is None
    assert watched.errors == []


def test_clients_links_tolerances_and_the_audit_are_shown(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Clients")
    page.get_by_label("Label").fill(MARKUP)
    page.get_by_role("button", name="Create a client").click()
    page.get_by_text("Copy the secret now").wait_for()
    watched.look("console-clients")
    row = page.get_by_role("row").filter(has_text="<img")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke permanently?").click()
    row.get_by_text("ended").wait_for()

    page.get_by_label("Directory (tenant) ID").fill("8adf8e6e-67b2-4cf2-a259-e3dc5476c621")
    page.get_by_role("button", name="Add issuer").click()
    page.get_by_role("row").filter(has_text="8adf8e6e").first.wait_for()
    page.get_by_role("combobox").select_option("jwt")
    page.get_by_label("Issuer", exact=True).fill("https://login.example.com")
    page.get_by_label("Keys (JWKS URL)").fill("https://login.example.com/keys")
    page.get_by_label("Audiences (separated by spaces)").fill("https://scim.example.com")
    page.get_by_label("Scopes of its tokens").fill("users:* groups:*")
    page.get_by_role("button", name="Add issuer").click()
    row = page.get_by_role("row").filter(has_text="https://login.example.com")
    row.get_by_text("https://scim.example.com").wait_for()
    watched.look("console-issuers")
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Remove this issuer?").click()
    row.wait_for(state="detached")

    show(watched, "Setup links")
    page.get_by_label("Contact for questions").fill("help@example.com")
    page.get_by_role("button", name="Create a link").click()
    page.get_by_text("Send this link").wait_for()
    link = page.locator("code", has_text="/setup/index.html#").inner_text()
    watched.look("console-links")
    row = page.get_by_role("row").filter(has_text="help@example.com")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke permanently?").click()
    row.get_by_text("expired or revoked").wait_for()

    show(watched, "Tolerances")
    watched.look("console-tolerances")
    show(watched, "Audit")
    page.get_by_label("Kind").select_option("act")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("row").filter(has_text="revokeLink").get_by_role("button").click()
    page.get_by_text('"outcome": "done"').wait_for()
    watched.look("console-audit")
    assert link.partition("#")[2] not in page.content()
    assert page.evaluate("window.hit") is None
    assert watched.errors == []


def test_a_feed_is_configured_and_the_deployments_own_audit_is_shown(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Feed")
    page.get_by_label("Days that changes are kept").fill("7")
    page.get_by_label("Events include the content").select_option("no")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_label("URL (https)").fill("https://events.example.com/scim")
    page.get_by_label("Events (separated by spaces").fill("prov:deactivate")
    page.get_by_role("button", name="Push events").click()
    page.get_by_role("row").filter(has_text="https://events.example.com/scim").wait_for()
    watched.look("console-feed")
    page.get_by_label("Days that changes are kept").fill("")
    page.get_by_label("Events include the content").select_option("the deployment's")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("row", name="Events include the content yes (the deployment's)").wait_for()
    told = json.loads(running.scim("feed", "show", "--tenant", "demo", "--json"))
    assert (told["days"], told["full"], told["push_events"]) == (None, None, ["prov:deactivate"])
    page.get_by_label("Events (separated by spaces").fill("prov:nothing")
    page.get_by_role("button", name="Push events").click()
    page.get_by_role("alert").get_by_text("There is no event prov:nothing").wait_for()
    page.get_by_role("button", name="Stop pushing").click()
    page.get_by_role("button", name="Discard waiting events?").click()
    page.get_by_role("row").filter(has_text="nothing is pushed").first.wait_for()

    page.get_by_role("link", name="All tenants").click()
    page.get_by_role("link", name="Audit", exact=True).click()
    page.get_by_role("row").filter(has_text="createConsoleLink").first.wait_for()
    watched.look("console-deployment-audit")
    page.get_by_label("Tenant", exact=True).fill("demo")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("row").filter(has_text="pushFeed").first.wait_for()


def test_a_mapping_is_drafted_previewed_activated_and_taken_back(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    for name, nick in (("kim@example.com", "research"), ("mapped@example.com", MARKUP)):
        asked(running, "POST", "/Users", {"userName": name, "nickName": nick})
    rule = {"source": "nickName", "target": "title", "change": "upper"}
    groups = [{"displayName": "Engineering", "roles": ["developer"]}]
    opened(running, watched)
    show(watched, "Mapping")
    page.get_by_label("Draft (JSON)").fill('{"attributes": [')
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("alert").get_by_text("The draft is not valid JSON").wait_for()
    wrong = {"attributes": [{**rule, "target": "userName"}]}
    page.get_by_label("Draft (JSON)").fill(json.dumps(wrong))
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("alert").get_by_text("userName is unique").wait_for()
    page.get_by_label("Draft (JSON)").fill(json.dumps({"attributes": [rule], "groups": groups}))
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_text("by operator").first.wait_for()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("row").filter(has_text="mapped@example.com").get_by_text(
        MARKUP.upper()
    ).wait_for()
    page.get_by_text("These groups do not exist yet").wait_for()
    watched.look("console-mapping")
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("button", name="Activate it?").click()
    page.get_by_text("within a minute").wait_for()
    page.get_by_role("row").filter(has_text="in force").wait_for()
    assert page.evaluate("window.hit") is None

    page.get_by_label("Draft (JSON)").fill("{}")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("button", name="Activate it?").click()
    page.get_by_role("button", name="Restore").first.wait_for()
    page.get_by_role("button", name="Compare").first.click()
    page.get_by_role("row").filter(has_text="attributes[0].target").wait_for()
    assert json.loads(running.scim("mapping", "show", "--tenant", "demo"))["attributes"] == []
    page.get_by_role("button", name="Restore").first.click()
    page.get_by_role("button", name="Activate this version?").click()
    page.get_by_role("row").nth(3).wait_for()  # a third version below the head
    assert json.loads(running.scim("mapping", "show", "--tenant", "demo"))["attributes"] == [rule]
    assert [each for each in watched.errors if "400" not in each] == []


def test_a_request_is_made_of_the_served_schemas_and_tried(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    user = made(running, "tried@example.com")
    opened(running, watched)
    show(watched, "Workbench")
    page.get_by_label("Method").select_option("PATCH")
    page.get_by_label("Path").fill(f"/Users/{user}")
    page.get_by_label("Attribute").select_option("name.familyName")
    page.get_by_role("textbox", name="Value").fill(MARKUP)
    page.get_by_role("button", name="Add to the request").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Response: 200").wait_for()
    page.get_by_text('"after"').first.wait_for()
    watched.look("console-workbench")
    page.get_by_label("Method").select_option("POST")
    page.get_by_label("Attribute").select_option("userName")
    page.get_by_role("textbox", name="Value").fill("tried@example.com")
    page.get_by_role("button", name="Add to the request").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Response: 409").wait_for()
    assert page.evaluate("window.hit") is None
    assert watched.errors == []


def test_an_admitted_operator_signs_in_at_the_identity_provider(
    running: Running, watched: Watched, provider: OpenIdServer
) -> None:
    page = watched.page
    page.goto(f"http://{running.address}/console/index.html")
    page.get_by_role("link", name="Sign in").wait_for()
    watched.look("console-sign-in")
    provider.person = {**KIM, "groups": ["others"]}
    page.get_by_role("link", name="Sign in").click()
    page.get_by_text("this service does not admit you").wait_for()
    assert page.url == f"http://{running.address}/console/index.html"
    watched.look("console-stranger")
    provider.person = dict(KIM)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="demo", exact=True).wait_for()
    assert page.url == f"http://{running.address}/console/index.html"
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    page.get_by_role("link", name="demo", exact=True).wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    assert "code=" not in running.log.read_text("utf-8")
