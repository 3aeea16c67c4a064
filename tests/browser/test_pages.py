"""What both pages share: addresses, refusals, waiting, double clicks, focus, text that is not saved."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Running, Watched

try:
    from playwright.sync_api import expect
except ImportError:
    expect = None

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(240)]
TOKEN = "local-demo-token"
FOCUSED = "document.activeElement.textContent"


def opened(running: Running, watched: Watched, tenant: str = "demo") -> None:
    """Sign in by a link, and open a tenant."""
    watched.page.goto(running.scim("console", "open"))
    watched.page.get_by_role("link", name=tenant, exact=True).click()
    watched.page.get_by_role("heading", name=f"{tenant}: Requests").wait_for()


def show(watched: Watched, name: str) -> None:
    """Show a screen of the tenant."""
    watched.page.get_by_role("link", name=name, exact=True).click()
    watched.page.get_by_role("heading", name=f": {name}").wait_for()


def refused(watched: Watched, pattern: str, status: int, detail: str) -> None:
    """Have the requests to an address refused."""
    body = json.dumps({"status": str(status), "detail": detail})
    watched.page.route(pattern, lambda route: route.fulfill(status=status, body=body))


def test_back_forward_reload_and_a_bookmark_lead_to_a_screen(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Tokens")
    assert page.title() == "demo: Tokens – Console"
    address = page.url
    page.reload()
    page.get_by_role("heading", name="demo: Tokens").wait_for()
    page.go_back()
    page.get_by_role("heading", name="demo: Requests").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Tenants").wait_for()
    page.go_forward()
    page.get_by_role("heading", name="demo: Requests").wait_for()
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("heading", name="demo: Tokens").wait_for()
    other.goto(address.replace("tokens", "nothing"))
    other.get_by_role("heading", name="demo: Requests").wait_for()
    assert watched.errors == []


def test_a_reload_of_the_portal_stays_at_its_step(running: Running, watched: Watched) -> None:
    page = watched.page
    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    page.get_by_role("button", name="4. Review").click()
    page.get_by_role("heading", name="Review the received users").wait_for()
    assert page.title() == "Review – Connect your identity provider"
    page.reload()
    page.get_by_role("heading", name="Review the received users").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    assert watched.errors == []


def test_signing_in_is_offered_when_a_session_has_ended(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    page.context.clear_cookies()
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_role("alert").get_by_text("There is no session, or it has ended.").wait_for()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_refusal_stays_and_one_of_a_poll_ends_with_the_next_success(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    job = {"id": "one", "kind": "import", "status": "running", "operations": {}, "meta": {}}
    page.route("**/jobs", lambda route: route.fulfill(json={"items": [job]}))
    refused(watched, "**/jobs/one/failures*", 409, "The job has not begun.")
    show(watched, "Jobs")
    page.get_by_role("button", name="Open one").click()
    page.get_by_role("alert").get_by_text("The job has not begun.").wait_for()
    with page.expect_response("**/jobs"), page.expect_response("**/jobs"):
        pass
    page.wait_for_timeout(100)
    assert page.get_by_text("The job has not begun.").is_visible()
    page.unroute("**/jobs")
    page.route("**/jobs", lambda route: route.abort())
    page.get_by_role("alert").get_by_text("The service does not answer.").wait_for()
    page.unroute("**/jobs")
    page.get_by_role("alert").wait_for(state="detached")


def test_a_refusal_is_in_sight_and_is_not_taken_to_the_next_screen(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 400, "height": 400})
    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    refused(watched, "**/tokens", 409, "There are 10 valid tokens already; revoke one first.")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("There are 10 valid tokens already").wait_for()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_text("There are 10 valid tokens already")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="3. Watch").click()
    page.get_by_role("heading", name="Watch it connect").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_a_screen_that_was_not_read_is_read_again(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    refused(watched, "**/tokens", 502, "")
    show(watched, "Tokens")
    page.get_by_role("alert").wait_for()
    page.unroute("**/tokens")
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_role("row").filter(has_text="local-demo").wait_for()
    page.goto(running.link())
    refused(watched, "**/api/review", 502, "")
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    page.get_by_role("button", name="4. Review").click()
    page.get_by_role("alert").wait_for()
    page.unroute("**/api/review")
    page.get_by_role("button", name="4. Review").click()
    page.get_by_text("No users have arrived yet.").or_(page.get_by_text("User: ")).first.wait_for()


BROKEN = """() => [...document.querySelectorAll("td, th, li")].flatMap((cell) => {
    const found = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/(?:\\p{Lu}|(?<![\\p{L}\\d]))[\\p{Ll}\\d]{3,19}(?![\\p{Ll}\\d])/gu)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((each) => each.top)).size > 1) found.push(word[0]);
    }
    return found;
})"""
"""Words that begin on one line and end on the next."""


@pytest.mark.parametrize("width", [380, 880])
def test_no_word_is_broken_to_make_room(running: Running, watched: Watched, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": 640})
    made = json.loads(running.scim("token", "create", "--tenant", "demo", "--json"))
    running.scim("token", "revoke", "--tenant", "demo", made["token"].split("_")[1])
    running.scim("simulate", "okta", "--people", "1", "--pace", "0", "--faults", token=TOKEN)
    running.scim("users", "create", f"userName={'n' * 90}-{width}", token=TOKEN)
    opened(running, watched)
    for name in ("Requests", "Resources", "Tokens", "Breaker", "Feed", "Audit"):
        show(watched, name)
        page.locator("tbody td").first.wait_for()
        assert page.evaluate(BROKEN) == [], name
        if (
            name in ("Resources", "Audit") and width == 880
        ):  # a long name does not move the button away
            expect(page.get_by_role("button", name="Open").first).to_be_in_viewport(ratio=1)
    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    page.get_by_role("button", name="4. Review").click()
    page.locator("tbody td").first.wait_for()
    assert page.evaluate(BROKEN) == []


def test_a_button_stays_with_its_row_when_others_come(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    jobs = [{"id": "one", "kind": "import", "status": "running", "operations": {}, "meta": {}}]
    page.route("**/jobs", lambda route: route.fulfill(json={"items": jobs}))
    show(watched, "Jobs")
    page.get_by_role("button", name="Cancel one").click()
    page.get_by_role("button", name="Cancel permanently? one").wait_for()
    jobs.insert(0, {**jobs[0], "id": "two"})
    page.get_by_role("row").filter(has_text="two").wait_for()
    assert page.get_by_role("button", name="Cancel permanently? one").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel one").wait_for()


def test_a_list_that_is_loading_does_not_say_it_is_empty(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/tokens", hold)
    show(watched, "Tokens")
    page.get_by_text("One moment…").first.wait_for()
    assert page.get_by_text("There are none.").count() == 0
    held[0].abort()
    page.get_by_role("alert").get_by_text("The service does not answer.").wait_for()
    assert page.get_by_text("There are none.").count() == 0
    assert page.locator("section").get_by_text("One moment…").is_hidden()


def test_the_second_click_of_a_double_click_decides_nothing(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Tokens")
    held: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/tokens", hold)
    page.get_by_label("Label").fill("twice")
    page.get_by_role("button", name="Create a token").click()
    page.wait_for_timeout(700)
    page.get_by_role("status").get_by_text("One moment…").wait_for()
    page.get_by_role("button", name="Create a token").click()
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    row = page.get_by_role("row").filter(has_text="twice")
    row.get_by_role("button", name="Revoke").dblclick()
    row.get_by_role("button", name="Revoke permanently?").wait_for()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Revoke", exact=False).focus()
    for _ in range(3):
        page.keyboard.down("Enter")  # held down: it repeats
    page.keyboard.up("Enter")
    row.get_by_role("button", name="Revoke permanently?").wait_for()
    page.wait_for_timeout(300)
    assert row.get_by_text("ended").count() == 0


def test_the_focus_stays_where_the_user_works(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Tokens")
    page.get_by_label("Label").fill("focus")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="focus")
    row.get_by_role("button", name="Revoke").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    row.get_by_text("ended").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"

    pages = iter([{"items": [], "next": "more"}, {"items": [], "next": ""}])
    page.route("**/audit?*", lambda route: route.fulfill(json=next(pages)))
    show(watched, "Audit")
    page.get_by_role("button", name="More").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="More").wait_for(state="detached")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"

    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("button", name="Create a token").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copy the token now").wait_for()
    assert "Copy" in page.evaluate(FOCUSED)


def test_details_opened_from_a_row_are_in_sight(running: Running, watched: Watched) -> None:
    page = watched.page
    for number in range(12):
        body = json.dumps({"userName": f"seen-{number}"}).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        request = urllib.request.Request(f"http://{running.address}/scim/v2/Users", body, headers)
        urllib.request.urlopen(request, timeout=20).close()  # noqa: S310 - http, to ourselves
    opened(running, watched)
    show(watched, "Audit")
    buttons = page.get_by_role("button", name=re.compile("^Open "))
    buttons.first.wait_for()
    for button in (buttons.first, buttons.last):
        button.click()
        page.wait_for_timeout(200)
        assert page.evaluate(FOCUSED) == "Entry"
        inside = "document.activeElement.getBoundingClientRect().top"
        assert 0 <= page.evaluate(inside) < 640


@pytest.mark.parametrize(
    ("screen", "button"),
    [
        ("Tokens", "Create a token"),
        ("Clients", "Create a client"),
        ("Setup links", "Create a link"),
    ],
)
def test_a_secret_that_is_shown_once_is_in_sight(
    running: Running, watched: Watched, screen: str, button: str
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 880, "height": 320})
    opened(running, watched)
    show(watched, screen)
    for _ in range(6):
        with page.expect_response(lambda answer: answer.request.method == "GET"):
            page.get_by_role("button", name=button).click()
        page.wait_for_timeout(200)
        expect(page.get_by_text("shown only once")).to_be_in_viewport()
        assert "Copy" in page.evaluate(FOCUSED)


def test_the_next_page_continues_the_search(
    running: Running, watched: Watched, tmp_path: Path
) -> None:
    page, file = watched.page, tmp_path / "people.ndjson"
    rows = (
        {"id": f"n{n:02}", "userName": f"next-{n:02}", "meta": {"resourceType": "User"}}
        for n in range(30)
    )
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    running.scim("import", str(file), token=TOKEN)
    opened(running, watched)
    show(watched, "Resources")
    page.get_by_label("Filter").fill('userName sw "next-"')
    page.keyboard.press("Enter")
    page.get_by_text("30 found").wait_for()
    page.get_by_label("Type").select_option("Group")
    page.get_by_label("Filter").fill("nonsense")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.get_by_text("next-29").wait_for()
    assert page.locator("tbody tr").count() == 10
    assert page.evaluate(FOCUSED) == "Next"
    assert page.get_by_role("alert").count() == 0


def test_text_that_is_not_saved_is_not_lost_unasked(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched, "okta")
    show(watched, "Mapping")
    answers: Iterator[bool] = iter([False, False, True])
    said: list[str] = []

    def decide(dialog: Any) -> None:
        said.append(dialog.message)
        (dialog.accept if next(answers) else dialog.dismiss)()

    page.on("dialog", decide)
    page.get_by_label("Draft (JSON)").fill("{}")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_text("by operator").first.wait_for()
    page.get_by_label("Draft (JSON)").fill('{"attributes": [}')
    assert page.get_by_role("button", name="Preview").is_disabled()
    page.get_by_text("Save the draft to preview it.").wait_for()
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.go_back()
    page.wait_for_timeout(200)
    assert page.get_by_label("Draft (JSON)").input_value() == '{"attributes": [}'
    assert page.url.endswith("screen=mapping")
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_role("heading", name="okta: Tokens").wait_for()
    assert said == ["What you changed here is not saved. Leave without saving?"] * 3


def test_text_that_is_not_saved_outlives_its_session(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched, "rfc")
    show(watched, "Mapping")
    page.get_by_label("Draft (JSON)").fill('{"groups": []}')
    page.context.clear_cookies()
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("alert").get_by_text("Your text is kept").wait_for()
    assert page.get_by_label("Draft (JSON)").input_value() == '{"groups": []}'
    other = page.context.new_page()
    other.goto(running.scim("console", "open"))
    other.get_by_role("link", name="rfc", exact=True).wait_for()
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_text("by operator").or_(page.get_by_text("Drafted")).first.wait_for()
    assert page.get_by_role("alert").count() == 0
    page.context.clear_cookies()
    page.get_by_role("link", name="Tokens", exact=True).click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_who_signs_out_leaves_text_behind_whose_session_has_ended(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    opened(running, watched, "rfc")
    show(watched, "Mapping")
    page.get_by_label("Draft (JSON)").fill('{"groups": []}')
    page.context.clear_cookies()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.get_by_label("Draft (JSON)").count() == 0


def test_more_requests_are_shown_than_a_page_has(running: Running, watched: Watched) -> None:
    page = watched.page
    kept = [{"number": n, "at": n, "operation": "GET /Users", "status": 200} for n in range(1, 401)]
    page.route("**/requests?after=0&*", lambda route: route.fulfill(json={"items": kept}))
    page.route("**/requests?after=400&*", lambda route: route.fulfill(json={"items": []}))
    opened(running, watched)
    page.get_by_role("button", name="Open 400").wait_for()
    with page.expect_response("**/requests?after=400&*"):
        pass
    assert page.locator("tbody tr").count() == 400


def test_an_invalid_request_is_reported_in_a_sentence(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Workbench")
    page.get_by_label("Method").select_option("POST")
    page.get_by_label("Body").fill("{")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").get_by_text("The body is not valid JSON").wait_for()
    page.get_by_label("Body").fill("[]")
    page.get_by_role("button", name="Add to the request").click()
    page.get_by_role("alert").get_by_text("The body must be a JSON object").wait_for()
    page.get_by_label("Body").fill("{}")
    page.get_by_label("Attribute").select_option("active")
    page.get_by_role("button", name="Add to the request").click()
    page.get_by_role("alert").get_by_text("active: enter true or false.").wait_for()
    assert page.get_by_label("Body").input_value() == "{}"


def test_a_tab_of_one_tenant_never_acts_for_another(running: Running, watched: Watched) -> None:
    page = watched.page
    page.goto(running.link())
    page.get_by_text("Tenant demo").wait_for()
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    other = page.context.new_page()
    other.goto(running.scim("portal", "link", "entra"))
    other.get_by_text("Tenant entra").wait_for()
    before = running.scim("token", "list", "--tenant", "entra")
    page.get_by_role("button", name="Create a token").click()
    page.get_by_role("alert").get_by_text("a link of another tenant").wait_for()
    assert running.scim("token", "list", "--tenant", "entra") == before
    page.reload()
    page.get_by_text("Tenant entra").wait_for()


def test_a_secret_is_shown_until_its_client_is_revoked(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    show(watched, "Clients")
    page.get_by_label("Label").fill("secretive")
    page.get_by_role("button", name="Create a client").click()
    page.get_by_text("Copy the secret now").wait_for()
    page.get_by_label("Directory (tenant) ID").fill("8adf8e6e-67b2-4cf2-a259-e3dc5476c621")
    page.get_by_role("button", name="Add issuer").click()
    page.get_by_role("row").filter(has_text="8adf8e6e").first.wait_for()
    assert page.get_by_text("Copy the secret now").is_visible()
    row = page.get_by_role("row").filter(has_text="secretive")
    row.get_by_role("button", name="Revoke").click()
    row.get_by_role("button", name="Revoke permanently?").click()
    row.get_by_text("ended").wait_for()
    page.get_by_text("Copy the secret now").wait_for(state="detached")


def test_a_proposal_that_is_not_sent_is_not_lost_unasked(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    said: list[str] = []

    def stay(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    running.scim("groups", "create", "displayName=Sales", token=TOKEN)
    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("heading", name="Enter this in Okta").wait_for()
    page.get_by_role("button", name="4. Review").click()
    page.get_by_label("Sales: Roles").fill("seller")
    page.get_by_role("button", name="5. Health").click()
    page.wait_for_timeout(200)
    assert page.get_by_label("Sales: Roles").input_value() == "seller"
    assert len(said) == 1
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("Proposed. It takes effect").wait_for()
    page.get_by_role("button", name="5. Health").click()
    page.get_by_role("heading", name="State of the connection").wait_for()
    assert len(said) == 1


def test_one_request_is_one_request(running: Running, watched: Watched) -> None:
    page = watched.page
    running.scim("tenant", "create", "fresh")
    page.goto(running.scim("portal", "link", "fresh"))
    page.get_by_role("button", name="Okta").click()
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    token = page.locator("code", has_text="scim_").first.inner_text()
    url, bearer = f"http://{running.address}/scim/v2/Users", f"Bearer {token}"
    asked = urllib.request.Request(url, headers={"Authorization": bearer})
    urllib.request.urlopen(asked, timeout=20).close()  # noqa: S310 - http, to ourselves
    page.get_by_role("button", name="3. Watch").click()
    page.get_by_text("1 request so far").wait_for()


def test_a_hidden_tab_sends_no_requests(running: Running, watched: Watched) -> None:
    page = watched.page
    hidden = (
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.unseen})"
    )
    page.add_init_script(f"window.unseen = false; {hidden}")
    opened(running, watched)
    page.evaluate("window.unseen = true")
    page.wait_for_timeout(2500)  # one that was asked before may still be answered
    before = len(watched.sent)
    page.wait_for_timeout(2500)
    assert len(watched.sent) == before
    page.evaluate("window.unseen = false; document.dispatchEvent(new Event('visibilitychange'))")
    with page.expect_response("**/requests?*"):
        pass


def test_a_token_that_owns_itself_is_named_once(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    names = [{"token": "t1", "owner": "token:t1"}, {"token": "t3", "owner": "token:t2"}]
    items = [{"at": "2026-03-01T10:00:00Z", "kind": "change", "principal": name} for name in names]
    page.route("**/audit?*", lambda route: route.fulfill(json={"items": items}))
    show(watched, "Audit")
    page.get_by_role("cell", name="t1", exact=True).wait_for()
    page.get_by_role("cell", name="t3 token:t2", exact=True).wait_for()


def test_jobs_that_are_over_are_seldom_asked_for(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched)
    jobs = [{"id": "one", "kind": "import", "status": "running", "operations": {}, "meta": {}}]
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(jobs[0]["status"])
        route.fulfill(json={"items": jobs})

    page.route("**/jobs", answer)
    show(watched, "Jobs")
    page.wait_for_timeout(3000)
    assert len(asked) >= 2
    jobs = [{**jobs[0], "status": "completed"}]
    page.get_by_role("row").filter(has_text="completed").wait_for()
    before = len(asked)
    page.wait_for_timeout(5000)
    assert len(asked) <= before + 1


def test_a_further_change_removes_the_word_saved(running: Running, watched: Watched) -> None:
    page = watched.page
    opened(running, watched, "wso2")
    show(watched, "State and limits")
    page.get_by_label("Requests a second").fill("50")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_label("Requests a second").fill("60")
    page.get_by_text("Saved.").wait_for(state="detached")
