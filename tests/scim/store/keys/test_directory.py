"""Keys keep tenants, kinds and values apart whatever a client sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import InvalidValue
from scim.resource.record import Entry, Key, Link
from scim.store.keys import directory
from scim.store.keys.directory import ItemKey

ANN = Key("User", "ann")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("item_key", "expected"),
    [
        (directory.resource_key("acme", ANN), ("T#acme#User", "ann")),
        (
            directory.entry_key("acme", ANN, Entry("userName", "ann", True)),
            ("T#acme#User#userName", "ann"),
        ),
        (
            directory.entry_key("acme", ANN, Entry("externalId", "7", False)),
            ("T#acme#User#externalId", "7\x00ann"),
        ),
        (
            directory.edge_key("acme", Key("Group", "g"), "members", "ann"),
            ("T#acme#Group#g#members", "ann"),
        ),
        (directory.counter_key("acme", "User", 7), ("T#acme#count", "User#07")),
        (directory.reap_key("acme", ANN), ("T#acme#reap", "User#ann")),
        (directory.journal_key("acme", ANN), ("T#acme#journal", "User#ann")),
        (directory.chunk_key("acme", ANN, "j", 2), ("T#acme#chunk", "User#ann#j#0002")),
        (
            directory.nesting_key("acme", "Group", "members"),
            ("T#acme#nesting", "Group#members"),
        ),
        (directory.tenant_key("acme"), ("T#~#open", "acme")),
    ],
    ids=[
        "resource",
        "unique",
        "shared",
        "edge",
        "count",
        "reap",
        "journal",
        "chunk",
        "nesting",
        "open",
    ],
)
def test_each_kind_of_item_has_its_place(item_key: ItemKey, expected: tuple[str, str]) -> None:
    assert item_key == expected


@pytest.mark.parametrize("name", ["", "a#b", "~", "a\n", "ä", "x" * 65])
def test_a_tenant_name_cannot_leave_its_place(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        directory.type_partition(name, "User")


@pytest.mark.parametrize("name", ["", "count", "a#b", "User\n", "~"])
def test_a_type_cannot_be_taken_for_another_partition(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        directory.type_partition("acme", name)


@pytest.mark.parametrize("name", ["", "a#b", "a b", "a\n", "x" * 257])
def test_an_attribute_cannot_leave_its_place(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        directory.index_partition("acme", "User", name)


@given(TEXT, TEXT)
def test_different_values_have_different_keys(one: str, other: str) -> None:
    assert (directory.index_value(one) == directory.index_value(other)) == (one == other)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=700, max_size=1500))
def test_no_value_is_too_long_for_a_key(value: str) -> None:
    item_key = directory.entry_key("acme", Key("User", "x" * 128), Entry("a", value, False))
    assert len(item_key.sk.encode()) <= 1024


@given(TEXT, TEXT)
def test_keys_are_in_the_order_of_the_values(one: str, other: str) -> None:
    low, high = sorted((one, other), key=lambda text: text.encode())
    assert directory.index_value(low).encode() <= directory.index_value(high).encode()


@given(TEXT, TEXT, st.booleans())
def test_the_span_of_a_value_holds_its_entries_only(
    value: str, other: str, is_unique: bool
) -> None:
    first, last = directory.value_range(value)
    sk = directory.entry_key("acme", ANN, Entry("a", other, is_unique)).sk
    assert (first.encode() <= sk.encode() <= last.encode()) == (value == other)


def test_half_a_character_is_no_value() -> None:
    with pytest.raises(InvalidValue):
        directory.index_value("\ud800")


def test_the_index_knows_the_hour_only() -> None:
    assert directory.index_hour("2026-03-01T10:20:30.456Z", "ann") == "2026-03-01T10#ann"


def test_numbers_are_counted_for_each_type_of_each_tenant() -> None:
    assert directory.number_key("acme", "User") == ("T#acme#number", "User")


def test_a_link_attribute_names_its_relation() -> None:
    link = Link("Group", "urn:x:1.0:members")
    assert directory.link_named(directory.link_attribute(link)) == link


def test_a_job_is_named_after_its_resource() -> None:
    assert directory.key_named(directory.reap_key("acme", ANN).sk) == ANN
