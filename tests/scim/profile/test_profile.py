"""A profile is a set of named tolerances."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from scim.profile import Profile, Tolerance
from scim.profile.parts import in_camel_case
from scim.profile.shipped import OPTIONS, names


@pytest.mark.parametrize("tolerance", Tolerance)
def test_the_default_profile_tolerates_everything_that_has_a_name(tolerance: Tolerance) -> None:
    assert Profile().tolerates(tolerance)


@pytest.mark.parametrize("tolerance", Tolerance)
def test_each_tolerance_can_be_switched_off_alone(tolerance: Tolerance) -> None:
    profile = Profile(name="careful", tolerances=frozenset(Tolerance) - {tolerance})
    assert [each for each in Tolerance if not profile.tolerates(each)] == [tolerance]


def test_names_are_written_as_json_names_are() -> None:
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", tolerance) for tolerance in Tolerance)


DOCUMENT = (Path(__file__).parents[3] / "docs" / "profiles.md").read_text("utf-8")
ROWS = "\n".join(re.findall(r"^\| ([^|]*) \|", DOCUMENT, re.MULTILINE))
"""The first cells of all tables of docs/profiles.md."""
NAMED = {*re.findall(r"`([^`]+)`", ROWS)}


@pytest.mark.parametrize("tolerance", Tolerance)
def test_each_tolerance_has_a_row_in_the_documentation(tolerance: Tolerance) -> None:
    assert tolerance in NAMED, "add a row to docs/profiles.md"


@pytest.mark.parametrize("name", names())
def test_each_profile_has_a_row_in_the_documentation(name: str) -> None:
    assert name in NAMED, "add a row to docs/profiles.md"


@pytest.mark.parametrize("field", [field.name for field in fields(Profile)])
def test_each_part_of_a_profile_has_a_row_in_the_documentation(field: str) -> None:
    assert in_camel_case(field) in NAMED | {"name", "description"}, "add a row to docs/profiles.md"


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_is_in_the_documentation(option: str) -> None:
    assert f"\n- `+{option}` " in DOCUMENT or f"\n- `okta+{option}` " in DOCUMENT
