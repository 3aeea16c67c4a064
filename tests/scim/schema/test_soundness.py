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
