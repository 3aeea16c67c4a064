"""Attribute definitions."""

from scim.schema.attribute import Attribute, AttributeType, Mutability

NAME = Attribute(
    "name",
    AttributeType.COMPLEX,
    mutability=Mutability.READ_ONLY,
    sub_attributes=(Attribute("givenName"),),
)


def test_a_part_is_found_by_its_name_in_any_case() -> None:
    assert NAME.sub("GIVENname") == Attribute("givenName")


def test_there_is_no_part_of_an_unknown_name() -> None:
    assert NAME.sub("nickName") is None


def test_an_attribute_tells_what_it_is() -> None:
    assert NAME.is_complex
    assert NAME.is_read_only
    assert not Attribute("title").is_complex
    assert not Attribute("title").is_read_only
