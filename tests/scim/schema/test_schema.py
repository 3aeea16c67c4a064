"""Schemas, and the attributes that every resource has."""

from scim.schema.schema import COMMON, META, Attribute, Schema

THING = Schema("urn:example:Thing", "Thing", "", (Attribute("color"),))


def test_an_attribute_is_found_by_its_name_in_any_case() -> None:
    assert THING.attribute("COLOR") == Attribute("color")


def test_an_unknown_name_is_no_attribute() -> None:
    assert THING.attribute("size") is None


def test_the_common_attributes_are_those_of_the_standard() -> None:
    # RFC 7643 section 3.1, and schemas of section 3
    assert [attribute.name for attribute in COMMON] == ["schemas", "id", "externalId", "meta"]


def test_meta_is_read_only_with_all_its_parts() -> None:
    assert META.is_read_only
    assert all(sub.is_read_only and sub.case_exact for sub in META.sub_attributes)
