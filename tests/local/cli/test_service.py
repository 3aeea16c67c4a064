"""The service over HTTP, as commands talk to it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import click
import httpx2
import pytest
from click.testing import CliRunner, Result

from local.gateway import Gateway
from scim_cli.root import scim
from scim_cli.service import Refused, Service, TokenAuth, unreachable_place
from tests.local.cli.shell import Shell, people


def test_a_download_goes_on_where_it_stopped(shell: Shell, tmp_path: Path) -> None:
    shell.json("import", shell.file("a", people("ann", "bob")), "--format", "ndjson")
    shell.json("export", str(tmp_path / "whole"), "--format", "ndjson")
    whole = (tmp_path / "whole").read_bytes()
    (job, *_) = shell.json("job", "list")
    link = shell.service().call("GET", f"/Jobs/{job['id']}/Result")["download"]
    part = tmp_path / "part"
    part.write_bytes(whole[:10])
    moved: list[int] = []
    for _ in range(2):
        shell.service().download(link, part, moved.append)
        assert part.read_bytes() == whole
    assert moved == [len(whole)]


def test_a_redirect_of_a_file_is_neither_content_nor_success(tmp_path: Path) -> None:
    file = tmp_path / "file"

    def moved(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(307, headers={"Location": "https://z.example/"}, stream=_Page())

    with httpx2.Client(transport=httpx2.MockTransport(moved)) as http:
        service = Service("https://x.example", TokenAuth("t"), http)
        with pytest.raises(click.ClickException, match=r"^The download was refused: 307$"):
            service.download({"$ref": "https://y.example/"}, file, lambda _: None)
        assert not file.exists()
        file.write_text("content")
        with pytest.raises(click.ClickException, match=r"^The upload was refused: 307"):
            service.upload({"$ref": "https://y.example/"}, file, lambda _: None)


class _Page(httpx2.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"<Error>"


def test_a_refusal_of_the_service_ends_the_command(shell: Shell) -> None:
    result = shell.run("job", "show", "nothing")
    assert result.exit_code == 1
    assert "404: There is no job with this id." in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["job", "list"], "SCIM_URL"),
        (["job", "list", "--url", "http://127.0.0.1:1/scim/v2"], "SCIM_TOKEN"),
    ],
)
def test_a_service_has_to_be_named(words: list[str], said: str) -> None:
    result = CliRunner().invoke(scim, words, env={"SCIM_URL": "", "SCIM_TOKEN": ""})
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_service_that_does_not_answer_is_reported() -> None:
    words = ["job", "list", "--url", "http://127.0.0.1:1/scim/v2"]
    result = CliRunner().invoke(scim, words, env={"SCIM_TOKEN": "x"})
    assert result.exit_code == 4
    assert "http://127.0.0.1:1/scim/v2 cannot be reached: " in result.stderr


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("https://x.example/scim/v2/Jobs", "https://x.example/scim/v2"),
        ("https://files.s3.example/key?X-Amz-Signature=secret", "https://files.s3.example"),
        (None, "https://x.example/scim/v2"),
    ],
)
def test_the_server_that_does_not_answer_is_named(asked: str | None, expected: str) -> None:
    request = None if asked is None else httpx2.Request("PUT", asked)
    error = httpx2.ConnectError("no route", request=request)
    assert unreachable_place(error, "https://x.example/scim/v2") == expected


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("127.0.0.1:8080/scim/v2", "x", "127.0.0.1:8080/scim/v2 is no URL; expected one such as"),
        ("ftp://x.example/scim/v2", "x", "ftp://x.example/scim/v2 is no URL; expected"),
        ("http://x.example:abc/scim/v2", "x", "is no URL: Invalid port: 'abc'."),
        ("http://x.example/scim/v2", "s\u00e9cret", "The token holds what no token has"),
        ("http://x.example/scim/v2", "sec\nret", "The token holds what no token has"),
    ],
)
def test_an_invalid_url_or_token_is_refused_without_showing_the_token(
    url: str, token: str, said: str
) -> None:
    result = CliRunner().invoke(scim, ["job", "list", "--url", url], env={"SCIM_TOKEN": token})
    assert result.exit_code == 2
    assert said in result.stderr
    assert token == "x" or "cret" not in result.stderr


@pytest.mark.parametrize("by", ["option", "environment"])
def test_local_and_the_url_of_another_service_are_refused(by: str) -> None:
    """Whoever has set SCIM_URL for a deployment and tries something with --local changes no deployment."""
    url = "https://scim.example.com/scim/v2"
    words = ["users", "create", "userName=ada", "--local"]
    environment = {"SCIM_TOKEN": "x"}
    if by == "option":
        words += ["--url", url]
    else:
        environment["SCIM_URL"] = url
    result = CliRunner().invoke(scim, words, env=environment)
    assert result.exit_code == 2
    assert f"--local is the service of this machine, and {url} is another" in result.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8080 "])
@pytest.mark.parametrize("words", [["users", "list"], ["tenant", "list"]], ids=" ".join)
def test_an_invalid_port_is_refused(words: list[str], port: str) -> None:
    result = CliRunner().invoke(scim, [*words, "--local"], env={"PORT": port})
    assert result.exit_code == 2
    assert f"PORT is {port!r}; expected a number from 1 to 65535." in result.stderr


@pytest.mark.parametrize("id_", ["x/../../Groups", "", "..", "?count=1", "#"])
def test_an_id_is_one_part_of_the_path(shell: Shell, id_: str) -> None:
    """Whoever is told to delete `x/../../Groups/1` deletes no group."""
    shell.json("users", "create", "userName=ada")
    result = shell.run("users", "get", id_)
    assert result.exit_code == (2 if id_ in {"", ".."} else 1), result.output
    assert result.stdout == ""


def test_a_page_that_is_no_scim_service_is_recognized(served: tuple[Gateway, int]) -> None:
    url = f"http://127.0.0.1:{served[1]}/console/index.html?"
    result = CliRunner().invoke(scim, ["job", "list", "--url", url], env={"SCIM_TOKEN": "x"})
    assert result.exit_code == 1
    assert "answers 200 without JSON: is the base URL that of a SCIM service?" in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_a_server_whose_errors_are_pages_is_recognized() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{other.server_port}/scim/v2"
        result = CliRunner().invoke(scim, ["job", "list", "--url", url], env={"SCIM_TOKEN": "x"})
        other.shutdown()
    assert result.exit_code == 1
    assert "501: the answer is not JSON: is the base URL that of a SCIM service?" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["test-connection", "http://x.example/scim/v2"],
        ["conform", "http://x.example/scim/v2"],
        ["import", "none", "--from-scim", "https://x.example/scim/v2"],
    ],
    ids=lambda words: words[0],
)
def test_a_malformed_token_is_neither_sent_nor_shown(words: list[str]) -> None:
    given = {"SCIM_TOKEN": "s\u00e9cret", "SCIM_FROM_TOKEN": "s\u00e9cret"}
    result = CliRunner().invoke(scim, words, env=given)
    assert result.exit_code == 2
    assert "The token holds what no token has" in result.stderr
    assert "cret" not in result.stderr


def test_an_unreachable_server_to_judge_is_reported_like_any_other() -> None:
    result = CliRunner().invoke(scim, ["conform", "http://127.0.0.1:1/scim/v2", "token"])
    assert (result.exit_code, "cannot be reached" in result.stderr) == (4, True)


def test_a_tenant_that_accepts_tokens_only_as_token_is_served(shell: Shell) -> None:
    shell.settle(schemes=("token",))
    shell.json("users", "create", "userName=ada")
    assert [each["userName"] for each in shell.json("users", "list")] == ["ada"]


def test_a_token_that_no_scheme_makes_valid_is_refused() -> None:
    sent: list[str] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers["Authorization"])
        return httpx2.Response(401, json={"detail": "No."})

    with httpx2.Client(transport=httpx2.MockTransport(refuse)) as http:
        service = Service("https://x.example/scim/v2", TokenAuth("t"), http)
        for _ in range(2):
            with pytest.raises(Refused, match=r"^401: No\.$"):
                service.call("GET", "/Users")
    assert sent == ["Bearer t", "Token t"] * 2


def _run_at(answer: httpx2.Response, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command at a server that gives each request this answer."""
    transport = httpx2.MockTransport(lambda _: answer)

    def client(_: str, **options: Any) -> httpx2.Client:
        return httpx2.Client(transport=transport, **options)

    monkeypatch.setattr("scim_cli.service.client_for", client)
    words = (*words, "--url", "https://x.example/scim/v2")
    result = CliRunner().invoke(scim, words, env={"SCIM_TOKEN": "x"})
    assert isinstance(result.exception, SystemExit), result.output
    return result


