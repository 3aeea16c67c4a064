"""Incidents of other SCIM services do not happen here; docs/threat-model.md names the services."""

from itertools import product
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, USER, Answered, Client
from tests.sampled import sampled_pairs

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture(name="client", scope="module")
def _client(gateway: Gateway) -> Client:
    return Client(gateway)


@pytest.fixture(name="victim", scope="module")
def _victim(client: Client) -> dict[str, Any]:
    return client.user("victim", title="unharmed", externalId="v-1")


@pytest.fixture(name="people", scope="module")
def _people(client: Client) -> dict[str, str]:
    """A user, and a group it is in, by their type."""
    ann = client.user("ann", **{ENTERPRISE: {"manager": {"value": client.user("boss")["id"]}}})
    return {"User": ann["id"], "Group": client.group("staff", ann["id"])["id"]}


def _shown(client: Client, type_name: str, id_: str) -> dict[str, Any]:
    """Return a resource without what any change of it changes."""
    answer = client.send("GET", f"/{type_name}s/{id_}")
    assert answer.status == 200
    return {name: value for name, value in answer.body.items() if name != "meta"} | {
        "created": answer.body["meta"]["created"],
        "location": answer.body["meta"]["location"],
    }


@pytest.mark.parametrize("external_id", ["1", "0", "admin", "-1", "victim's", NOBODY])
def test_an_external_id_is_not_accepted_as_an_id(
    client: Client, victim: dict[str, Any], external_id: str
) -> None:
    chosen = victim["id"] if external_id == "victim's" else external_id
    made = client.user(f"external-{external_id}", externalId=chosen)
    assert made["id"] not in {chosen, victim["id"]}
    found = client.send("GET", f"/Users/{chosen}")
    if chosen == victim["id"]:
        assert found.body["userName"] == "victim"
    else:
        assert found.status == 404


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("PUT", {"schemas": [USER], "userName": "other", "title": "harmed"}),
        ("PUT", {"schemas": [USER], "userName": "other", "meta": {"location": "/Users/x"}}),
        ("PATCH", {"op": "replace", "value": {"title": "harmed"}}),
        ("PATCH", {"op": "replace", "path": "id"}),
        ("BULK", {"schemas": [USER], "userName": "other", "title": "harmed"}),
    ],
)
def test_the_path_and_not_the_body_says_which_user_is_changed(
    client: Client, victim: dict[str, Any], method: str, body: dict[str, Any]
) -> None:
    other = client.send("GET", '/Users?filter=userName eq "other"').body["Resources"]
    id_ = other[0]["id"] if other else client.user("other")["id"]
    before = _shown(client, "User", victim["id"])
    if method == "PATCH" and "path" in body:
        client.patch(f"/Users/{id_}", {**body, "value": victim["id"]})
    elif method == "PATCH":
        client.patch(f"/Users/{id_}", {**body, "value": {**body["value"], "id": victim["id"]}})
    elif method == "BULK":
        data = {**body, "id": victim["id"]}
        operations = [{"method": "PUT", "path": f"/Users/{id_}", "data": data}]
        client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    else:
        client.send("PUT", f"/Users/{id_}", {**body, "id": victim["id"]})
    assert _shown(client, "User", victim["id"]) == before
    assert _shown(client, "User", id_)["id"] == id_


READ_ONLY: list[tuple[str, str, Any]] = [
    ("User", "id", NOBODY),
    ("User", "meta.created", "1970-01-01T00:00:00Z"),
    ("User", "meta.location", "https://elsewhere.example/Users/1"),
    ("User", "groups", [{"value": NOBODY}]),
    ("User", f"{ENTERPRISE}:manager.displayName", "Mallory"),
    ("Group", "id", NOBODY),
    ("Group", "meta.resourceType", "User"),
    ("Group", "meta.created", "1970-01-01T00:00:00Z"),
]


