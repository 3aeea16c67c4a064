"""Keys of spans, marks and builds stay in their places."""

import pytest

from scim.resource.access_path import WHOLE_INDEX, KeyRange, Limit
from scim.store.keys.directory import LAST, ItemKey, value_range
from scim.store.keys.lists import build_key, mark_key, seal_key, values_range


@pytest.mark.parametrize(
    ("key_range", "inside", "outside"),
    [
        (WHOLE_INDEX, ["\x01", "a", "\U0001f600", f"{LAST * 190}\x00id"], []),
        (KeyRange(prefix="a"), ["a", "a\x00id", "ab", f"a{LAST * 189}\x00id"], ["b", "\x01"]),
        (KeyRange(("a", Limit.WITH)), ["a", "a\x00id", "b"], ["\x01"]),
        (KeyRange(("a", Limit.WITHOUT)), ["a\x01\x02", "b", f"{LAST}b\x00id"], ["a", "a\x00id"]),
        (KeyRange(upper=("b", Limit.WITH)), ["a", "b", "b\x00id"], ["ba", "c"]),
        (KeyRange(upper=("b", Limit.WITHOUT)), ["a", "a\x00id"], ["b\x00id", "c"]),
        (KeyRange(("", Limit.WITHOUT)), ["a"], ["\x01", "\x01\x00id"]),
    ],
    ids=str,
)
def test_a_span_of_values_is_one_of_keys(
    key_range: KeyRange, inside: list[str], outside: list[str]
) -> None:
    first, last = values_range(key_range)
    assert all(first <= key <= last for key in inside)
    assert not any(first <= key <= last for key in outside)


def test_a_single_value_has_the_span_it_always_had() -> None:
    assert values_range(KeyRange(("a", Limit.WITH), ("a", Limit.WITH))) == value_range("a")


def test_marks_are_in_the_order_of_their_indexes() -> None:
    keys = [mark_key("acme", "walk", index, "b").sk for index in (2, 10, 1001)]
    assert keys == sorted(keys)
    assert mark_key("acme", "walk", 2, "b").pk == "T#acme#page"


def test_the_secret_and_the_builds_have_places_of_their_own() -> None:
    assert seal_key("acme") == ItemKey("T#acme#page", "~")
    assert build_key("acme", "User", "title") == ItemKey("T#acme#build", "User#title")


@pytest.mark.parametrize("walk", ["", "a#b", "A", "x" * 65])
def test_a_walk_is_named_by_small_letters_and_digits(walk: str) -> None:
    with pytest.raises(ValueError, match="small letters and digits"):
        mark_key("acme", walk, 1, "b")


def test_a_tenant_cannot_leave_its_partition() -> None:
    with pytest.raises(ValueError, match="cannot be part of a key"):
        seal_key("a#b")
