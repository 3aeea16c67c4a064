"""Attribute definitions."""

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
