"""`scim conform`: what it sends, what it finds, what it says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2
import jwt
import pytest
from click.testing import CliRunner, Result
from jwt.algorithms import ECAlgorithm

from scim_cli.conform import command
from scim_cli.conform.answer import Fault, NotTried, expect_status
from scim_cli.conform.command import RULES
from scim_cli.conform.probe import Probe
from scim_cli.conform.report import html_report
from scim_cli.conform.rule import PARTS, Level, Profile, Rules
from scim_cli.conform.run import Verdict, counts_of, is_conformant, results_of
from scim_cli.root import scim
from tests.fakes.authorization_server import EC
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


def test_every_rule_names_its_source_and_is_listed_once() -> None:
    assert len({(each.profile, each.section, each.text) for each in RULES}) == len(RULES)
    for each in RULES:
        assert each.text.endswith(".")
        assert each.section
        assert (each.check is None) is bool(each.unseen)
        assert each.profile is not Profile.RFC or each.section.startswith("RFC ")


@pytest.mark.parametrize("profile", list(Profile))
def test_nothing_is_written_without_the_option_for_writes(profile: Profile) -> None:
    sent: list[str] = []

    def noted(request: httpx2.Request) -> httpx2.Response:
        sent.append(f"{request.method} {request.url.path}")
        return empty(request)

    results = run(noted, profile)
    assert {each for each in sent if not each.startswith("GET ")} <= {"POST /scim/Users/.search"}
    left_out = [each for each in results if each.why == "needs writes: --i-accept-writes"]
    assert all(each.is_undecided for each in left_out)
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

    @rules.must("4", "Odd.")
    def odd(probe: Probe) -> None:
        probe.get("/x").body["Operations"]

    @rules.must("4", "Open.")
    def left_open(probe: Probe) -> None:
        probe.user()

    rules.unseen("5", Level.MUST, "Inside.", "it is inside")
    results = list(results_of(probe_of(empty), rules.all, Profile.RFC, writes=False))
    assert [(each.verdict, each.why) for each in results] == [
        (Verdict.OK, ""),
        (Verdict.FAILS, "it is broken"),
        (Verdict.NOT_TRIED, "there is nothing"),
        (Verdict.FAILS, "the server does not answer: ReadTimeout"),
        (Verdict.FAILS, "an answer has another form than SCIM's: KeyError"),
        (Verdict.NOT_TRIED, "POST /Users answers 404; nothing could be made up"),
        (Verdict.NOT_TRIED, "it is inside"),
    ]
    assert counts_of(results)["MUST fails"] == 2
    assert not is_conformant(results)
    assert is_conformant([results[0], results[1], results[2], results[6]])
    assert not is_conformant([results[0], results[5]])
    (exchange,) = results[0].exchanges
    assert (exchange.method, exchange.path, exchange.status) == ("GET", "/x", 404)


def test_created_test_resources_are_removed_last_first() -> None:
    gone: list[str] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        if request.method == "DELETE":
            gone.append(request.url.path)
            return httpx2.Response(204 if request.url.path.endswith("1") else 500)
        return httpx2.Response(201, json={"id": str(len(gone) + 1), "userName": "x"})

    probe = probe_of(server)
    probe.user()
    probe.created_paths.append("/Groups/2")
    assert probe.clean() == ["/Groups/2"]
    assert gone == ["/scim/Groups/2", "/scim/Users/1"]


@pytest.mark.parametrize(
    ("method", "path", "status", "headers", "body", "made"),
    [
        ("POST", "/Users?x=y", 201, {}, {"id": "1"}, ["/Users/1"]),
        ("POST", "/Users", 200, {}, {"id": "1"}, ["/Users/1"]),
        ("POST", "/Users", 201, {"Location": "/scim/Users/2"}, {}, ["/Users/2"]),
        ("POST", "/Users", 201, {"Location": "http://b.example/2"}, {}, ["http://b.example/2"]),
        ("PUT", "/Users/3", 201, {}, {}, ["/Users/3"]),
        ("PUT", "/Users/3", 200, {}, {"id": "3"}, []),
        ("POST", "/Users/.search", 200, {}, {"Resources": [{"id": "1"}]}, []),
        (
            "POST",
            "/Bulk",
            200,
            {},
            {
                "Operations": [
                    {"status": "201", "location": "http://server/scim/Users/4"},
                    {"status": "404", "location": "http://server/scim/Users/5"},
                    {"status": "201"},
                    3,
                ]
            },
            ["/Users/4"],
        ),
    ],
)
def test_a_created_resource_is_recognized_from_the_answer(
    method: str, path: str, status: int, headers: dict[str, str], body: Any, made: list[str]
) -> None:
    probe = probe_of(lambda _: httpx2.Response(status, headers=headers, json=body))
    probe.send(method, path, {})
    assert probe.created_paths == made


def test_the_token_is_not_sent_to_another_host() -> None:
    asked: list[str] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(201, headers={"Location": "http://elsewhere/Users/1"})

    probe = probe_of(server)
    probe.send("POST", "/Users", {})
    assert probe.clean() == ["http://elsewhere/Users/1"]
    assert asked == ["server"]


@pytest.mark.parametrize(
    ("seconds", "waited", "status"),
    [("2", [2.0], 200), ("31", [], 429), ("soon", [], 429), ("", [], 429)],
    ids=["a while", "too long", "no number", "nothing said"],
)
def test_a_throttled_request_is_repeated_when_the_server_says(
    seconds: str, waited: list[float], status: int
) -> None:
    answers = [httpx2.Response(429, headers={"Retry-After": seconds}), httpx2.Response(200)]
    probe = probe_of(lambda _: answers.pop(0))
    waits: list[float] = []
    probe.wait = waits.append
    assert probe.get("/Users").status == status
    assert waits == waited
    assert [each.status for each in probe.throttled] == [429]


def test_a_false_claim_of_conformance_is_reported() -> None:
    def liar(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/ServiceProviderConfig"):
            return httpx2.Response(200, json={"interopProfileConformant": True})
        return empty(request)

    claim = [each for each in RULES if "interopProfileConformant" in each.text]
    (told,) = results_of(probe_of(liar), claim, Profile.INTEROP, writes=True)
    assert told.verdict is Verdict.OK
    results = run(liar, Profile.INTEROP, writes=True)
    (told,) = (each for each in results if each.rule in claim)
    assert told.verdict is Verdict.FAILS
    assert "A count of 100 is allowed." not in told.why  # could not be tried
    assert "The id of a resource type is its name." not in told.why
    assert "PATCH is supported." in told.why


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
    line = "MUST RFC 7644 section 4: ServiceProviderConfig is served at its endpoint. expected 200, got 404."
    assert line in result.output.splitlines()
    printed = conform(TOKEN, "-o", "json")
    assert json.loads(printed.stdout)["conformant"] is False
    assert line in printed.stderr.splitlines()
    told = json.loads(conform("--report", "json", SCIM_TOKEN=TOKEN).output)
    assert told["conformant"] is False
    assert len(told["rules"]) == sum(each.profile is Profile.RFC for each in RULES)
    assert TOKEN not in json.dumps(told)
    assert conform("--report", "html", SCIM_TOKEN=TOKEN).output.startswith("<!doctype html>")


def test_without_a_token_or_a_server_no_rule_is_judged(answering: list[Handler]) -> None:
    assert "SCIM_TOKEN" in conform(SCIM_TOKEN="").stderr
    assert "--client and --key together" in conform("--client", "x").stderr

    def down(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    answering.append(down)
    assert "http://server/scim cannot be reached: refused." in conform(TOKEN).stderr


@pytest.mark.timeout(600)
def test_this_service_keeps_every_rule_that_reading_can_check(shell: Shell) -> None:
    words = ["conform", shell.service().url, shell.token, "-o", "json"]
    result = CliRunner().invoke(scim, words)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["MUST ok"] >= 20
    assert "--i-accept-writes tries them" in result.stderr


class Directory:
    """A server that makes users; `ends` is raised by the request of that number."""

    def __init__(self, number: int = 0, ends: BaseException | None = None) -> None:
        self.users: set[str] = set()
        self._asked, self._number, self._ends = 0, number, ends

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self._asked += 1
        if self._ends and self._asked == self._number:
            raise self._ends
        path = request.url.path.removeprefix("/scim")
        if request.method == "POST" and path == "/Users":
            id_ = f"u{self._asked}"
            self.users.add(id_)
            return httpx2.Response(201, json={"id": id_, "userName": id_})
        if request.method == "DELETE":
            self.users.discard(path.rpartition("/")[2])
            return httpx2.Response(204)
        return httpx2.Response(404, json={})


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (Directory(), 1),
        (Directory(60, httpx2.ReadTimeout("late")), 1),
        (Directory(60, KeyboardInterrupt()), 1),
    ],
    ids=["to its end", "an answer is late", "interrupted"],
)
def test_created_test_resources_are_removed_however_a_run_ends(
    answering: list[Handler], server: Directory, code: int
) -> None:
    answering.append(server)
    result = conform(TOKEN, "--i-accept-writes")
    assert result.exit_code == code
    assert server._asked > 60
    assert server.users == set()


@pytest.fixture(name="key")
def _key(tmp_path: Path) -> Path:
    place = tmp_path / "key.json"
    place.write_text(json.dumps(ECAlgorithm.to_jwk(EC, as_dict=True) | {"kid": "ec"}))
    return place


class Authorization:
    """A server whose tokens are got by a JWT of the client `conform`, each taken once."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.bearers: set[str | None] = set()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("oauth-authorization-server"):
            told = {"issuer": "http://server", "token_endpoint": "http://server/token"}
            return httpx2.Response(200, json=told)
        if request.url.path != "/token":
            self.bearers.add(request.headers.get("Authorization"))
            return empty(request)
        form = {name: value for name, (value,) in parse_qs(request.read().decode()).items()}
        assertion = form["client_assertion"]
        jwt.decode(
            assertion, EC.public_key(), ["ES256"], audience="http://server", issuer="conform"
        )
        if assertion in self.used or "Authorization" in request.headers:
            return httpx2.Response(401, json={"error": "invalid_client"})
        self.used.add(assertion)
        token = {"access_token": TOKEN, "token_type": "Bearer", "scope": "scim", "expires_in": 60}
        return httpx2.Response(200, json=token)


def test_a_client_gets_its_token_by_an_assertion_and_neither_is_shown(
    answering: list[Handler], key: Path
) -> None:
    server = Authorization()
    answering.append(server)
    words = ["--client", "conform", "--key", str(key), "--profile", "ipsie-al1"]
    result = conform(*words, "--report", "json")
    told = {each["rule"]: each["verdict"] for each in json.loads(result.output)["rules"]}
    assert told["A signed JWT is exchanged for a token with only the scope scim."] == "ok"
    assert told["A token response has its expiry."] == "ok"
    assert told["A signed JWT is accepted only once."] == "ok"
    assert server.bearers == {f"Bearer {TOKEN}", None}
    assert TOKEN not in result.output
    assert not any(each in result.output for each in server.used)


@pytest.mark.parametrize("text", ["-----BEGIN", "{}", '{"kty": "EC"}'])
def test_a_file_that_holds_no_private_key_is_refused(
    answering: list[Handler], key: Path, text: str
) -> None:
    answering.append(Authorization())
    key.write_text(text)
    result = conform("--client", "conform", "--key", str(key))
    assert "no private key as a JWK" in result.stderr
