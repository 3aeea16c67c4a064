"""Fills a table directly with groups of any size: the items that the service would have written.

A million members by PATCH would be a million transactions. The store's own functions make the items, so
`scim.fsck` finds nothing wrong with them.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from scim.resource.change import Creation
from scim.resource.index_entries import entries_of
from scim.resource.record import Key, Link
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import ResourceType
from scim.store.directory.commit import entries_put
from scim.store.directory.links import edge_item
from scim.store.directory.resource_item import item_of, packed_id
from scim.store.dynamodb.values import Item, encoded_item
from scim.store.guards.counters import counter_changed
from scim.store.keys.directory import (
    ItemKey,
    count_attribute,
    edge_key,
    link_attribute,
    resource_key,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 25
WRITERS = 4
AT_ONCE = 100
MEMBERS = Link("Group", "members")
Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Loader:
    """Writes items of one tenant into a table."""

    client: "DynamoDBClient"
    table_name: str
    tenant: str
    now: str

    def load(
        self, sizes: Sequence[int], name: str, person: Callable[[int], Body] | None = None
    ) -> dict[int, str]:
        """Create groups of these sizes over the same users; return their ids by size.

        `person` returns the body of a user by its number; without it, users have only a name.
        """
        groups = {size: str(uuid.uuid4()) for size in sizes}
        self._write(self._items(groups, name, person or partial(_named, name)))
        return groups

    def load_people(self, bodies: Sequence[Mapping[str, object]]) -> None:
        """Create a user for each body."""
        self._write(
            item
            for body in bodies
            for item in self._resource(_type("User"), Key("User", str(uuid.uuid4())), body, {})
        )
        self._write(iter([self._counter("User", len(bodies))]))

    def load_joiner(self, number: int, name: str) -> tuple[str, list[str]]:
        """Create a user and `number` groups with no other member; return all ids."""
        user = Key("User", str(uuid.uuid4()))
        groups = [str(uuid.uuid4()) for _ in range(number)]
        self._write(self._joined(user, groups, name))
        return user.id, groups

    def _joined(self, user: Key, groups: Sequence[str], name: str) -> Iterator[dict[str, Any]]:
        links = frozenset(map(packed_id, groups))
        link: Item = {link_attribute(MEMBERS): links, "l": len(groups)}
        yield from self._resource(_type("User"), user, {"userName": name}, link)
        for position, group in enumerate(groups):
            key = Key(MEMBERS.type, group)
            count: Item = {count_attribute(MEMBERS.attribute): 1}
            body = {"displayName": f"{name}'s {position}"}
            yield from self._resource(_type(MEMBERS.type), key, body, count)
            place = edge_key(self.tenant, key, MEMBERS.attribute, user.id)
            yield _item(place, edge_item("User", {}, self.now))
        yield self._counter("User", 1)
        yield self._counter("Group", len(groups))

    def _items(
        self, groups: Mapping[int, str], name: str, person: Callable[[int], Body]
    ) -> Iterator[dict[str, Any]]:
        user_type, group_type = _type("User"), _type("Group")
        number = max(groups)
        for position in range(number):
            key = Key("User", str(uuid.uuid4()))
            inside = [group for size, group in groups.items() if position < size]
            link: Item = {
                link_attribute(MEMBERS): frozenset(map(packed_id, inside)),
                "l": len(inside),
            }
            yield from self._resource(user_type, key, person(position), link)
            for group in inside:
                place = edge_key(self.tenant, Key(MEMBERS.type, group), MEMBERS.attribute, key.id)
                yield _item(place, edge_item("User", {}, self.now))
        for size, group in groups.items():
            count: Item = {count_attribute(MEMBERS.attribute): size}
            body = {"displayName": f"{name} of {size}"}
            yield from self._resource(group_type, Key("Group", group), body, count)
        totals = {"User": number, "Group": len(groups)}
        for type_name, total in totals.items():
            yield self._counter(type_name, total)

    def _resource(
        self, resource_type: ResourceType, key: Key, body: Mapping[str, object], more: Item
    ) -> Iterator[dict[str, Any]]:
        entries = entries_of(resource_type, body)
        item = item_of(self.tenant, Creation(key, body, entries, self.now))
        yield _item(resource_key(self.tenant, key), {**item, **more})
        for write in entries_put(self.tenant, key, entries):
            yield _item(write.item_key, write.item)

    def _counter(self, type_name: str, total: int) -> dict[str, Any]:
        write = counter_changed(self.tenant, type_name, total, 0)
        held = self.client.get_item(
            TableName=self.table_name, Key=encoded_item(write.item_key._asdict())
        ).get("Item", {})
        before = int(held["n"]["N"]) if "n" in held else 0
        return _item(write.item_key, {**write.sets, "n": before + total})

    def _write(self, items: Iterator[dict[str, Any]]) -> None:
        batches = _batches(items)
        with ThreadPoolExecutor(WRITERS) as pool:
            # Limit what is submitted at once: the executor would read all batches into memory.
            while some := list(islice(batches, AT_ONCE)):
                list(pool.map(self._put, some))

    def _put(self, items: Sequence[dict[str, Any]]) -> None:
        left: dict[str, Any] = {self.table_name: [{"PutRequest": {"Item": item}} for item in items]}
        while left:
            left = self.client.batch_write_item(RequestItems=left).get("UnprocessedItems", {})


def _named(name: str, number: int) -> Body:
    return {"userName": f"{name}-{number:07d}@example.com", "active": True}


def _type(name: str) -> ResourceType:
    found = shipped_catalogue().resource_type(name)
    if found is None:
        raise ValueError(f"no resource type {name}")
    return found


def _item(place: ItemKey, item: Item) -> dict[str, Any]:
    return encoded_item({**place._asdict(), **item})


def _batches(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some
