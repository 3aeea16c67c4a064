"""`/GroupMembers` over HTTP: which methods, which statuses, which headers."""

from urllib.parse import quote

import pytest

from tests.fakes.client import Client, served
from tests.fakes.endpoint import FakeDeployment

URN = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
SEARCH_URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    return FakeDeployment()


@pytest.fixture(name="client")
def _client(deployment: FakeDeployment) -> Client:
    return served(deployment)


def membership(group: str, member: str) -> dict[str, object]:
    return {"schemas": [URN], "group": {"value": group}, "member": {"value": member}}


def test_a_membership_is_made_read_listed_and_ended(
    deployment: FakeDeployment, client: Client
) -> None:
    anna, group = deployment.user("anna"), deployment.group("All")
    made = client("POST", "/GroupMembers", membership(group, anna))
    assert (made.status, made.headers["etag"]) == (201, 'W/"1"')
    assert made.headers["location"].endswith(f"/scim/v2/GroupMembers/{group}~{anna}")
    read = client("GET", f"/GroupMembers/{group}~{anna}")
    assert (read.status, read.body) == (200, made.body)
    text = quote(f'group.value eq "{group}"')
    listed = client("GET", f"/GroupMembers?filter={text}")
    assert listed.body["Resources"] == [made.body]
    assert client("DELETE", f"/GroupMembers/{group}~{anna}").status == 204
    assert client("GET", f"/GroupMembers/{group}~{anna}").status == 404
    assert client("DELETE", f"/GroupMembers/{group}~{anna}").status == 404


def test_an_encoded_id_is_the_same_id(deployment: FakeDeployment, client: Client) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    assert client("GET", f"/GroupMembers/{group}%7E{anna}").status == 200


def test_a_membership_that_exists_is_a_conflict(deployment: FakeDeployment, client: Client) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    refused = client("POST", "/GroupMembers", membership(group, anna))
    assert (refused.status, refused.body["scimType"]) == (409, "uniqueness")


def test_ends_that_do_not_exist_are_an_invalid_value(
    deployment: FakeDeployment, client: Client
) -> None:
    refused = client("POST", "/GroupMembers", membership(deployment.group("All"), "nobody"))
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/GroupMembers", "GET, HEAD, POST"),
        ("PATCH", "/GroupMembers", "GET, HEAD, POST"),
        ("DELETE", "/GroupMembers", "GET, HEAD, POST"),
        ("POST", "/GroupMembers/a~b", "GET, HEAD, DELETE"),
        ("PUT", "/GroupMembers/a~b", "GET, HEAD, DELETE"),
        ("PATCH", "/GroupMembers/a~b", "GET, HEAD, DELETE"),
        ("GET", "/GroupMembers/.search", "POST"),
    ],
)
def test_other_methods_are_not_served(client: Client, method: str, path: str, allow: str) -> None:
    refused = client(method, path, {})
    assert (refused.status, refused.headers["allow"]) == (405, allow)


def test_conditional_reads_of_a_membership_give_304_and_412(
    deployment: FakeDeployment, client: Client
) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    known = client("GET", f"/GroupMembers/{group}~{anna}", headers={"If-None-Match": 'W/"1"'})
    assert (known.status, known.text) == (304, "")
    other = client("GET", f"/GroupMembers/{group}~{anna}", headers={"If-Match": 'W/"2"'})
    assert other.status == 412


def test_a_search_is_a_query(deployment: FakeDeployment, client: Client) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    asked = {"schemas": [SEARCH_URN], "filter": f'member.value eq "{anna}"', "count": 1}
    found = client("POST", "/GroupMembers/.search", asked).body
    assert (found["totalResults"], found["Resources"][0]["group"]["value"]) == (1, group)


@pytest.mark.parametrize(
    ("query", "status"),
    [("sortOrder=AAA", 400), ("sortOrder=Descending", 200), ("sortBy=id", 400)],
)
def test_sorting_memberships_is_refused(client: Client, query: str, status: int) -> None:
    assert client("GET", f"/GroupMembers?{query}").status == status


def test_pages_by_cursor_name_the_next(deployment: FakeDeployment, client: Client) -> None:
    group = deployment.group("All", *[deployment.user(f"u{n}") for n in range(3)])
    text = quote(f'group.value eq "{group}"')
    first = client("GET", f"/GroupMembers?filter={text}&cursor&count=2").body
    assert (len(first["Resources"]), first["totalResults"]) == (2, 3)
    more = client(
        "GET", f"/GroupMembers?filter={text}&count=2&cursor={quote(first['nextCursor'])}"
    ).body
    assert (len(more["Resources"]), more.get("nextCursor")) == (1, None)


def test_memberships_are_no_part_of_a_search_for_everything(
    deployment: FakeDeployment, client: Client
) -> None:
    deployment.group("All", deployment.user("anna"))
    assert {each["meta"]["resourceType"] for each in client("GET", "/").body["Resources"]} == {
        "User",
        "Group",
    }


def test_the_type_and_schema_of_memberships_are_advertised(client: Client) -> None:
    shown = client("GET", "/ResourceTypes/GroupMember").body
    assert (shown["endpoint"], shown["schema"]) == ("/GroupMembers", URN)
    attributes = client("GET", f"/Schemas/{URN}").body["attributes"]
    assert [(each["name"], each["mutability"]) for each in attributes] == [
        ("group", "immutable"),
        ("member", "immutable"),
    ]
