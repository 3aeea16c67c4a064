"""Contradictions between the documents of a catalogue."""

import json
from typing import Any

import pytest

from scim.schema.catalogue import Catalogue
from scim.schema.documents import STORAGE_URN
from scim.schema.schema import DefinitionError

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
    assert catalogue.nesting == {("Thing", "parts")}


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


def test_a_type_made_of_edges_can_declare_no_indexes() -> None:
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


MADE: dict[str, Any] = {"attribute": "size", "from": ["maker.value"], "constant": "L"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"attribute": "color"}, "no attribute color"),
        ({"attribute": "SIZE"}, "no attribute SIZE"),
        ({"attribute": "maker.value"}, "no attribute maker.value"),
        ({"attribute": "maker"}, "maker must be simple and single"),
        ({"attribute": "parts"}, "parts must be simple and single"),
        ({"from": ["color"]}, "no text size of color"),
        ({"from": ["maker"]}, "no text size of maker"),
        ({"unique": True}, "size has no unique index"),
        ({"at": "writing", "constant": None}, "size needs a constant"),
        ({"constant": 5}, "the constant of size must be a string"),
    ],
)
def test_a_value_that_cannot_be_made_is_refused(changes: dict[str, Any], told: str) -> None:
    assert _catalogue({"derived": [MADE]}).resource_types[0].derived
    with pytest.raises(DefinitionError, match=rf"^thing\.json: derived: {told}$"):
        _catalogue({"derived": [MADE | changes]})


EXACT = {"name": "value", "caseExact": True}
DOG = {
    "id": "urn:example:Dog",
    "name": "Dog",
    "attributes": [
        {"name": "keeper", "type": "complex", "subAttributes": [EXACT]},
        {"name": "friend", "type": "complex", "subAttributes": [EXACT, {"name": "type"}]},
        {"name": "loose", "type": "complex", "subAttributes": [VALUE]},
        {"name": "many", "type": "complex", "multiValued": True, "subAttributes": [EXACT]},
        {"name": "must", "type": "complex", "required": True, "subAttributes": [EXACT]},
        {"name": "plain"},
    ],
}
COLLAR = {
    "id": "urn:example:Collar",
    "name": "Collar",
    "attributes": [{"name": "dog", "type": "complex", "subAttributes": [EXACT]}],
}


def _reference(attribute: str, *targets: str, on_delete: str = "clear") -> dict[str, Any]:
    return {"attribute": attribute, "targets": list(targets or ("Dog",)), "onDelete": on_delete}


def _kennel(*dog: dict[str, Any], collar: dict[str, Any] | None = None, **hints: Any) -> Catalogue:
    types = {
        "dog.json": {
            "name": "Dog",
            "endpoint": "/Dogs",
            "schema": "urn:example:Dog",
            STORAGE_URN: {"references": list(dog), **hints},
        },
        "collar.json": {
            "name": "Collar",
            "endpoint": "/Collars",
            "schema": "urn:example:Collar",
            STORAGE_URN: {"references": [] if collar is None else [collar]},
        },
    }
    return Catalogue.of(
        {each["name"]: json.dumps(each) for each in (DOG, COLLAR)},
        {source: json.dumps(document) for source, document in types.items()},
    )


def test_a_reference_adds_its_index() -> None:
    dog = _kennel(_reference("keeper"), _reference("friend", "Dog", "Collar")).resource_type("Dog")
    assert dog is not None
    assert [index.attribute for index in dog.indexes] == ["keeper.value", "friend.value"]
    assert not any(index.is_unique for index in dog.indexes)


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        pytest.param(_reference("gone"), "no attribute gone", id="gone"),
        pytest.param(_reference("KEEPER"), "no attribute KEEPER", id="spelling"),
        pytest.param(_reference("keeper.value"), "no attribute keeper.value", id="part"),
        pytest.param(_reference("plain"), "plain must be complex and single", id="simple"),
        pytest.param(_reference("many"), "many must be complex and single", id="plural"),
        pytest.param(_reference("loose"), "caseExact string", id="any case"),
        pytest.param(_reference("keeper", "Cat"), "no stored resource type Cat", id="no target"),
        pytest.param(_reference("keeper", "Dog", "Collar"), "tell its targets apart", id="type"),
        pytest.param(_reference("must"), "must is required and cannot be cleared", id="required"),
        pytest.param(_reference("keeper", on_delete="cascade"), "in a circle", id="circle"),
    ],
)
def test_a_reference_that_cannot_be_kept_is_refused(reference: dict[str, Any], told: str) -> None:
    with pytest.raises(DefinitionError, match=r"^dog\.json: reference: ") as refusal:
        _kennel(reference)
    assert told in str(refusal.value)


def test_the_index_of_a_reference_cannot_be_late() -> None:
    with pytest.raises(DefinitionError, match="cannot be late"):
        _kennel(_reference("keeper"), indexes=[{"attribute": "keeper.value", "late": True}])


def test_a_cascade_may_not_come_back_by_way_of_another_type() -> None:
    cascade = _reference("keeper", "Collar", on_delete="cascade")
    with pytest.raises(DefinitionError, match="cascades in a circle"):
        _kennel(cascade, collar=_reference("dog", on_delete="cascade"))


def test_a_cascade_may_not_meet_a_refusal() -> None:
    cascade = _reference("keeper", "Collar", on_delete="cascade")
    with pytest.raises(DefinitionError, match="which dog of Collar refuses to lose"):
        _kennel(cascade, collar=_reference("dog", on_delete="refuse"))


def test_references_that_are_cleared_may_form_a_circle() -> None:
    assert _kennel(_reference("keeper", "Collar"), collar=_reference("dog")).resource_types
