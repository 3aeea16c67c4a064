"""The committed OpenAPI documents are what is served, and the service serves them."""

import json
from collections.abc import Iterator

import pytest

from local.gateway import Gateway
from local.tools.openapi import FOLDER, stale
from scim.profile.shipped import names, settled
from tests.fakes.devices import document
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client


def test_the_committed_documents_are_what_is_served() -> None:
    assert stale() == []


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start() as gateway:
        yield gateway


@pytest.mark.parametrize("name", [name for name in names() if not settled(name).auth.minted_only])
def test_a_tenant_is_served_the_document_of_its_profile(gateway: Gateway, name: str) -> None:
    scheme = (settled(name).auth.schemes or ("bearer",))[0].title()
    header = {"Authorization": f"{scheme} local-{name}-token"}
    served = (
        Client(gateway, None, f"/{name}/scim/v2").send("GET", "/openapi.json", None, header).body
    )
    committed = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert served["paths"].keys() == committed["paths"].keys()
    assert served["components"] == committed["components"]
    assert served["servers"][0]["url"].endswith("/v2")


def test_everybody_is_served_the_document_of_the_default_profile(gateway: Gateway) -> None:
    answer = gateway.handle("GET", "/openapi.json", {})
    assert answer.status == 200
    assert json.loads(answer.body)["info"]["version"] == "default"


def test_a_tenants_own_types_are_in_its_document_and_in_no_others(gateway: Gateway) -> None:
    make_tenant(gateway, "acme")
    acme = Client(gateway, secret_of(gateway, "acme", "*"))
    assert acme.send("PUT", "/Definitions", document()).status == 200
    gateway._authorizers._verdicts.clear()
    assert "/Devices" in acme.send("GET", "/openapi.json").body["paths"]
    assert "/Devices" not in Client(gateway).send("GET", "/openapi.json").body["paths"]
