"""A dry run finds what its own changes would have made, and leaves the directory as it is."""

from dataclasses import replace

import pytest

from scim.errors import NotFound, Uniqueness
from scim.resource.access_path import Direction, IdPage, IndexRange, IndexValue
from scim.resource.change import Deletion
from scim.resource.record import Key, Link, Stale
from scim.service.change_json import change_json, key_of
from scim.service.dry_run import DryRunDirectory, OverlayInMemory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import TENANT, FakeDeployment


def _dry_run() -> tuple[FakeDeployment, DryRunDirectory, FakeDirectory]:
    directory = FakeDirectory()
    real = FakeDeployment(directory)
    real.user("kim", title="Ms")
    directory.changes.clear()
    dry_run = DryRunDirectory(directory, OverlayInMemory())
    return replace(real, directory=dry_run), dry_run, directory


def test_changes_build_on_each_other_and_none_is_made() -> None:
    service, dry_run, directory = _dry_run()
    bo = service.user("bo")
    service.modify("User", bo, {"op": "add", "path": "title", "value": "Dr"})
    assert service.shown("User", bo)["title"] == "Dr"
    service.delete("User", bo)
    with pytest.raises(NotFound):
        service.delete("User", bo)
    assert [key_of(change).id for change in dry_run.changes] == [bo] * 3
    assert directory.changes == []


def test_a_name_is_taken_once_and_free_again_after_a_deletion() -> None:
    service, _, _ = _dry_run()
    bo = service.user("bo")
    for name in ("Kim", "Bo"):
        with pytest.raises(Uniqueness):
            service.user(name)
    service.delete("User", bo)
    service.user("bo")


def test_a_name_is_free_after_its_holder_is_renamed() -> None:
    service, _, _ = _dry_run()
    (kim,) = service.search("User").resources
    service.modify("User", str(kim["id"]), {"op": "replace", "path": "userName", "value": "ann"})
    service.user("kim")
    for name in ("kim", "ann"):
        with pytest.raises(Uniqueness):
            service.user(name)


def test_a_name_leads_to_the_resource_that_an_earlier_operation_gave_it() -> None:
    service, dry_run, _ = _dry_run()

    def holders(name: str) -> list[str]:
        path = IndexValue("User", "userName", name)
        return dry_run.ids(TENANT, path, Direction.UP, None, 1).ids

    (kim,) = holders("kim")
    bo = service.user("bo")
    assert holders("bo") == [bo]
    service.modify("User", kim, {"op": "replace", "path": "userName", "value": "ann"})
    assert (holders("kim"), holders("ann")) == ([], [kim])
    service.modify("User", bo, {"op": "replace", "path": "userName", "value": "kim"})
    service.delete("User", kim)
    assert (holders("bo"), holders("kim"), holders("ann")) == ([], [bo], [])


def test_a_deletion_hides_no_resource_of_another_type_with_the_same_id() -> None:
    service, dry_run, _ = _dry_run()
    kim = service.user("kim-2")
    service.delete("User", kim)
    page = IdPage([("a", kim), ("b", "other")])
    dry_run.behind.ids = lambda *_: page  # type: ignore[method-assign]
    assert dry_run.ids("acme", IndexRange("Group", "displayName"), Direction.UP, None, 9) == page
    found = dry_run.ids("acme", IndexRange("User", "userName"), Direction.UP, None, 9)
    assert found.ids == ["other"]


def test_a_change_of_what_an_earlier_operation_changed_or_deleted_is_stale() -> None:
    service, dry_run, _ = _dry_run()
    bo = service.user("bo")
    before = dry_run.read(TENANT, Key("User", bo))
    assert before is not None
    deletion = Deletion(before, before.created, frozenset())
    service.modify("User", bo, {"op": "add", "path": "title", "value": "Dr"})
    with pytest.raises(Stale):
        dry_run.delete(TENANT, deletion)
    service.delete("User", bo)
    with pytest.raises(Stale):
        dry_run.delete(TENANT, deletion)


def test_a_group_knows_the_new_groups_that_it_is_in() -> None:
    service, dry_run, _ = _dry_run()
    team = service.group("team")
    staff = service.group("staff", team)
    record = dry_run.read(TENANT, Key("Group", team))
    assert record is not None
    assert record.links == {Link("Group", "members"): {staff}}


def test_a_number_is_not_used_up() -> None:
    _, dry_run, directory = _dry_run()
    assert {dry_run.next_number("acme", "User") for _ in range(3)} == {-1, -2, -3}
    assert directory.next_number("acme", "User") == 1


def test_a_change_is_reported_by_attribute() -> None:
    service, dry_run, _ = _dry_run()
    kim = service.search("User").resources[0]["id"]
    service.replace("User", str(kim), {"userName": "kim", "name": {"givenName": "Kim"}})
    told = change_json(service.endpoint("User"), dry_run.changes[0])
    assert told is not None
    assert told["diff"] == [
        {"path": "name", "after": {"givenName": "Kim"}},
        {"path": "title", "before": "Ms"},
    ]
