"""The proxies and certificates of the environment, and servers on this machine, which need neither."""

import pytest
from click.testing import CliRunner

from local.gateway import Gateway
from scim_cli.http_client import is_proxied
from scim_cli.root import scim
from tests.local.cli.shell import Shell

ELSEWHERE = "https://scim.example.com/scim/v2"
UNUSED = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", 2, "expected http:// or https://."),
        ("HTTPS_PROXY", "http://127.0.0.1:port", 2, "is no URL: Invalid port: 'port'."),
        ("HTTPS_PROXY", "ftp://127.0.0.1", 2, "is no URL: "),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", 2, "SSL_CERT_FILE or SSL_CERT_DIR cannot be read: "),
        ("HTTPS_PROXY", UNUSED, 4, f"{ELSEWHERE} cannot be reached through the proxy of the"),
    ],
)
@pytest.mark.parametrize("words", [["job", "list", "--url"], ["conform"]], ids=" ".join)
def test_a_wrong_proxy_or_certificate_file_is_named(
    words: list[str], name: str, value: str, code: int, said: str
) -> None:
    environment = {"SCIM_TOKEN": "x", name: value}
    result = CliRunner().invoke(scim, [*words, ELSEWHERE], env=environment)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


@pytest.mark.parametrize(
    "words", [["job", "list", "--url"], ["conform"], ["test-connection"]], ids=" ".join
)
def test_a_server_of_this_machine_may_have_a_certificate_of_its_own(words: list[str]) -> None:
    """SSL_CERT_FILE names it: a file that is missing is told, so it was looked for."""
    environment = {"SCIM_TOKEN": "x", "SSL_CERT_FILE": "/nowhere/ca.pem"}
    result = CliRunner().invoke(scim, [*words, "https://localhost:1/scim/v2"], env=environment)
    assert (result.exit_code, "SSL_CERT_FILE" in result.stderr) == (2, True), result.stderr


def test_no_proxy_is_asked_for_this_machine(shell: Shell, served: tuple[Gateway, int]) -> None:
    words = ["users", "list", "--url", f"http://127.0.0.1:{served[1]}/scim/v2", "--json"]
    environment = {"SCIM_TOKEN": shell.token, "HTTP_PROXY": UNUSED}
    assert CliRunner().invoke(scim, words, env=environment).exit_code == 0


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--local"], "HTTP_PROXY", UNUSED),
        (["--local"], "AWS_PROFILE", "nobody"),
        (["--table", "TABLE", "--endpoint-url", "URL"], "HTTP_PROXY", UNUSED),
    ],
)
def test_proxy_and_account_variables_do_not_affect_a_local_store(
    words: list[str], name: str, value: str, served: tuple[Gateway, int]
) -> None:
    gateway, port = served
    (table,) = gateway.store.tables.values()
    meant = {"TABLE": table, "URL": f"http://127.0.0.1:{port}"}
    listed = ["tenant", "list", "--json", *(meant.get(word, word) for word in words)]
    # The gateway of this process loads its functions before it has the variable, too.
    assert CliRunner().invoke(scim, listed, env={"PORT": str(port)}).exit_code == 0
    result = CliRunner().invoke(scim, listed, env={"PORT": str(port), name: value})
    assert result.exit_code == 0, result.stderr
    assert '"demo"' in result.stdout


@pytest.mark.parametrize(
    ("url", "proxies", "expected"),
    [
        (ELSEWHERE, {"HTTPS_PROXY": UNUSED}, True),
        (ELSEWHERE, {"ALL_PROXY": UNUSED}, True),
        (ELSEWHERE, {"HTTP_PROXY": UNUSED}, False),
        (ELSEWHERE, {"HTTPS_PROXY": UNUSED, "NO_PROXY": "example.com"}, False),
        ("http://localhost:8080/scim/v2", {"HTTP_PROXY": UNUSED}, False),
        (ELSEWHERE, {}, False),
    ],
)
def test_a_proxy_is_known_by_the_environment(
    url: str, proxies: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)
    assert is_proxied(url) is expected
