"""The OpenAPI document says what a tenant is served: its types, methods, limits and statuses."""

import json
from typing import Any

import pytest

from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.shipped import names, profile_or_default
from scim.schema.loading import catalogue_of
from scim.service.endpoint import Bounds
from scim.service.openapi.document import openapi


def _document(name: str = "rfc", bounds: Bounds | None = None, me: str = "on") -> dict[str, Any]:
    profile = profile_or_default(name)
    catalogue = catalogue_of(profile)
    return openapi(profile, catalogue, Permissions.shipped(), bounds or Bounds(), me)


def _references(node: object) -> set[str]:
    match node:
        case {"$ref": str(ref)}:
            return {ref}
        case dict():
            return {ref for each in node.values() for ref in _references(each)}
        case list():
            return {ref for each in node for ref in _references(each)}
    return set()


@pytest.mark.parametrize("name", names())
def test_every_reference_leads_somewhere(name: str) -> None:
    document = _document(name)
    known = {
        f"#/components/{kind}/{each}"
        for kind in ("schemas", "responses")
        for each in document["components"][kind]
    }
    assert _references(document) <= known


def test_bodies_are_of_the_type_of_their_path() -> None:
    paths = _document()["paths"]
    for path, media_type in (("/Users", "application/scim+json"), ("/Events", "application/json")):
        post = paths[path]["post"]
        first = next(iter(post["responses"].values()))
        assert set(post["requestBody"]["content"]) == set(first["content"]) == {media_type}
        assert set(post["responses"]) >= {"400"}


@pytest.mark.parametrize("name", names())
def test_an_operation_has_one_name_and_links_lead_to_operations(name: str) -> None:
    operations = [
        operation
        for item in _document(name)["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    ids = [each["operationId"] for each in operations]
    linked = {
        link["operationId"]
        for each in operations
        for response in each["responses"].values()
        for link in response.get("links", {}).values()
    }
    assert len(ids) == len(set(ids))
    assert linked <= set(ids)


@pytest.mark.parametrize(
    ("name", "path", "methods"),
    [
        ("rfc", "/Users", {"get", "post"}),
        ("rfc", "/Users/{id}", {"get", "put", "patch", "delete"}),
        ("rfc+groupMembers", "/GroupMembers/{id}", {"get", "delete"}),
        ("forsta", "/Groups/{id}", {"get", "patch", "delete"}),
        ("forsta", "/Users/{id}", {"get", "put", "patch", "delete"}),
        ("ownidp", "/Organizations/{id}", {"get", "patch", "delete"}),
        ("nevisidm", "/Users/{id}", {"get", "patch", "delete"}),
        ("wso2", "/Me", {"get", "post", "put", "patch", "delete"}),
    ],
)
def test_a_path_has_the_methods_of_the_profile(name: str, path: str, methods: set[str]) -> None:
    assert _document(name)["paths"][path].keys() - {"parameters"} == methods


@pytest.mark.parametrize(
    ("name", "path"), [("forsta", "/Bulk"), ("forsta", "/Me"), ("nevisidm", "/.search")]
)
def test_what_a_profile_does_not_have_is_not_described(name: str, path: str) -> None:
    assert path not in _document(name)["paths"]


def test_me_is_described_where_it_is_served() -> None:
    assert "/Me" not in _document(me="off")["paths"]
    assert "post" in _document(me="create")["paths"]["/Me"]


@pytest.mark.parametrize(
    ("name", "path", "method", "status"),
    [
        ("rfc", "/Users", "post", "201"),
        ("forsta", "/Users", "post", "200"),
        ("forsta", "/Users/{id}", "delete", "200"),
        ("rfc", "/Users/{id}", "delete", "204"),
        ("rfc", "/Bulk", "post", "202"),
        ("nevisidm", "/Bulk", "post", "422"),
        ("interop-strict", "/Users", "post", "415"),
    ],
)
def test_an_operation_has_the_statuses_of_the_profile(
    name: str, path: str, method: str, status: str
) -> None:
    assert status in _document(name)["paths"][path][method]["responses"]


def test_limits_are_those_of_the_deployment() -> None:
    schemas = _document(bounds=Bounds(patch_operations=7, bulk_operations=9))["components"][
        "schemas"
    ]
    assert schemas["PatchOp"]["properties"]["Operations"]["maxItems"] == 7
    assert schemas["BulkRequest"]["properties"]["Operations"]["maxItems"] == 9


def test_attributes_are_as_the_schema_says() -> None:
    user = _document()["components"]["schemas"]["User"]["properties"]
    assert user["id"]["readOnly"] is True
    assert user["password"]["writeOnly"] is True
    assert user["emails"]["type"] == "array"
    assert user["active"]["type"] == "boolean"
    assert user["meta"]["properties"]["created"]["format"] == "date-time"
    to_write = _document()["components"]["schemas"]["UserToWrite"]
    assert to_write["required"] == ["schemas", "userName"]


def test_ids_and_errors_are_as_the_wire_has_them() -> None:
    schemas = _document("forsta")["components"]["schemas"]
    assert schemas["User"]["properties"]["id"]["type"] == "integer"
    assert schemas["Error"]["properties"]["status"]["type"] == "integer"
    assert schemas["GroupList"]["type"] == "array"
    assert "resources" in schemas["UserList"]["properties"]


def test_the_same_is_described_the_same() -> None:
    assert json.dumps(_document()) == json.dumps(_document())
    assert _document()["servers"] == [{"url": "./scim/v2"}]
    assert Profile().name == "default"