@pytest.mark.parametrize(
    "words",
    [
        ["users", "delete", "ada"],
        ["users", "list"],
        ["users", "create", "userName=ada"],
        ["job", "list"],
        ["job", "result", "j"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("location", ["https://login.example/", "http://x.example/scim/v2/Users"])
def test_a_redirect_is_not_success(
    words: list[str], location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a proxy redirects to a page, nothing is deleted and no list is empty."""
    result = _run_at(httpx2.Response(302, headers={"Location": location}), monkeypatch, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith(f" 302: moved to {location}; use that URL.\n")


@pytest.mark.parametrize("words", [["users", "list"], ["job", "list"], ["requests"]], ids=" ".join)
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"status": "ok"},
        {"Resources": {}, "totalResults": "many"},
        {"Resources": [3], "totalResults": 1},
    ],
    ids=str,
)
def test_an_answer_that_is_no_list_is_not_an_empty_list(
    words: list[str], answer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = _run_at(httpx2.Response(200, json=answer), monkeypatch, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "answers what is no list: is the base URL that of a SCIM service?" in result.stderr


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (httpx2.Response(200), 1, "without JSON"),
        (httpx2.Response(200, content=b"[" * 100_000), 1, "without JSON"),
        (httpx2.Response(401), 1, "401: the token is not accepted."),
        (httpx2.Response(500, content=b"[" * 100_000), 1, "500: the answer is not JSON"),
    ],
    ids=["nothing", "nested", "no body", "nested error"],
)
@pytest.mark.parametrize("words", [["users", "list"], ["users", "get", "ada"]], ids=" ".join)
def test_an_unreadable_answer_is_explained(
    answer: httpx2.Response,
    code: int,
    said: str,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = _run_at(answer, monkeypatch, *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_a_refused_token_is_explained_without_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forsta's API answers 401 without one, also where the schemas are read for the types of values."""
    result = _run_at(httpx2.Response(401), monkeypatch, "users", "create", "userName=ada")
    assert result.stderr == "Error: 401: the token is not accepted.\n"
