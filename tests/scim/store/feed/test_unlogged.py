"""A resource whose last version is not in the log is found, living or deleted; others are not."""

from typing import TYPE_CHECKING

import pytest

from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.log_entry import LogEntry
from scim.resource.history.origin import Origin
from scim.resource.record import Key
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import text
from scim.store.dynamodb.write import Write
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.unlogged import AT_ONCE
from scim.store.keys.directory import ItemKey, resource_key
from scim.store.keys.feed import lane_of, lane_partition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EARLY, NOW = "2026-03-01T09:59:59.000Z", "2026-03-01T10:00:00.000Z"


class Scene:
    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self.directory = DynamoDirectory(client, table_name)
        self.table = Table(client, table_name, Meter(), Retry())
        self.log = ChangeLog(self.table, lambda: NOW)

    def make(self, *names: str, at: str = NOW) -> None:
        for name in names:
            body = {"userName": name}
            self.directory.create("acme", Creation(Key("User", name), body, frozenset(), at))

    def note(self, name: str, version: int) -> None:
        action = "create" if version == 1 else "patch"
        entry = LogEntry(Key("User", name), version, version - 1, NOW, action)
        self.log.append("acme", [entry], 30)

    def expire_entries(self, key: Key) -> None:
        """Remove the log's items of a resource's lane, as DynamoDB does when they have expired."""
        rows = self.table.rows(lane_partition("acme", lane_of(key))).items
        keys = [ItemKey(text(row, "pk"), text(row, "sk")) for row in rows]
        self.table.write([Write("Delete", item_key) for item_key in keys])

    def lacking(self, since: str = NOW) -> list[str]:
        return sorted(key.id for key in self.log.unlogged("acme", ["User", "Group"], since))


@pytest.fixture
def scene(client: "DynamoDBClient", table_name: str) -> Scene:
    return Scene(client, table_name)


def test_a_new_resource_is_behind_until_it_is_logged(scene: Scene) -> None:
    scene.make("ann", "bob")
    scene.note("bob", 1)
    assert scene.lacking() == ["ann"]
    scene.note("ann", 1)
    assert scene.lacking() == []


def test_a_change_and_a_deletion_are_behind_until_they_are_logged(scene: Scene) -> None:
    scene.make("ann", "bob")
    for name in ("ann", "bob"):
        scene.note(name, 1)
        before = scene.directory.read("acme", Key("User", name))
        assert before is not None
        if name == "ann":
            scene.directory.update("acme", Update(before, NOW, {"userName": "anna"}))
        else:
            scene.directory.delete("acme", Deletion(before, NOW, frozenset()))
    assert scene.lacking() == ["ann", "bob"]
    scene.note("ann", 2)
    scene.note("bob", 2)
    assert scene.lacking() == []


@pytest.mark.parametrize("has_expired", [False, True])
def test_clearing_up_after_a_logged_deletion_is_no_change(scene: Scene, has_expired: bool) -> None:
    scene.make("ann")
    scene.note("ann", 1)
    before = scene.directory.read("acme", Key("User", "ann"))
    assert before is not None
    scene.directory.delete("acme", Deletion(before, NOW, frozenset()))
    clearing = Write("Update", resource_key("acme", before.key), adds={"v": 7})
    scene.table.write([clearing])
    assert scene.lacking() == ["ann"]
    deleted = LogEntry(before.key, 2, 1, NOW, "delete")
    scene.log.append("acme", [deleted], 1)
    if has_expired:
        scene.expire_entries(before.key)
    assert scene.lacking() == []


def test_a_lost_deletion_is_found_after_all_entries_have_expired(scene: Scene) -> None:
    scene.make("ann")
    scene.note("ann", 1)
    before = scene.directory.read("acme", Key("User", "ann"))
    assert before is not None
    scene.directory.delete("acme", Deletion(before, NOW, frozenset()))
    scene.expire_entries(before.key)
    assert scene.lacking() == ["ann"]


def test_a_change_of_an_earlier_hour_is_not_compared(scene: Scene) -> None:
    scene.make("early", at=EARLY)
    assert scene.lacking() == []
    assert scene.lacking(EARLY) == ["early"]


def test_more_than_a_page_are_compared(scene: Scene) -> None:
    names = [f"n{number:03d}" for number in range(AT_ONCE + 5)]
    scene.make(*names)
    scene.note(names[0], 1)
    assert scene.lacking() == names[1:]


def notices(scene: Scene, until: str = NOW) -> dict[str, LogEntry]:
    return {each.key.id: each for each in scene.log.notices("acme", ["User"], EARLY, until)}


def test_a_notice_has_who_changed_it_last_and_all_it_holds_now(scene: Scene) -> None:
    scene.make("ann", "bob", "cyd")
    for name in ("ann", "bob"):
        scene.note(name, 1)
    ann, bob = (scene.directory.read("acme", Key("User", name)) for name in ("ann", "bob"))
    assert ann is not None
    assert bob is not None
    origin = Origin(token="t1", transaction="x1")
    changed = {"userName": "anna", "title": "Boss"}
    scene.directory.update("acme", Update(ann, NOW, changed, origin=origin))
    scene.directory.delete("acme", Deletion(bob, NOW, frozenset()))
    found = notices(scene)
    assert all(each.is_gap and each.at == NOW and not each.before for each in found.values())
    told = {name: (each.action, each.version, each.since) for name, each in found.items()}
    assert told == {"ann": ("patch", 2, 1), "bob": ("delete", 2, 1), "cyd": ("create", 1, 0)}
    assert found["ann"].after == changed
    assert found["ann"].origin.transaction == "x1"
    assert scene.log.append("acme", found.values(), 30) == 3
    assert notices(scene) == {}


def test_a_later_change_is_left_to_the_stream(scene: Scene) -> None:
    scene.make("early", at=EARLY)
    scene.make("late")
    assert notices(scene, EARLY).keys() == {"early"}


def test_an_item_that_cannot_be_read_gets_a_notice_without_content(scene: Scene) -> None:
    scene.make("ann")
    spoiled = Write("Update", resource_key("acme", Key("User", "ann")), sets={"z": b"no deflate"})
    scene.table.write([spoiled])
    assert notices(scene)["ann"].after == {}


def test_the_log_records_up_to_when_it_was_compared(scene: Scene) -> None:
    assert scene.log.compared_until("acme") == ""
    scene.log.note_compared("acme", EARLY)
    assert (scene.log.compared_until("acme"), scene.log.compared_until("other")) == (EARLY, "")
