"""A profile is a set of named tolerances."""

import re
from pathlib import Path

import pytest

from scim.profile import Profile, Tolerance


@pytest.mark.parametrize("tolerance", Tolerance)
def test_the_default_profile_tolerates_everything_that_has_a_name(tolerance: Tolerance) -> None:
    assert Profile().tolerates(tolerance)


@pytest.mark.parametrize("tolerance", Tolerance)
def test_each_tolerance_can_be_switched_off_alone(tolerance: Tolerance) -> None:
    profile = Profile(name="careful", tolerances=frozenset(Tolerance) - {tolerance})
    assert [each for each in Tolerance if not profile.tolerates(each)] == [tolerance]


def test_names_are_written_as_json_names_are() -> None:
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", tolerance) for tolerance in Tolerance)


@pytest.mark.parametrize("tolerance", Tolerance)
def test_each_tolerance_has_a_row_in_the_documentation(tolerance: Tolerance) -> None:
    document = Path(__file__).parents[3] / "docs" / "profiles.md"
    assert f"\n| `{tolerance}` | " in document.read_text("utf-8"), "add a row to docs/profiles.md"
