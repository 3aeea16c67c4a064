"""Reading schema and resource type documents."""

import json
from typing import Any

import pytest

from scim.schema.documents import STORAGE_URN, resource_type_from, schema_from
from scim.schema.resource_type import Extension, Index, Relation
from scim.schema.schema import (
    Attribute,
    AttributeMutability,
    AttributeType,
    AttributeUniqueness,
    DefinitionError,
    Returned,
    Schema,
)
from scim.schema.served import schema_json

THING = Schema("urn:example:Thing", "Thing", "", ())
EXTRA = Schema("urn:example:Extra", "Extra", "", ())


def _schema(**attribute: Any) -> str:
    return json.dumps(
        {"id": "urn:example:Thing", "name": "Thing", "attributes": [{"name": "a"} | attribute]}
    )


def test_omitted_characteristics_have_the_defaults_of_the_rfc() -> None:
    # RFC 7643 section 2.2
    assert schema_from(_schema(), "thing.json").attributes == (Attribute("a"),)


def test_a_definition_is_read_with_all_its_characteristics() -> None:
    document = _schema(
        type="complex",
        multiValued=True,
        description="some",
        required=True,
        mutability="immutable",
        returned="request",
        subAttributes=[
            {"name": "$ref", "type": "reference", "referenceTypes": ["User"], "caseExact": True},
            {"name": "type", "canonicalValues": ["x"], "uniqueness": "global"},
        ],
    )
    assert schema_from(document, "thing.json").attributes == (
        Attribute(
            "a",
            AttributeType.COMPLEX,
            multi_valued=True,
            description="some",
            required=True,
            mutability=AttributeMutability.IMMUTABLE,
            returned=Returned.REQUEST,
            sub_attributes=(
                Attribute(
                    "$ref", AttributeType.REFERENCE, case_exact=True, reference_types=("User",)
                ),
                Attribute("type", canonical_values=("x",), uniqueness=AttributeUniqueness.GLOBAL),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        pytest.param({"type": "text"}, "attributes.0.type", id="unknown-type"),
        pytest.param({"multivalued": True}, "attributes.0.multivalued", id="misspelt-key"),
        pytest.param(
            {"name": "a b"},
            "attributes.0.name: expected a letter, then letters, digits, _, - and $",
            id="bad-name",
        ),
        pytest.param({"type": "complex"}, "needs subAttributes", id="complex-without-parts"),
        pytest.param({"subAttributes": [{"name": "b"}]}, "only a complex", id="parts-of-a-string"),
        pytest.param({"referenceTypes": ["User"]}, "only a reference", id="reference-types"),
        pytest.param({"mutability": "writeOnly"}, "returned never", id="write-only-but-returned"),
        pytest.param(
            {"type": "complex", "subAttributes": [{"name": "b"}, {"name": "B"}]},
            "more than once",
            id="equal-parts",
        ),
    ],
)
def test_a_wrong_definition_is_refused_with_document_and_place(
    attribute: dict[str, Any], told: str
) -> None:
    with pytest.raises(DefinitionError, match=r"^thing\.json: attributes") as refusal:
        schema_from(_schema(**attribute), "thing.json")
    assert told in str(refusal.value)


@pytest.mark.parametrize("name", ["a", "A-1_", "a$b", "$ref", "not"])
def test_a_name_has_the_characters_of_the_standard(name: str) -> None:
    # RFC 7643 section 2.1
    (attribute,) = schema_from(_schema(name=name), "thing.json").attributes
    assert attribute.name == name


def test_an_id_that_is_no_uri_is_refused_with_an_example() -> None:
    document = json.dumps({"id": "Thing", "name": "Thing", "attributes": []})
    with pytest.raises(DefinitionError, match=r"^thing\.json: id: expected a URI, such as urn:"):
        schema_from(document, "thing.json")


@pytest.mark.timeout(10)
def test_many_attributes_are_compared_in_the_time_that_their_number_allows() -> None:
    names = [*(f"a{n}" for n in range(40_000)), "last", "LAST"]
    document = json.dumps(
        {"id": "urn:x:Many", "name": "Many", "attributes": [{"name": name} for name in names]}
    )
    with pytest.raises(DefinitionError, match=r"more than once \(case does not count\): last$"):
        schema_from(document, "many.json")


def test_a_document_that_is_no_json_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"^thing\.json: document: invalid JSON"):
        schema_from("{", "thing.json")


def _resource_type(**changes: Any) -> str:
    plain = {"name": "Thing", "endpoint": "/Things", "schema": THING.id}
    return json.dumps(plain | changes)


def test_a_resource_type_is_read_with_its_hints() -> None:
    document = _resource_type(
        schemaExtensions=[{"schema": EXTRA.id, "required": True}],
        **{
            STORAGE_URN: {
                "indexes": [{"attribute": "externalId", "unique": True}],
                "relations": [{"attribute": "parts", "targets": ["Thing"], "backLink": "wholes"}],
                "aliases": [{"uri": "urn:old:Extra", "schema": EXTRA.id}],
            }
        },
    )
    read = resource_type_from(document, {THING.id: THING, EXTRA.id: EXTRA}, "thing.json")
    assert read.schema is THING
    assert read.extensions == (Extension(EXTRA, True, ("urn:old:Extra",)),)
    assert read.indexes == (Index("externalId", True),)
    assert read.relations == (Relation("parts", ("Thing",), "wholes"),)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"endpoint": "Things"}, "thing.json: endpoint: ", id="endpoint"),
        pytest.param({"schema": "urn:no"}, "thing.json: there is no schema urn:no", id="schema"),
        pytest.param({STORAGE_URN: {"index": []}}, f"thing.json: {STORAGE_URN}.index: ", id="hint"),
    ],
)
def test_a_wrong_resource_type_is_refused_with_document_and_place(
    changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(DefinitionError) as refusal:
        resource_type_from(_resource_type(**changes), {THING.id: THING}, "thing.json")
    assert str(refusal.value).startswith(told)


def test_an_open_attribute_needs_no_parts_and_is_not_served_as_open() -> None:
    schema = schema_from(_schema(type="complex", open=True), "thing.json")
    (attribute,) = schema.attributes
    assert (attribute.is_open, attribute.sub_attributes) == (True, ())
    assert '"open"' not in json.dumps(schema_json(schema))


@pytest.mark.parametrize("more", [{"type": "string"}, {"type": "complex", "multiValued": True}])
def test_only_one_complex_value_is_open(more: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError, match="only a complex attribute with one value is open"):
        schema_from(_schema(open=True, **more), "thing.json")


@pytest.mark.parametrize(
    "more",
    [
        {"multiValued": False},
        {"knownBy": "nick"},
        {"knownBy": "number"},
        {"knownBy": "notes"},
    ],
)
def test_only_several_values_are_known_by_a_part_of_theirs(more: dict[str, Any]) -> None:
    parts = [
        {"name": "key"},
        {"name": "value"},
        {"name": "number", "type": "integer"},
        {"name": "notes", "multiValued": True},
    ]
    keyed = {"type": "complex", "multiValued": True, "knownBy": "key", "subAttributes": parts}
    (attribute,) = schema_from(_schema(**keyed), "thing.json").attributes
    assert attribute.known_by == "key"
    assert "knownBy" not in json.dumps(schema_json(schema_from(_schema(**keyed), "thing.json")))
    with pytest.raises(DefinitionError, match="knownBy names a part, a string with one value"):
        schema_from(_schema(**{**keyed, **more}), "thing.json")
