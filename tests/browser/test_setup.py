"""The setup portal in a browser, from the link to the health page, compared with the requests that arrive."""

import json
import urllib.error
import urllib.request

import pytest

from tests.browser.conftest import Running, Watched

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(240)]
MARKUP = "<img src=x onerror='window.hit=1'><script>window.hit=2</script>"


def made_by(running: Running, token: str, name: str) -> None:
    body = json.dumps({"userName": name, "displayName": name, "name": {"givenName": name}}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    url = f"http://{running.address}/scim/v2/Users"
    urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20).close()


def token_on(watched: Watched) -> str:
    shown: str = watched.page.locator("code", has_text="scim_").first.inner_text()
    return shown


def sideways(watched: Watched) -> int:
    """Return by how many pixels the page is wider than the window."""
    root = "document.documentElement"
    wider: int = watched.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    return wider


def test_okta_is_set_up_from_the_link_to_the_health_page(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.goto(running.link("--contact", "help@example.com"))
    page.get_by_role("heading", name="Which identity provider do you use?").wait_for()
    assert page.url == f"http://{running.address}/setup/index.html"
    watched.look("setup-choose")

    page.get_by_role("button", name="Okta").click()
    page.locator("strong", has_text="SCIM connector base URL").wait_for()
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    token = token_on(watched)
    watched.look("setup-connect")

    page.get_by_role("button", name="Continue").click()
    page.get_by_text("No request has arrived yet.").wait_for()
    running.scim("simulate", "okta", "--people", "2", "--pace", "0", "--faults", token=token)
    made_by(running, token, MARKUP)
    for step in ("test", "lookUp", "create", "deactivate", "group"):
        page.locator(f"li.good[data-step={step}]").wait_for()
    refusals = page.locator(".refusals li span:first-child").all_inner_texts()
    assert (
        "Creating a person was refused because the value of userName is missing or of the wrong kind: "
        "change it under Sign On → Credentials Details → Application username format."
    ) in refusals
    watched.look("setup-watch")

    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="User: 3").wait_for()
    assert page.get_by_text(MARKUP).first.is_visible()
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hit") is None
    page.get_by_label("People").fill("userName,displayName\nnew@example.com,<b>New</b>\n,nobody")
    page.get_by_role("button", name="Test").click()
    page.get_by_text("Would be: 1 created, 1 refused.").wait_for()
    watched.look("setup-trial")
    page.get_by_label(": Roles").first.fill("developer, <b>admin</b>")
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("Proposed. It takes effect when").wait_for()
    draft = running.scim("mapping", "show", "--draft", "--tenant", "demo")
    assert json.loads(draft)["groups"][0]["roles"] == ["developer", "<b>admin</b>"]
    assert page.evaluate("window.hit") is None
    watched.look("setup-review")

    page.get_by_role("button", name="Confirm and activate").click()
    page.get_by_text("Active since").wait_for()
    page.get_by_label("Contact for this connection").fill("it@acme.example")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    watched.look("setup-health")
    assert watched.errors == []


def test_a_token_is_rotated_and_its_first_use_is_seen(running: Running, watched: Watched) -> None:
    page = watched.page
    page.goto(running.link())
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Microsoft Entra ID").click()
    page.get_by_role("heading", name="Enter this in Microsoft Entra ID").wait_for()
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    old = token_on(watched)
    page.get_by_role("button", name=f"Rotate {old.split('_')[1]}").click()
    page.get_by_text("A new token was created").wait_for()
    new = token_on(watched)
    assert new != old
    running.scim("simulate", "entra", "--people", "1", "--pace", "0", token=old)
    running.scim("simulate", "entra", "--people", "1", "--pace", "0", token=new)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("The new token was used. You can revoke the old one.").wait_for()
    for step in ("test", "lookUp", "create", "deactivate", "group"):
        page.locator(f"li.good[data-step={step}]").wait_for()
    page.get_by_role("button", name="2. Connect").click()
    row = page.get_by_role("row").filter(has_text=new.split("_")[1])
    row.wait_for()
    row.get_by_text("not used yet").wait_for(state="detached")
    page.get_by_role("button", name="5. Health").click()
    page.get_by_role("row").filter(has_text=old.split("_")[1]).wait_for()
    assert page.get_by_text("Rotate it before then.").count() == 0  # it was
    page.get_by_role("button", name="2. Connect").click()
    revoke = page.get_by_role("button", name=old.split("_")[1]).last
    revoke.click()
    page.get_by_role("button", name="Revoke permanently?").click()
    page.get_by_role("button", name=f"Rotate {old.split('_')[1]}").wait_for(state="detached")
    assert watched.errors == []


