"""One request goes through a bounded number of modules and parses no PATCH path twice."""

from collections.abc import Mapping

import pytest

from bench.walk import BOUNDS, Walk, table_of, walks


@pytest.fixture(name="found", scope="module")
def _found() -> Mapping[str, Walk]:
    return walks()


@pytest.mark.parametrize(("name", "most"), list(BOUNDS.items()), ids=list(BOUNDS))
def test_a_request_enters_a_bounded_number_of_modules(
    found: Mapping[str, Walk], name: str, most: int
) -> None:
    entered = found[name].calls
    assert 10 < len(entered) <= most, sorted(entered)


def test_a_path_that_was_read_before_is_not_parsed_again(found: Mapping[str, Walk]) -> None:
    assert [name for name, walk in found.items() if walk.paths_parsed] == []


def test_the_table_has_a_row_for_each_request(found: Mapping[str, Walk]) -> None:
    assert len(table_of(found).splitlines()) == 2 + len(BOUNDS)