def _spelt(path: str, form: str) -> str:
    if form == "another case":
        urn, colon, rest = path.rpartition(":")
        return f"{urn}{colon}{rest.swapcase()}"
    if form == "behind the URN" and ":" not in path:
        return f"{USER}:{path}"
    if form == "a value of it":
        return f'{path.partition(".")[0]}[value eq "{NOBODY}"]'
    return path


def _nested(path: str, value: Any) -> dict[str, Any]:
    urn, _, rest = path.rpartition(":")
    for name in reversed(rest.split(".")):
        value = {name: value}
    return {urn: value} if urn else dict(value)


FORMS = ["the path", "another case", "behind the URN", "a value of it", "no path"]


@pytest.mark.parametrize(("place", "form"), sampled_pairs(READ_ONLY, FORMS, every=4))
def test_a_read_only_attribute_stays_however_it_is_spelt(
    client: Client, people: dict[str, str], place: tuple[str, str, Any], form: str
) -> None:
    type_name, path, value = place
    id_ = people[type_name]
    before = _shown(client, type_name, id_)
    for op in ("add", "replace", "remove"):
        operation = {"op": op, "path": _spelt(path, form), "value": value}
        if form == "no path":
            operation = {"op": op, "value": _nested(path, value)}
        answer = client.patch(f"/{type_name}s/{id_}", operation)
        assert answer.status in {200, 204, 400}, answer.body
        assert _shown(client, type_name, id_) == before


OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr")
NEVER = ("password", f"{USER}:password", "PASSWORD")


def _asked(client: Client, way: str, filter_: str, id_: str) -> Answered:
    match way:
        case "filter":
            return client.send("GET", f"/Users?filter={filter_}")
        case "search":
            body = {"schemas": [SEARCH], "filter": filter_}
            return client.send("POST", "/Users/.search", body)
        case "search everywhere":
            return client.send("POST", "/.search", {"schemas": [SEARCH], "filter": filter_})
        case _:
            path = f"emails[{filter_}].value"
            return client.patch(f"/Users/{id_}", {"op": "remove", "path": path})


@pytest.mark.parametrize("way", ["filter", "search", "search everywhere", "a value path"])
def test_filters_and_sorting_reveal_nothing_of_a_password(
    client: Client, people: dict[str, str], way: str
) -> None:
    held = client.user(f"secretive {way}", password="open sesame")
    before = _shown(client, "User", held["id"])
    for name, operator, start in product(NEVER, OPERATORS, ("", "userName pr and ", "not (")):
        literal = "" if operator == "pr" else ' "o"'
        filter_ = f"{start}{name} {operator}{literal}{')' if start == 'not (' else ''}"
        answer = _asked(client, way, filter_, held["id"])
        if way == "a value path" and answer.status == 200:
            # An e-mail address has no such part: the operation is ignored, whatever the password is.
            assert answer.headers["x-scim-tolerated"].startswith("unknownPaths"), filter_
            continue
        assert answer.status in {400, 403}, (filter_, answer.body)
        assert answer.body["scimType"] in {"invalidFilter", "invalidPath", "sensitive", "noTarget"}
    for name in NEVER:
        assert client.send("GET", f"/Users?sortBy={name}").status in {400, 403}
        shown = client.send("GET", f"/Users/{held['id']}?attributes={name}").body
        assert "password" not in {key.lower() for key in shown}
    assert _shown(client, "User", held["id"]) == before


