"""`python -m local` serves until it is told to stop, and then stops cleanly."""

import errno
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from local import service
from local.__main__ import main
from local.arguments import ArgumentError, arguments_of
from local.environment import environment
from scim.auth.introspection import basic
from scim_cli.root import scim
from tests.fakes.authorization_server import CLIENT, running

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "scim")))


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Run the service in a session of its own; yield it with its base URL and the demo token."""
    with subprocess.Popen(
        [sys.executable, "-m", "local", *words],
        env=os.environ
        | {"PORT": "0", "SCIM_METER": "1", "PYTHONPATH": PATHS, "PYTHONIOENCODING": "ascii"},
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    ) as service:
        try:
            url = service.stdout.readline().split()[-1]
            yield service, url, service.stdout.readline().split()[2]
        finally:
            if service.poll() is None:
                service.kill()


@pytest.mark.parametrize(
    ("number", "times"),
    [
        pytest.param(signal.SIGTERM, 2, id="two SIGTERMs at once"),
        pytest.param(signal.SIGINT, 1, id="SIGINT", marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, 1, id="a closed terminal", marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, 50, id="fifty SIGTERMs", marks=pytest.mark.long),
    ],
)
def test_the_service_answers_when_it_says_so_and_stops_with_status_zero(number, times, tmp_path):
    with serving(tmp_path) as (service, url, token):
        answer = httpx2.get(
            f"{url}/ServiceProviderConfig", headers={"Authorization": f"Bearer {token}"}
        )
        for _ in range(times):
            # As a terminal does, or `kill -TERM` of the group: make passes its own on besides.
            os.killpg(service.pid, number)
        service.communicate(timeout=20)
    assert answer.status_code == 200
    assert service.returncode == 0


def test_under_nohup_a_closed_terminal_ends_nothing():
    asks = (
        "import signal; from local.__main__ import _signals; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "with _signals(): print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asks],
        env=os.environ | {"PYTHONPATH": PATHS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout == "True\n"


@pytest.mark.long
def test_a_parameter_of_the_template_is_taken(tmp_path):
    with serving(tmp_path, "TokenEndpoint=true") as (_, url, _):
        found = httpx2.get(f"{url.removesuffix('/scim/v2')}/.well-known/oauth-authorization-server")
    assert found.status_code == 200
    assert found.json()["token_endpoint"].endswith("/oauth2/token")


@pytest.mark.long
def test_an_issuer_is_asked_with_the_secret_that_was_stored(tmp_path, monkeypatch):
    token = "of-another-issuer-which-is-long-enough"
    document = tmp_path / "issuer.json"
    with running() as issuer, serving(tmp_path, "SCIM_LOOPBACK_ISSUERS=1") as (_, url, _):
        issuer.active[token] = {"active": True, "scope": "read"}
        introspection = {
            "endpoint": f"{issuer.url}/introspect",
            "clientId": CLIENT[0],
            "secretName": "as-client",
        }
        document.write_text(
            json.dumps(
                {
                    "kind": "introspection",
                    "issuer": issuer.url,
                    "introspection": introspection,
                    "scoping": {"names": {"read": ["users:list"]}},
                }
            )
        )
        address = url.removesuffix("/scim/v2")
        monkeypatch.setenv("PORT", address.rpartition(":")[2])
        words = ["issuer", "add", str(document), "--tenant", "okta", "--local"]
        added = CliRunner().invoke(scim, words)
        assert added.exit_code == 0, added.output
        secret = {"Name": "scim/local/as-client", "SecretString": CLIENT[1]}
        stored = httpx2.post(
            address, json=secret, headers={"X-Amz-Target": "secretsmanager.CreateSecret"}
        )
        assert stored.status_code == 200
        answer = httpx2.get(
            f"{address}/okta/scim/v2/Users", headers={"Authorization": f"Bearer {token}"}
        )
    assert answer.status_code == 200, answer.text
    assert issuer.asked[0][2]["authorization"] == basic(*CLIENT)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({"DATA": "kept"}, "DATA is kept by STORE=dynamodb-local only", id="DATA"),
        pytest.param({"WORKERS": "2", "PORT": "28199"}, "WORKERS need STORE=", id="WORKERS"),
        pytest.param({"PORT": "http"}, "PORT=http: expected a number", id="PORT"),
        pytest.param({"STORE": "redis"}, "STORE=redis: expected one of", id="STORE"),
    ],
)
def test_an_unsupported_combination_of_arguments_is_refused_in_one_sentence(settings, said, capsys):
    with environment({"PORT": "0", "STORE": "", **settings}):
        assert main([]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_refused_argument_ends_the_process_with_status_two(tmp_path):
    refused = refusal(tmp_path, {"STORE": "redis"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("STORE=redis: expected one of")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.long
def test_a_taken_port_is_reported_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = refusal(tmp_path, {"PORT": str(port)})
    assert refused.returncode == 2
    assert refused.stderr == f"Port {port} is taken; say another one: PORT={port + 1}.\n"


@pytest.mark.parametrize(
    ("port", "number", "said"),
    [
        (9090, errno.EADDRINUSE, "Port 9090 is taken; say another one: PORT=9091."),
        (65_535, errno.EADDRINUSE, "Port 65535 is taken; say another one: PORT=8080."),
        (80, errno.EACCES, "Port 80 may not be listened on; say another one: PORT=8080."),
    ],
)
def test_a_taken_port_is_answered_with_a_port_that_exists(port, number, said, monkeypatch):
    def refuse(_: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(service, "Server", refuse)
    with pytest.raises(ArgumentError, match=re.escape(said)):
        service.serve(arguments_of([f"PORT={port}"], {}, {}), 0)


def test_a_path_with_letters_that_a_terminal_lacks_is_printed(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), "latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    main(["PORT=http"])
    print("/home/zoë/学校", file=terminal, flush=True)
    assert terminal.buffer.getvalue().decode("latin-1") == "/home/zoë/\\u5b66\\u6821\n"


def refusal(folder: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local"],
        env=os.environ | {"PORT": "0", "STORE": "", "PYTHONPATH": PATHS} | settings,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        timeout=60,
    )
