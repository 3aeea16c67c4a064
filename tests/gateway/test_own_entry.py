"""An entry of a type's own in template.yaml, as docs/resource-types.md shows it, serves the type."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.gateway import Gateway
from local.seed import token_of
from local.template import TEMPLATE
from tests.gateway.client import Client
from tests.template.own_entry import with_entry

pytestmark = pytest.mark.long  # a template of its own is translated anew

ORGANIZATION = "urn:connectis:ciam:scim:schemas:core:1.0:Organization"


@pytest.fixture(name="gateway", scope="module")
def _gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Yield a gateway on the template with the entry that the document shows."""
    root: Path = tmp_path_factory.mktemp("deployment")
    for folder in ("functions", "layers"):
        (root / folder).symlink_to(TEMPLATE.parent / folder)
    template = root / "template.yaml"
    template.write_text(with_entry(TEMPLATE.read_text("utf-8")), "utf-8")
    with Gateway.start(overrides={"LogLevel": "ERROR"}, template=template) as gateway:
        yield gateway


def test_the_function_of_the_entry_serves_the_paths_without_a_tenant(gateway: Gateway) -> None:
    match = gateway._routes.match("/scim/v2/Organizations")
    route = None if match is None else match.resource.route_for("GET")
    assert route is not None
    assert "OrganizationsFunction" in str(route.function_arn)


def test_the_catch_all_function_shows_resources_made_by_the_function_of_the_entry(
    gateway: Gateway,
) -> None:
    key = {"Authorization": f"Token {token_of('ownidp')}"}
    client, other = Client(gateway), Client(gateway, mount="/ownidp/scim/v2")
    body = {"schemas": [ORGANIZATION], "displayName": "ACME"}
    made = client.send("POST", "/Organizations", body, key)
    assert made.status == 201, made.body
    shown = other.send("GET", f"/Organizations/{made.body['id']}", headers=key)
    assert (shown.status, shown.body["displayName"]) == (200, "ACME")
    assert client.send("GET", "/Organizations", headers=key).body["totalResults"] == 1


def test_tenants_without_the_type_do_not_find_it(gateway: Gateway) -> None:
    client = Client(gateway, token_of("rfc"))
    assert client.send("GET", "/Organizations").status == 404
