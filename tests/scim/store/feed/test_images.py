"""Images of a resource in the table's stream become entries of the change log."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.store.directory import attribution
from scim.store.directory.adapter import DynamoDirectory
from scim.store.feed.images import entry_of
from scim.store.keys.directory import resource_key
from tests.contract.samples import LATER, NOW, content, deletion_of, group, joining, user
from tests.scim.store.faults import WRITE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STAFF = Key("Group", "staff")
PEOPLE = [Key("User", f"u{number}") for number in range(5)]
Told = Callable[[Callable[[], object]], list[LogEntry]]


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name, width=2)


@pytest.fixture
def told(client: "DynamoDBClient", table_name: str) -> Told:
    """Return the entries of the group's versions that an action makes, as the stream tells of them."""

    def image() -> dict[str, Any]:
        pk, sk = resource_key("acme", STAFF)
        item = client.get_item(TableName=table_name, Key={"pk": {"S": pk}, "sk": {"S": sk}})
        return {name: _as_delivered(typed) for name, typed in item.get("Item", {}).items()}

    def entries_of(action: Callable[[], object]) -> list[LogEntry]:
        images = [image()]

        def note(**_: object) -> None:
            images.append(image())

        client.meta.events.register(f"after-call.{WRITE}", note)
        try:
            action()
        finally:
            client.meta.events.unregister(f"after-call.{WRITE}", note)
        pairs = pairwise(images)
        records = [{"OldImage": old, "NewImage": new} for old, new in pairs if old != new]
        entries = [entry_of({"dynamodb": record}) for record in records]
        return [entry for _, entry in filter(None, entries)]

    return entries_of


def _as_delivered(typed: Any) -> dict[str, Any]:
    """Return a value as Lambda delivers it: bytes in base64."""
    ((kind, value),) = typed.items()
    match kind:
        case "B":
            return {kind: b64encode(value).decode()}
        case "BS":
            return {kind: [b64encode(element).decode() for element in value]}
        case _:
            return {kind: value}


def made(directory: DynamoDirectory) -> None:
    for key in PEOPLE:
        directory.create("acme", replace(user(key.id), key=key))
    directory.create("acme", replace(group("staff"), key=STAFF))


def test_a_resource_is_made_changed_and_deleted(directory: DynamoDirectory, told: Told) -> None:
    (created,) = told(lambda: made(directory))
    assert (created.key, created.version, created.since, created.at, created.action) == (
        (STAFF, 1, 0, NOW, "create")
    )
    assert (created.before, created.after) == ({}, {"displayName": "staff"})
    before = directory.read_latest("acme", [STAFF])[STAFF]
    (changed,) = told(lambda: directory.update("acme", content(before, {"displayName": "crew"})))
    assert (changed.version, changed.since, changed.at, changed.action) == (2, 1, LATER, "patch")
    assert (changed.before, changed.after) == ({"displayName": "staff"}, {"displayName": "crew"})
    before = directory.read_latest("acme", [STAFF])[STAFF]
    (deleted,) = told(lambda: directory.delete("acme", deletion_of(before)))
    assert (deleted.action, deleted.before, deleted.after) == (
        "delete",
        {"displayName": "crew"},
        {},
    )


@pytest.mark.parametrize("most_named", [5, 4])
def test_a_large_change_is_told_when_it_ends(
    directory: DynamoDirectory, told: Told, monkeypatch: pytest.MonkeyPatch, most_named: int
) -> None:
    monkeypatch.setattr(attribution, "MOST_NAMED", most_named)
    made(directory)
    staff = directory.read_latest("acme", [STAFF])[STAFF]
    begun, ended = told(lambda: directory.update("acme", joining(staff, *PEOPLE)))
    assert (begun.version, begun.relations, begun.journal, begun.is_silent) == (2, {}, "", True)
    is_counted = most_named < len(PEOPLE)
    ids = {"User": [key.id for key in PEOPLE]}
    assert (ended.version, ended.since) == (3, 2)
    assert ended.relations == {"members": {"+": 5, "-": 0} if is_counted else {"+": ids, "-": {}}}
    # Only where the ids are not told is the journal named that has them.
    assert bool(ended.journal) is is_counted
