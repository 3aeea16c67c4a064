"""A tenant whose ids are numbers, whose paths are spelt freely and whose users are completed."""

from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP, USER, Client

TENANT = "counting"
EXPANDED = "urn:ietf:params:scim:schemas:expanded:2.0:User"


@pytest.fixture(name="counting", scope="module")
def _counting(gateway: Gateway) -> Client:
    """Return a client of a tenant with a company of its own."""
    make_tenant(gateway, TENANT, profile="forsta")
    token = secret_of(gateway, TENANT, "*")
    variables = {"variables": {"companyId": "77"}}
    assert Client(gateway, token).send("PUT", "/Definitions", variables).status == 200
    return Client(gateway, secret_of(gateway, TENANT, "*"), f"/{TENANT}/v2")


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


def test_a_page_of_users_has_ten(counting: Client) -> None:
    for number in range(12):
        assert counting.send("POST", "/users", _user(f"page{number}")).status == 200
    page = counting.send("GET", "/users").body
    assert page["totalResults"] >= 12
    assert (len(page["resources"]), page["itemsPerPage"]) == (10, 10)


@pytest.mark.parametrize("path", ["/Bulk", "/Me", "/Jobs", "/.search", "/"])
def test_what_the_vendor_does_not_have_is_not_there(counting: Client, path: str) -> None:
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
