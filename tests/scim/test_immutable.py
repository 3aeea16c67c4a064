"""Values that only the type checker freezes behave as frozen dataclasses do."""

from dataclasses import field, replace

import pytest

from scim.immutable import immutable, renewed


@immutable
class Point:
    """A value with a field that does not count."""

    x: int
    note: str = field(default="", compare=False)


def test_values_are_equal_and_hashed_by_what_counts() -> None:
    assert Point(1, "a") == Point(1, "b") != Point(2)
    assert {Point(1, "a"), Point(1, "b")} == {Point(1)}
    assert replace(Point(1, "a"), x=2) == Point(2)


def test_a_value_has_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Point(1).y = 1  # type: ignore[attr-defined]


def test_a_renewed_value_differs_in_what_was_said_alone() -> None:
    @immutable
    class Place:
        street: str
        number: int = 1
        names: tuple[str, ...] = field(default_factory=tuple)

    place = Place("High Street", 3, ("home",))
    assert renewed(place, number=4) == Place("High Street", 4, ("home",))
    assert place.number == 3
    with pytest.raises(TypeError, match="town"):
        renewed(place, town="Oxford")
