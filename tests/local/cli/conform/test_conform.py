"""`scim conform`: what it sends, what it finds, what it says."""

import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from local.aws import aws_answer
from local.gateway import Gateway
from local.server import Server
from scim_cli.conform import command
from scim_cli.conform.catalogue import RULES
from scim_cli.conform.probe import Fault, NotTried, Probe, expect_status
from scim_cli.conform.report import html_report
from scim_cli.conform.rule import PARTS, Level, Profile, Rules
from scim_cli.conform.run import Verdict, counts_of, is_conformant, results_of
from scim_cli.root import scim
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.local.cli.shell import Shell

Handler = Callable[[httpx2.Request], httpx2.Response]
TOKEN = "made-up-secret"


def probe_of(handler: Handler) -> Probe:
    transport = httpx2.MockTransport(handler)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return Probe("http://server/scim", httpx2.Client(transport=transport, headers=headers))


def empty(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(404, json={})


def run(handler: Handler, profile: Profile = Profile.RFC, *, writes: bool = False) -> Any:
    return list(results_of(probe_of(handler), RULES, profile, writes=writes))


def test_each_rule_says_where_it_is_from_and_stands_there_once() -> None:
    assert len({(each.profile, each.section, each.text) for each in RULES}) == len(RULES)
    for each in RULES:
        assert each.text.endswith(".")
        assert each.section
        assert (each.check is None) is bool(each.unseen)
        assert each.profile is not Profile.RFC or each.section.startswith("RFC ")


@pytest.mark.parametrize("profile", list(Profile))
def test_nothing_is_written_unless_that_is_accepted(profile: Profile) -> None:
    sent: list[str] = []

    def noted(request: httpx2.Request) -> httpx2.Response:
        sent.append(f"{request.method} {request.url.path}")
        return empty(request)

    results = run(noted, profile)
    assert {each for each in sent if not each.startswith("GET ")} <= {"POST /scim/Users/.search"}
    left_out = [each for each in results if each.why == "needs writes: --i-accept-writes"]
    assert {each.rule for each in left_out} == {
        each for each in RULES if each.writes and each.profile in PARTS[profile]
    }
    assert not is_conformant(results)


def test_a_rule_is_kept_broken_or_not_tried() -> None:
    rules = Rules(Profile.RFC)

    @rules.must("1", "Kept.")
    def kept(probe: Probe) -> None:
        expect_status(probe.get("/x"), 404)

    @rules.should("2", "Broken.")
    def broken(probe: Probe) -> None:
        raise Fault("it is broken")

    @rules.must("3", "Not here.")
    def left_out(probe: Probe) -> None:
        raise NotTried("there is nothing")

    @rules.must("4", "Dead.")
    def dead(probe: Probe) -> None:
        raise httpx2.ReadTimeout("late")

    rules.unseen("5", Level.MUST, "Inside.", "it is inside")
    results = list(results_of(probe_of(empty), rules.all, Profile.RFC, writes=False))
    assert [(each.verdict, each.why) for each in results] == [
        (Verdict.OK, ""),
        (Verdict.FAILS, "it is broken"),
        (Verdict.NOT_TRIED, "there is nothing"),
        (Verdict.FAILS, "the server does not answer: ReadTimeout"),
        (Verdict.NOT_TRIED, "it is inside"),
    ]
    assert counts_of(results)["MUST fails"] == 1
    assert not is_conformant(results)
    assert is_conformant([results[0], results[1], results[2], results[4]])
    (exchange,) = results[0].exchanges
    assert (exchange.method, exchange.path, exchange.status) == ("GET", "/x", 404)


def test_what_was_made_up_is_removed_the_last_first() -> None:
    gone: list[str] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        if request.method == "DELETE":
            gone.append(request.url.path)
            return httpx2.Response(204 if request.url.path.endswith("1") else 500)
        return httpx2.Response(201, json={"id": str(len(gone) + 1), "userName": "x"})

    probe = probe_of(server)
    probe.user()
    probe.made.append("/Groups/2")
    assert probe.clean() == ["/Groups/2"]
    assert gone == ["/scim/Groups/2", "/scim/Users/1"]


def test_a_page_shows_what_came_as_text_and_no_secret() -> None:
    def server(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text="<script>alert(1)</script>")

    results = run(server)
    page = html_report(Profile.RFC, results, ["/Users/<1>"])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "/Users/&lt;1&gt;" in page
    assert TOKEN not in page


@pytest.fixture(name="answering")
def _answering(monkeypatch: pytest.MonkeyPatch) -> list[Handler]:
    """Let the command talk to the last of these."""
    handlers: list[Handler] = [empty]
    real = httpx2.Client

    def client(**options: Any) -> httpx2.Client:
        return real(**options, transport=httpx2.MockTransport(handlers[-1]))

    monkeypatch.setattr(command.httpx2, "Client", client)
    return handlers


def conform(*words: str, **env: str) -> Result:
    return CliRunner().invoke(scim, ["conform", "http://server/scim", *words], env=env)


def test_the_command_fails_with_a_line_for_each_rule_that_is_broken(
    answering: list[Handler],
) -> None:
    result = conform(TOKEN)
    assert result.exit_code == 1
    line = "MUST RFC 7644 section 4: ServiceProviderConfig is served at its endpoint. expected 200, came 404."
    assert line in result.output.splitlines()
    told = json.loads(conform("--report", "json", SCIM_TOKEN=TOKEN).output)
    assert told["conformant"] is False
    assert len(told["rules"]) == sum(each.profile is Profile.RFC for each in RULES)
    assert TOKEN not in json.dumps(told)
    assert conform("--report", "html", SCIM_TOKEN=TOKEN).output.startswith("<!doctype html>")


def test_without_a_token_or_a_server_nothing_is_judged(answering: list[Handler]) -> None:
    assert "SCIM_TOKEN" in conform(SCIM_TOKEN="").stderr

    def down(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    answering.append(down)
    assert "http://server/scim does not answer: ConnectError." in conform(TOKEN).stderr


@pytest.mark.timeout(600)
def test_our_own_service_keeps_what_is_seen_by_reading(shell: Shell) -> None:
    service = shell.service()
    result = CliRunner().invoke(scim, ["conform", service.url, service.token, "-o", "json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["MUST ok"] >= 20


@pytest.fixture(name="running", scope="module")
def _running() -> Iterator[tuple[Gateway, str]]:
    """Yield a gateway that knows its address, which locations have, and the base of its service."""
    with (
        Server(0) as server,
        Gateway.start(address=server.address, overrides={"LogLevel": "ERROR"}) as gateway,
    ):
        server.answer = lambda request: aws_answer(request) or gateway.answer(request)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield gateway, f"http://{server.address}/scim/v2"
        server.shutdown()
        thread.join()


def judged(
    running: tuple[Gateway, str], profile: str, rules: Profile
) -> tuple[list[str], dict[str, Any], Client]:
    """Return the rules that a tenant of a profile breaks, all that was found, and a client of it."""
    gateway, base = running
    make_tenant(gateway, f"conform-{profile}", profile=profile)
    token = secret_of(gateway, f"conform-{profile}", "*")
    words = ["conform", base, token, "--profile", rules.value, "--i-accept-writes"]
    told = json.loads(CliRunner().invoke(scim, [*words, "--report", "json"]).output)
    broken = [each["rule"] for each in told["rules"] if each["verdict"] == Verdict.FAILS]
    return broken, told, Client(gateway, token)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_our_own_service_keeps_every_must_and_nothing_is_left_behind(
    running: tuple[Gateway, str],
) -> None:
    broken, told, client = judged(running, "rfc", Profile.RFC)
    assert (broken, told["conformant"], told["leftBehind"]) == ([], True, [])
    for path in ("/Users", "/Groups"):
        assert client.send("GET", path).body["totalResults"] == 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_what_interop_strict_says_of_itself_is_what_a_run_computes(
    running: tuple[Gateway, str],
) -> None:
    broken, told, client = judged(running, "interop-strict", Profile.INTEROP)
    declared = client.send("GET", "/ServiceProviderConfig").body["interopProfileConformant"]
    assert (broken, told["conformant"]) == ([], declared)
