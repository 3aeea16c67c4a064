"""A resource type made of JSON alone has everything that the shipped types have."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import USER, Answered, Client

TYPES = Path(__file__).parent / "types"
GADGET = "urn:example:workshop:1.0:Gadget"
WARRANTY = "urn:example:workshop:1.0:Warranty"
MAKER = "urn:example:workshop:1.0:Maker"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

FULL: dict[str, Any] = {
    "serial": "S-Ab",
    "label": "shown always",
    "color": "red",
    "active": True,
    "weight": 1.5,
    "count": 3,
    "bought": "2026-01-31T10:00:00Z",
    "image": "aGVsbG8=",
    "manual": "https://example.com/manual",
    "tags": ["small", "loud"],
    "size": {"width": 3, "height": 4},
    "ports": [{"value": "usb", "type": "data", "primary": True}, {"value": "dc"}],
    WARRANTY: {"number": "W1", "until": "2027-01-31T10:00:00Z"},
}


def documents(kind: str) -> list[Any]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(TYPES.glob(f"*.{kind}.json"))]


@pytest.fixture(name="shop", scope="module")
def _shop(gateway: Gateway) -> Client:
    """Return a client of a tenant that has nothing but JSON documents to say what a gadget is."""
    make_tenant(gateway, "shop")
    brought = {"schemas": documents("schema"), "resourceTypes": documents("type")}
    first = Client(gateway, secret_of(gateway, "shop", "*"))
    answer = first.send("PUT", "/Definitions", brought)
    assert answer.status == 200, answer.body
    # The gateway decides about each token once a minute; this one is new to it.
    return Client(gateway, secret_of(gateway, "shop", "*"))


def gadget(client: Client, name: str, **more: Any) -> dict[str, Any]:
    urns = [GADGET, *([WARRANTY] if WARRANTY in more else [])]
    return client._made("/Gadgets", {"schemas": urns, "name": name, **more})


def maker(client: Client, name: str) -> str:
    made = client._made("/Makers", {"schemas": [MAKER], "displayName": name})
    return str(made["id"])


def found(client: Client, filter_: str, **query: str) -> list[str]:
    """Return the names of the gadgets a filter selects, in the order of the answer."""
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    answer = client.send("GET", f"/Gadgets?filter={quote(filter_)}&{asked}")
    assert answer.status == 200, answer.body
    return [each["name"] for each in answer.body["Resources"]]


def refused(answer: Answered, status: int, scim_type: str | None = None) -> None:
    assert (answer.status, answer.body.get("scimType")) == (status, scim_type), answer.body


def test_a_gadget_is_made_and_read(shop: Client) -> None:
    made = gadget(shop, "whole", secret="hidden", hint="on request", made="by hand", **FULL)
    path = f"/Gadgets/{made['id']}"
    # What is returned on request only is returned to the client that sends it (RFC 7643 section 7).
    assert made.pop("hint") == "on request"
    shown = {name: value for name, value in made.items() if name not in ("id", "meta")}
    assert shown == {"schemas": [GADGET, WARRANTY], "name": "whole", "parts": [], **FULL}
    assert made["meta"]["resourceType"] == "Gadget"
    assert made["meta"]["location"].endswith(f"/scim/v2{path}")
    read = shop.send("GET", path)
    assert (read.status, read.body, read.headers["etag"]) == (200, made, 'W/"1"')
    assert shop.send("GET", path, None, {"If-None-Match": 'W/"1"'}).status == 304


def test_an_answer_shows_what_was_asked_for(shop: Client) -> None:
    path = f"/Gadgets/{gadget(shop, 'asked', hint='psst', **FULL)['id']}"
    asked = shop.send("GET", f"{path}?attributes=hint,size.width,{WARRANTY}:number").body
    assert {name for name in asked if name != "id"} == {
        "schemas",
        "hint",
        "label",
        "size",
        WARRANTY,
    }
    assert (asked["size"], asked[WARRANTY]) == ({"width": 3}, {"number": "W1"})
    left = shop.send("GET", f"{path}?excludedAttributes=size,label,{WARRANTY}").body
    assert left.keys().isdisjoint({"size", WARRANTY, "hint"})
    assert left["label"] == "shown always"


@pytest.mark.parametrize(
    ("body", "status", "scim_type"),
    [
        pytest.param({"label": "x"}, 400, "invalidValue", id="required"),
        pytest.param({"name": "x", "active": "perhaps"}, 400, "invalidValue", id="boolean"),
        pytest.param({"name": "x", "weight": "heavy"}, 400, "invalidValue", id="decimal"),
        pytest.param({"name": "x", "count": 1.5}, 400, "invalidValue", id="integer"),
        pytest.param({"name": "x", "bought": "today"}, 400, "invalidValue", id="dateTime"),
        pytest.param({"name": "x", "image": "?"}, 400, "invalidValue", id="binary"),
        pytest.param({"name": "x", "manual": 5}, 400, "invalidValue", id="reference"),
        pytest.param({"name": "x", "ports": [{"type": "a"}]}, 400, "invalidValue", id="part"),
        pytest.param({"name": "x", "size": [1, 2]}, 400, "invalidValue", id="complex"),
        pytest.param({"name": "x", "parts": [{"value": "no"}]}, 400, "invalidValue", id="relation"),
        pytest.param({"name": "x", "owner": {"value": "no"}}, 400, "invalidValue", id="refers"),
        pytest.param({"name": "x", WARRANTY: {"until": None}}, 201, None, id="empty extension"),
    ],
)
def test_a_gadget_is_what_its_schema_says(
    shop: Client, body: dict[str, Any], status: int, scim_type: str | None
) -> None:
    answer = shop.send("POST", "/Gadgets", {"schemas": [GADGET], **body})
    # By default a relation's value that names nothing is left out (a tolerance).
    expected = (201, None) if "parts" in body else (status, scim_type)
    refused(answer, *expected)
    if answer.status == 201:
        assert shop.send("DELETE", f"/Gadgets/{answer.body['id']}").status == 204


def test_a_unique_name_is_taken_until_it_is_free(shop: Client) -> None:
    first = gadget(shop, "Only One")
    refused(
        shop.send("POST", "/Gadgets", {"schemas": [GADGET], "name": "only one"}), 409, "uniqueness"
    )
    assert shop.send("DELETE", f"/Gadgets/{first['id']}").status == 204
    refused(shop.send("GET", f"/Gadgets/{first['id']}"), 404)
    assert gadget(shop, "only one")["name"] == "only one"


def test_put_replaces_what_can_be_written(shop: Client) -> None:
    made = gadget(shop, "before", **FULL)
    path = f"/Gadgets/{made['id']}"
    body = {"schemas": [GADGET], "name": "after", "serial": "S-Ab", "count": 5}
    stale = shop.send("PUT", path, body, {"If-Match": 'W/"9"'})
    put = shop.send("PUT", path, body, {"If-Match": 'W/"1"'})
    assert (stale.status, put.status, put.headers["etag"]) == (412, 200, 'W/"2"')
    shown = {name: value for name, value in put.body.items() if name not in ("id", "meta")}
    assert shown == {**body, "parts": []}
    refused(shop.send("PUT", path, {**body, "serial": "other"}), 400, "mutability")


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        ({"op": "replace", "path": "active", "value": False}, {"active": False}),
        ({"op": "replace", "path": "size.width", "value": 9}, {"size": {"width": 9, "height": 4}}),
        ({"op": "add", "path": "tags", "value": ["new"]}, {"tags": ["small", "loud", "new"]}),
        ({"op": "remove", "path": "color"}, {"color": None}),
        (
            {"op": "replace", "path": 'ports[value eq "dc"].type', "value": "power"},
            {"ports": [FULL["ports"][0], {"value": "dc", "type": "power"}]},
        ),
        ({"op": "remove", "path": 'ports[type eq "data"]'}, {"ports": [{"value": "dc"}]}),
        (
            {"op": "replace", "path": f"{WARRANTY}:number", "value": "W2"},
            {WARRANTY: {**FULL[WARRANTY], "number": "W2"}},
        ),
        ({"op": "add", "value": {"count": 7, "weight": 2}}, {"count": 7, "weight": 2}),
    ],
    ids=["simple", "sub", "plural", "remove", "filter", "remove-filter", "extension", "pathless"],
)
def test_patch_changes_a_part(
    shop: Client, operation: dict[str, Any], after: dict[str, Any]
) -> None:
    path = f"/Gadgets/{gadget(shop, 'patched', **FULL)['id']}"
    answer = shop.patch(path, operation)
    assert answer.status == 200, answer.body
    assert {name: answer.body.get(name) for name in after} == after
    assert shop.send("GET", path).body == answer.body
    assert shop.send("DELETE", path).status == 204


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "serial", "value": "other"}, "mutability"),
        ({"op": "replace", "path": "made", "value": "x"}, "mutability"),
        ({"op": "remove", "path": "name"}, "mutability"),
        ({"op": "replace", "path": "ports[", "value": 1}, "invalidPath"),
        ({"op": "replace", "path": 'ports[value eq "gone"].type', "value": "x"}, "noTarget"),
        ({"op": "replace", "path": "rival", "value": {"value": "gone"}}, "invalidValue"),
    ],
    ids=["immutable", "readOnly", "required", "no path", "no target", "refers"],
)
def test_an_invalid_patch_changes_nothing(
    shop: Client, operation: dict[str, Any], scim_type: str
) -> None:
    path = f"/Gadgets/{gadget(shop, 'unpatched', **FULL)['id']}"
    refused(shop.patch(path, {"op": "add", "path": "count", "value": 9}, operation), 400, scim_type)
    assert shop.send("GET", path).headers["etag"] == 'W/"1"'
    assert shop.send("DELETE", path).status == 204


@pytest.fixture(name="row", scope="module")
def _row(shop: Client) -> list[dict[str, Any]]:
    """Return five gadgets that differ in everything, in the order of their names."""
    return [
        gadget(
            shop,
            f"row {letter}",
            serial=f"R{letter.upper()}",
            active=number % 2 == 0,
            weight=number / 2,
            count=10 - number,
            bought=f"2026-0{number}-01T00:00:00Z",
            image="cm93",
            manual=f"https://example.com/{letter}",
            tags=["row", letter],
            size={"width": number},
            ports=[{"value": f"port {letter}", "type": "rowed", "primary": True}],
            **{WARRANTY: {"number": f"N{number}"}},
        )
        for number, letter in enumerate("abcde", 1)
    ]


@pytest.mark.parametrize(
    ("filter_", "letters"),
    [
        ('name eq "ROW B"', "b"),
        ('name sw "row " and serial eq "RC"', "c"),
        ('name sw "row " and serial eq "rc"', ""),
        ('name sw "row " and active eq true', "bd"),
        ('name sw "row " and weight gt 1.5', "de"),
        ('name sw "row " and count le 7', "cde"),
        ('tags eq "row" and bought ge "2026-04-01T00:00:00Z"', "de"),
        ('tags eq "row" and manual ew "/a"', "a"),
        ('tags eq "row" and image eq "cm93" and size.width lt 2', "a"),
        ('ports.value eq "port c"', "c"),
        ('ports[type eq "rowed" and value co "t d"]', "d"),
        (f'{WARRANTY}:number eq "n5"', "e"),
        (f'tags eq "row" and not ({WARRANTY}:number sw "N" and count ne 9)', "a"),
        ('name eq "row a" or name eq "row e"', "ae"),
        ('tags eq "row" and color pr', ""),
    ],
)
def test_gadgets_are_found_by_every_kind_of_attribute(
    shop: Client, row: list[dict[str, Any]], filter_: str, letters: str
) -> None:
    assert len(row) == 5
    assert sorted(found(shop, filter_)) == [f"row {letter}" for letter in letters]


@pytest.mark.parametrize(
    ("sort", "letters"),
    [
        ({"sortBy": "name"}, "abcde"),
        ({"sortBy": "name", "sortOrder": "descending"}, "edcba"),
        ({"sortBy": "count"}, "edcba"),
        ({"sortBy": "weight", "sortOrder": "descending"}, "edcba"),
        ({"sortBy": "bought"}, "abcde"),
        ({"sortBy": "ports"}, "abcde"),
        ({"sortBy": f"{WARRANTY}:number", "sortOrder": "descending"}, "edcba"),
    ],
    ids=["name", "down", "integer", "decimal", "dateTime", "primary", "extension"],
)
def test_gadgets_are_sorted(
    shop: Client, row: list[dict[str, Any]], sort: dict[str, str], letters: str
) -> None:
    assert len(row) == 5
    names = found(shop, 'tags eq "row"', **sort)
    assert names == [f"row {letter}" for letter in letters]


def test_gadgets_come_in_pages_by_number_and_by_cursor(
    shop: Client, row: list[dict[str, Any]]
) -> None:
    wanted = quote('tags eq "row"')
    asked = f"/Gadgets?filter={wanted}&sortBy=name&count=2"
    pages = [shop.send("GET", f"{asked}&startIndex={start}").body for start in (1, 3, 5)]
    assert [page["totalResults"] for page in pages] == [5, 5, 5]
    assert [each["id"] for page in pages for each in page["Resources"]] == [r["id"] for r in row]
    walked: list[str] = []
    page = shop.send("GET", f"{asked}&cursor").body
    while True:
        walked += [each["id"] for each in page["Resources"]]
        if "nextCursor" not in page:
            break
        page = shop.send("GET", f"{asked}&cursor={quote(page['nextCursor'])}").body
    assert walked == [r["id"] for r in row]


@pytest.mark.parametrize("path", ["/Gadgets/.search", "/.search"])
def test_gadgets_are_searched_by_post(shop: Client, row: list[dict[str, Any]], path: str) -> None:
    body = {
        "schemas": [SEARCH],
        "filter": 'meta.resourceType eq "Gadget" and serial eq "RD"',
        "attributes": ["name"],
    }
    answer = shop.send("POST", path, body)
    assert answer.status == 200, answer.body
    assert [each["id"] for each in answer.body["Resources"]] == [row[3]["id"]]
    assert answer.body["Resources"][0]["name"] == "row d"


def test_a_relation_is_kept_shown_and_mirrored(shop: Client) -> None:
    person = shop.user("part of a gadget")
    wheel = gadget(shop, "wheel")
    car = gadget(shop, "car", parts=[{"value": wheel["id"], "type": "Gadget"}])
    path = f"/Gadgets/{car['id']}"
    person_id, car_id = person["id"], car["id"]
    (part,) = car["parts"]
    assert (part["value"], part["type"]) == (wheel["id"], "Gadget")
    assert part["$ref"].endswith(f"/Gadgets/{wheel['id']}")
    added = shop.patch(path, {"op": "add", "path": "parts", "value": [{"value": person["id"]}]})
    assert {each["type"] for each in added.body["parts"]} == {"Gadget", "User"}
    assert shop.send("GET", f"/Gadgets/{wheel['id']}").body["wholes"][0]["value"] == car["id"]
    assert found(shop, f'parts.value eq "{person_id}"') == ["car"]
    assert found(shop, f'wholes.value eq "{car_id}"') == ["wheel"]
    cycle = {"op": "add", "path": "parts", "value": [{"value": car["id"]}]}
    refused(shop.patch(f"/Gadgets/{wheel['id']}", cycle), 400, "invalidValue")
    one = shop.patch(path, {"op": "remove", "path": f'parts[value eq "{person_id}"]'})
    assert [each["value"] for each in one.body["parts"]] == [wheel["id"]]
    assert shop.send("DELETE", f"/Gadgets/{wheel['id']}").status == 204
    assert shop.send("GET", path).body["parts"] == []


def test_references_are_shown_with_names_and_found(shop: Client) -> None:
    owner = shop.user("owner", displayName="The Owner")
    owner_id = owner["id"]
    rival = gadget(shop, "rival")
    made = gadget(
        shop,
        "referring",
        owner={"value": owner["id"], "display": "never mind"},
        maker={"value": maker(shop, "ACME")},
        rival={"value": rival["id"]},
    )
    assert made["owner"] == {
        "value": owner["id"],
        "$ref": owner["meta"]["location"],
        "display": "The Owner",
    }
    assert made["maker"]["display"] == "ACME"
    assert made["rival"].keys() == {"value", "$ref"}
    assert found(shop, f'owner.value eq "{owner_id}" and name pr') == ["referring"]
    wanted = quote('name eq "referring"')
    listed = shop.send("GET", f"/Gadgets?filter={wanted}&attributes=owner")
    assert listed.body["Resources"][0]["owner"] == made["owner"]


def test_deleting_a_reference_target_cascades_clears_or_is_refused_as_declared(
    shop: Client,
) -> None:
    owner, brand = shop.user("keeper"), maker(shop, "Bolt")
    rival = gadget(shop, "its rival")
    lost = gadget(shop, "lost", owner={"value": owner["id"]}, maker={"value": brand})
    kept = gadget(shop, "kept", rival={"value": rival["id"]}, color="red")
    refused(shop.send("DELETE", f"/Makers/{brand}"), 409)
    assert shop.send("DELETE", f"/Users/{owner['id']}").status == 204
    refused(shop.send("GET", f"/Gadgets/{lost['id']}"), 404)
    assert shop.send("DELETE", f"/Makers/{brand}").status == 204
    assert shop.send("DELETE", f"/Gadgets/{rival['id']}").status == 204
    after = shop.send("GET", f"/Gadgets/{kept['id']}").body
    assert ("rival" in after, after["color"], after["meta"]["version"]) == (False, "red", 'W/"2"')
    itself = {"op": "add", "path": "rival", "value": {"value": kept["id"]}}
    refused(shop.patch(f"/Gadgets/{kept['id']}", itself), 400, "invalidValue")


def test_a_dry_run_counts_the_resources_that_refer_to_the_deleted_one(
    gateway: Gateway, shop: Client
) -> None:
    owner, rival = shop.user("counted")["id"], gadget(shop, "counted rival")["id"]
    for name in ("counted 1", "counted 2"):
        gadget(shop, name, owner={"value": owner}, rival={"value": rival})

    def referrers(client: Client, path: str) -> Any:
        answer = client.send("DELETE", path, None, {"Prefer": "dry-run"})
        assert answer.status == 200, answer.body
        (change,) = answer.body["changes"]
        return change.get("referrers")

    told = {"resourceType": "Gadget", "number": 2}
    cascade = [{**told, "path": "owner", "operation": "delete"}]
    assert referrers(shop, f"/Users/{owner}") == cascade
    cleared = [{**told, "path": "rival", "operation": "update"}]
    assert referrers(shop, f"/Gadgets/{rival}") == cleared
    assert referrers(shop, f"/Users/{shop.user('referred to by none')['id']}") is None
    some = json.dumps({"User": "*", "Gadget": 'name eq "counted 1"'})
    narrow = Client(gateway, secret_of(gateway, "shop", "*", filters=some))
    assert referrers(narrow, f"/Users/{owner}") is None


def test_a_dry_run_of_a_bulk_request_counts_references_as_earlier_operations_left_them(
    shop: Client,
) -> None:
    brand, other = maker(shop, "Dry brand"), maker(shop, "Dry other")
    made = gadget(shop, "dry branded", maker={"value": brand})["id"]

    def moved(to: str) -> dict[str, Any]:
        operation = {"op": "replace", "path": "maker.value", "value": to}
        return {"method": "PATCH", "path": f"/Gadgets/{made}", "data": {"Operations": [operation]}}

    def gone(path: str) -> dict[str, Any]:
        return {"method": "DELETE", "path": path}

    new = {"schemas": [GADGET], "name": "dry new", "maker": {"value": other}}
    created = {"method": "POST", "path": "/Gadgets", "bulkId": "new", "data": new}
    for operations, statuses in (
        ([gone(f"/Makers/{brand}"), gone(f"/Gadgets/{made}")], ["409", "204"]),
        ([gone(f"/Gadgets/{made}"), gone(f"/Makers/{brand}")], ["204", "204"]),
        ([moved(other), gone(f"/Makers/{brand}"), gone(f"/Makers/{other}")], ["200", "204", "409"]),
        ([created, gone(f"/Makers/{other}")], ["201", "409"]),
    ):
        body = {"schemas": [BULK], "failOnErrors": 9, "Operations": operations}
        tried = shop.send("POST", "/Bulk", body, {"Prefer": "dry-run"}).body
        assert [each["status"] for each in tried["Operations"]] == statuses


def test_bulk_makes_gadgets_that_refer_to_each_other(shop: Client) -> None:
    def post(path: str, bulk_id: str, data: dict[str, Any]) -> dict[str, Any]:
        return {"method": "POST", "path": path, "bulkId": bulk_id, "data": data}

    bolt = {"schemas": [GADGET], "name": "bulk bolt", "maker": {"value": "bulkId:m"}}
    engine = {
        "schemas": [GADGET],
        "name": "bulk engine",
        "parts": [{"value": "bulkId:b"}],
        "owner": {"value": "bulkId:u"},
    }
    operations = [
        post("/Gadgets", "e", engine),
        post("/Gadgets", "b", bolt),
        post("/Makers", "m", {"schemas": [MAKER], "displayName": "Bulk"}),
        post("/Users", "u", {"schemas": [USER], "userName": "bulk.owner"}),
    ]
    answer = shop.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    assert [each["status"] for each in answer.body["Operations"]] == ["201"] * 4, answer.body
    path = answer.body["Operations"][0]["location"].partition("/scim/v2")[2]
    made = shop.send("GET", path).body
    assert made["owner"]["display"] == "bulk.owner"
    assert len(made["parts"]) == 1
    more = [
        {
            "method": "PATCH",
            "path": path,
            "data": {"Operations": [{"op": "remove", "path": "owner"}]},
        },
        {"method": "PUT", "path": path, "data": {"schemas": [GADGET], "name": "bulk motor"}},
        {"method": "DELETE", "path": path},
    ]
    answer = shop.send("POST", "/Bulk", {"schemas": [BULK], "Operations": more})
    assert [each["status"] for each in answer.body["Operations"]] == ["200", "200", "204"]


def test_discovery_tells_of_gadgets_without_our_hints(shop: Client) -> None:
    type_ = shop.send("GET", "/ResourceTypes/Gadget").body
    assert (type_["endpoint"], type_["schema"]) == ("/Gadgets", GADGET)
    assert type_["schemaExtensions"] == [{"schema": WARRANTY, "required": False}]
    assert not any("serverless-scim" in json.dumps(value) for value in type_.values())
    schema = shop.send("GET", f"/Schemas/{GADGET}").body
    kinds = {each["type"] for each in schema["attributes"]}
    assert kinds == {
        "string",
        "boolean",
        "decimal",
        "integer",
        "dateTime",
        "binary",
        "reference",
        "complex",
    }
    listed = shop.send("GET", "/Schemas").body["Resources"]
    assert {GADGET, WARRANTY, MAKER} <= {each["id"] for each in listed}
    refused(shop.send("PUT", "/Gadgets", {}), 405)


def test_permissions_for_gadgets_need_no_table_of_their_own(gateway: Gateway, shop: Client) -> None:
    made = gadget(shop, "guarded")
    viewer = Client(gateway, secret_of(gateway, "shop", "gadgets:view"))
    assert viewer.send("GET", f"/Gadgets/{made['id']}").status == 200
    refused(viewer.send("DELETE", f"/Gadgets/{made['id']}"), 403)
