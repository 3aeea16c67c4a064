"""Rules of RFC 7643 and RFC 7644 that are seen by reading."""

from collections.abc import Mapping
from typing import Any

from scim_cli.conform.answer import LIST, MEDIA_TYPE, expect, expect_status, schemas_in
from scim_cli.conform.probe import Probe
from scim_cli.conform.rule import Profile, Rules

READING = Rules(Profile.RFC)
_FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")


@READING.must("RFC 7644 section 4", "ServiceProviderConfig is served at its endpoint.")
def config_is_served(probe: Probe) -> None:
    answer = probe.once("/ServiceProviderConfig")
    expect_status(answer, 200)
    expect(schemas_in(answer.body), "there are no schemas")


@READING.must("RFC 7643 section 5", "Each feature states whether it is supported, and its limits.")
def features_are_told(probe: Probe) -> None:
    body = probe.once("/ServiceProviderConfig").body
    for name in _FEATURES:
        expect(isinstance(body.get(name), Mapping), f"{name} is missing")
        expect(isinstance(body[name].get("supported"), bool), f"{name}.supported is no boolean")
    for path in ("bulk.maxOperations", "bulk.maxPayloadSize", "filter.maxResults"):
        name, sub = path.split(".")
        expect(isinstance(body[name].get(sub), int), f"{path} is no integer")


@READING.must("RFC 7643 section 5", "Authentication schemes have a type, a name and a description.")
def schemes_are_told(probe: Probe) -> None:
    schemes = probe.once("/ServiceProviderConfig").body.get("authenticationSchemes")
    expect(isinstance(schemes, list), "authenticationSchemes is no list")
    for scheme in schemes or []:
        for name in ("type", "name", "description"):
            expect(scheme.get(name), f"an authentication scheme has no {name}")


@READING.must("RFC 7643 section 5", "Authentication schemes have canonical types.")
def scheme_types_are_known(probe: Probe) -> None:
    types = {"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"}
    for scheme in probe.once("/ServiceProviderConfig").body.get("authenticationSchemes") or []:
        expect(
            scheme.get("type") in types, f"the type {scheme.get('type')} is none of {sorted(types)}"
        )


@READING.must(
    "RFC 7644 section 4", "ResourceTypes are listed, each with name, endpoint and schema."
)
def types_are_listed(probe: Probe) -> None:
    answer = probe.once("/ResourceTypes")
    expect_status(answer, 200)
    expect(LIST in schemas_in(answer.body), "it is no ListResponse")
    expect(answer.resources, "there are none")
    for type_ in answer.resources:
        for name in ("name", "endpoint", "schema"):
            expect(isinstance(type_.get(name), str), f"a resource type has no {name}")


@READING.must("RFC 7644 section 4", "Each resource type can be read by itself.")
def a_type_is_read(probe: Probe) -> None:
    for type_ in probe.types:
        answer = probe.get(f"/ResourceTypes/{type_.get('id', type_['name'])}")
        expect_status(answer, 200)
        expect(answer.body.get("name") == type_["name"], "it is another one")


@READING.must(
    "RFC 7643 section 6", "/Schemas contains the schemas of resource types and their extensions."
)
def schemas_are_there(probe: Probe) -> None:
    expect_status(probe.once("/Schemas"), 200)
    urns = {schema.get("id") for schema in probe.once("/Schemas").resources}
    for type_ in probe.types:
        extensions = type_.get("schemaExtensions") or []
        for urn in [type_.get("schema"), *(extension.get("schema") for extension in extensions)]:
            expect(urn in urns, f"{urn} of {type_.get('name')} is not at /Schemas")


@READING.must("RFC 7644 section 4", "Each schema can be read by its URN.")
def a_schema_is_read(probe: Probe) -> None:
    for schema in probe.once("/Schemas").resources:
        answer = probe.get(f"/Schemas/{schema['id']}")
        expect_status(answer, 200)
        expect(answer.body.get("id") == schema["id"], "it is another one")


@READING.must(
    "RFC 7643 section 7",
    "Attributes have a name, a type and the characteristics that bind clients.",
)
def attributes_are_described(probe: Probe) -> None:
    types = {
        "string",
        "boolean",
        "decimal",
        "integer",
        "dateTime",
        "reference",
        "complex",
        "binary",
    }

    def look(attribute: Mapping[str, Any], prefix: str) -> None:
        name = f"{prefix}{attribute.get('name')}"
        expect(isinstance(attribute.get("name"), str), f"{prefix}: an attribute has no name")
        expect(attribute.get("type", "string") in types, f"{name}: type {attribute.get('type')}")
        expect(isinstance(attribute.get("multiValued"), bool), f"{name}: no multiValued")
        for sub in attribute.get("subAttributes") or []:
            look(sub, f"{name}.")

    for schema in probe.once("/Schemas").resources:
        for definition in schema.get("attributes") or []:
            look(definition, f"{schema['id']}: ")


@READING.should("RFC 7644 section 4", "A filter on a discovery endpoint is refused with 403.")
def discovery_has_no_filter(probe: Probe) -> None:
    expect_status(probe.get("/Schemas", filter='id eq "x"'), 403)


@READING.must("RFC 7644 section 4", "Sorting and paging on a discovery endpoint are ignored.")
def discovery_is_whole(probe: Probe) -> None:
    schemas = probe.once("/Schemas")
    answer = probe.get("/Schemas", count="1", startIndex="2", sortBy="id")
    expect_status(answer, 200)
    expect(len(answer.resources) == len(schemas.resources), "a part of the schemas came")


@READING.must(
    "RFC 7644 section 3.8", "Responses are application/scim+json for clients that accept it."
)
def answers_are_scim(probe: Probe) -> None:
    content_type = probe.get("/ServiceProviderConfig").headers.get("content-type", "")
    expect(content_type.partition(";")[0].strip() == MEDIA_TYPE, f"Content-Type is {content_type}")


@READING.should("RFC 7644 section 3.8", "Clients that accept application/json get a response.")
def json_is_accepted(probe: Probe) -> None:
    answer = probe.send("GET", "/ServiceProviderConfig", headers={"Accept": "application/json"})
    expect_status(answer, 200)


@READING.must("RFC 9110 section 15.5.2", "Wrong credentials get 401 with a challenge.")
def strangers_are_challenged(probe: Probe) -> None:
    headers = {"Authorization": "Bearer made-up-and-wrong"}
    answer = probe.send("GET", "/Users", headers=headers)
    expect_status(answer, 401)
    expect(answer.headers.get("www-authenticate"), "there is no WWW-Authenticate")
