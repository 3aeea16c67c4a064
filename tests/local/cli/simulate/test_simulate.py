"""A simulated provider sends its recorded conversation about users of its own."""

import json
from importlib.resources import files

import pytest
from click.testing import CliRunner

from local.gateway import Gateway
from scim_cli.root import scim
from scim_cli.simulate.conversation import PROVIDERS, Conversation
from tests.gateway.access import secret_of
from tests.gateway.client import Client


def run(port: int, *words: str, token: str = "") -> tuple[int, str, str]:
    environment = {"PORT": str(port), "SCIM_TOKEN": token}
    ended = CliRunner().invoke(
        scim, ["simulate", *words, "--local", "--pace", "0"], env=environment
    )
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.sampled(2)
def test_everything_a_provider_sends_is_served(served: tuple[Gateway, int], provider: str) -> None:
    gateway, port = served
    code, out, told = run(port, provider, "--people", "2")
    assert code == 0, told
    assert told.strip() == f"{provider} has finished; 0 of its requests were refused."
    assert {line[:1] for line in out.splitlines()} == {"2"}
    users = Client(gateway).send("GET", "/Users?filter=active+eq+false").body["Resources"]
    assert any(each["displayName"] == "Bruno Costa" for each in users)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_faults_are_refused_each_for_a_reason_of_its_own(
    served: tuple[Gateway, int], provider: str
) -> None:
    code, out, told = run(served[1], provider, "--people", "1", "--faults")
    assert code == 0, told
    assert "0 of its requests were refused, besides those of --faults." in told
    statuses = [int(line[:3]) for line in out.splitlines() if line[:1] == "4"]
    assert statuses == [409, 400, 400, 404]


def test_a_tenant_is_named_in_the_path(served: tuple[Gateway, int]) -> None:
    gateway, port = served
    token = "local-okta-token"
    assert run(port, "okta", "--people", "1", "--tenant", "okta", token=token)[0] == 0
    groups = Client(gateway, token, "/okta/scim/v2").send("GET", "/Groups").body
    assert groups["totalResults"] == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_requests_about_resources_that_could_not_be_created_are_left_out(
    served: tuple[Gateway, int], provider: str
) -> None:
    gateway, port = served
    token = secret_of(gateway, "okta", "users:*")
    code, out, told = run(port, provider, "--people", "2", "--tenant", "okta", token=token)
    assert code == 1, told
    # The test call, the lookup and the creation of the group; nothing with the id of a group.
    assert [line[:3] for line in out.splitlines() if line[:1] == "4"] == ["403"] * 3


def test_refusals_besides_faults_are_counted(served: tuple[Gateway, int]) -> None:
    gateway, port = served
    token = secret_of(gateway, "okta", "users:*")
    words = ("okta", "--people", "1", "--tenant", "okta", "--faults")
    code, _, told = run(port, *words, token=token)
    assert (code, told.strip()) == (
        1,
        "okta has finished; 3 of its requests were refused, besides those of --faults.",
    )


def test_an_invalid_token_ends_the_simulation(served: tuple[Gateway, int]) -> None:
    code, out, told = run(served[1], "okta", token="x" * 60)
    assert (code, len(out.splitlines())) == (1, 1)
    assert "The token is not accepted" in told


@pytest.mark.parametrize("provider", PROVIDERS)
def test_requests_carry_the_user_agent_of_the_provider_and_names_of_one_run(provider: str) -> None:
    document = (files("scim_cli") / "simulate/conversations" / f"{provider}.json").read_text(
        "utf-8"
    )
    assert json.loads(document)["headers"]["User-Agent"]
    requests = Conversation.of(provider).requests(
        11, {"run": "r", "group": "g", "person": "p"}, faults=True
    )
    names = {
        json.loads(each.body)["userName"]
        for each in requests
        if each.path == "/Users" and each.body and b"userName" in each.body and each.saves
    }
    assert len(names) == 11
