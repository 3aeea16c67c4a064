"""The OpenAPI document says what a tenant is served: its types, methods, limits and statuses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scim.errors import Conflict
from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.shipped import names, profile_or_default
from scim.resource.job import JobKind
from scim.schema.loading import catalogue_of
from scim.schema.schema import Attribute, AttributeType
from scim.service.administration.openapi import administration_openapi
from scim.service.bulk.request import BulkOperation, Method
from scim.service.bulk.response import failed, response_of
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from scim.service.openapi.document import openapi
from scim.service.openapi.paths import TAGS, other_paths
from scim.service.openapi.schemas import attribute_schema
from tests.contract.samples import JOB as SAMPLE
from tests.fakes.endpoint import type_of

JOB = replace(SAMPLE, operations=8)


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
def test_references_lead_to_the_components_and_to_each_of_them(name: str) -> None:
    document = _document(name)
    known = {
        f"#/components/{kind}/{each}"
        for kind in ("schemas", "responses")
        for each in document["components"][kind]
    }
    assert _references(document) == known


@pytest.mark.parametrize("name", ["Error", "PatchOp", "Anything", "JobList", "UserList", "Use"])
def test_a_type_of_the_tenant_replaces_no_other_component(name: str) -> None:
    profile = Profile()
    catalogue = catalogue_of(profile)
    shipped = _document()["components"]["schemas"]
    own_type = replace(type_of("User"), name=name, endpoint="/Own", aliases=())
    own = replace(catalogue, resource_types=(*catalogue.resource_types, own_type))
    document: dict[str, Any] = openapi(profile, own, Permissions.shipped(), Bounds())
    described = document["components"]["schemas"]
    for component, schema in shipped.items():
        assert described[component] == schema
    own_name = name if name == "Use" else f"{name}Resource"
    assert described[own_name] == shipped["User"]
    body = document["paths"]["/Own"]["post"]["requestBody"]["content"]
    assert _references(body) == {f"#/components/schemas/{own_name}ToWrite"}


def _wrong(document: dict[str, Any], schema: str, value: object) -> list[str]:
    """Return what a schema of the document finds wrong with a value."""
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
    return [each.message for each in Draft202012Validator(whole).iter_errors(value)]


def _bodies(document: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the example bodies of the document's requests, each with the name of its schema."""
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                (content,) = operation["requestBody"]["content"].values()
                if "example" in content:
                    yield content["schema"]["$ref"].rpartition("/")[2], content["example"]


@pytest.mark.parametrize("name", names())
def test_examples_of_bodies_are_what_their_schemas_say(name: str) -> None:
    document = _document(name)
    found = [each for body in _bodies(document) for each in _wrong(document, *body)]
    assert (found, len(list(_bodies(document))) > 5) == ([], True)


@pytest.mark.parametrize("name", names())
def test_examples_of_parameters_name_attributes_of_the_type(name: str) -> None:
    paths = _document(name)["paths"]
    for type_ in catalogue_of(profile_or_default(name)).resource_types:
        parameters = paths[type_.endpoint]["get"]["parameters"]
        for each in parameters:
            # Numbers, flags and words of a choice name no attribute.
            is_free_text = each["schema"]["type"] == "string" and "enum" not in each["schema"]
            for example in each["schema"].get("examples", ()) if is_free_text else ():
                assert type_.named(example.partition(" ")[0]) is not None, (type_.name, example)


