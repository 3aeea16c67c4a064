"""Random schemas of a tenant: every response has what RFC 7643 section 2 says, and OpenAPI describes it."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client
from tests.gateway.fixture import gateway_on_checked_table
from tests.sampled import sampled

__all__ = ["gateway_on_checked_table"]

THING = "urn:example:random:1.0:Thing"
EXTRA = "urn:example:random:1.0:Extra"
NAMES = ("a", "B-1", "c_", "d$x", "name", "value", "type", "members", "Operations", "path", "keys")
VALUES: Mapping[str, Sequence[Any]] = {
    "string": ("red", "Red", "grün", 'a"b\\c', "true", "12"),
    "boolean": (True, False),
    "integer": (0, -1, 2**53 - 1),
    "decimal": (0.5, -1.25, 1000.5),
    "dateTime": ("2026-01-31T10:00:00Z", "1999-12-31T23:59:59Z"),
    "binary": ("aGVsbG8=", "//4/Pg=="),
    "reference": ("https://example.com/a", "urn:x:y"),
}
Attribute = dict[str, Any]
Body = dict[str, Any]


def simple(dice: Random, name: str) -> Attribute:
    type_ = dice.choice(["string", *VALUES])
    attribute: Attribute = {"name": name, "type": type_, "multiValued": dice.random() < 0.3}
    attribute["returned"] = dice.choice(["default", "default", "always", "request", "never"])
    attribute["mutability"] = dice.choice(["readWrite", "readWrite", "readOnly", "writeOnly"])
    attribute["caseExact"] = type_ != "string" or dice.random() < 0.5
    if attribute["mutability"] == "writeOnly":
        attribute["returned"] = "never"
    return attribute


def attributes(dice: Random) -> list[Attribute]:
    made = [simple(dice, name) for name in dice.sample(NAMES, 5)]
    for whole in made[:2]:
        parts = [simple(dice, name) for name in dice.sample(NAMES, 3)]
        whole |= {"type": "complex", "subAttributes": parts}
    return made


def definitions(schemas: Mapping[str, Sequence[Attribute]]) -> Body:
    extensions = [{"schema": EXTRA, "required": False}]
    thing = {"name": "Thing", "endpoint": "/Things", "schema": THING}
    return {
        "schemas": [
            {"id": uri, "name": uri[-5:], "attributes": [*members]}
            for uri, members in schemas.items()
        ],
        "resourceTypes": [{**thing, "schemaExtensions": extensions}],
    }


def a_value(dice: Random, attribute: Attribute) -> Any:
    if attribute["multiValued"]:
        # No value occurs twice (RFC 7643 section 2.4), in any case, also where parts are not shown.
        values = [a_value(dice, {**attribute, "multiValued": False}) for _ in range(2)]
        is_double = str(values[0]).lower() == str(values[1]).lower()
        return values[:1] if is_double or attribute["type"] == "complex" else values
    if attribute["type"] == "complex":
        return {each["name"]: a_value(dice, each) for each in attribute["subAttributes"]}
    return dice.choice(VALUES[attribute["type"]])


def shown(members: Sequence[Attribute], body: Any, levels: Sequence[str]) -> Any:
    """Return what a response with these levels of `returned` has of a body, or of a value."""
    view: Body = {}
    for attribute in members:
        value = body.get(attribute["name"])
        is_out = attribute["returned"] not in levels or attribute["mutability"] == "readOnly"
        if value is None or is_out:
            continue
        if attribute["type"] == "complex":
            parts = attribute["subAttributes"]
            values = value if isinstance(value, list) else [value]
            kept = [part for each in values if (part := shown(parts, each, levels))]
            value = kept if isinstance(value, list) else dict(*kept)
        if value or value is False or value == 0:
            view[attribute["name"]] = value
    return view


def own(resource: Body) -> Body:
    return {n: value for n, value in resource.items() if n not in ("schemas", "id", "meta")}


def valid(document: Body, schema: Body, body: Any) -> bool:
    return Draft202012Validator({**schema, "components": document["components"]}).is_valid(body)


@pytest.mark.parametrize("seed", sampled(range(60), 20))
def test_resources_of_random_types_are_what_their_schemas_say(gateway: Gateway, seed: int) -> None:
    dice = Random(seed)
    schemas = {THING: attributes(dice), EXTRA: attributes(dice)}
    make_tenant(gateway, f"random-{seed}", profile="rfc")
    first = Client(gateway, secret_of(gateway, f"random-{seed}", "*"))
    answer = first.send("PUT", "/Definitions", definitions(schemas))
    assert answer.status == 200, answer.body
    client = Client(gateway, secret_of(gateway, f"random-{seed}", "*"))
    document = client.send("GET", "/openapi.json").body
    operation = document["paths"]["/Things/{id}"]["get"]["responses"]["200"]
    (media,) = operation["content"].values()
    bodies: dict[str, Body] = {}
    for _ in range(4):
        body = {each["name"]: a_value(dice, each) for each in schemas[THING]}
        extra = {each["name"]: a_value(dice, each) for each in schemas[EXTRA]}
        made = client._made("/Things", {"schemas": [THING, EXTRA], **body, EXTRA: extra})
        bodies[made["id"]] = {**body, EXTRA: extra}

    def expected(body: Body, *levels: str) -> Body:
        extra = shown(schemas[EXTRA], body[EXTRA], levels)
        return shown(schemas[THING], body, levels) | ({EXTRA: extra} if extra else {})

    for id_, body in bodies.items():
        read = client.send("GET", f"/Things/{id_}").body
        assert own(read) == expected(body, "always", "default")
        assert valid(document, media["schema"], read)
        # What it shows can be sent back, and changes nothing of it.
        put = client.send("PUT", f"/Things/{id_}", read)
        assert (put.status, own(put.body)) == (200, own(read))
    listed = client.send("GET", "/Things").body["Resources"]
    assert {each["id"]: own(each) for each in listed} == {
        id_: expected(body, "always", "default") for id_, body in bodies.items()
    }
    for attribute in schemas[THING][2:]:
        name = attribute["name"]
        path = f"/Things?filter={quote(f'{name} pr')}&attributes={quote(name)}"
        answer = client.send("GET", path)
        if attribute["returned"] == "never":
            assert (answer.status, answer.body["scimType"]) == (400, "invalidFilter")
            continue
        found = {each["id"]: each.get(name) for each in answer.body.get("Resources", ())}
        is_set = attribute["mutability"] != "readOnly"
        assert found == ({id_: body[name] for id_, body in bodies.items()} if is_set else {})
