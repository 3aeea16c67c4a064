"""References that dangle, are miscounted, or end without anybody ending them, are found."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from scim.fsck import open_work, violations
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.reference_contract import BOB, CELL, HALL, T, furnish, of
from tests.contract.references import ended, made
from tests.contract.stores import moto_client, new_table
from tests.scim.store.faults import dying

Wires = list[dict[str, dict[str, Any]]]
ENTRY = "T#acme#Seat#person.value / ann\x00s1"


@pytest.fixture(name="table", scope="module")
def _table() -> Iterator[Wires]:
    """A seat of ann's in the hall, and an end of the hall that has only begun."""
    with moto_client() as client:
        name = new_table(client)
        directory = DynamoDirectory(client, name)
        furnish(directory)
        directory.create(T, made(CELL._replace(id="old")))
        directory.delete(T, ended(of(directory, CELL._replace(id="old"))))
        with dying(client, "after-call", 0):
            directory.delete(T, ended(of(directory, HALL)))
        yield client.scan(TableName=name)["Items"]


def one(items: Wires, kind: str, sk: str) -> dict[str, Any]:
    return next(item for item in items if (item["k"]["S"], item["sk"]["S"]) == (kind, sk))


def changed(kind: str, sk: str, **attributes: Any) -> Callable[[Wires], None]:
    return lambda items: one(items, kind, sk).update(attributes)


def without(kind: str, sk: str, *attributes: str) -> Callable[[Wires], None]:
    def damage(items: Wires) -> None:
        item = one(items, kind, sk)
        if not attributes:
            items.remove(item)
        for name in attributes:
            del item[name]

    return damage


def dead(id_: str) -> Callable[[Wires], None]:
    def damage(items: Wires) -> None:
        item = one(items, "resource", id_)
        for name in ("z", "r.Seat.person"):
            item.pop(name, None)
        item.update(d={"S": "2026-03-02T08:00:00.000Z"}, ttl={"N": "1"})

    return damage


def test_an_end_that_has_begun_is_open_work_and_no_damage(table: Wires) -> None:
    assert violations(table) == []
    assert open_work(table) == ["T#acme#closing / Room#hall"]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (dead("ann"), f"{ENTRY!r}: refers to nothing that lives"),
        (
            changed("resource", "ann", **{"r.Seat.person": {"N": "2"}}),
            "T#acme#Person / ann: counts 2 Seat.person, has 1",
        ),
        (
            without("resource", "ann", "r.Seat.person"),
            "T#acme#Person / ann: counts 0 Seat.person, has 1",
        ),
        (
            changed("resource", BOB.id, **{"r.Seat.person": {"N": "1"}}),
            "T#acme#Person / bob: counts 1 Seat.person, has 0",
        ),
        (
            without("resource", "hall", "x"),
            "acme Room hall: marked as ending or written down, not both",
        ),
        (
            without("closing", "Room#hall"),
            "acme Room hall: marked as ending or written down, not both",
        ),
        (
            changed("resource", "old", x={"S": "2026-03-02T08:00:00.000Z"}),
            "T#acme#Room / old: a tombstone with a body, or not yet to end",
        ),
    ],
    ids=["dangling", "over", "under", "unknown", "unmarked", "unwritten", "tombstone"],
)
def test_damage_is_found(table: Wires, damage: Callable[[Wires], None], found: str) -> None:
    items = deepcopy(table)
    damage(items)
    assert found in violations(items)
