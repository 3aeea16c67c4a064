"""Units follow AWS's documented model."""

import pytest

from scim.store.dynamodb.capacity import read_units, size_of_item, write_units


def test_an_item_weighs_its_names_and_values() -> None:
    assert size_of_item({"ab": "é", "n": 1234, "b": b"123", "s": frozenset({b"12", b"3"})}) == 16


@pytest.mark.parametrize(
    ("sizes", "consistent", "units"),
    [
        ([0], True, 1),
        ([1], False, 0.5),
        ([4096], True, 1),
        ([4097], True, 2),
        ([100, 5000], False, 1.5),
        ([], True, 0),
    ],
)
def test_reads_are_rounded_up_item_by_item(sizes, consistent, units) -> None:
    assert read_units(sizes, consistent=consistent) == units


@pytest.mark.parametrize(("size", "units"), [(0, 2), (1024, 2), (1025, 4), (3000, 6)])
def test_a_transactional_write_costs_twice(size, units) -> None:
    assert write_units(size) == units
