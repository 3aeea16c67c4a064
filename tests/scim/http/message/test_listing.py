"""List requests by URL and by body, and explanations for callers that may have them."""

from dataclasses import replace
from typing import Any

import pytest

from scim.profile import Profile
from scim.profile.parts import Domains, PagingRules
from scim.schema.message_uri import BULK_REQUEST_URN, SEARCH_URN
from tests.fakes.client import Client, served
from tests.fakes.endpoint import FakeDeployment

DEPLOYMENT = FakeDeployment()
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


def test_an_explanation_is_given_only_on_request(client: Client) -> None:
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
    ("method", "target", "body"),
    [
        ("GET", "/Users?attributes=password,userName&count=1", None),
        ("GET", "/?attributes=password,userName&count=1", None),
        ("POST", "/.search", {"attributes": ["password", "userName"], "count": 1}),
    ],
)
def test_naming_an_attribute_that_is_never_returned_does_not_fail(
    client: Client, method: str, target: str, body: Any
) -> None:
    answer = client(method, target, body and {"schemas": [SEARCH_URN], **body})
    (shown,) = answer.body["Resources"]
    assert answer.status == 200
    assert shown.keys() == {"schemas", "id", "userName"}


@pytest.mark.parametrize(
    ("target", "scim_type"),
    [
        ("/Users?cursor=nonsense", "invalidCursor"),
        ("/Users?cursor&count=1000000", "invalidCount"),
        ("/Users?cursor&count=ten", "invalidCount"),
        ("/Users?count=ten", "invalidValue"),
        ("/Users?sortBy=password", "invalidValue"),
        ("/Users?filter=password pr", "invalidFilter"),
    ],
)
def test_an_invalid_cursor_or_count_is_refused(client: Client, target: str, scim_type: str) -> None:
    answer = client("GET", target)
    assert (answer.status, answer.body["scimType"]) == (400, scim_type)


OWN = FakeDeployment(
    profile=Profile(paging=PagingRules(bare_search=True, bulk_export=True, sort_by="userName"))
)
for _name in ("carl", "anna", "bert"):
    OWN.user(_name)


def test_a_profile_has_an_order_for_lists_that_ask_for_none() -> None:
    listed = served(OWN)("GET", "/Users").body["Resources"]
    assert [each["userName"] for each in listed] == ["anna", "bert", "carl"]
    listed = served(OWN)("GET", "/Users?sortBy=id").body["Resources"]
    assert [each["userName"] for each in listed] == ["carl", "anna", "bert"]


def test_a_profile_may_take_a_search_without_schemas(client: Client) -> None:
    answer = served(OWN)("POST", "/Users/.search", {"count": 1})
    assert (answer.status, answer.body["itemsPerPage"]) == (200, 1)
    assert served(OWN)("POST", "/Users/.search", {}).status == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"count": 1}, 200),
        ({"schemas": ["urn:x:SearchRequest"], "Filter": "id pr"}, 200),
        ({}, 400),
        ({"attribute": "userName", "value": "anna"}, 400),
    ],
)
def test_a_body_without_schemas_is_a_search_where_something_in_it_says_so(
    client: Client, asked: dict[str, object], status: int
) -> None:
    assert client("POST", "/Users/.search", asked).status == status
    strict = served(replace(DEPLOYMENT, profile=Profile(tolerances=frozenset())))
    assert strict("POST", "/Users/.search", asked).status == 400


def test_a_profile_may_answer_a_list_as_a_bulk_request_that_recreates_it(client: Client) -> None:
    for answer in (
        served(OWN)("GET", "/Users?bulkImportFormat=TRUE&count=2"),
        served(OWN)("POST", "/Users/.search", {"bulkImportFormat": True, "count": 2}),
    ):
        assert answer.body["schemas"] == [BULK_REQUEST_URN]
        assert [each["data"]["userName"] for each in answer.body["Operations"]] == ["anna", "bert"]
    assert "Resources" in client("GET", "/Users?bulkImportFormat=true").body
    assert "Resources" in served(OWN)("GET", "/Users?bulkImportFormat=no").body


def test_a_profile_may_take_a_search_by_attribute_and_value() -> None:
    profile = Profile(paging=PagingRules(searches_by_attribute=True))
    client = served(replace(DEPLOYMENT, profile=profile))
    asked = {"Attribute": "USERNAME", "value": "anna"}
    found = client("POST", "/Users/.search?attributes=userName", asked).body
    assert [(each["userName"], "meta" in each) for each in found["Resources"]] == [("anna", False)]
    whole = {"schemas": [SEARCH_URN], "filter": 'userName eq "bert"'}
    assert client("POST", "/Users/.search", whole).body["totalResults"] == 1
    assert served(DEPLOYMENT)("POST", "/Users/.search", asked).status == 400


def test_a_domain_is_selected_only_by_the_parameter_of_the_profile() -> None:
    domains = Domains(names={"User": ("userName",)}, parameter="Store")
    client = served(replace(DEPLOYMENT, profile=Profile(domains=domains)))
    assert client("GET", "/Users?store=TEST").body["totalResults"] == 0
    assert client("GET", "/Users?store=PRIMARY").body["totalResults"] == 3
    assert client("GET", "/Users?domain=TEST").body["totalResults"] == 3
    asked = {"schemas": [SEARCH_URN], "STORE": "TEST"}
    assert client("POST", "/Users/.search", asked).body["totalResults"] == 0
    assert served(DEPLOYMENT)("GET", "/Users?store=TEST").body["totalResults"] == 3
