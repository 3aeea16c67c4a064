"""What a list request asks: by URL or by body alike, and an explanation only for who may have it."""

import pytest

from scim.http.parameters import SEARCH_URN
from tests.fakes.client import Client, served
from tests.fakes.endpoint import Deployment

DEPLOYMENT = Deployment()
for _name in ("anna", "bert", "carl"):
    DEPLOYMENT.user(_name)
EXPLANATION = "urn:serverless-scim:params:scim:api:messages:1.0:Explanation"


@pytest.fixture(name="client")
def _client() -> Client:
    return served(DEPLOYMENT)


def test_an_explanation_says_how_the_answer_was_found(client: Client) -> None:
    for answer in (
        client("GET", '/Users?filter=userName eq "anna"&explain=true'),
        client(
            "POST",
            "/Users/.search",
            {"schemas": [SEARCH_URN], "filter": 'userName eq "anna"', "explain": True},
        ),
    ):
        assert EXPLANATION in answer.body["schemas"]
        (plan,) = answer.body[EXPLANATION]["plans"]
        assert (plan["plan"], plan["attribute"]) == ("index", "userName")
        assert answer.body[EXPLANATION]["itemsRead"] == 1
        assert "anna" not in str(answer.body[EXPLANATION])


def test_nobody_is_told_unasked(client: Client) -> None:
    assert EXPLANATION not in client("GET", "/Users?explain=false").body


def test_a_cursor_without_a_value_begins_a_walk(client: Client) -> None:
    first = client("GET", "/Users?cursor&count=2")
    assert (first.status, "startIndex" in first.body) == (200, False)
    rest = client("GET", f"/Users?cursor={first.body['nextCursor']}&count=2")
    assert [each["userName"] for each in rest.body["Resources"]] == ["carl"]
    assert "nextCursor" not in rest.body


def test_a_search_walks_by_cursor_too(client: Client) -> None:
    asked = {"schemas": [SEARCH_URN], "cursor": "", "count": 2}
    first = client("POST", "/.search", asked)
    rest = client("POST", "/.search", {**asked, "cursor": first.body["nextCursor"]})
    assert [each["userName"] for each in rest.body["Resources"]] == ["carl"]
    assert rest.body["previousCursor"]


@pytest.mark.parametrize(
    ("target", "scim_type"),
    [
        ("/Users?cursor=nonsense", "invalidCursor"),
        ("/Users?cursor&count=0", "invalidCount"),
        ("/Users?cursor&count=ten", "invalidCount"),
        ("/Users?count=ten", "invalidValue"),
        ("/Users?attributes=password", "invalidValue"),
        ("/Users?sortBy=password", "invalidValue"),
        ("/Users?filter=password pr", "invalidFilter"),
    ],
)
def test_what_cannot_be_is_refused(client: Client, target: str, scim_type: str) -> None:
    answer = client("GET", target)
    assert (answer.status, answer.body["scimType"]) == (400, scim_type)
