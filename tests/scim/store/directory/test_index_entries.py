"""Index entries guard what is unique and answer who has a value."""

from typing import TYPE_CHECKING

import pytest

from scim.errors import Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.record import Entry, Key, Stale
from scim.store.directory import ranges
from scim.store.directory.commit import entries_deleted, entries_put
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import absent, equals

if TYPE_CHECKING:
    pass

ANN, BOB = Key("User", "ann"), Key("User", "bob")
NAME, MAIL = Entry("userName", "ann", True), Entry("emails.value", "a@example.com", False)


def test_new_entries_are_put_in_order() -> None:
    writes = entries_put("acme", ANN, frozenset({NAME, MAIL}))
    assert [write.item_key for write in writes] == [
        ("T#acme#User#emails.value", "a@example.com\x00ann"),
        ("T#acme#User#userName", "ann"),
    ]
    assert [write.item["i"] for write in writes] == ["ann", "ann"]
    assert [write.conditions for write in writes] == [(absent(),), (absent(),)]


def test_a_taken_value_is_reported_by_attribute_and_not_by_value() -> None:
    (write,) = entries_put("acme", ANN, [NAME])
    assert isinstance(write.refusal, Uniqueness)
    assert write.refusal.detail == "The value of userName is already taken."


def test_the_owner_of_a_taken_value_is_not_requested() -> None:
    writes = entries_put("acme", ANN, [NAME, MAIL])
    asked = [write.request("t")["Put"] for write in writes]
    assert all("ConditionExpression" in each for each in asked)
    assert not any("ReturnValuesOnConditionCheckFailure" in each for each in asked)


def test_a_shared_entry_that_stands_already_is_a_stale_reading() -> None:
    (write,) = entries_put("acme", ANN, [MAIL])
    assert isinstance(write.refusal, Stale)


def test_only_entries_of_its_own_are_deleted() -> None:
    writes = entries_deleted("acme", ANN, frozenset({NAME, MAIL}))
    assert [write.item_key for write in writes] == [
        ("T#acme#User#emails.value", "a@example.com\x00ann"),
        ("T#acme#User#userName", "ann"),
    ]
    assert [write.conditions for write in writes] == [(), (equals("i", "ann"),)]


@pytest.mark.parametrize(
    ("attribute", "value", "limit", "ids"),
    [
        ("userName", "ann", 2, ["ann"]),
        ("userName", "an", 2, []),
        ("emails.value", "a@example.com", 9, ["ann", "bob"]),
        ("emails.value", "a@example.com", 1, ["ann"]),
        ("title", "ann", 9, []),
    ],
    ids=["unique", "a beginning", "shared", "shared, limited", "not indexed"],
)
def test_the_owner_of_a_value_is_found_without_knowing_whether_it_is_unique(
    table: Table, attribute: str, value: str, limit: int, ids: list[str]
) -> None:
    table.write([*entries_put("acme", ANN, [NAME, MAIL]), *entries_put("acme", BOB, [MAIL])])
    path = IndexValue("User", attribute, value)
    assert ranges.ids(table, "acme", path, Direction.UP, None, limit).ids == ids
