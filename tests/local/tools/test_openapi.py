"""The committed OpenAPI documents equal what the service serves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.gateway import Gateway
from local.tools.openapi import FOLDER, described, stale, text_of, undescribed, unrouted
from scim.profile.shipped import names, profile_or_default
from tests.fakes.devices import document
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client


def test_the_committed_documents_equal_the_served_ones() -> None:
    assert stale() == [], "run: make openapi"


def test_every_route_is_described_and_every_path_described_is_routed() -> None:
    paths = described()
    assert undescribed(paths) == []
    assert unrouted(paths) == []
    assert undescribed(paths - {"/Events"}) == ["/Events"]
    assert unrouted({*paths, "/Nowhere/{id}/Else"}) == ["/Nowhere/{id}/Else"]


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start() as gateway:
        yield gateway


@pytest.mark.parametrize(
    "name", [name for name in names() if not profile_or_default(name).auth.minted_only]
)
def test_a_tenant_is_served_the_document_of_its_profile(gateway: Gateway, name: str) -> None:
    scheme = (profile_or_default(name).auth.schemes or ("bearer",))[0].title()
    header = {"Authorization": f"{scheme} local-{name}-token"}
    served = (
        Client(gateway, None, f"/{name}/scim/v2").send("GET", "/openapi.json", None, header).body
    )
    generated = json.loads(text_of(name))
    assert served["paths"].keys() == generated["paths"].keys()
    assert served["components"] == generated["components"]
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


def _routes() -> Iterator[tuple[str, str, bool]]:
    """Yield each path of the default profile with each method, and whether the document has it."""
    paths = json.loads((FOLDER / "default.json").read_text("utf-8"))["paths"]
    for path, item in paths.items():
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            yield path, method, method.lower() in item


def test_a_method_is_served_exactly_where_the_document_has_it(gateway: Gateway) -> None:
    client = Client(gateway)
    served = {
        (path, method): client.send(method, path.replace("{id}", "none")).status != 405
        for path, method, _ in _routes()
    }
    assert served == {(path, method): is_there for path, method, is_there in _routes()}


def test_every_body_that_is_sent_has_an_example_that_is_understood(gateway: Gateway) -> None:
    paths = json.loads((FOLDER / "default.json").read_text("utf-8"))["paths"]
    client = Client(gateway)
    made = client.send("POST", "/Users", _example(paths["/Users"]["post"]))
    assert made.status == 201, made.body
    at = f"/Users/{made.body['id']}"
    assert client.send("PATCH", at, _example(paths["/Users/{id}"]["patch"])).status in (200, 204)
    for path in ("/.search", "/Bulk", "/Events"):
        assert client.send("POST", path, _example(paths[path]["post"])).status == 200, path


def _example(operation: dict[str, Any]) -> object:
    (content,) = operation["requestBody"]["content"].values()
    return content["example"]
