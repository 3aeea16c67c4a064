"""`/GroupMembers` by choice, and how the members of a large group are read without it."""

from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest

from local.gateway import Gateway
from local.seed import token_of
from scim.profile.shipped import UnknownProfile, shipped
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client

METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group"
MEMBER = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"MaxInlineMembers": "2"}) as gateway:
        yield gateway


def _client(gateway: Gateway, profile: str) -> Client:
    return Client(gateway, token_of(profile), f"/{profile}/scim/v2")


def _with_option(gateway: Gateway, profile: str) -> Client:
    tenant = f"members-{profile}"
    make_tenant(gateway, tenant, profile=f"{profile}+groupMembers")
    return Client(gateway, secret_of(gateway, tenant, "*"))


@pytest.mark.parametrize("profile", ["default", "rfc", "entra", "okta", "interop-strict"])
def test_group_members_are_not_served_by_default(gateway: Gateway, profile: str) -> None:
    client = _client(gateway, profile)
    assert client.send("GET", "/GroupMembers").status == 404
    names = [each["name"] for each in client.send("GET", "/ResourceTypes").body["Resources"]]
    assert names == ["User", "Group"]
    assert client.send("GET", f"/Schemas/{MEMBER}").status == 404


@pytest.mark.parametrize("profile", ["default", "okta", "interop-strict"])
def test_group_members_are_served_to_a_tenant_with_the_option(
    gateway: Gateway, profile: str
) -> None:
    client = _with_option(gateway, profile)
    group = client.group("all", client.user("kim")["id"])
    found = client.send("GET", f'/GroupMembers?filter=group.value%20eq%20"{group["id"]}"')
    assert (found.status, found.body["totalResults"]) == (200, 1)
    names = [each["name"] for each in client.send("GET", "/ResourceTypes").body["Resources"]]
    assert "GroupMember" in names


@pytest.mark.parametrize(
    "profile", ["default", "rfc", "entra", "okta", "interop-strict", "gluu", "wso2"]
)
@pytest.mark.parametrize("has_option", [False, True])
@pytest.mark.sampled(3)
def test_a_group_too_large_to_show_names_how_its_members_are_read(
    gateway: Gateway, profile: str, has_option: bool
) -> None:
    client = (_with_option if has_option else _client)(gateway, profile)
    users = {client.user(f"large-{has_option}-{n}")["id"] for n in range(3)}
    group = client.group(f"large {has_option}", *users)
    shown = client.send("GET", f"/Groups/{group['id']}").body
    assert "members" not in shown
    told = shown[METADATA]["membersMetadata"]
    assert (told["policy"], told["memberCount"]) == ("external", 3)
    place = "GroupMembers?filter=group.value" if has_option else "Users?filter=groups.value"
    assert f'/{place} eq "{group["id"]}"' in unquote(told["ref"])
    found = client.send("GET", told["ref"].partition("/scim/v2")[2]).body
    read = [each["member"]["value"] if has_option else each["id"] for each in found["Resources"]]
    assert set(read) == users


def test_an_option_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownProfile, match="groupMembers"):
        shipped("okta+members")


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ('groups.value eq "{}"', []),
        ('userName eq "left" and groups.value eq "{}"', []),
        ('userName sw "l" and groups[value eq "{}" and type eq "direct"]', []),
        ('title pr or groups.value eq "{}"', []),
        ('userName sw "l" and not (groups.value eq "{}")', ["left", "lives"]),
        ('userName sw "l" and groups.value ne "{}"', ["left", "lives"]),
        ('userName sw "l" and groups pr', ["lives"]),
        ('userName sw "l" and not (groups pr)', ["left"]),
        ('userName sw "l" and groups.type eq "direct"', ["lives"]),
    ],
)
def test_a_deleted_group_is_in_no_filter_before_it_is_cleaned_up(
    bereft: Client, deleted_id: str, filter_: str, names: list[str]
) -> None:
    found = bereft.send("GET", f"/Users?filter={quote(filter_.format(deleted_id))}").body
    assert sorted(each["userName"] for each in found.get("Resources", ())) == names


@pytest.fixture(name="bereft", scope="module")
def _bereft(gateway: Gateway) -> Client:
    """Return a client of two users in a deleted group, one of whom is also in another."""
    make_tenant(gateway, "bereft")
    return Client(gateway, secret_of(gateway, "bereft", "*"))


@pytest.fixture(scope="module")
def deleted_id(bereft: Client) -> str:
    ids = [bereft.user(name)["id"] for name in ("left", "lives")]
    bereft.group("kept", ids[1])
    group_id = str(bereft.group("deleted", *ids)["id"])
    assert bereft.send("DELETE", f"/Groups/{group_id}").status == 204
    return group_id
