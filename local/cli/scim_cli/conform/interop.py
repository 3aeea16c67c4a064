"""Rules of the SCIM 2.0 Interoperability Profile for service providers (rule.SOURCES says which text)."""

from typing import Any, Final

from scim_cli.conform.answer import (
    GROUP,
    MEDIA_TYPE,
    PATCH_OP,
    USER,
    NotTried,
    expect,
    expect_error,
    expect_status,
)
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Profile, Rules

INTEROP = Rules(Profile.INTEROP)
_UNKNOWN: Final = "urn:example:none"
_EMAILS: Final = [
    {"value": "w@example.com", "type": "work", "primary": True},
    {"value": "h@example.com", "type": "home"},
]


@INTEROP.must(
    "section 5.1, Discovery Endpoints",
    "ServiceProviderConfig, Schemas and ResourceTypes are served.",
)
def discovery_is_served(probe: Probe) -> None:
    for path in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes"):
        expect_status(probe.once(path), 200)


@INTEROP.must(
    "section 5.1, Discovery Endpoints", "/Schemas contains every schema that a resource type names."
)
def schemas_are_there(probe: Probe) -> None:
    urns = {schema.get("id") for schema in probe.once("/Schemas").resources}
    for type_ in probe.types:
        names = [type_.get("schema")]
        names += [extension.get("schema") for extension in type_.get("schemaExtensions") or []]
        expect(urns.issuperset(names), f"{type_.get('name')} names {set(names) - urns}")


@INTEROP.must("section 5.1, Discovery Endpoints", "The id of a resource type is its name.")
def types_are_named(probe: Probe) -> None:
    for type_ in probe.types:
        expect(
            type_.get("id") == type_.get("name"),
            f"{type_.get('name')} has the id {type_.get('id')}",
        )


@INTEROP.must_write(
    "section 5.1, Discovery Endpoints", "Resources have only attributes that /Schemas describes."
)
def what_is_shown_is_described(probe: Probe) -> None:
    user = probe.user(emails=_EMAILS, name={"givenName": "G"})
    _require_described(probe, USER, user)
    group = probe.group([user])
    _require_described(probe, GROUP, group)


def _require_described(probe: Probe, urn: str, resource: dict[str, Any]) -> None:
    names = set(resource) - {"schemas", "id", "meta", "externalId"}
    extensions = {name for name in names if name.lower().startswith("urn:")}
    urns = {str(schema.get("id")) for schema in probe.once("/Schemas").resources}
    expect(extensions <= urns, f"{extensions - urns} is not in /Schemas")
    for name in names - extensions:
        expect(probe.attribute(urn, name) is not None, f"{name} is not described")


@INTEROP.must_write(
    "section 5.2, Case Sensitivity",
    "userName is case-insensitive, in filters and for uniqueness.",
)
def user_name_has_no_case(probe: Probe) -> None:
    user = probe.user()
    upper_name = user["userName"].upper()
    listing = probe.get("/Users", filter=f'userName eq "{upper_name}"')
    expect(listing.ids == [user["id"]], "it was not found")
    for answer in (
        probe.send("POST", "/Users", {"schemas": [USER], "userName": upper_name}),
        probe.patch(
            f"/Users/{probe.user()['id']}",
            {"op": "replace", "path": "userName", "value": upper_name},
        ),
    ):
        expect_error(answer, 409, "uniqueness")


@INTEROP.must_write("section 5.2, Case Sensitivity", "externalId is case-sensitive.")
def external_id_has_case(probe: Probe) -> None:
    external = made_up()
    user = probe.user(externalId=external)
    other_user = probe.user(externalId=external.upper())
    listing = probe.get("/Users", filter=f'externalId eq "{external}"')
    ids = listing.ids
    expect(ids == [user["id"]], f"{ids} were found; {other_user['id']} has another externalId")


@INTEROP.must_write("section 5.2, Case Sensitivity", "id is case-sensitive.")
def id_has_case(probe: Probe) -> None:
    id_ = probe.user()["id"]
    if id_.swapcase() == id_:
        raise NotTried("the id has no letters")
    expect_status(probe.get(f"/Users/{id_.swapcase()}"), 404)


@INTEROP.must_write(
    "section 5.3, Attribute and Schema Handling",
    "A POST with an unknown attribute or schema is 400 invalidSyntax.",
)
def unknown_is_refused_in_post(probe: Probe) -> None:
    for members in (
        {"made-up": 1},
        {"schemas": [USER, _UNKNOWN], _UNKNOWN: {"a": 1}},
        {"name": {"madeUp": "x"}},
    ):
        body = {"schemas": [USER], "userName": made_up(), **members}
        expect_error(probe.send("POST", "/Users", body), 400, "invalidSyntax")


@INTEROP.must_write(
    "section 5.3, Attribute and Schema Handling",
    "A PATCH of an unknown attribute or schema is 400 invalidSyntax.",
)
def unknown_is_refused_in_patch(probe: Probe) -> None:
    path = f"/Users/{probe.user()['id']}"
    for operation in (
        {"op": "add", "path": "madeUp", "value": "x"},
        {"op": "add", "path": f"{_UNKNOWN}:a", "value": "x"},
        {"op": "add", "path": "schemas", "value": [_UNKNOWN]},
    ):
        expect_error(probe.patch(path, operation), 400, "invalidSyntax")


