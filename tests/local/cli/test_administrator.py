"""Commands use the Admin API where the deployment has one, and show its refusals."""

from collections.abc import Iterator, Mapping
from uuid import uuid4

import httpx2
import pytest
from botocore.credentials import Credentials
from click import ClickException
from click.testing import CliRunner, Result

from local.api_gateway.signature import KEY, PRINCIPAL
from local.gateway import Gateway
from scim_cli import __version__
from scim_cli.administrator import OverApi
from scim_cli.root import scim
from tests.fakes.cloudformation import cloudformation
from tests.local.cli.shell import Shell

STACK = "scim-prod"


@pytest.fixture(name="known")
def _known(served: tuple[Gateway, int]) -> Iterator[dict[str, str]]:
    """The environment of an operator of a stack."""
    gateway, port = served
    url = f"http://127.0.0.1:{port}/admin/v1"
    table = gateway.store.tables["Table"]
    stacks = {STACK: {"TableName": table, "AdminApiUrl": url, "Version": "0.1.0, release 0"}}
    with cloudformation(stacks) as address:
        yield {
            "AWS_ENDPOINT_URL_CLOUDFORMATION": address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_REGION": "us-east-1",
        }


def _run(env: Mapping[str, str | None], *words: str) -> Result:
    return CliRunner().invoke(scim, [*words, "--stack", STACK], env=env)


def test_a_local_service_is_asked_over_its_api(shell: Shell) -> None:
    name = f"t{uuid4().hex[:8]}"
    assert shell.run("tenant", "create", name).exit_code == 0
    (act,) = shell.json("audit", "--tenant", name)
    assert (act["operation"], act["principal"]) == ("createTenant", {"actor": PRINCIPAL})
    assert shell.run("audit", "--tenant", name).stdout.count("createTenant") == 1


def test_a_stack_is_asked_over_its_api(known: dict[str, str], shell: Shell) -> None:
    name = f"t{uuid4().hex[:8]}"
    made = _run(known, "token", "create", "--tenant", name, "--create")
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("scim_")
    assert f"Tenant {name} is new." in made.stderr
    (act,) = shell.json("audit", "--tenant", name, "--kind", "act")
    assert act["principal"] == {"actor": PRINCIPAL}


def test_a_refusal_of_the_api_is_shown_in_its_words(known: dict[str, str]) -> None:
    refused = _run(known, "tenant", "show", "nobody-here")
    assert (refused.exit_code, refused.stderr) == (1, "Error: There is no tenant nobody-here.\n")


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_refused_credentials_are_reported_as_such(known: dict[str, str], name: str) -> None:
    refused = _run({**known, name: "other"}, "tenant", "list")
    assert refused.exit_code == 3, refused.output
    assert "The Admin API refused these AWS credentials" in refused.stderr


def test_the_status_tells_which_version_is_deployed(known: dict[str, str]) -> None:
    told = _run(known, "status").stderr
    assert f"scim {__version__}, table " in told
    assert f"Stack {STACK}, version 0.1.0, release 0" in told


def test_with_another_endpoint_the_command_uses_the_table_and_says_so(
    known: dict[str, str], served: tuple[Gateway, int], shell: Shell
) -> None:
    name = f"t{uuid4().hex[:8]}"
    elsewhere = {**known, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{served[1]}"}
    made = _run(elsewhere, "tenant", "create", name)
    assert made.exit_code == 0, made.output
    assert "The command uses the table directly" in made.stderr
    (act,) = shell.json("audit", "--tenant", name, "--kind", "act")
    assert act["principal"]["actor"].endswith("at the table itself")


def test_the_status_tells_how_each_tenant_is(shell: Shell) -> None:
    name = f"t{uuid4().hex[:8]}"
    shell.run("tenant", "create", name)
    states = {each["tenant"]: each["state"] for each in shell.json("status")}
    assert states[name] == "no-token"
    told = shell.run("status")
    assert f"{len(states)} tenants: " in told.stderr
    assert "Base URL http://127.0.0.1" in told.stderr


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx2.Response(302, headers={"Location": "https://login.example/"}), "302"),
        (httpx2.Response(200, content=b"<html>Sign in</html>"), "200"),
        (httpx2.Response(502, content=b"<html>Bad gateway</html>"), "502"),
    ],
    ids=["redirect", "page", "error page"],
)
def test_another_answer_than_the_admin_apis_is_an_error(answer: httpx2.Response, said: str) -> None:
    """A proxy between the operator and AWS answers so."""
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: answer)) as http:
        api = OverApi("https://x.example/admin/v1", Credentials(KEY, KEY), "us-east-1", http)
        with pytest.raises(ClickException, match=f"^The Admin API answered {said} without JSON"):
            api.call("POST", "/tenants", {"name": "acme"})
