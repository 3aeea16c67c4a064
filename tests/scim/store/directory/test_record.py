"""Resources and their links as items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.resource.record import Link
from scim.store.directory.resource_item import is_live, links_of, packed_id, unpacked_id

UUID = "26118915-6090-4610-87e4-49d8ca9f808d"


@pytest.mark.parametrize(
    ("id_", "size"),
    [(UUID, 17), (UUID.upper(), 37), (UUID.replace("-", ""), 33), ("legacy:7", 9)],
)
def test_only_a_plain_uuid_is_shortened(id_: str, size: int) -> None:
    assert len(packed_id(id_)) == size
    assert unpacked_id(packed_id(id_)) == id_


@given(st.from_regex(r"[A-Za-z0-9._:@-]{1,128}", fullmatch=True) | st.uuids().map(str))
def test_ids_come_back_as_they_were(id_: str) -> None:
    assert unpacked_id(packed_id(id_)) == id_


def test_links_are_read_by_relation() -> None:
    item = {"g.Group.members": frozenset({packed_id(UUID), packed_id("x")}), "l": 2}
    assert links_of(item) == {Link("Group", "members"): frozenset({UUID, "x"})}


@pytest.mark.parametrize(
    ("item", "lives"), [({"v": 1}, True), ({"v": 2, "d": "2026"}, False), ({}, False)]
)
def test_the_ended_do_not_live(item, lives) -> None:
    assert is_live(item) is lives
