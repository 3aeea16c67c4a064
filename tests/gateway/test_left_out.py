"""Values that a response has no room for have a link where no metadata describes them (RFC 8288)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from local.gateway import Gateway
from local.seed import token_of
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP, USER, Client

MEMBERS = f"{GROUP}:members"
ORGANIZATION = "urn:connectis:ciam:scim:schemas:core:1.0:Organization"
EXPANDED = "urn:ietf:params:scim:schemas:expanded:2.0:User"


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"MaxInlineMembers": "2"}) as gateway:
        yield gateway


class Ownidp(Client):
    """A client of OwnIdP's API, whose groups have a mirror on their members."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway, None, "/ownidp/scim/v2")

    def send(self, method: str, path: str, body: object = None, headers: Any = None) -> Any:
        own = {"Authorization": f"Token {token_of('ownidp')}", **(headers or {})}
        return super().send(method, path, body, own)


def forsta(gateway: Gateway, profile: str) -> Client:
    """Return a client of Forsta's API, whose users tell nothing of their groups."""
    tenant = profile.replace("+", "-").lower()
    make_tenant(gateway, tenant, profile=profile)
    return Client(gateway, secret_of(gateway, tenant, "*"))


def people_of(client: Client, number: int) -> list[str]:
    made = []
    for each in range(number):
        body = {
            "schemas": [USER, EXPANDED],
            "name": {"givenName": "G", "familyName": "F"},
            "emails": [{"value": f"{each}@example.com", "primary": True}],
            EXPANDED: {"languageId": 9},
        }
        answer = client.send("POST", "/Users", body)
        assert answer.status == 200, answer.body
        made.append(str(answer.body["id"]))
    return made


def large(client: Client, name: str, members: list[str]) -> Any:
    body = {"displayName": name, "schemas": [GROUP], "members": [{"value": one} for one in members]}
    return client.send("POST", "/Groups", body)


def test_a_link_leads_to_the_members_of_a_group_too_large_to_show(gateway: Gateway) -> None:
    client = Ownidp(gateway)
    users = {client.user(f"u{n}")["id"] for n in range(3)}
    made = large(client, "large", sorted(users))
    place = made.headers["location"]
    listing = (
        f"{place.partition('/Groups')[0]}/Users?filter=groups.value%20eq%20%22{made.body['id']}%22"
    )
    link = f'<{listing}>; rel="{MEMBERS}"; anchor="{place}"'
    one = f"/Groups/{made.body['id']}"
    named = "/Groups?filter=displayName%20eq%20%22large%22"
    for answer in (made, client.send("GET", one), client.send("GET", named)):
        assert answer.headers["link"] == link
        assert "members" not in (answer.body.get("Resources") or [answer.body])[0]
    found = client.send("GET", listing.partition("/scim/v2")[2]).body["Resources"]
    assert {each["id"] for each in found} == users


@pytest.mark.parametrize("query", ["?excludedAttributes=members", "?attributes=displayName"])
def test_a_response_without_members_on_request_has_no_link(gateway: Gateway, query: str) -> None:
    client = Ownidp(gateway)
    users = [client.user(f"unwanted{query}{n}")["id"] for n in range(3)]
    made = large(client, f"unwanted{query}", users)
    assert "link" not in client.send("GET", f"/Groups/{made.body['id']}{query}").headers


def test_a_group_that_is_shown_whole_has_no_link(gateway: Gateway) -> None:
    client = Ownidp(gateway)
    made = large(client, "small", [client.user("small")["id"]])
    answer = client.send("GET", f"/Groups/{made.body['id']}")
    assert len(answer.body["members"]) == 1
    assert "link" not in answer.headers


def test_several_large_groups_of_a_list_share_one_link_template(gateway: Gateway) -> None:
    client = Ownidp(gateway)
    users = [client.user(f"many{n}")["id"] for n in range(3)]
    for each in range(13):
        large(client, f"many {each}", users)
    told = client.send("GET", '/Groups?filter=displayName%20sw%20"many"').headers
    assert told["link"].count("; anchor=") == 12
    template, rel = told["link-template"].rsplit("; ", 1)
    assert unquote(template.strip('"')).endswith('/Users?filter=groups.value eq "{id}"')
    assert rel == f'rel="{MEMBERS}"'
    assert sum(len(name) + len(value) for name, value in told.items()) < 10_000


def test_values_that_no_endpoint_lists_are_announced_as_such(gateway: Gateway) -> None:
    client = forsta(gateway, "forsta")
    made = large(client, "large", people_of(client, 3))
    answer = client.send("GET", f"/Groups/{made.body['id']}")
    assert "members" not in answer.body
    assert f'rel="{MEMBERS}"' in answer.headers["link"]
    assert 'title="too many to be shown, and nothing lists them"' in answer.headers["link"]


def test_memberships_list_them_where_they_are_served(gateway: Gateway) -> None:
    client = forsta(gateway, "forsta+groupMembers")
    users = people_of(client, 3)
    made = large(client, "large", users)
    link = client.send("GET", f"/Groups/{made.body['id']}").headers["link"]
    listing = link[1 : link.index(">")].partition("/v2")[2]
    found = client.send("GET", listing).body["resources"]
    assert {each["member"]["value"] for each in found} == set(users)


def test_large_relations_of_other_types_have_a_link_too(gateway: Gateway) -> None:
    client = Ownidp(gateway)
    groups = [{"value": client.group(f"of an organization {n}")["id"]} for n in range(3)]
    body = {"schemas": [ORGANIZATION], "displayName": "ACME", "groups": groups}
    made = client.send("POST", "/Organizations", body)
    answer = client.send("GET", f"/Organizations/{made.body['id']}")
    assert "groups" not in answer.body
    assert f'rel="{ORGANIZATION}:groups"' in answer.headers["link"]
