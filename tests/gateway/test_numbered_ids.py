"""A tenant whose ids are numbers, whose paths are spelt freely and whose users are completed."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP, USER, Client

TENANT = "counting"
SORTED = "sorting"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
EXPANDED = "urn:ietf:params:scim:schemas:expanded:2.0:User"


@pytest.fixture(name="counting", scope="module")
def _counting(gateway: Gateway) -> Client:
    """Return a client of a tenant with a company of its own and the user 1."""
    make_tenant(gateway, TENANT, profile="forsta")
    token = secret_of(gateway, TENANT, "*")
    variables = {"variables": {"companyId": "77"}}
    assert Client(gateway, token).send("PUT", "/Definitions", variables).status == 200
    client = Client(gateway, secret_of(gateway, TENANT, "*"), f"/{TENANT}/v2")
    assert client.send("POST", "/users", _user("first")).body["id"] == 1
    return client


@pytest.fixture(name="ordered", scope="module")
def _ordered(gateway: Gateway) -> Client:
    """Return a client of a tenant with the groups and the users 1 to 12."""
    make_tenant(gateway, SORTED, profile="forsta")
    client = Client(gateway, secret_of(gateway, SORTED, "*"), f"/{SORTED}/v2")
    for number in range(12):
        body = {"schemas": [GROUP], "displayName": f"Group {number}"}
        assert client.send("POST", "/groups", body).status == 200
        assert client.send("POST", "/users", _user(f"ordered{number}")).status == 200
    return client


def _user(name: str) -> dict[str, Any]:
    emails = [{"value": f"{name}@user.com"}]
    return {"schemas": [USER, EXPANDED], "emails": emails, EXPANDED: {"languageId": 9}}


def test_a_tenant_says_which_company_its_users_are_of(counting: Client) -> None:
    made = counting.send("POST", "/users", _user("company"))
    assert (made.status, made.body[EXPANDED]["CompanyId"]) == (200, 77)


def test_an_array_holds_more_than_a_page(counting: Client) -> None:
    for number in range(12):
        body = {"schemas": [GROUP], "displayName": f"Group {number}"}
        assert counting.send("POST", "/groups", body).status == 200
    every = counting.send("GET", "/groups").body
    assert sorted(int(each["id"]) for each in every) == list(range(1, 13))
    assert len(counting.send("GET", "/groups?count=5").body) == 5
    refused = counting.send("GET", "/groups?cursor=&count=5")
    assert (refused.status, refused.body["scimType"]) == (400, "invalidCursor")


def test_a_page_of_users_has_ten(counting: Client) -> None:
    for number in range(12):
        assert counting.send("POST", "/users", _user(f"page{number}")).status == 200
    page = counting.send("GET", "/users").body
    assert page["totalResults"] >= 12
    assert (len(page["resources"]), page["itemsPerPage"]) == (10, 10)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("id gt 3", range(4, 13)),
        ('id gt "9"', range(10, 13)),
        ("id ge 10", range(10, 13)),
        ("id lt 10", range(1, 10)),
        ("id le 10 and id gt 8", range(9, 11)),
        ("not (id gt 2)", range(1, 3)),
        ("id gt -1", range(1, 13)),
        ("id ne 10 and id gt 8", (9, 11, 12)),
        ('id sw "1"', (1, 10, 11, 12)),
    ],
)
def test_ids_compare_as_numbers(ordered: Client, wanted: str, found: Sequence[int]) -> None:
    for order, expected in (("ascending", list(found)), ("descending", list(found)[::-1])):
        query = {"filter": wanted, "sortBy": "id", "sortOrder": order}
        page = ordered.send("GET", f"/groups?{urlencode(query)}").body
        assert [int(each["id"]) for each in page] == expected


@pytest.mark.parametrize(("order", "step"), [("ascending", 1), ("descending", -1)])
def test_pages_in_the_order_of_ids_are_in_the_order_of_numbers(
    ordered: Client, order: str, step: int
) -> None:
    asked = {"schemas": [SEARCH], "sortBy": "id", "sortOrder": order, "count": 5}
    by_cursor: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ordered.send("POST", "/users/.search", {**asked, "cursor": cursor}).body
        by_cursor += [each["id"] for each in page["resources"]]
        cursor = page.get("nextCursor")
    by_index: list[int] = []
    for start in (1, 6, 11):
        page = ordered.send("POST", "/users/.search", {**asked, "startIndex": start}).body
        by_index += [each["id"] for each in page["resources"]]
    assert by_cursor == by_index == list(range(1, 13))[::step]


@pytest.mark.parametrize("path", ["/Bulk", "/Me", "/.search", "/"])
def test_endpoints_the_vendor_lacks_are_not_found(counting: Client, path: str) -> None:
    assert counting.send("GET", path).status == 404


@pytest.mark.parametrize("base", [f"/{TENANT}/v2", f"/{TENANT}/scim/v2", "/v2", "/scim/v2"])
@pytest.mark.parametrize("segment", ["users", "Users"])
def test_a_token_with_scopes_may_do_what_they_grant(
    gateway: Gateway, counting: Client, base: str, segment: str
) -> None:
    limited = Client(gateway, secret_of(gateway, TENANT, "users:view"), base)
    assert limited.send("GET", f"/{segment}/1").body["id"] == 1
    assert limited.send("DELETE", f"/{segment}/1").status == 403
    assert counting.send("GET", "/users/1").status == 200


def test_a_refusal_has_the_vendors_shape(gateway: Gateway, counting: Client) -> None:
    limited = Client(gateway, secret_of(gateway, TENANT, "users:view"), f"/{TENANT}/v2")
    answer = limited.send("POST", "/users", _user("refused"))
    assert list(answer.body) == ["detail", "status", "errorType", "schemas"]
    assert (answer.body["status"], answer.body["errorType"]) == (403, 10)
    assert (
        counting.send("GET", "/users?filter=emails.value%20sw%20%22refused%22").body["totalResults"]
        == 0
    )
