"""Requests from public reports about other servers: each `*.jsonl` beside this file, in the form of tests/idp."""

import json
from pathlib import Path

import pytest

from local.gateway import Gateway
from local.seed import token_of
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.idp.replay import replayed

HERE = Path(__file__).parent


@pytest.mark.parametrize("profile", ["default", "entra", "okta"])
@pytest.mark.parametrize(
    "report", ["bulk", "dialects", "documents", "manuals", "messages", "programs"]
)
@pytest.mark.sampled(2)
def test_requests_from_reports_about_other_servers_are_answered_rightly(
    report: str, profile: str, gateway: Gateway
) -> None:
    path, mount = HERE / f"{report}.jsonl", f"/{profile}/scim/v2"
    assert list(replayed(gateway, path, mount, token_of(profile))) == []


@pytest.mark.parametrize("profile", ["default", "entra", "okta"])
def test_requests_about_types_of_tenants_are_answered_rightly(
    profile: str, gateway: Gateway
) -> None:
    tenant, path = f"types-{profile}", HERE / "types.jsonl"
    make_tenant(gateway, tenant, profile=profile)
    definitions = json.loads(path.read_text().splitlines()[0])["body"]
    secret = secret_of(gateway, tenant, "*")
    assert Client(gateway, secret).send("PUT", "/Definitions", definitions).status == 200
    gateway._authorizers._verdicts.clear()  # as after a minute
    assert list(replayed(gateway, path, "/scim/v2", secret)) == []