BOMBS = {
    "parentheses": "(" * 5_000 + "a pr" + ")" * 5_000,
    "negations": "not (" * 2_000 + "a pr" + ")" * 2_000,
    "a flat or": " or ".join(["userName pr"] * 3_000),
    "a flat and": " and ".join(['userName eq "a"'] * 3_000),
    "value paths": "emails[" * 500 + "a pr" + "]" * 500,
    "a dotted path": ".".join(["name"] * 3_000) + " pr",
    "a long text": f'userName eq "{"x" * 100_000}"',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_as_a_filter_and_as_a_path(
    client: Client, people: dict[str, str], bomb: str
) -> None:
    refused = client.send("POST", "/Users/.search", {"schemas": [SEARCH], "filter": bomb})
    assert (refused.status, refused.body["scimType"]) == (400, "invalidFilter")
    for path in (bomb, f"emails[{bomb}].value"):
        answer = client.patch(f"/Users/{people['User']}", {"op": "remove", "path": path})
        assert (answer.status, answer.body["scimType"]) in {
            (400, "invalidPath"),
            (400, "invalidFilter"),
            (400, "tooMany"),
        }


@pytest.mark.parametrize(
    "query",
    [
        "count=1000000000",
        "count=-1",
        "count=0",
        "startIndex=1000000000",
        "startIndex=-5",
        "startIndex=1000000000&count=1000000000",
    ],
)
def test_a_page_is_no_larger_than_it_may_be(client: Client, query: str) -> None:
    answer = client.send("GET", f"/Users?{query}")
    assert answer.status in {200, 400}
    assert len(answer.body.get("Resources", [])) <= 1000


def test_a_shared_e_mail_address_takes_over_no_user(gateway: Gateway, client: Client) -> None:
    """One tenant's user is not found, taken over or changed by another's with the same address."""
    emails = [{"value": "owner@victim.example", "primary": True}]
    mine = client.user("owner@victim.example", emails=emails)
    before = _shown(client, "User", mine["id"])
    make_tenant(gateway, "intruder")
    other = Client(gateway, secret_of(gateway, "intruder", "*"))
    theirs = other.user("owner@victim.example", emails=emails, externalId=mine["id"])
    assert theirs["id"] != mine["id"]
    other.patch(f"/Users/{theirs['id']}", {"op": "replace", "path": "active", "value": False})
    foreign = other.send("DELETE", f"/Users/{mine['id']}")
    unknown = other.send("DELETE", f"/Users/{NOBODY}")
    assert foreign.status == unknown.status == 404
    assert foreign.body["detail"].replace(mine["id"], NOBODY) == unknown.body["detail"]
    assert _shown(client, "User", mine["id"]) == before


COLLISIONS = [
    ("ＡＤＭＩＮ", "admin"),
    ("\u212aelvin", "kelvin"),
    ("\ufb01ona", "fiona"),
    ("ro\u00df", "ross"),
    ("Straße", "STRASSE"),
    ("①", "1"),
    ("e\u0301lan", "\u00e9lan"),
]


@pytest.mark.parametrize(("one", "other"), COLLISIONS, ids=[ascii(row[0]) for row in COLLISIONS])
def test_a_name_that_looks_like_anothers_is_taken(client: Client, one: str, other: str) -> None:
    client.user(f"look-{one}")
    answer = client.send("POST", "/Users", {"schemas": [USER], "userName": f"look-{other}"})
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")


def test_a_repeated_request_changes_nothing_and_says_so(client: Client) -> None:
    """Else a provider asks again for ever: a member that is in, one that is out, a name taken."""
    ann, made = client.user("twice")["id"], client.group("crowd")
    path = f"/Groups/{made['id']}"
    add = {"op": "add", "path": "members", "value": [{"value": ann}]}
    remove = {"op": "remove", "path": f'members[value eq "{ann}"]'}
    for operation, inside in ((add, [ann]), (remove, [])):
        versions = set()
        for _ in range(2):
            assert client.patch(path, operation).status in {200, 204}
            now = client.send("GET", path).body
            assert [each["value"] for each in now.get("members", ())] == inside
            versions.add(now["meta"]["version"])
        assert len(versions) == 1
    taken = client.send("POST", "/Users", {"schemas": [USER], "userName": "twice"})
    assert (taken.status, taken.body["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize("key", ["ACTIVE", "Active", f"{USER}:active"])
def test_one_attribute_has_one_value(client: Client, key: str) -> None:
    body = {"schemas": [USER], "userName": f"two minds {key}", "active": True, key: False}
    answer = client.send("POST", "/Users", body)
    assert (answer.status, answer.body["scimType"]) in {
        (400, "invalidSyntax"),
        (400, "invalidValue"),
    }
