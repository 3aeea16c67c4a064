"""The same query reads the same from a URL and from a SearchRequest."""

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.http.message.query import domain_in, query_by_attribute, query_of_body, query_of_url
from scim.http.message.request import names_in
from scim.schema.message_uri import SEARCH_URN
from scim.service.messages import Query

EXPECTED = Query(
    filter='userName sw "a"',
    attributes=("userName", "name.givenName"),
    sort_by="userName",
    sort_order="descending",
    start_index=2,
    count=10,
)


def test_a_url_gives_the_query() -> None:
    query = query_of_url(
        {
            "filter": 'userName sw "a"',
            "attributes": "userName, name.givenName",
            "sortby": "userName",
            "sortorder": "descending",
            "startindex": "2",
            "count": "10",
        }
    )
    assert query == EXPECTED


def test_a_search_request_gives_the_same_query() -> None:
    query = query_of_body(
        {
            "schemas": [SEARCH_URN],
            "filter": 'userName sw "a"',
            "attributes": ["userName", "name.givenName"],
            "sortBy": "userName",
            "sortOrder": "descending",
            "startIndex": 2,
            "count": 10,
        }
    )
    assert query == EXPECTED


@pytest.mark.parametrize("text", ["ten", "1_0", "1.0", "1e3", "0x1", "--1", "\u0661", "x" * 4000])
@pytest.mark.parametrize(("name", "shown"), [("startindex", "startIndex"), ("count", "count")])
def test_a_number_that_is_none_is_refused_by_its_name(name: str, shown: str, text: str) -> None:
    with pytest.raises(InvalidValue, match=f"^{shown} must be a whole number"):
        query_of_url({name: text})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-1", -1),
        (" 7 ", 7),
        ("+7", 7),
        ("9" * 4000, 10**20),
        ("-" + "9" * 4000, -(10**20)),
    ],
    ids=lambda each: str(each)[:12],
)
def test_an_absurdly_large_number_is_read_as_very_large(text: str, number: int) -> None:
    assert query_of_url({"startindex": text}).start_index == number


def test_a_search_request_must_say_that_it_is_one() -> None:
    with pytest.raises(InvalidSyntax, match="SearchRequest"):
        query_of_body({"schemas": ["urn:x"], "filter": "id pr"})


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"schemas": [SEARCH_URN], "count": "many"}, "SearchRequest count"),
        ({"schemas": [SEARCH_URN], "filter": 3}, "SearchRequest filter"),
        ({"filter": "id pr"}, "SearchRequest schemas"),
        (
            {"schemas": [SEARCH_URN], "attributes": ["id", 1]},
            r"SearchRequest attributes\.1: expected a string",
        ),
        (
            {"schemas": [SEARCH_URN], "excludedAttributes": {}},
            "SearchRequest excludedattributes: expected an array",
        ),
    ],
    ids=["count", "filter", "schemas", "attributes", "excludedAttributes"],
)
def test_a_member_of_the_wrong_type_is_refused_by_its_name(
    body: dict[str, object], detail: str
) -> None:
    with pytest.raises(InvalidValue, match=detail):
        query_of_body(body)


def test_names_come_as_a_list_or_as_text() -> None:
    asked = {"schemas": [SEARCH_URN], "attributes": "id, userName", "excludedAttributes": ["name"]}
    query = query_of_body(asked)
    assert (query.attributes, query.excluded_attributes) == (("id", "userName"), ("name",))
    expected = ("id", "userName")
    assert names_in(" id, ,userName,") == names_in(["id", "userName"]) == expected
    assert names_in(["id,userName"]) == expected


@pytest.mark.parametrize(
    ("body", "filter_"),
    [
        ({"attribute": "Username", "value": "Mike"}, 'Username eq "Mike"'),
        ({"attribute": "name.givenName", "value": 'a"b\\é'}, 'name.givenName eq "a\\"b\\\\é"'),
    ],
)
def test_an_attribute_and_its_value_are_a_filter(body: dict[str, object], filter_: str) -> None:
    found = query_by_attribute(body, {"attributes": "userName"})
    assert found == Query(filter=filter_, attributes=("userName",))


@pytest.mark.parametrize(
    ("rest", "url"),
    [
        ({}, {"count": "2", "startindex": "3", "attributes": "userName"}),
        ({"count": 2, "startindex": 3, "attributes": ["userName"], "schemas": [SEARCH_URN]}, {}),
    ],
    ids=["in the URL", "in the body"],
)
def test_a_search_by_attribute_has_pages(rest: dict[str, object], url: dict[str, str]) -> None:
    found = query_by_attribute({"attribute": "title", "value": "Dr", **rest}, url)
    expected = Query(filter='title eq "Dr"', attributes=("userName",), count=2, start_index=3)
    assert found == expected


@pytest.mark.parametrize(
    ("rest", "url"),
    [({}, {"filter": "id pr"}), ({"filter": "id pr", "schemas": [SEARCH_URN]}, {})],
    ids=["in the URL", "in the body"],
)
def test_a_search_by_attribute_has_no_other_filter(
    rest: dict[str, object], url: dict[str, str]
) -> None:
    with pytest.raises(InvalidValue, match="not both"):
        query_by_attribute({"attribute": "title", "value": "Dr", **rest}, url)


@pytest.mark.parametrize(
    "body",
    [
        {"attribute": "userName"},
        {"value": "x"},
        {"attribute": "a or b", "value": "x"},
        {"attribute": "userName", "value": 7},
        {"attribute": "", "value": "x"},
        {"attribute": ["userName"], "value": "x"},
    ],
    ids=str,
)
def test_a_malformed_search_by_attribute_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=r"^(attribute|value) must be"):
        query_by_attribute(body, {})


@pytest.mark.parametrize(
    ("sent", "domain"), [({}, None), ({"domain": ""}, None), ({"domain": "TEST"}, "TEST")], ids=str
)
def test_a_domain_is_named_or_not(sent: dict[str, object], domain: str | None) -> None:
    assert domain_in(sent, "Domain") == domain


@pytest.mark.parametrize("value", ["a/b", "a b", 7, ["TEST"], "x" * 129], ids=str)
def test_a_domain_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="domain must be the name of a domain"):
        domain_in({"domain": value}, "domain")
