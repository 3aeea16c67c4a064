"""Contradictions between the documents of a catalogue."""

import json
from typing import Any

import pytest

from scim.schema.catalogue import Catalogue
from scim.schema.definition import STORAGE_URN, DefinitionError

VALUE = {"name": "value"}
THING = {
    "id": "urn:example:Thing",
    "name": "Thing",
    "attributes": [
        {"name": "size"},
        {"name": "wholes", "type": "complex", "mutability": "readOnly", "subAttributes": [VALUE]},
        {"name": "parts", "type": "complex", "multiValued": True, "subAttributes": [VALUE]},
        {"name": "maker", "type": "complex", "subAttributes": [VALUE]},
    ],
}
NESTED = {
    "id": "urn:example:Nested",
    "name": "Nested",
    "attributes": [
        {
            "name": "a",
            "type": "complex",
            "subAttributes": [{"name": "b", "type": "complex", "subAttributes": [VALUE]}],
        }
    ],
}
CLASHING = {"id": "urn:example:Clashing", "name": "Clashing", "attributes": [{"name": "ID"}]}


def _catalogue(hints: dict[str, Any], **changes: Any) -> Catalogue:
    document = {"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}
    return Catalogue.of(
        {each["name"]: json.dumps(each) for each in (THING, NESTED, CLASHING)},
        {"thing.json": json.dumps(document | changes | {STORAGE_URN: hints})},
    )


def _relation(attribute: str, target: str = "Thing", back_link: str | None = None) -> Any:
    hint = {"attribute": attribute, "targets": [target], "backLink": back_link}
    return {"relations": [hint]}


def test_a_sound_resource_type_is_taken() -> None:
    assert _catalogue(_relation("parts", back_link="wholes")).resource_type("Thing") is not None


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        pytest.param({"indexes": [{"attribute": "color"}]}, "no simple attribute color", id="gone"),
        pytest.param({"indexes": [{"attribute": "maker"}]}, "no simple attribute", id="complex"),
        pytest.param({"indexes": [{"attribute": "SIZE"}]}, "write size for SIZE", id="spelling"),
        pytest.param(_relation("color"), "no attribute color", id="relation-of-nothing"),
        pytest.param(_relation("maker"), "must be complex and multi-valued", id="single"),
        pytest.param(_relation("parts", "Robot"), "no resource type Robot", id="no-target"),
        pytest.param(_relation("parts", back_link="size"), "readOnly attribute size", id="mirror"),
    ],
)
def test_a_hint_that_points_nowhere_is_refused(hints: dict[str, Any], told: str) -> None:
    with pytest.raises(DefinitionError, match=r"^thing\.json: ") as refusal:
        _catalogue(hints)
    assert told in str(refusal.value)


def test_complex_attributes_do_not_nest() -> None:
    with pytest.raises(DefinitionError, match="part is itself complex"):
        _catalogue({}, schema="urn:example:Nested")


def test_an_extension_cannot_redefine_a_common_attribute() -> None:
    extension = {"schema": "urn:example:Clashing", "required": False}
    with pytest.raises(DefinitionError, match="redefines ID"):
        _catalogue({}, schemaExtensions=[extension])


PAIR = {
    "id": "urn:example:Pair",
    "name": "Pair",
    "attributes": [
        {"name": "whole", "type": "complex", "subAttributes": [VALUE]},
        {"name": "part", "type": "complex", "subAttributes": [VALUE]},
        {"name": "parts", "type": "complex", "multiValued": True, "subAttributes": [VALUE]},
        {"name": "label"},
    ],
}
ABOUT = {
    "id": "urn:example:About",
    "name": "About",
    "attributes": [{"name": "about", "mutability": "readOnly"}, {"name": "note"}],
}
EDGES_OF = {"type": "Thing", "relation": "parts", "source": "whole", "target": "part"}


def _paired(edges_of: dict[str, str] | None, metadata: str | None = None, **more: Any) -> Catalogue:
    thing = {
        "name": "Thing",
        "endpoint": "/Things",
        "schema": "urn:example:Thing",
        "schemaExtensions": [{"schema": "urn:example:About", "required": False}],
        STORAGE_URN: {
            "relations": [{"attribute": "parts", "targets": ["Thing"], "metadata": metadata}]
        },
    }
    pair = {
        "name": "Pair",
        "endpoint": "/Pairs",
        "schema": "urn:example:Pair",
        STORAGE_URN: {"edgesOf": edges_of, **more},
    }
    return Catalogue.of(
        {each["name"]: json.dumps(each) for each in (THING, PAIR, ABOUT)},
        {"thing.json": json.dumps(thing), "pair.json": json.dumps(pair)},
    )


def test_edges_can_be_served_as_resources_and_be_told_of() -> None:
    catalogue = _paired(EDGES_OF, "urn:example:About:about")
    served = catalogue.edge_type_of("Thing", "parts")
    assert served is not None
    assert served.name == "Pair"
    thing = catalogue.resource_type("Thing")
    assert thing is not None
    assert thing.nests_by("parts")
    assert not thing.nests_by("label")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"type": "Nothing"}, "Nothing has no relation parts", id="type"),
        pytest.param({"relation": "wholes"}, "Thing has no relation wholes", id="relation"),
        pytest.param({"source": "label"}, "label must be complex and single", id="simple"),
        pytest.param({"target": "parts"}, "parts must be complex and single", id="plural"),
        pytest.param({"target": "PART"}, "PART must be complex", id="spelling"),
    ],
)
def test_edges_must_be_those_of_a_relation(changes: dict[str, str], told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        _paired({**EDGES_OF, **changes})


def test_of_edges_nothing_else_is_stored() -> None:
    with pytest.raises(DefinitionError, match="nothing else is stored"):
        _paired(EDGES_OF, indexes=[{"attribute": "label"}])


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        pytest.param("size", "no readOnly attribute size in an extension", id="base"),
        pytest.param("urn:example:About:note", "no readOnly attribute", id="writable"),
        pytest.param("urn:example:About:gone", "no readOnly attribute", id="gone"),
    ],
)
def test_metadata_is_a_read_only_attribute_of_an_extension(metadata: str, told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        _paired(EDGES_OF, metadata)


def test_metadata_points_to_edges_that_are_served() -> None:
    with pytest.raises(DefinitionError, match="no resource type serves its edges"):
        _paired(None, "urn:example:About:about")