def test_the_secret_of_a_link_is_nowhere_but_in_one_body(
    running: Running, watched: Watched
) -> None:
    page, link = watched.page, running.link()
    page.goto("about:blank")
    page.goto(link)
    page.get_by_role("button", name="Sign out").wait_for()
    secret = link.partition("#")[2]
    page.reload()
    page.get_by_role("button", name="Sign out").wait_for()  # the session goes on without it
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    page.get_by_role("button", name="Sign out").wait_for()
    assert secret not in page.url
    assert [each for each in watched.sent if secret in each] == []
    assert [each for each in watched.sent if "'referer': 'http" in each] == []
    assert page.evaluate("document.cookie") == ""
    assert secret not in running.log.read_text("utf-8")


def test_a_link_opens_once_and_not_when_it_has_ended(running: Running, watched: Watched) -> None:
    page, link = watched.page, running.link()
    page.goto(link)
    page.get_by_role("button", name="Sign out").wait_for()
    again = page.context.new_page()
    again.goto(link)  # from the mail, once more
    again.get_by_role("button", name="Sign out").wait_for()
    again.close()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    page.goto(link)  # in the same tab, where only what is behind the # changes
    page.get_by_role("alert").get_by_text("This link was already used").wait_for()
    watched.look("setup-refused")
    ended = running.link("--valid", "0m")
    page.goto(ended)
    page.get_by_role("alert").get_by_text("This link has expired.").wait_for()


def test_a_new_administrator_reads_nothing_wrong_and_nothing_beyond_the_page(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"http://{running.address}/setup/index.html")
    page.get_by_text("Open the link that you were sent.").wait_for()
    body = {"userName": "n" * 200, "displayName": "d" * 200}
    made = ("users", "create", *(f"{name}={value}" for name, value in body.items()))
    running.scim(*made, token="local-demo-token")
    page.goto(running.link("--contact", f"{'x' * 60}@example.com"))
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Okta").click()
    page.locator("strong", has_text="SCIM connector base URL").wait_for()
    assert page.get_by_text("SCIM base URL", exact=True).count() == 0
    page.get_by_role("button", name="Create a token").click()
    page.get_by_text("Copy the token now").wait_for()
    token = token_on(watched)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        made_by(running, token, "")
    page.get_by_role("button", name="3. Watch").click()
    page.locator("ul.refusals li").first.wait_for()
    assert sideways(watched) == 0
    for step in ("4. Review", "5. Health"):
        page.get_by_role("button", name=step).click()
        page.wait_for_load_state("networkidle")
        assert sideways(watched) == 0, step
    assert page.get_by_text("since never").count() == 0


def test_a_tenant_without_bearer_is_told_which_scheme_to_send(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    page.goto(running.scim("portal", "link", "ownidp"))
    page.get_by_role("button", name="PingOne").click()
    page.get_by_text("only in this form: Authorization: Token TOKEN.").wait_for()
    step = page.get_by_role("listitem").filter(has_text="Auth Type Header")
    assert step.locator("code").inner_text() == "Token"
    watched.look("setup-token")
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Another one").click()
    page.get_by_text("Authentication: Authorization: Token TOKEN.").wait_for()


def test_a_tenant_without_a_word_before_the_token_has_no_step_for_it(
    running: Running, watched: Watched
) -> None:
    page = watched.page
    running.scim("tenant", "create", "wordless", "--scheme", "bare", "--scheme", "basic")
    page.goto(running.scim("portal", "link", "wordless"))
    page.get_by_role("button", name="PingOne").click()
    page.get_by_text("only in this form: Authorization: TOKEN; or the password").wait_for()
    assert page.get_by_text("Auth Type Header").count() == 0
    page.get_by_role("button", name="1. Choose").click()
    page.get_by_role("button", name="Another one").click()
    page.get_by_text("Authentication: Authorization: TOKEN; or the password").wait_for()


def test_no_other_page_can_frame_the_portal(running: Running, watched: Watched) -> None:
    page = watched.page
    page.goto(f"http://{running.address}/health")
    page.set_content(f'<iframe src="http://{running.address}/setup/index.html"></iframe>')
    page.wait_for_timeout(500)
    assert all("/setup/" not in each.url or not each.query_selector("#app") for each in page.frames)
    assert any("frame" in error.lower() for error in watched.errors)