@pytest.mark.parametrize("name", names())
def test_every_parameter_and_body_has_an_example(name: str) -> None:
    lacking: list[str] = []
    for rule, item in _document(name)["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                lacking += [f"{method} {rule}: {each}" for each in _without_example(operation)]
    # This type has only complex attributes.
    assert lacking == (["patch /OrganizationUsers/{id}: body"] if name == "ownidp" else [])


def _without_example(operation: dict[str, Any]) -> Iterator[str]:
    for each in operation.get("parameters", ()):
        schema = each["schema"]
        is_plain = schema["type"] == "string" and not schema.keys() & {"enum", "format"}
        if not is_plain and "examples" not in schema:
            yield each["name"]
    for content in operation.get("requestBody", {"content": {}})["content"].values():
        if "example" not in content:
            yield "body"


def test_suggested_values_are_of_the_type_of_the_attribute() -> None:
    values = ("9", "x", "-5")
    whole = Attribute("level", AttributeType.INTEGER, canonical_values=values)
    assert attribute_schema(whole)["examples"] == [9, -5]
    assert attribute_schema(Attribute("level", canonical_values=values))["examples"] == [*values]


@pytest.mark.parametrize("name", ["rfc", "default", "interop-strict", "ipsie", "wso2"])
def test_discovery_and_jobs_are_what_their_schemas_say(name: str) -> None:
    document = _document(name)
    profile = profile_or_default(name)
    discovery = Discovery.under(profile, catalogue_of(profile), Bounds())
    shown = [("ServiceProviderConfig", discovery.config("https://host/scim/v2"))]
    shown += [("Schema", each) for each in discovery.schemas("https://host/scim/v2")]
    shown += [("ResourceType", each) for each in discovery.resource_types("https://host/scim/v2")]
    shown += [("Job", replace(JOB, kind=kind).json()) for kind in JobKind]
    for schema, each in shown:
        assert _wrong(document, schema, each) == []
        required = document["components"]["schemas"][schema]["required"]
        assert all(_wrong(document, schema, {**each, member: None}) for member in required)


def test_a_declaration_of_a_job_needs_its_kind() -> None:
    paths = _document()["paths"]
    body = paths["/Jobs"]["post"]["requestBody"]["content"]["application/scim+json"]["schema"]
    assert body == {"$ref": "#/components/schemas/JobToWrite"}
    assert _document()["components"]["schemas"]["JobToWrite"]["required"] == ["kind"]


def test_the_mapping_of_a_job_may_have_columns() -> None:
    mapping = _document()["components"]["schemas"]["JobToWrite"]["properties"]["mapping"]
    assert (mapping["type"], mapping["additionalProperties"]) == ("object", True)


def test_results_of_bulk_operations_have_status_and_response() -> None:
    failed_one = failed(BulkOperation(0, Method.POST, "b1"), Conflict("The name is taken."))
    response = response_of([failed_one])
    assert _wrong(_document(), "BulkResponse", response) == []
    members = _document()["components"]["schemas"]["BulkResponse"]["properties"]["Operations"]
    assert failed_one.json().keys() <= members["items"]["properties"].keys()


def test_the_values_behind_an_event_are_asked_for_by_resource_and_change() -> None:
    parameters = _document()["paths"]["/Events"]["get"]["parameters"]
    assert [each["name"] for each in parameters if each.get("required")] == ["of", "change"]


@pytest.mark.parametrize("name", ["rfc", "nevisidm", "wso2"])
def test_a_post_that_creates_takes_an_idempotency_key(name: str) -> None:
    paths = _document(name, me="create")["paths"]
    keyed = {
        rule
        for rule, item in paths.items()
        for method, each in item.items()
        if method == "post" and "422" in each["responses"]
        for parameter in each["parameters"]
        if (parameter["name"], parameter["in"]) == ("Idempotency-Key", "header")
    }
    types = {each.endpoint for each in catalogue_of(profile_or_default(name)).resource_types}
    assert keyed == {*types, "/Bulk", "/Jobs", "/Me"} & paths.keys()


def test_a_status_of_both_results_and_refusals_has_either_body() -> None:
    found = _document("nevisidm")["paths"]["/Bulk"]["post"]["responses"]["422"]
    (content,) = found["content"].values()
    names_ = [each["$ref"].rpartition("/")[2] for each in content["schema"]["anyOf"]]
    assert names_ == ["BulkResponse", "Error"]


def _empty_objects(node: object) -> Iterator[object]:
    """Yield the schemas of objects without a word about members: generators take them for empty objects."""
    match node:
        case {"type": "object", **more} if not more.keys() & {"properties", "additionalProperties"}:
            yield node
        case dict():
            yield from (each for value in node.values() for each in _empty_objects(value))
        case list():
            yield from (each for value in node for each in _empty_objects(value))


@pytest.mark.parametrize("name", names())
def test_no_object_is_described_as_empty(name: str) -> None:
    assert list(_empty_objects(_document(name))) == []
    assert list(_empty_objects(administration_openapi())) == []


def test_lists_have_the_attributes_that_the_profile_lists() -> None:
    document = _document("forsta")
    group = {"id": "1", "displayName": "Team"}
    assert _wrong(document, "GroupList", [group]) == []
    assert _wrong(document, "Group", group) == ["'schemas' is a required property"]


def test_bodies_are_of_the_type_of_their_path() -> None:
    paths = _document()["paths"]
    for path, media_type in (("/Users", "application/scim+json"), ("/Events", "application/json")):
        post = paths[path]["post"]
        first = next(iter(post["responses"].values()))
        assert set(post["requestBody"]["content"]) == set(first["content"]) == {media_type}
        assert set(post["responses"]) >= {"400"}


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]


