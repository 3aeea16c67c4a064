"""Schemas."""

from scim.schema.schema import Attribute, Schema

THING = Schema("urn:example:Thing", "Thing", "", (Attribute("color"),))


def test_an_attribute_is_found_by_its_name_in_any_case() -> None:
    assert THING.attribute("COLOR") == Attribute("color")


def test_an_unknown_name_is_no_attribute() -> None:
    assert THING.attribute("size") is None
