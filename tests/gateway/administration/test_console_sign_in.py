"""Signing in to the console at the operator's identity provider, through the deployed routes."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx2
import pytest

from local.gateway import Gateway
from local.http import Answer
from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.fsck.check import violations
from scim.store.access.setup_links import SetupLinks
from tests.fakes.openid_provider import CLIENT_ID, FORGER, KIM, OpenIdServer, signing_in
from tests.gateway.access import administer
from tests.gateway.administration.browser import ORIGIN, OURS

ADMITS = {"groups": ["SCIM operators"], "email": ["@acme.example", "lee@example.com"]}


@dataclass
class Browser:
    """Follows redirects and keeps cookies as browsers do, and remembers where it was."""

    gateway: Gateway
    cookies: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def open(self, path: str) -> Answer:
        self.seen.append(path)
        return self._kept(self.gateway.handle("GET", path, self._sent()))

    def ask(self, method: str, path: str) -> int:
        sent = {**OURS, **self._sent()}
        return self._kept(self.gateway.handle(method, f"/console/api/{path}", sent)).status

    def sign_in(self) -> str:
        """Go to the provider and back; return where that ends."""
        away = self.open("/console/sign-in")
        assert away.status == 303
        back = httpx2.get(dict(away.headers)["Location"], follow_redirects=False)
        return self.arrive(back.headers["Location"])

    def arrive(self, location: str) -> str:
        parts = urlsplit(location)
        answer = self.open(f"{parts.path}?{parts.query}")
        assert answer.status == 303
        return dict(answer.headers)["Location"].removeprefix(f"{ORIGIN}/console/")

    def _sent(self) -> dict[str, str]:
        text = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": text} if text else {}

    def _kept(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                pair, bounds = value.partition("; ")[::2]
                cookie, _, held = pair.partition("=")
                assert {"Path=/", "Secure", "HttpOnly"} <= set(bounds.split("; "))
                self.cookies[cookie] = held
        self.cookies = {name: held for name, held in self.cookies.items() if held}
        return answer


def links_in(gateway: Gateway) -> SetupLinks:
    return SetupLinks(table_of_credentials(boto3.client("dynamodb"), gateway.store.tables["Table"]))


@pytest.fixture(name="provider", scope="module")
def _provider() -> Iterator[OpenIdServer]:
    with signing_in() as server:
        yield server


@pytest.fixture(name="gateway", scope="module")
def _gateway(provider: OpenIdServer) -> Iterator[Gateway]:
    overrides = {
        "LogLevel": "ERROR",
        "ConsoleIssuer": provider.url,
        "ConsoleClientId": CLIENT_ID,
        "ConsoleAdmits": json.dumps(ADMITS),
        "SCIM_LOOPBACK_ISSUERS": "1",
    }
    with Gateway.start(overrides=overrides) as gateway:
        yield gateway
        items = boto3.client("dynamodb").scan(TableName=gateway.store.tables["Table"])["Items"]
        assert violations(items) == []


@pytest.fixture(autouse=True)
def _sound(provider: OpenIdServer) -> None:
    provider.person, provider.changed, provider.fault = dict(KIM), {}, ""
    provider.forms.clear()


def test_signing_in_gives_a_session_and_no_token(gateway: Gateway, provider: OpenIdServer) -> None:
    browser = Browser(gateway)
    assert browser.ask("GET", "session") == 401
    assert browser.sign_in() == "index.html"
    assert set(browser.cookies) == {"__Host-scim-console"}
    assert browser.ask("GET", "admin/status") == 200
    ((form, headers),) = provider.forms
    assert form["grant_type"] == "authorization_code"
    assert "authorization" not in headers  # a public client: PKCE is its proof


def test_acts_are_audited_under_the_name_of_the_person(gateway: Gateway) -> None:
    browser = Browser(gateway)
    browser.sign_in()
    assert browser.ask("POST", "admin/tenants/demo/breaker/release") == 200
    shown = gateway.handle(
        "GET", "/console/api/admin/tenants/demo/audit?kind=act", {**OURS, **browser._sent()}
    )
    (act, *_) = json.loads(shown.body)["items"]
    assert "console:kim@example.com" in json.dumps(act)


def test_the_page_learns_that_signing_in_is_possible(gateway: Gateway) -> None:
    answer = gateway.handle("GET", "/console/api/sign-in", OURS)
    assert json.loads(answer.body) == {"signIn": "sign-in"}
    assert gateway.handle("GET", "/console/api/sign-in").status == 403


@pytest.mark.parametrize(
    ("person", "ends"),
    [
        pytest.param({}, "index.html", id="a group"),
        pytest.param({"groups": ["others"]}, "index.html?why=stranger", id="another group"),
        pytest.param({"groups": "SCIM operators"}, "index.html", id="one group as text"),
        pytest.param({"groups": None, "email": "a@ACME.example"}, "index.html", id="a domain"),
        pytest.param({"groups": None, "email": "Lee@example.com"}, "index.html", id="an address"),
        pytest.param(
            {"groups": None, "email": "a@notacme.example"}, "index.html?why=stranger", id="like it"
        ),
        pytest.param(
            {"groups": None, "email": "a@acme.example", "email_verified": False},
            "index.html?why=stranger",
            id="an address nobody has verified",
        ),
        pytest.param(
            {"groups": None, "email": "a@acme.example", "email_verified": "true"},
            "index.html?why=stranger",
            id="verified in words",
        ),
        pytest.param({"groups": {"SCIM operators": 1}}, "index.html?why=stranger", id="no list"),
    ],
)
def test_claims_decide_who_may_sign_in(
    gateway: Gateway, provider: OpenIdServer, person: dict[str, Any], ends: str
) -> None:
    provider.person = {n: v for n, v in {**KIM, **person}.items() if v is not None}
    browser = Browser(gateway)
    assert browser.sign_in() == ends
    assert (browser.ask("GET", "session") == 200) == (ends == "index.html")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"nonce": "another"}, id="nonce of another sign-in"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"aud": "another-client"}, id="for another client"),
        pytest.param({"aud": [CLIENT_ID, "other"]}, id="for two without azp"),
        pytest.param({"azp": "another-client"}, id="given to another client"),
        pytest.param({"iss": "https://evil.example.com"}, id="of another issuer"),
        pytest.param({"exp": 1_700_000_000, "iat": 1_699_999_000}, id="long over"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"sub": None}, id="about nobody"),
    ],
)
def test_an_id_token_that_is_not_for_this_sign_in_opens_nothing(
    gateway: Gateway, provider: OpenIdServer, changed: dict[str, Any]
) -> None:
    provider.changed = changed
    browser = Browser(gateway)
    assert browser.sign_in() == "index.html?why=refused"
    assert browser.cookies == {}


def test_a_token_signed_by_a_stranger_opens_nothing(
    gateway: Gateway, provider: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "key", FORGER)
    assert Browser(gateway).sign_in() == "index.html?why=refused"


@pytest.mark.parametrize(
    ("fault", "why"), [("denied", "refused"), ("down", "silent"), ("no token", "refused")]
)
def test_a_refusal_or_silence_of_the_provider_is_reported(
    gateway: Gateway, provider: OpenIdServer, fault: str, why: str
) -> None:
    provider.fault = fault
    assert Browser(gateway).sign_in() == f"index.html?why={why}"


def test_an_answer_that_another_browser_asked_for_opens_nothing(gateway: Gateway) -> None:
    attacker, victim = Browser(gateway), Browser(gateway)
    away = attacker.open("/console/sign-in")
    back = httpx2.get(dict(away.headers)["Location"], follow_redirects=False).headers["Location"]
    assert victim.arrive(back) == "index.html?why=late"  # without any cookie
    victim.open("/console/sign-in")
    assert victim.arrive(back) == "index.html?why=late"  # with one of its own
    assert victim.ask("GET", "session") == 401
    assert attacker.arrive(back) == "index.html"
    assert attacker.arrive(back) == "index.html?why=late"  # its cookie is gone with the first


def test_a_code_is_no_use_without_the_verifier(gateway: Gateway, provider: OpenIdServer) -> None:
    """Whoever has seen the address the browser was sent back to has nothing of it."""
    browser = Browser(gateway)
    away = browser.open("/console/sign-in")
    asked = parse_qs(urlsplit(dict(away.headers)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = httpx2.get(dict(away.headers)["Location"], follow_redirects=False).headers["Location"]
    stolen = {
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": asked["redirect_uri"][0],
        "code_verifier": "x" * 43,
    }
    assert httpx2.post(f"{provider.url}/token", data=stolen).status_code == 400
    held = browser.cookies["__Host-scim-sign-in"]
    assert held not in json.dumps([asked, back])


@pytest.mark.parametrize("path", ["sign-in", "sign-in/back"])
def test_signing_in_is_only_begun_by_a_link(gateway: Gateway, path: str) -> None:
    assert gateway.handle("POST", f"/console/{path}", OURS, b"{}").status == 405


def test_a_session_of_a_person_is_listed_and_ends_when_an_operator_revokes_it(
    gateway: Gateway,
) -> None:
    browser, links = Browser(gateway), links_in(gateway)
    before = set(links.of_tenant(""))
    browser.sign_in()
    ((hash_, link),) = (
        (hash_, link) for hash_, link in links.of_tenant("").items() if hash_ not in before
    )
    assert link.person == "kim@example.com"
    assert browser.ask("GET", "session") == 200
    links.revoke(hash_, link.created_at)
    assert browser.ask("GET", "session") == 401


def test_a_session_that_was_ended_is_listed_no_longer(gateway: Gateway) -> None:
    browser = Browser(gateway)

    def listed() -> set[str]:
        return {row["link_id"] for row in administer(gateway, "GET", "/console-links")["items"]}

    before = listed()
    browser.sign_in()
    assert len(listed() - before) == 1
    assert browser.ask("DELETE", "session") == 204
    assert listed() == before


def test_a_session_that_an_earlier_version_stored_without_a_link_goes_on(gateway: Gateway) -> None:
    browser = Browser(gateway)
    browser.sign_in()
    cookie_hash = hash_of(browser.cookies["__Host-scim-console"])
    boto3.client("dynamodb").update_item(
        TableName=gateway.store.tables["Table"],
        Key={"pk": {"S": f"SESSION#{cookie_hash}"}, "sk": {"S": "-"}},
        UpdateExpression="SET link = :none",
        ExpressionAttributeValues={":none": {"S": ""}},
    )
    assert browser.ask("GET", "session") == 200


def test_the_portal_has_no_sign_in(gateway: Gateway) -> None:
    assert gateway.handle("GET", "/setup/sign-in").status == 404


def test_a_session_of_the_console_opens_no_portal(gateway: Gateway) -> None:
    browser = Browser(gateway)
    browser.sign_in()
    stolen = f"__Host-scim-setup={browser.cookies['__Host-scim-console']}"
    sent = {**OURS, "Cookie": stolen}
    assert gateway.handle("GET", "/setup/api/state", sent).status == 401


def test_stricter_admission_ends_existing_sessions(provider: OpenIdServer) -> None:
    usual = {
        "LogLevel": "ERROR",
        "ConsoleIssuer": provider.url,
        "ConsoleClientId": CLIENT_ID,
        "ConsoleSecretName": "console",
        "SCIM_LOOPBACK_ISSUERS": "1",
    }
    with ExitStack() as stack:
        overrides = {**usual, "ConsoleAdmits": json.dumps(ADMITS)}
        first = stack.enter_context(Gateway.start(overrides=overrides))
        secret = f"scim/{first.template.scope.stack}/console"
        boto3.client("secretsmanager").create_secret(Name=secret, SecretString="s3cret")
        browser = Browser(first)
        assert browser.sign_in() == "index.html"
        assert provider.forms[-1][1]["authorization"].startswith("Basic ")
        assert browser.ask("GET", "session") == 200
        stricter = Gateway(
            first.template,
            first.store,
            "127.0.0.1:8080",
            {
                "SCIM_LOOPBACK_ISSUERS": "1",
                "SCIM_CONSOLE_ADMITS": '{"groups": ["SCIM operators of today"]}',
            },
        )
        browser.gateway = stricter
        assert browser.ask("GET", "session") == 401
