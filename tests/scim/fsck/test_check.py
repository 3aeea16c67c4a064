"""The check finds each kind of damage and none in a sound table."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta

import pytest

from scim.fsck import open_work, violations
from scim.fsck.item import Item
from scim.fsck.shape import forbidden
from tests.scim.fsck.damage import DAMAGE, Wires, changed, one


def test_a_sound_table_is_sound(table: Wires) -> None:
    assert violations(table) == []


def test_the_largest_number_of_links_is_no_violation() -> None:
    links = frozenset(number.to_bytes(17, "big") for number in range(23_000))
    assert list(forbidden(Item({"pk": "T#acme#User", "sk": "bob", "g.Group.members": links}))) == []


def test_clocks_that_differ_by_seconds_are_no_damage(table: Wires) -> None:
    items = deepcopy(table)
    later = datetime.fromisoformat(one(items, "resource", "bob")["m"]["S"]) + timedelta(seconds=30)
    changed("resource", "bob", c={"S": later.isoformat()})(items)
    assert violations(items) == []


def test_open_work_is_named(table: Wires) -> None:
    kinds = {name.split("#")[2].split(" ")[0] for name in open_work(table)}
    assert kinds == {"reap", "journal", "chunk"}


@pytest.mark.parametrize(
    ("damage", "words"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE]
)
def test_damage_is_found(table: Wires, damage: Callable[[Wires], None], words: str) -> None:
    items = deepcopy(table)
    damage(items)
    assert any(words in violation for violation in violations(items)), violations(items)
