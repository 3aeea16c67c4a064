"""What a tenant's document may look like, and what it comes to."""

import json

import pytest

from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import (
    NO_DEFINITIONS,
    Definitions,
    DefinitionVersion,
    definitions_of,
)
from tests.fakes.devices import DEVICE, DOCUMENT, document

OWN = definitions_of(DOCUMENT)


def test_an_empty_document_defines_nothing() -> None:
    assert definitions_of({}) == NO_DEFINITIONS
    assert (NO_DEFINITIONS.number, NO_DEFINITIONS.endpoints) == (0, ())


def test_a_document_is_kept_as_given_without_the_members_of_the_server() -> None:
    assert OWN.number == 5
    assert OWN.endpoints == ("Devices", "DeviceGroups")
    assert "meta" in DOCUMENT["schemas"][0]
    assert OWN.schemas[0] == {
        name: value for name, value in DOCUMENT["schemas"][0].items() if name != "meta"
    }
    about = {"version": 7, "meta": {"version": 'W/"7"'}, "$schema": "x"}
    assert definitions_of({**OWN.json(), **about}) == OWN
    assert definitions_of(json.loads(json.dumps(OWN.json()))) == OWN


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"types": []}, "types: there is no such member"),
        ({"schemas": {}}, "schemas: expected an array"),
        ({"schemas": ["urn:x"]}, "schemas.0: expected an object"),
        ({"resourceTypes": [1]}, "resourceTypes.0: expected an object"),
        ({"variables": {"host": 1}}, "variables.host: expected a string"),
        ({"variables": {"ho st": "x"}}, "variables.ho st"),
    ],
)
def test_a_malformed_document_is_refused_with_the_place(
    wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        definitions_of(wrong)
    assert told in str(refused.value)


def test_documents_are_named_by_where_they_stand_and_what_they_are_of() -> None:
    additions = OWN.additions()
    assert next(iter(additions.schemas)) == f"schemas[0] {DEVICE}"
    assert list(additions.resource_types) == [
        "resourceTypes[0] Device",
        "resourceTypes[1] DeviceGroup",
    ]
    nameless = Definitions(schemas=({"attributes": []},)).additions()
    assert list(nameless.schemas) == ["schemas[0]"]
    assert additions.variables == {"company": "Acme"}


def test_a_label_tells_versions_and_contents_apart() -> None:
    other = definitions_of(document(variables={"company": "Other"}))
    labels = {
        DefinitionVersion(1, OWN).label,
        DefinitionVersion(2, OWN).label,
        DefinitionVersion(1, other).label,
    }
    assert len(labels) == 3
    assert (
        DefinitionVersion(1, OWN).label
        == DefinitionVersion(1, definitions_of(DOCUMENT), "2026", "t").label
    )
