"""The root answers queries over every type, by GET and by POST alike."""

import pytest

from scim.errors import InvalidSyntax, MethodNotAllowed
from scim.http.endpoints.resources import search_everything
from scim.schema.message_uri import SEARCH_URN
from tests.fakes.client import Client, deployment_of, request, served
from tests.fakes.endpoint import FakeDeployment

DEPLOYMENT = FakeDeployment()
DEPLOYMENT.group("All", DEPLOYMENT.user("anna"), DEPLOYMENT.user("bert"))


@pytest.fixture(name="client")
def _client() -> Client:
    return served(DEPLOYMENT)


@pytest.mark.parametrize("target", ["/", "/.search"])
def test_get_and_post_answer_alike(client: Client, target: str) -> None:
    got = client("GET", '/?filter=userName eq "anna" or members pr&attributes=id,members&count=5')
    posted = client(
        "POST",
        target,
        {
            "schemas": [SEARCH_URN],
            "filter": 'userName eq "anna" or members pr',
            "attributes": ["id", "members"],
            "count": 5,
        },
    )
    assert (got.status, posted.status) == (200, 200)
    assert got.body == posted.body
    assert got.body["totalResults"] == 2


def test_every_type_is_in_the_list(client: Client) -> None:
    types = [each["meta"]["resourceType"] for each in client("GET", "/").body["Resources"]]
    assert types == ["Group", "User", "User"]


def test_a_search_over_one_type_stays_in_it(client: Client) -> None:
    asked = {"schemas": [SEARCH_URN], "filter": "meta.resourceType pr"}
    assert client("POST", "/Users/.search", asked).body["totalResults"] == 2
    assert client("POST", "/Groups/.search", asked).body["totalResults"] == 1


def test_the_url_of_a_post_is_not_read_for_the_query(client: Client) -> None:
    asked = {"schemas": [SEARCH_URN]}
    assert client("POST", '/.search?filter=userName eq "anna"', asked).body["totalResults"] == 3


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_served(method: str) -> None:
    with pytest.raises(MethodNotAllowed):
        search_everything(deployment_of(DEPLOYMENT), request(method))


def test_a_search_without_a_body_is_a_syntax_error() -> None:
    with pytest.raises(InvalidSyntax):
        search_everything(deployment_of(DEPLOYMENT), request("POST"))


def test_another_tenant_finds_nothing() -> None:
    assert served(DEPLOYMENT, "other")("GET", "/").body["totalResults"] == 0
