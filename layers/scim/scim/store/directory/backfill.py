"""Builds a late index over resources that were stored before it was declared, while requests continue.

It goes page by page and records its progress. Each transaction has the condition that its resources are as
they were read, so the build can stop at any point and continue. Requests that change a resource meanwhile
write its entries by the same declaration.
"""

from collections.abc import Iterator, Sequence

from scim.resource.access_path import Direction
from scim.resource.index_entries import entries_of
from scim.resource.record import Record
from scim.schema.resource_type import Index, ResourceType
from scim.store.directory.commit import entries_put
from scim.store.directory.ranges import records
from scim.store.directory.resource_item import ALIVE
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item
from scim.store.dynamodb.write import MAX_STEPS, ConditionFailed, Write, equals
from scim.store.keys.directory import LAST, resource_key
from scim.store.keys.lists import build_key

BUILDING, BUILT = "building", "built"
PAGE = 25


def is_built(table: Table, tenant: str, type_name: str, attribute: str) -> bool:
    """Tell whether the build of a late index is complete."""
    row = table.item(build_key(tenant, type_name, attribute))
    return row is not None and row.get("st") == BUILT


def backfill(table: Table, tenant: str, resource_type: ResourceType, index: Index) -> Iterator[int]:
    """Build a late index from where it stopped; yield the number of resources of each page."""
    name = resource_type.name
    row = table.item(build_key(tenant, name, index.attribute)) or {}
    start = row.get("at")
    if row.get("st") == BUILT:
        return
    while True:
        beyond = start if isinstance(start, str) else None
        page = records(table, tenant, name, Direction.UP, beyond, PAGE)
        last_id = page.records[-1].key.id if page.records else LAST
        progress: Item = {"st": BUILDING if page.has_more else BUILT, "at": last_id}
        mark = _mark(tenant, name, index, progress)
        try:
            *earlier_lists, last_list = _shares(tenant, resource_type, index, page.records)
            for writes in earlier_lists:
                table.write(writes)
            table.write([*last_list, mark])
        except ConditionFailed:
            # A resource has changed: read the page again.
            continue
        yield len(page.records)
        if not page.has_more:
            return
        start = last_id


def _shares(
    tenant: str, resource_type: ResourceType, index: Index, stored: Sequence[Record]
) -> Iterator[list[Write]]:
    """Yield the steps for the records in lists; each list fits one transaction with the progress mark."""
    writes: list[Write] = []
    for record in stored:
        writes_of_record = _entries(tenant, resource_type, index, record)
        if len(writes) + len(writes_of_record) >= MAX_STEPS:
            yield writes
            writes = []
        writes += writes_of_record
    yield writes


def _entries(tenant: str, resource_type: ResourceType, index: Index, record: Record) -> list[Write]:
    entries = [
        entry
        for entry in entries_of(resource_type, record.body)
        if entry.attribute == index.attribute
    ]
    unchanged = Write(
        "ConditionCheck",
        resource_key(tenant, record.key),
        (*ALIVE, equals("v", record.version)),
    )
    # No conditions: an existing entry is identical.
    puts = [
        Write("Put", write.item_key, item=write.item)
        for write in entries_put(tenant, record.key, entries)
    ]
    return [unchanged, *puts]


def _mark(tenant: str, type_name: str, index: Index, progress: Item) -> Write:
    item_key = build_key(tenant, type_name, index.attribute)
    return Write("Put", item_key, item={"k": "build", "s": SCHEMA, **progress})