@pytest.mark.parametrize("endpoint", ["/Search", "/Delta", "/UsersOne", "/Me.", "/Own.json"])
def test_an_endpoint_of_the_tenant_takes_no_name_of_another_operation(endpoint: str) -> None:
    profile = Profile()
    catalogue = catalogue_of(profile)
    own_types = (
        replace(type_of("User"), name=name, endpoint=path, aliases=())
        for name, path in (("First", "/Own"), ("Second", endpoint))
    )
    own = replace(catalogue, resource_types=(*catalogue.resource_types, *own_types))
    document: dict[str, Any] = openapi(profile, own, Permissions.shipped(), Bounds())
    ids = [each["operationId"] for each in _operations(document)]
    assert len(ids) == len(set(ids))
    assert {each["operationId"] for each in _operations(_document())} <= set(ids)
    links = document["paths"][endpoint]["post"]["responses"]["201"]["links"]
    reading = document["paths"][f"{endpoint}/{{id}}"]["get"]
    assert links["GET"]["operationId"] == reading["operationId"]


def test_the_tags_that_no_type_takes_are_those_of_the_service() -> None:
    assert {path.tag for path in other_paths(Profile(), "create")} == TAGS


def test_a_type_named_like_a_part_of_the_service_is_described_as_a_type() -> None:
    profile = Profile()
    catalogue = catalogue_of(profile)
    own_type = replace(type_of("User"), name="Audit", endpoint="/Audits", aliases=())
    own = replace(catalogue, resource_types=(*catalogue.resource_types, own_type))
    document: dict[str, Any] = openapi(profile, own, Permissions.shipped(), Bounds())
    parameters = document["paths"]["/Audits/{id}"]["get"]["parameters"]
    assert "If-None-Match" in {each["name"] for each in parameters}


@pytest.mark.parametrize("name", names())
def test_an_operation_has_one_name_and_links_lead_to_operations(name: str) -> None:
    operations = _operations(_document(name))
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
def test_endpoints_that_a_profile_lacks_are_not_described(name: str, path: str) -> None:
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


def test_changes_are_a_list_with_a_token_also_where_lists_are_arrays() -> None:
    document = _document("forsta")
    schemas = document["components"]["schemas"]
    assert schemas["GroupList"]["type"] == "array"
    assert "nextDeltaToken" in schemas["GroupDelta"]["properties"]
    names = {
        path: [parameter.get("name") for parameter in document["paths"][path]["get"]["parameters"]]
        for path in ("/Groups", "/Users")
    }
    assert ("cursor" in names["/Groups"], "cursor" in names["/Users"]) == (False, True)


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
