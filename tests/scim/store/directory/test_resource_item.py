"""Resources and their links as items, and the step on a changed one: what it depends on and what it leaves alone."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import PayloadTooLarge
from scim.resource.change import Creation, Update
from scim.resource.record import Key, Link, Record
from scim.store.directory.resource_item import (
    MOST_BYTES,
    index_writes,
    is_live,
    item_of,
    links_of,
    packed_id,
    record_in,
    record_of,
    resource_put,
    resource_updated,
    unpacked_id,
    with_counts,
)
from scim.store.dynamodb.values import Item, deflated, encoded_item, unpacked
from scim.store.dynamodb.write import absent, check_bounds, equals, exists

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


@pytest.mark.parametrize("body", ["[]", '"ann"'])
def test_a_stored_body_that_is_no_object_is_an_internal_error(body: str) -> None:
    item: Item = {"v": 1, "z": deflated(body), "c": THEN, "m": THEN}
    with pytest.raises(TypeError, match=r"^the body of a resource is not an object$"):
        record_of("User", item)
    with pytest.raises(TypeError, match=r"^the body of a resource is not an object$"):
        record_in("User", encoded_item(item))


def test_a_resource_in_no_group_weighs_what_its_text_does() -> None:
    key, body = Key("User", UUID), {"userName": "ann"}
    item = {**item_of("acme", Creation(key, body, frozenset(), THEN)), "sk": UUID}
    assert record_in("User", encoded_item(item)).linked == 0


@pytest.mark.parametrize(("links", "is_full"), [(23_400, False), (23_600, True)])
def test_a_resource_is_full_before_its_item_is(links: int, is_full: bool) -> None:
    key, body = Key("User", UUID), {"userName": "ann"}
    ids = frozenset(packed_id(str(uuid4())) for _ in range(links))
    item = item_of("acme", Creation(key, body, frozenset(), THEN))
    assert record_of("User", {**item, "sk": UUID, "g.Group.members": ids}).is_full is is_full
    assert not record_of("User", {**item, "sk": UUID}).is_full


def test_links_are_read_by_relation() -> None:
    item = {"g.Group.members": frozenset({packed_id(UUID), packed_id("x")}), "l": 2}
    assert links_of(item) == {Link("Group", "members"): frozenset({UUID, "x"})}


@pytest.mark.parametrize(
    ("item", "lives"), [({"v": 1}, True), ({"v": 2, "d": "2026"}, False), ({}, False)]
)
def test_a_tombstone_is_not_live(item, lives) -> None:
    assert is_live(item) is lives


KEY = Key("Group", "staff")
THEN, SAME_HOUR, NEXT_HOUR = (
    "2026-03-01T10:00:00.000Z",
    "2026-03-01T10:59:59.999Z",
    "2026-03-01T11:00:00.000Z",
)
BEFORE = Record(KEY, 4, THEN, THEN, {"displayName": "staff"})
ALIVE = (exists("v"), absent("d"), absent("j"))


def test_a_new_resource_is_put_only_where_no_item_exists() -> None:
    write = resource_put("acme", Creation(KEY, {"displayName": "staff"}, frozenset(), THEN))
    body = write.item["z"]
    assert isinstance(body, bytes)
    assert unpacked(body) == {"displayName": "staff"}
    assert (write.action, write.item_key) == ("Put", ("T#acme#Group", "staff"))
    assert write.conditions == (absent(),)
    assert {name: value for name, value in write.item.items() if name not in "z by"} == {
        "k": "resource",
        "s": 1,
        "v": 1,
        "c": THEN,
        "m": THEN,
        "gp": "T#acme#Group",
        "gs": "2026-03-01T10#staff",
    }
    assert write.index_writes == 1


@pytest.mark.parametrize("body", [None, {"userName": "ann", "active": False}])
def test_a_resource_with_as_many_links_as_fit_can_be_changed(
    body: dict[str, object] | None,
) -> None:
    ids = frozenset(str(uuid4()) for _ in range(23_000))
    before = replace(BEFORE, links={Link("Group", "members"): ids})
    write = resource_updated("acme", Update(before, NEXT_HOUR, body))
    check_bounds([write], [write.weight()])


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("x" * (MOST_BYTES - 100), True),
        ("x" * MOST_BYTES, False),
        ("é" * (MOST_BYTES // 2), False),
        ('"' * (MOST_BYTES // 4 - 100), True),
        ('"' * (MOST_BYTES // 4), False),
    ],
    ids=["fits", "too many", "of two bytes each", "quotes that fit", "quotes"],
)
def test_a_body_that_no_response_has_room_for_is_not_stored(text: str, is_taken: bool) -> None:
    body = {"displayName": text}
    for write in (
        lambda: resource_put("acme", Creation(KEY, body, frozenset(), THEN)),
        lambda: resource_updated("acme", Update(BEFORE, SAME_HOUR, body)),
    ):
        if is_taken:
            assert write()
        else:
            with pytest.raises(PayloadTooLarge, match=f"up to {MOST_BYTES} bytes"):
                write()


@pytest.mark.parametrize(
    ("update", "conditions"),
    [
        (Update(BEFORE, SAME_HOUR), ALIVE),
        (Update(BEFORE, SAME_HOUR, must_match=True), (*ALIVE, equals("v", 4))),
        (Update(BEFORE, SAME_HOUR, {}), (*ALIVE, equals("v", 4))),
    ],
    ids=["edges", "edges with If-Match", "content"],
)
def test_only_edges_alone_do_not_depend_on_the_version(update: Update, conditions: object) -> None:
    assert resource_updated("acme", update).conditions == conditions


def test_an_update_of_edges_leaves_the_content() -> None:
    write = resource_updated("acme", Update(BEFORE, SAME_HOUR))
    left = {name: value for name, value in write.sets.items() if name != "by"}
    assert left == {"m": SAME_HOUR, "gp": "T#acme#Group", "gs": "2026-03-01T10#staff"}
    assert write.adds == {"v": 1}


def test_an_update_of_content_replaces_it() -> None:
    body = resource_updated("acme", Update(BEFORE, SAME_HOUR, {"displayName": "crew"})).sets["z"]
    assert isinstance(body, bytes)
    assert unpacked(body) == {"displayName": "crew"}


@pytest.mark.parametrize(
    ("now", "writes"), [(THEN, 0), (SAME_HOUR, 0), (NEXT_HOUR, 2), ("2027" + THEN[4:], 2)]
)
def test_the_index_is_written_when_an_hour_has_passed(now: str, writes: int) -> None:
    assert index_writes(THEN, now) == writes
    assert resource_updated("acme", Update(BEFORE, now)).index_writes == writes


def test_a_resource_in_many_groups_is_weighed_with_its_links() -> None:
    links = {Link("Group", "members"): frozenset(map(str, range(1000)))}
    write = resource_updated("acme", Update(replace(BEFORE, links=links), SAME_HOUR))
    assert 17_000 < write.weight() < 18_000


def test_counts_are_stored_with_a_new_resource_and_added_to_an_old_one() -> None:
    new = resource_put("acme", Creation(KEY, {}, frozenset(), THEN))
    old = resource_updated("acme", Update(BEFORE, SAME_HOUR))
    assert with_counts(new, {"n.members": 2}).item["n.members"] == 2
    assert with_counts(old, {"n.members": -2}).adds == {"v": 1, "n.members": -2}
