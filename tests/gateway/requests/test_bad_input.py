"""Bad input gives a 4xx SCIM error that says what and where, stores nothing and is never a 5xx."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from local.gateway import Gateway
from local.seed import token_of
from tests.gateway.client import ENTERPRISE, ERROR, GROUP, PATCH, USER, Client

DEEP = b'{"schemas":["%s"],"userName":"x","x":' % USER.encode() + b"[" * 40 + b"]" * 40 + b"}"
LONG = json.dumps({"schemas": [USER], "userName": "x" * 1_100_000}).encode()

LATIN_1 = '{"schemas":["%s"],"userName":"müller"}'.replace("%s", USER).encode("latin-1")
"""What Windows PowerShell 5.1 sends of a text."""


def _user(**values: object) -> dict[str, object]:
    return {"schemas": [USER], "userName": "bad", **values}


BODIES: list[Any] = [
    pytest.param(b"", 400, "invalidSyntax", "empty", id="empty"),
    pytest.param(b"{", 400, "invalidSyntax", "line 1 column 2", id="cut off"),
    pytest.param(b"[]", 400, "invalidSyntax", "JSON object", id="array"),
    pytest.param(b'{"userName":"a","username":"b"}', 400, "invalidSyntax", "twice", id="twice"),
    pytest.param(b'{"userName":NaN}', 400, "invalidSyntax", "NaN", id="NaN"),
    pytest.param(b'{"userName":"\\ud800"}', 400, "invalidSyntax", "surrogate", id="surrogate"),
    pytest.param(DEEP, 400, "invalidSyntax", "deeper than 32", id="deep"),
    pytest.param(LONG, 413, None, "1048576", id="long"),
    pytest.param(b"\xff\xfe", 400, "invalidSyntax", "UTF-8", id="bytes"),
    pytest.param(LATIN_1, 400, "invalidSyntax", "UTF-8", id="Latin-1"),
    pytest.param({"schemas": [USER]}, 400, "invalidValue", "userName", id="userName missing"),
    pytest.param(_user(userName=""), 400, "invalidValue", "userName", id="userName empty"),
    pytest.param(_user(userName=True), 400, "invalidValue", "userName", id="userName a boolean"),
    pytest.param(_user(active="perhaps"), 400, "invalidValue", "active", id="active a word"),
    pytest.param(
        _user(emails=[{"value": True}]), 400, "invalidValue", "emails", id="email a boolean"
    ),
    pytest.param(_user(name="Ada"), 400, "invalidValue", "name", id="name a string"),
    pytest.param(
        _user(emails=[{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
        400,
        "invalidValue",
        "primary",
        id="two primaries",
    ),
    pytest.param(_user(schemas=7), 400, "invalidSyntax", "schemas", id="schemas a number"),
    pytest.param(_user(userName="a\x00b"), 400, "invalidValue", "userName", id="NUL"),
    pytest.param(
        _user(**{ENTERPRISE: 1}), 400, "invalidSyntax", ENTERPRISE, id="extension a number"
    ),
    pytest.param(
        _user(profileUrl={}), 400, "invalidValue", "profileUrl", id="empty object for a string"
    ),
    pytest.param(
        _user(x509Certificates=[{"value": "%%"}]), 400, "invalidValue", "x509", id="base64"
    ),
    pytest.param(
        _user(userName="u" * 70_000), 400, "invalidValue", "userName", id="userName far too long"
    ),
]


@pytest.mark.parametrize(("body", "status", "scim_type", "named"), BODIES)
@pytest.mark.sampled(3)
def test_a_bad_user_is_refused_and_nothing_is_stored(
    gateway: Gateway, body: object, status: int, scim_type: str | None, named: str
) -> None:
    client = Client(gateway)
    before = client.send("GET", "/Users?count=0").body["totalResults"]
    answer = client.send("POST", "/Users", body)
    assert answer.status == status
    assert answer.body["schemas"] == [ERROR]
    assert answer.body["status"] == str(status)
    assert answer.body.get("scimType") == scim_type
    assert named in answer.body["detail"]
    assert client.send("GET", "/Users?count=0").body["totalResults"] == before


@pytest.mark.parametrize(
    "filter_",
    [
        pytest.param("(" * 2000 + "a", id="parentheses"),
        pytest.param("not (" * 500 + "userName pr" + ")" * 500, id="not"),
        pytest.param(" or ".join(['userName eq "a"'] * 400), id="flat or"),
        pytest.param(" and ".join(["userName pr"] * 300), id="flat and"),
        pytest.param("emails[" * 50 + "value pr" + "]" * 50, id="value paths"),
        pytest.param("a." * 3000 + "b pr", id="dots"),
        pytest.param('userName eq "' + "x" * 5000 + '"', id="long"),
        pytest.param('userName eq "a" or', id="half"),
        pytest.param('userName eq "a" userName', id="trailing"),
        pytest.param("userName", id="no operator"),
        pytest.param('shoeSize eq "1"', id="unknown attribute"),
        pytest.param("active gt true", id="ordering a boolean"),
        pytest.param('password eq "x"', id="secret"),
        pytest.param("password pr", id="secret presence"),
        pytest.param('meta.created gt "yesterday"', id="no date"),
        pytest.param('userName eq "\\ud800"', id="surrogate"),
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_bad_filter_is_refused(gateway: Gateway, filter_: str, verb: str) -> None:
    client = Client(gateway)
    if verb == "GET":
        answer = client.send("GET", f"/Users?filter={quote(filter_)}")
    else:
        urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
        answer = client.send("POST", "/Users/.search", {"schemas": [urn], "filter": filter_})
    assert answer.status == 400
    assert answer.body["scimType"] == "invalidFilter"
    assert answer.body["detail"]


@pytest.mark.parametrize("name", ["count", "startIndex"])
def test_a_boolean_is_no_number(gateway: Gateway, name: str) -> None:
    urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
    answer = Client(gateway).send("POST", "/Users/.search", {"schemas": [urn], name: True})
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")
    assert "expected a whole number" in answer.body["detail"]


def _patch(*operations: object) -> dict[str, object]:
    return {"schemas": [PATCH], "Operations": list(operations)}


@pytest.mark.parametrize(
    ("body", "status", "scim_type"),
    [
        pytest.param({"schemas": [PATCH]}, 400, "invalidSyntax", id="no operations"),
        pytest.param(_patch(1), 400, "invalidSyntax", id="a number"),
        pytest.param(_patch({"op": "move"}), 400, "invalidSyntax", id="unknown op"),
        pytest.param(_patch({"op": "remove"}), 400, "noTarget", id="remove nothing"),
        pytest.param(
            _patch({"op": "replace", "path": "id", "value": "x"}), 400, "mutability", id="id"
        ),
        pytest.param(
            _patch({"op": "replace", "path": "userName.x[", "value": 1}),
            400,
            "invalidPath",
            id="path",
        ),
        pytest.param(
            _patch({"op": "replace", "path": "emails[", "value": 1}), 400, "invalidPath", id="half"
        ),
        pytest.param(
            _patch({"op": "replace", "path": "(" * 900, "value": 1}), 400, "invalidPath", id="bomb"
        ),
        pytest.param(
            _patch({"op": "remove", "path": "userName"}), 400, "mutability", id="required"
        ),
        pytest.param(
            _patch({"op": "replace", "path": 'emails[type eq "nonexistent"].value', "value": "x"}),
            400,
            "noTarget",
            id="no target",
        ),
        pytest.param(
            _patch(
                {"op": "replace", "path": "title", "value": "x"},
                {"op": "replace", "path": "active", "value": "x"},
            ),
            400,
            "invalidValue",
            id="second is bad",
        ),
        pytest.param(
            _patch(*[{"op": "replace", "path": "title", "value": "x"}] * 1001), 413, None, id="many"
        ),
    ],
)
def test_a_bad_patch_changes_nothing(
    gateway: Gateway, body: object, status: int, scim_type: str | None
) -> None:
    client = Client(gateway)
    made = client.user(f"patched-{abs(hash(json.dumps(body)))}", title="before")
    answer = client.send("PATCH", f"/Users/{made['id']}", body)
    assert (answer.status, answer.body["schemas"]) == (status, [ERROR])
    assert answer.body.get("scimType") == scim_type
    assert client.send("GET", f"/Users/{made['id']}").body == made


def test_other_media_types_are_refused(gateway: Gateway) -> None:
    answer = Client(gateway).send("POST", "/Users", b"<x/>", {"Content-Type": "application/xml"})
    assert (answer.status, answer.body["status"]) == (415, "415")


@pytest.mark.parametrize(
    "path",
    [
        "/Users/" + "x" * 2000,
        "/Users/%00",
        "/Users/..%2f..%2fTOKEN%23",
        "/Users/T%23demo%23Group",
        "/Users/%F0%9F%92%A9",
        "/Users/a/b",
        "/uSERS",
        "/nothing",
        "/Nothing",
        "/Schemas/urn:x",
        "/ResourceTypes/x",
    ],
)
def test_an_id_that_cannot_be_or_a_path_that_is_not_is_404(gateway: Gateway, path: str) -> None:
    answer = Client(gateway).send("GET", path)
    assert (answer.status, answer.body["schemas"]) == (404, [ERROR])


@pytest.mark.parametrize(
    "query", ["startIndex=x", "count=1.5", "sortBy=shoeSize", "sortBy=userName&sortOrder=up"]
)
def test_a_bad_parameter_is_refused(gateway: Gateway, query: str) -> None:
    assert Client(gateway).send("GET", f"/Users?{query}").status == 400


@pytest.mark.parametrize("path", ["/Users", "/Schemas", "/Jobs", "/Audit"])
@pytest.mark.parametrize("tenant", ["demo", "forsta"])
@pytest.mark.parametrize("number", ["9" * 5000, "000000001" + "9" * 5000])
def test_a_number_of_thousands_of_digits_is_read_or_refused(
    gateway: Gateway, path: str, tenant: str, number: str
) -> None:
    client = Client(gateway, token_of(tenant))
    for name in ("count", "startIndex"):
        answer = client.send("GET", f"{path}?{name}={number}")
        assert answer.status in {200, 400, 404}, (name, answer.body)
        assert answer.body["schemas"]


def test_the_audit_shows_no_more_than_its_largest_page(gateway: Gateway) -> None:
    answer = Client(gateway).send("GET", "/Audit?count=0000000011000000")
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")


def test_a_group_without_a_name_is_refused(gateway: Gateway) -> None:
    answer = Client(gateway).send("POST", "/Groups", {"schemas": [GROUP]})
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/Users", "/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])
def test_a_method_the_endpoint_does_not_serve_is_405(
    gateway: Gateway, method: str, path: str
) -> None:
    answer = Client(gateway).send(method, path, {})
    assert (answer.status, answer.body["schemas"]) == (405, [ERROR])
    assert "GET" in answer.headers["allow"]
