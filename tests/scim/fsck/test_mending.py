"""A check in parts finds what a check of the whole finds, and repairs what a restore leaves behind."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from scim.fsck import violations
from scim.fsck.item import Item
from scim.fsck.mending import checked, confirmed_report, mended
from scim.fsck.places import ALONE, EVERYWHERE, places_of
from scim.fsck.shape import FORMS
from tests.scim.fsck.damage import DAMAGE, Wires, changed, one, without
from tests.simulation.model.dynamodb import ModelTable

UNMENDED = {"its userName is not indexed", "contains itself"}


class TableClient:
    """The model of a table behind the client's methods that fsck calls; `meanwhile` is between scans."""

    def __init__(self, wires: Iterable[Any], meanwhile: Callable[[ModelTable], None]) -> None:
        self.table, self._meanwhile = ModelTable(), meanwhile
        for wire in wires:
            self.table.put_item(Item=wire)

    def get_paginator(self, _: str) -> "TableClient":
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        items = sorted(self.table.scan(), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
        self._meanwhile(self.table)
        return iter([{"Items": items[:5]}, {"Items": items[5:]}])

    def transact_write_items(self, TransactItems: Any) -> Any:  # noqa: N803 - DynamoDB's name
        bare = [
            {verb: {n: v for n, v in action.items() if n != "TableName"}}
            for each in TransactItems
            for verb, action in each.items()
        ]
        return self.table.transact_write_items(TransactItems=bare)


def client_on(
    wires: Iterable[Mapping[str, Any]], meanwhile: Callable[[ModelTable], None] = lambda _: None
) -> Any:
    return TableClient(wires, meanwhile)


@pytest.mark.parametrize("damage", [row[1] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_a_check_in_parts_finds_the_same_damage(
    table: Wires, damage: Callable[[Wires], None]
) -> None:
    items = deepcopy(table)
    damage(items)
    whole = violations(items)
    assert sorted(checked(items, parts=5).wrong) == sorted(whole)
    assert whole


def test_a_sound_table_is_sound_in_parts(table: Wires) -> None:
    report = checked(table, parts=3)
    assert (report.items, report.wrong) == (len(table), [])
    assert report.open > 0


def _torn_creation(items: Wires) -> None:
    """Of a creation the entries and the count are there, the resource is not."""
    without("resource", "bob")(items)


def _torn_deletion(items: Wires) -> None:
    """Of a deletion the tombstone is there; its job, its end and what was freed are not."""
    item = one(items, "resource", "bob")
    item.update(d=item["m"])
    del item["z"]


def _torn_member(items: Wires) -> None:
    """Of a member added the edge is there, its target and its source know nothing of it."""
    edge = one(items, "edge", "bob", "#staff#")
    items.append({**edge, "sk": {"S": "zoe"}})


def _lost_shards(items: Wires) -> None:
    items[:] = [item for item in items if item["k"] != {"S": "count"}]


TORN: list[tuple[str, Callable[[Wires], None]]] = [
    ("a creation", _torn_creation),
    ("a deletion", _torn_deletion),
    ("a member added", _torn_member),
    ("a member removed", without("edge", "bob", "#staff#")),
    ("a name let go", changed("entry", "bob", sk={"S": "bill"}, i={"S": "nobody"})),
    ("a number of members", changed("resource", "staff", **{"n.members": {"N": "9"}})),
    ("all counters", _lost_shards),
    ("a reap job", without("reap")),
    ("a journal", without("journal")),
    ("a journal's mark", lambda items: one(items, "resource", "crew").pop("j")),
    ("a tenant", without("tenant")),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tear", [row[1] for row in TORN], ids=[row[0] for row in TORN])
def test_damage_of_a_restore_is_repaired_or_reported(
    table: Wires, tear: Callable[[Wires], None]
) -> None:
    items = deepcopy(table)
    tear(items)
    client = client_on(items)
    assert confirmed_report(client, "table").wrong
    count, report = mended(client, "table")
    assert count > 0
    left = [each for each in report.wrong if not any(words in each for words in UNMENDED)]
    assert left == []


def test_a_write_during_the_check_is_no_violation(table: Wires) -> None:
    def written(model: ModelTable) -> None:
        if edge in model.scan():
            model.put_item(Item=user)

    edge, user = (
        one(deepcopy(table), "edge", "bob", "#staff#"),
        one(deepcopy(table), "resource", "bob"),
    )
    client = client_on([item for item in table if item != user], written)
    assert confirmed_report(client, "table").wrong == []


def test_an_item_that_changed_since_the_check_is_not_repaired(table: Wires) -> None:
    items = deepcopy(table)
    changed("resource", "staff", **{"n.members": {"N": "9"}})(items)
    versions = iter(range(100, 200))

    def busy(model: ModelTable) -> None:
        staff = one(model.scan(), "resource", "staff")  # type: ignore[arg-type]
        model.put_item(Item={**staff, "v": {"N": str(next(versions))}})

    count, report = mended(client_on(items, busy), "table")
    assert (count, report.wrong) == (0, [])


def test_each_kind_of_item_has_its_place() -> None:
    assert {*ALONE, *EVERYWHERE} < FORMS.keys()
    attributes = {
        "tenant": "a",
        "id": "b",
        "client": "c",
        "i": "d",
        "h": "e",
        "link": "f",
        "t": "G",
    }
    for kind in FORMS:
        places = list(
            places_of(Item({"k": kind, "pk": "T#a#B#c#d#e", "sk": "F#g", "z": b"", **attributes}))
        )
        assert bool(places) is (kind not in {*ALONE, *EVERYWHERE, "nesting"})
