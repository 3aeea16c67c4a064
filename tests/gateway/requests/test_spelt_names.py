"""Names as clients spell them: a dot behind a URN, and filters in `attributes`."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from local.gateway import Gateway
from local.seed import token_of
from tests.gateway.client import ENTERPRISE, USER, Client

EMAILS = [
    {"value": "w@example.com", "type": "work", "primary": True},
    {"value": "h@example.com", "type": "home"},
    {"value": "a,]@example.com", "type": "a,]"},
]


def _client(gateway: Gateway, profile: str = "default") -> Client:
    return Client(gateway, token_of(profile), f"/{profile}/scim/v2")


@pytest.fixture(scope="module")
def ada(gateway: Gateway) -> Mapping[str, Any]:
    return _client(gateway).user("spelt-ada", title="Countess", emails=EMAILS)


@pytest.mark.parametrize("profile", ["default", "entra", "okta", "wso2", "gluu"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_may_have_a_dot_behind_the_urn(gateway: Gateway, profile: str, method: str) -> None:
    client = _client(gateway, profile)
    name = f"dotted-{profile}-{method}".lower()
    body = {
        "schemas": [USER],
        f"{USER}.userName": name,
        f"{USER}.name.givenName": "Kim",
        f"{ENTERPRISE}.department": "Sales",
        f"{ENTERPRISE.lower()}.manager.value": "26118915",
    }
    path = "/Users" if method == "POST" else f"/Users/{client.user(name)['id']}"
    answer = client.send(method, path, body)
    assert answer.status in (200, 201), answer.body
    shown = client.send("GET", f"/Users/{answer.body['id']}").body
    assert (shown["userName"], shown["name"]["givenName"]) == (name, "Kim")
    assert shown[ENTERPRISE]["department"] == "Sales"
    assert shown[ENTERPRISE]["manager"]["value"] == "26118915"
    assert "dottedUrn" in answer.headers["x-scim-tolerated"]


def test_a_tolerance_is_a_metric_of_its_deployment(capsys: pytest.CaptureFixture[str]) -> None:
    with Gateway.start(overrides={"Metrics": "operations"}) as measured:
        _client(measured).user("counted", **{f"{USER}.title": "Dr"})
        stack = measured.template.scope.stack
    lines = [line for line in capsys.readouterr().out.splitlines() if '"Tolerated"' in line]
    services = {json.loads(line)["tolerance"]: json.loads(line)["service"] for line in lines}
    assert services["dottedUrn"] == stack


def test_a_dotted_key_beside_the_same_attribute_is_refused(gateway: Gateway) -> None:
    body = {"schemas": [USER], "userName": "twice", f"{USER}.userName": "twice"}
    answer = _client(gateway).send("POST", "/Users", body)
    assert (answer.status, answer.body["scimType"]) == (400, "invalidSyntax")


@pytest.mark.parametrize("profile", ["rfc", "interop-strict"])
def test_strict_profiles_know_no_dotted_key(gateway: Gateway, profile: str) -> None:
    body = {"schemas": [USER], "userName": "strict", f"{ENTERPRISE}.department": "Sales"}
    assert _client(gateway, profile).send("POST", "/Users", body).status == 400


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (f"attributes={USER}.title", {"title": "Countess"}),
        (
            f"attributes={USER.lower()}.emails.type&count=1",
            {"emails": [{"type": each["type"]} for each in EMAILS]},
        ),
        (f"excludedAttributes={USER}.title,emails", {"userName": "spelt-ada"}),
        ('attributes=emails[type eq "work"]', {"emails": EMAILS[:1]}),
        (
            'attributes=emails[type eq "a,]"].value,title',
            {"title": "Countess", "emails": [{"value": "a,]@example.com"}]},
        ),
        ('attributes=emails[primary eq false and type ne "home"]', {"emails": EMAILS[2:]}),
        (
            'attributes=emails[type eq "work"],Emails[type eq "home"].value',
            {"emails": EMAILS[:2]},
        ),
        ('attributes=emails[type eq "work"],emails', {"emails": EMAILS}),
        ('attributes=emails[type eq "none"]', {}),
        ('attributes=nothing[type eq "work"]', {}),
    ],
)
@pytest.mark.parametrize("place", ["item", "list", "search"])
def test_attributes_are_found_as_they_are_spelt(
    gateway: Gateway, ada: Mapping[str, Any], query: str, shown: dict[str, Any], place: str
) -> None:
    client = _client(gateway)
    parts = dict(part.split("=", 1) for part in query.split("&"))
    match place:
        case "item":
            found = client.send("GET", f"/Users/{ada['id']}?{_quoted(query)}")
            resource = found.body
        case "list":
            where = _quoted(f'&filter=id eq "{ada["id"]}"')
            found = client.send("GET", f"/Users?{_quoted(query)}{where}")
            (resource,) = found.body["Resources"]
        case _:
            urn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
            body = {"schemas": urn, "filter": f'id eq "{ada["id"]}"'} | parts
            found = client.send("POST", "/Users/.search", body | {"count": 5})
            (resource,) = found.body["Resources"]
            assert "loneObjects" in found.headers["x-scim-tolerated"]
    assert found.status == 200
    kept = {k: v for k, v in resource.items() if k not in ("schemas", "id", "meta")}
    assert kept == shown
    needed = "filteredAttributes" if "[" in query else "dottedUrn"
    assert needed in found.headers["x-scim-tolerated"]


def _quoted(text: str) -> str:
    return text.replace(" ", "%20").replace('"', "%22").replace("[", "%5B").replace("]", "%5D")


def test_excluded_attributes_leave_out_what_fulfils_a_filter(
    gateway: Gateway, ada: Mapping[str, Any]
) -> None:
    query = _quoted('excludedAttributes=emails[type eq "work" or type eq "home"],title')
    shown = _client(gateway).send("GET", f"/Users/{ada['id']}?{query}").body
    assert (shown["emails"], "title" in shown) == (EMAILS[2:], False)


@pytest.mark.parametrize(
    "query",
    [
        "attributes=emails[type eq",
        'attributes=emails[shoeSize eq "1"]',
        'excludedAttributes=emails[type eq "work"].value',
        "attributes=" + ",".join(['emails[type eq "work"]'] * 101),
    ],
)
def test_a_malformed_filter_in_attributes_is_refused(
    gateway: Gateway, ada: Mapping[str, Any], query: str
) -> None:
    answer = _client(gateway).send("GET", f"/Users/{ada['id']}?{_quoted(query)}")
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")
    assert query.partition("=")[0] in answer.body["detail"]


@pytest.mark.parametrize("profile", ["rfc", "interop-strict"])
def test_strict_profiles_ignore_a_filter_in_attributes_as_an_unknown_name(
    gateway: Gateway, profile: str
) -> None:
    client = _client(gateway, profile)
    made = client.user(f"bracket-{profile}", title="Dr")
    path = f"/Users/{made['id']}?" + _quoted('attributes=title,emails[type eq "a,b"]')
    answer = client.send("GET", path)
    assert (answer.status, answer.body["title"]) == (200, "Dr")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (f'{ENTERPRISE}.manager.value eq "26118916"', 1),
        (f'{USER}.name.familyName sw "Dotted" and {USER}.title eq "Chief"', 1),
        (f'{ENTERPRISE}.manager.value eq "{ENTERPRISE}.manager.value"', 0),
    ],
)
def test_filters_reach_parts_behind_a_dotted_urn(gateway: Gateway, wanted: str, found: int) -> None:
    client = _client(gateway)
    name = f"dotted-filter-{abs(hash(wanted))}"
    more: dict[str, Any] = {ENTERPRISE: {"manager": {"value": "26118916"}}}
    made = client.user(name, title="Chief", name={"familyName": "Dotted"}, **more)
    path = "/Users?filter=" + _quoted(f'{wanted} and id eq "{made["id"]}"')
    answer = client.send("GET", path)
    assert (answer.status, answer.body["totalResults"]) == (200, found)
    assert "dottedUrn" in answer.headers["x-scim-tolerated"]


def test_an_unquoted_literal_keeps_its_dots(gateway: Gateway) -> None:
    client = _client(gateway)
    client.user("unquoted-literal", externalId="urn:a:B.c.d")
    answer = client.send("GET", "/Users?filter=externalId%20eq%20urn:a:B.c.d")
    assert answer.body["totalResults"] == 1


def test_a_bulk_operation_with_a_misspelt_name_gets_a_suggestion(gateway: Gateway) -> None:
    client = _client(gateway)
    made = client.user("bulk-misspelt")
    patch = {"op": "replace", "path": "displayNme", "value": "x"}
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "PATCH", "path": f"/Users/{made['id']}", "data": [patch]},
        ],
    }
    answer = client.send("POST", "/Bulk", body)
    assert answer.body["Operations"][0]["status"] == "200"
    told = answer.headers["x-scim-tolerated"]
    assert "Operations[0]: User has no attribute 'displayNme'; did you mean 'displayName'?" in told
