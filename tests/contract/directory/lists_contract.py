"""The part of the contract of `Directory` about lists."""

from dataclasses import replace

from scim.resource.access_path import Direction
from scim.resource.record import Key
from scim.service.ports import Directory
from tests.contract.directory.steps import T, all_ids, fresh, ids, stored, users
from tests.contract.samples import deletion_of, group, id_, user


class ListsContract:
    """Pages of a type, and its count."""

    def test_pages_are_in_id_order_and_complete(self, directory: Directory) -> None:
        keys = users(directory, 7)
        for limit in (1, 3, 7, 100):
            assert all_ids(directory, "User", limit) == ids(keys)

    def test_a_page_holds_whole_records(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        page = directory.records(T, "User", Direction.UP, None, 10)
        assert (page.records, page.has_more) == ([ann], False)

    def test_a_full_page_at_the_end_is_the_last(self, directory: Directory) -> None:
        users(directory, 2)
        assert directory.records(T, "User", Direction.UP, None, 2).has_more is False

    def test_a_page_can_begin_behind_an_id_that_is_gone(self, directory: Directory) -> None:
        keys = sorted(users(directory, 4))
        directory.delete(T, deletion_of(fresh(directory, keys[1])))
        page = directory.records(T, "User", Direction.UP, keys[1].id, 10)
        assert [record.key for record in page.records] == keys[2:]

    def test_pages_skip_deleted_resources(self, directory: Directory) -> None:
        keys = sorted(users(directory, 6))
        for key in keys[1:4]:
            directory.delete(T, deletion_of(fresh(directory, key)))
        page = directory.records(T, "User", Direction.UP, None, 2)
        assert [record.key for record in page.records] == [keys[0], keys[4]]
        assert all_ids(directory, "User", 2) == ids([keys[0], *keys[4:]])

    def test_a_type_without_records_is_one_empty_page(self, directory: Directory) -> None:
        page = directory.records(T, "Device", Direction.UP, None, 10)
        assert ([*page.records], page.has_more) == ([], False)

    def test_counts_are_exact_by_type(self, directory: Directory) -> None:
        keys = users(directory, 4)
        directory.create(T, group("staff"))
        directory.create(T, replace(user("x"), key=Key("User2", id_())))
        directory.delete(T, deletion_of(fresh(directory, keys[0])))
        assert directory.count(T, "User") == 3
        assert directory.count(T, "User2") == 1
        assert directory.count(T, "Group") == 1
        assert directory.count(T, "Device") == 0
