"""Resource types and the places in their resources."""

import pytest

from scim.schema.resource_type import Extension, Relation, ResourceType
from scim.schema.schema import Attribute, AttributeType, Schema

CORE = "urn:example:core:1.0:Thing"
EXTRA = "urn:example:extra:1.0:Thing"
THING = ResourceType(
    name="Thing",
    endpoint="/Things",
    description="",
    schema=Schema(
        CORE,
        "Thing",
        "",
        (
            Attribute("size"),
            Attribute("parts", AttributeType.COMPLEX, sub_attributes=(Attribute("value"),)),
        ),
    ),
    extensions=(
        Extension(Schema(EXTRA, "Extra", "", (Attribute("size"),)), aliases=("urn:old:Thing",)),
    ),
    relations=(Relation("parts", ("Thing",)),),
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("SIZE", "size", id="any-case"),
        pytest.param("parts.VALUE", "parts.value", id="part"),
        pytest.param(f"{CORE}:size", "size", id="base-urn"),
        pytest.param(f"{EXTRA.upper()}:size", f"{EXTRA}:size", id="extension"),
        pytest.param("urn:old:Thing:size", f"{EXTRA}:size", id="alias"),
        pytest.param("externalId", "externalId", id="common"),
        pytest.param("meta.lastModified", "meta.lastModified", id="common-part"),
    ],
)
def test_a_place_is_found_by_its_written_name(written: str, expected: str) -> None:
    assert str(THING.named(written)) == expected


@pytest.mark.parametrize("written", ["color", "size.value", f"{EXTRA}:parts", "urn:other:size", ""])
def test_an_unknown_name_has_no_place(written: str) -> None:
    assert THING.named(written) is None


def test_a_relation_is_found_by_its_attribute_in_any_case() -> None:
    assert THING.relation("PARTS") == Relation("parts", ("Thing",))
    assert THING.relation("size") is None


def test_a_body_holds_external_id_and_the_attributes_of_the_schema() -> None:
    assert [each.name for each in THING.stored_attributes] == ["externalId", "size", "parts"]


def test_an_alias_stands_for_the_base_schema() -> None:
    schema = Schema("urn:x:Door", "Door", "", (Attribute("label"),))
    type_ = ResourceType("Door", "/Doors", "", schema, aliases=("urn:old:Door",))
    assert type_.is_alias("URN:OLD:door")
    assert not type_.is_alias("urn:x:Door")
    assert type_.named("urn:old:door:LABEL") == type_.named("label")
    assert type_.named("urn:other:label") is None