@INTEROP.must(
    "section 5.4, Canonical Values for Typed Attributes",
    "The types of values of a list are declared as canonicalValues.",
)
def types_are_canonical(probe: Probe) -> None:
    for schema in probe.once("/Schemas").resources:
        attributes = schema.get("attributes") or []
        lists = [attribute for attribute in attributes if attribute.get("multiValued")]
        for attribute in (
            attribute for attribute in lists if attribute.get("mutability") != "readOnly"
        ):
            sub_attributes = attribute.get("subAttributes") or []
            for sub in (sub for sub in sub_attributes if sub.get("name") == "type"):
                path = f"{schema['id']}: {attribute['name']}.type"
                expect(sub.get("canonicalValues"), f"{path} has none")


@INTEROP.must("section 6.1, Endpoint Structure", "Each resource type has its own endpoint.")
def endpoints_are_unique(probe: Probe) -> None:
    endpoints = [type_.get("endpoint") for type_ in probe.types]
    expect(len(set(endpoints)) == len(endpoints), f"endpoints are {endpoints}")


@INTEROP.must_write(
    "section 6.1, Endpoint Structure",
    "Resources are only at their endpoint and id.",
)
def resources_are_at_their_id(probe: Probe) -> None:
    user = probe.user()
    expect_status(probe.get(f"/Users/{user['id']}"), 200)
    expect_status(probe.get(f"/Users/{user['userName']}"), 404)


@INTEROP.must_write(
    "section 6.2, Data Format and HTTP Headers",
    "All responses with a body are application/scim+json.",
)
def answers_are_scim(probe: Probe) -> None:
    probe.user()
    for answer in (
        probe.get("/Users"),
        probe.get(f"/Users/{made_up()}"),
        probe.send("POST", "/Users", "{"),
    ):
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip()
        expect(media_type == MEDIA_TYPE, f"Content-Type is {media_type}")


@INTEROP.must_write("section 6.3, Filtering", "filter is supported with eq and and.")
def filters_are_supported(probe: Probe) -> None:
    user = probe.user(externalId=made_up())
    text = f'userName eq "{user["userName"]}" and externalId eq "{user["externalId"]}"'
    listing = probe.get("/Users", filter=text)
    expect_status(listing, 200)
    expect(listing.ids == [user["id"]], "it was not found")


@INTEROP.must(
    "section 6.3, Filtering",
    "A filter on an attribute outside the schemas of the type is 400 invalidFilter.",
)
def unknown_is_refused_in_filters(probe: Probe) -> None:
    expect_error(probe.get("/Users", filter='madeUp eq "x"'), 400, "invalidFilter")
    if "Group" in {type_.get("name") for type_ in probe.types}:
        expect_error(probe.get("/Groups", filter='userName eq "x"'), 400, "invalidFilter")


@INTEROP.must_write(
    "section 6.3, Filtering", "A filter in the URI is ignored for methods other than GET."
)
def filters_are_for_get(probe: Probe) -> None:
    user = probe.user(nickName="N")
    operation = {"op": "replace", "path": "nickName", "value": "other"}
    parameters = {"filter": f'userName eq "{user["userName"]}"'}
    body = {"schemas": [PATCH_OP], "Operations": [operation]}
    answer = probe.send("PATCH", "/Users", body, parameters=parameters)
    expect(answer.status >= 400, f"it is {answer.status}")
    expect(probe.get(f"/Users/{user['id']}").body.get("nickName") == "N", "the user was changed")


@INTEROP.must("section 6.4, Pagination", "Lists are paged by index or by cursor.")
def lists_are_paged(probe: Probe) -> None:
    by_index = probe.get("/Users", startIndex="1", count="1")
    by_cursor = probe.get("/Users", cursor="", count="1")
    for answer in (by_index, by_cursor):
        if answer.status == 200 and len(answer.resources) <= 1:
            return
    expect(condition=False, fault=f"by index {by_index.status}, by cursor {by_cursor.status}")


@INTEROP.must_write("section 6.4, Pagination", "A count of 100 is allowed.")
def a_hundred_come(probe: Probe) -> None:
    probe.need_users(101)
    answer = probe.get("/Users", count="100")
    expect(len(answer.resources) == 100, f"{len(answer.resources)} came")


@INTEROP.should("section 6.4, Pagination", "Without count, a page has at least 100 results.")
def usually_a_hundred_come(probe: Probe) -> None:
    answer = probe.get("/Users")
    total = answer.body.get("totalResults", 0)
    expect(
        len(answer.resources) >= min(100, total),
        f"{len(answer.resources)} of {total} were returned",
    )


@INTEROP.must("section 6.4, Pagination", "A count above the server's limit returns the limit.")
def pages_are_bounded(probe: Probe) -> None:
    answer = probe.get("/Users", count="1000000")
    expect_status(answer, 200)
    limit = (probe.once("/ServiceProviderConfig").body.get("filter") or {}).get("maxResults", 0)
    expect(
        not limit or len(answer.resources) <= limit,
        f"{len(answer.resources)} were returned, {limit} are allowed",
    )
