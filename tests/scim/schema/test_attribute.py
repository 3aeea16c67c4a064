"""Attribute definitions."""

from dataclasses import replace

import pytest

from scim.schema.schema import Attribute, AttributeMutability, AttributeType

NAME = Attribute(
    "name",
    AttributeType.COMPLEX,
    mutability=AttributeMutability.READ_ONLY,
    sub_attributes=(Attribute("givenName"),),
)


def test_a_part_is_found_by_its_name_in_any_case() -> None:
    assert NAME.sub("GIVENname") == Attribute("givenName")


def test_an_unknown_name_is_no_sub_attribute() -> None:
    assert NAME.sub("nickName") is None


def test_an_attribute_tells_what_it_is() -> None:
    assert NAME.is_complex
    assert NAME.is_read_only
    assert not Attribute("title").is_complex
    assert not Attribute("title").is_read_only


def test_an_open_attribute_has_parts_of_every_name_that_can_be_shown() -> None:
    open_ = Attribute(
        "notes", AttributeType.COMPLEX, sub_attributes=(Attribute("Known"),), is_open=True
    )
    known, other = open_.sub("known"), open_.sub("Shoe size")
    assert known is not None
    assert known.name == "Known"
    assert other == Attribute("Shoe size")
    assert [open_.sub(name) for name in ("", "a\nb", "x" * 256, "\ud800")] == [None] * 4
    assert Attribute("notes", AttributeType.COMPLEX).sub("x") is None


@pytest.mark.parametrize(
    ("reference_types", "value_type", "names_one"),
    [
        (("User",), AttributeType.STRING, True),
        (("external", "User"), AttributeType.STRING, True),
        ((), AttributeType.STRING, True),
        (("external",), AttributeType.STRING, False),
        (("uri", "external"), AttributeType.STRING, False),
        (("User",), AttributeType.BINARY, False),
    ],
)
def test_an_attribute_can_name_a_resource_if_its_reference_can_point_to_one(
    reference_types: tuple[str, ...], value_type: AttributeType, names_one: bool
) -> None:
    pointer = Attribute("$ref", AttributeType.REFERENCE, reference_types=reference_types)
    parts = (Attribute("value", value_type), pointer)
    owner = Attribute("owner", AttributeType.COMPLEX, sub_attributes=parts)
    assert owner.can_name_resource is names_one
    assert not replace(owner, multi_valued=True).can_name_resource
    assert not replace(owner, sub_attributes=parts[:1]).can_name_resource
