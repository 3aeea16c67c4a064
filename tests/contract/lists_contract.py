"""The rules of the port `Lists`, for every implementation.

A test module subclasses ListsContract and provides the fixture `directory`.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scim.resource.access_path import (
    WHOLE_INDEX,
    ChangedSince,
    Direction,
    IndexRange,
    IndexValue,
    KeyRange,
    Limit,
    RelationTargets,
    WalkMark,
    just_before,
)
from scim.resource.change import Creation
from scim.resource.record import Entry, Key
from scim.schema.loading import shipped_catalogue
from scim.service.ports import Directory
from tests.contract.samples import LATER, MUCH_LATER, content, deletion_of, group, leaving, user

T = "acme"
UP, DOWN = Direction.UP, Direction.DOWN
Read = Callable[[Direction, str | None, int], Any]


def walk(read: Read, direction: Direction, limit: int) -> list[str]:
    """Read a list to its end in pagees of that size, return the ids."""
    found: list[str] = []
    beyond: str | None = None
    while True:
        page = read(direction, beyond, limit)
        assert len(page.positions) <= limit
        found += [id_ for _, id_ in page.positions]
        if not page.has_more:
            return found
        beyond = page.positions[-1][0]


def named(name: str, value: str, *, is_unique: bool = False) -> Creation:
    """Return the creation of a user with one indexed value."""
    return replace(user(name), entries=frozenset({Entry("label", value, is_unique)}))


class ListsContract:
    """Subclass and provide the fixture `directory`, a directory without anything in it."""

    @pytest.fixture
    def directory(self) -> Directory:
        raise NotImplementedError

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_records_come_in_id_order_both_ways(self, directory: Directory, limit: int) -> None:
        made = [user(f"user{n}") for n in range(5)]
        for creation in made:
            directory.create(T, creation)
        gone = made.pop()
        directory.delete(T, deletion_of(directory.read_latest(T, [gone.key])[gone.key]))

        def read(direction: Direction, beyond: str | None, limit: int) -> Any:
            return directory.records(T, "User", direction, beyond, limit)

        ids = sorted(each.key.id for each in made)
        for direction, expected in ((UP, ids), (DOWN, ids[::-1])):
            found: list[str] = []
            beyond: str | None = None
            has_more = True
            while has_more:
                page = read(direction, beyond, limit)
                assert len(page.records) <= limit
                found += [record.key.id for record in page.records]
                beyond, has_more = (found[-1] if found else None), page.has_more
            assert found == expected

    @pytest.mark.parametrize("type_name", ["User", "Group"])
    def test_records_come_with_what_they_are_related_to(
        self, directory: Directory, type_name: str
    ) -> None:
        ann = user("ann")
        directory.create(T, ann)
        directory.create(T, group("crew", [ann.key]))
        whole = directory.records(T, type_name, UP, None, 10).records
        assert [bool(each.links or each.counts) for each in whole] == [True]
        related = shipped_catalogue().relation_names_of(type_name)
        assert directory.records(T, type_name, UP, None, 10, related).records == whole

    def test_records_go_on_beyond_one_that_is_gone(self, directory: Directory) -> None:
        made = sorted((user(f"user{n}") for n in range(3)), key=lambda each: each.key.id)
        for creation in made:
            directory.create(T, creation)
        middle = made[1].key
        directory.delete(T, deletion_of(directory.read_latest(T, [middle])[middle]))
        for direction, other in ((UP, made[2]), (DOWN, made[0])):
            (record,) = directory.records(T, "User", direction, middle.id, 10).records
            assert record.key == other.key

    def test_skipping_counts_the_living_only(self, directory: Directory) -> None:
        made = sorted((user(f"user{n}") for n in range(6)), key=lambda each: each.key.id)
        for creation in made:
            directory.create(T, creation)
        gone = made.pop(1).key
        directory.delete(T, deletion_of(directory.read_latest(T, [gone])[gone]))
        after, number = directory.skipped(T, "User", None, 3)
        (record, *_) = directory.records(T, "User", UP, after, 10).records
        assert (number, record.key) == (3, made[3].key)
        after, number = directory.skipped(T, "User", made[0].key.id, 2)
        (record, *_) = directory.records(T, "User", UP, after, 10).records
        assert (number, record.key) == (2, made[3].key)
        after, number = directory.skipped(T, "User", None, 50)
        assert (number, directory.records(T, "User", UP, after, 10).records) == (5, [])

    @pytest.mark.parametrize("is_unique", [True, False])
    @pytest.mark.parametrize("limit", [1, 2, 100])
    @pytest.mark.parametrize(
        ("key_range", "expected"),
        [
            (WHOLE_INDEX, ["", "a", "a\x00", "a\x01", "ab", "abc", "b", "ü", "\U0001f600"]),
            (KeyRange(prefix="a"), ["a", "a\x00", "a\x01", "ab", "abc"]),
            (KeyRange(prefix="ab"), ["ab", "abc"]),
            (KeyRange(prefix="x"), []),
            (KeyRange(("a", Limit.WITH), ("a", Limit.WITH)), ["a"]),
            (KeyRange(("", Limit.WITH), ("", Limit.WITH)), [""]),
            (KeyRange(("ab", Limit.WITH)), ["ab", "abc", "b", "ü", "\U0001f600"]),
            (KeyRange(("ab", Limit.WITHOUT)), ["abc", "b", "ü", "\U0001f600"]),
            (KeyRange(("aa", Limit.WITHOUT)), ["ab", "abc", "b", "ü", "\U0001f600"]),
            (KeyRange(("", Limit.WITHOUT), ("a", Limit.WITH)), ["a"]),
            (KeyRange(upper=("ab", Limit.WITH)), ["", "a", "a\x00", "a\x01", "ab"]),
            (KeyRange(upper=("ab", Limit.WITHOUT)), ["", "a", "a\x00", "a\x01"]),
            (KeyRange(upper=("", Limit.WITHOUT)), []),
            (KeyRange(("a", Limit.WITHOUT), ("b", Limit.WITHOUT)), ["a\x00", "a\x01", "ab", "abc"]),
            (KeyRange(("b", Limit.WITHOUT), ("a", Limit.WITHOUT)), []),
        ],
        ids=str,
    )
    @pytest.mark.sampled(5)
    def test_a_range_of_an_index_is_walked_in_the_order_of_the_values(
        self,
        directory: Directory,
        key_range: KeyRange,
        expected: list[str],
        limit: int,
        is_unique: bool,
    ) -> None:
        values = ["", "a", "a\x00", "a\x01", "ab", "abc", "b", "ü", "\U0001f600"]
        if is_unique:
            values = values[1:]
            expected = [value for value in expected if value]
        ids = {}
        for number, value in enumerate(reversed(values)):
            creation = named(f"user{number}", value, is_unique=is_unique)
            directory.create(T, creation)
            ids[value] = creation.key.id

        def read(direction: Direction, beyond: str | None, limit: int) -> Any:
            return directory.ids(
                T, IndexRange("User", "label", key_range), direction, beyond, limit
            )

        wanted = [ids[value] for value in expected]
        assert walk(read, UP, limit) == wanted
        assert walk(read, DOWN, limit) == wanted[::-1]

    def test_equal_values_are_in_the_order_of_the_ids(self, directory: Directory) -> None:
        made = [named(f"user{n}", "same") for n in range(5)]
        for creation in made:
            directory.create(T, creation)
        ids = sorted(each.key.id for each in made)

        def read(direction: Direction, beyond: str | None, limit: int) -> Any:
            return directory.ids(T, IndexRange("User", "label"), direction, beyond, limit)

        assert walk(read, UP, 2) == ids
        assert walk(read, DOWN, 2) == ids[::-1]

    @pytest.mark.parametrize("is_unique", [True, False])
    def test_resources_with_a_value_come_in_id_order_beyond_an_id(
        self, directory: Directory, is_unique: bool
    ) -> None:
        others = [named("other1", "aa"), named("other2", "b")]
        number = 1 if is_unique else 4
        made = [named(f"user{n}", "a", is_unique=is_unique) for n in range(number)]
        for creation in (*others, *made):
            directory.create(T, creation)
        ids = sorted(each.key.id for each in made)

        path = IndexValue("User", "label", "a")

        def holders(direction: Direction, beyond: str | None, limit: int = 10) -> list[str]:
            return directory.ids(T, path, direction, beyond, limit).ids

        assert holders(UP, None) == ids
        assert holders(DOWN, None) == ids[::-1]
        if not is_unique:
            assert holders(UP, ids[1]) == ids[2:]
            assert holders(DOWN, ids[1]) == [ids[0]]
            assert holders(UP, just_before(ids[1], UP)) == ids[1:]
            assert holders(DOWN, just_before(ids[1], DOWN)) == [ids[1], ids[0]]
            assert holders(UP, ids[0], 2) == ids[1:3]
            assert holders(UP, str(uuid.UUID(int=0))) == ids
            assert directory.ids(T, path, UP, None, 3).has_more
            assert not directory.ids(T, path, UP, None, 4).has_more

    def test_targets_are_of_one_type_and_alive(self, directory: Directory) -> None:
        people = [user(f"user{n}") for n in range(4)]
        nested = group("inner")
        for creation in (*people, nested):
            directory.create(T, creation)
        team = group("team", [*(each.key for each in people), nested.key])
        directory.create(T, team)
        dead = people.pop().key
        directory.delete(T, deletion_of(directory.read_latest(T, [dead])[dead]))
        ids = sorted(each.key.id for each in people)

        def targets(direction: Direction, beyond: str | None, limit: int = 10) -> list[str]:
            path = RelationTargets(team.key, "members", "User")
            return directory.ids(T, path, direction, beyond, limit).ids

        assert targets(UP, None) == ids
        assert targets(DOWN, None) == ids[::-1]
        assert targets(UP, ids[1]) == ids[2:]
        assert targets(DOWN, ids[1]) == [ids[0]]
        assert targets(UP, just_before(ids[1], UP)) == ids[1:]
        assert targets(DOWN, just_before(ids[1], DOWN)) == [ids[1], ids[0]]
        directory.update(T, leaving(directory.read_latest(T, [team.key])[team.key], people[0].key))
        assert people[0].key.id not in targets(UP, None)
        nothing = RelationTargets(nested.key, "members", "User")
        assert directory.ids(T, nothing, UP, None, 5).ids == []

    @pytest.mark.parametrize("id_", ["", "Sales Team", "Märkte", "a#b", "a/b", "x" * 300])
    @pytest.mark.parametrize("direction", [UP, DOWN])
    def test_an_id_that_no_resource_can_have_has_no_targets(
        self, directory: Directory, direction: Direction, id_: str
    ) -> None:
        key = Key("Group", id_)
        path = RelationTargets(key, "members", "User")
        assert directory.ids(T, path, direction, None, 5).ids == []
        assert list(directory.edges(T, key, "members", direction, None, 5).edges) == []

    def test_changes_are_found_by_their_hour(self, directory: Directory) -> None:
        first, second, third = (user(f"user{n}") for n in range(3))
        for creation in (first, second, third):
            directory.create(T, creation)
        record = directory.read_latest(T, [third.key])[third.key]
        directory.update(T, content(record, {"userName": "user2", "n": 1}, MUCH_LATER))

        def read(since: str, until: str | None, direction: Direction, limit: int = 2) -> list[str]:
            return walk(
                lambda direction, beyond, limit: directory.ids(
                    T, ChangedSince("User", since, until), direction, beyond, limit
                ),
                direction,
                limit,
            )

        early = sorted([first.key.id, second.key.id])
        assert read(LATER[:13], None, UP) == [*early, third.key.id]
        assert read(LATER[:13], None, DOWN, 1) == [third.key.id, *early[::-1]]
        assert read(MUCH_LATER[:13], None, UP) == [third.key.id]
        assert read(LATER[:13], LATER[:13], UP) == early
        assert read("2027-01-01T00", None, UP) == []

    def test_marks_are_found_at_the_nearest_index(self, directory: Directory) -> None:
        walked, other = "a" * 32, "b" * 32
        for index in (3, 101, 1001):
            _mark(directory, walked, index, "x")
        assert directory.page_markers(T, walked, 101) == [(101, _marked(101, 1))]
        assert directory.page_markers(T, walked, 999) == [(101, _marked(101, 1))]
        assert directory.page_markers(T, walked, 2) == []
        assert directory.page_markers(T, other, 5000) == []
        assert directory.page_markers("other", walked, 101) == []

    @pytest.mark.parametrize("number", [1, 2, 9, 30])
    def test_all_marks_at_an_index_are_found(self, directory: Directory, number: int) -> None:
        _mark(directory, "w", 3, "x")
        for name in range(number):
            _mark(directory, "w", 5, f"{name:02d}")
        for index in (5, 7):
            assert list(directory.page_markers(T, "w", index)) == [(5, _marked(5, 1))] * number

    def test_a_mark_of_the_same_name_gives_way_and_is_counted(self, directory: Directory) -> None:
        _mark(directory, "w", 5, "x")
        _mark(directory, "w", 5, "x", total=9)
        assert directory.page_markers(T, "w", 5) == [(5, {**_marked(5, 2), "total": 9})]

    @pytest.mark.parametrize(("times", "left"), [(1, [9]), (2, [5])])
    def test_the_end_of_a_walk_takes_its_first_mark_away_if_it_was_left_once(
        self, directory: Directory, times: int, left: list[int]
    ) -> None:
        for _ in range(times):
            _mark(directory, "w", 5, "x")
        content = {"position": ("User id", "id9"), "total": 9}
        directory.mark_last(T, WalkMark("w", 9, "y", content, END), (5, "x", 1))
        assert directory.page_markers(T, "w", 9) == [(9, _marked(9, 1))]
        assert [at for at, _ in directory.page_markers(T, "w", 8)] == ([] if left == [9] else left)

    def test_the_secret_of_a_tenant_stays_and_is_its_own(self, directory: Directory) -> None:
        key = directory.sealing_key(T)
        assert len(key) == 64
        assert directory.sealing_key(T) == key
        assert directory.sealing_key("other") != key

    def test_another_tenant_finds_nothing_in_order(self, directory: Directory) -> None:
        creation = named("anna", "a")
        directory.create(T, creation)
        directory.create(T, group("team", [creation.key]))
        assert directory.records("other", "User", UP, None, 5).records == []
        paths = [
            IndexRange("User", "label"),
            IndexValue("User", "label", "a"),
            ChangedSince("User", "2000"),
            RelationTargets(Key("Group", creation.key.id), "members", "User"),
        ]
        assert [directory.ids("other", path, UP, None, 5).ids for path in paths] == [[]] * 4


END = 4_000_000_000


def _mark(directory: Directory, walk: str, index: int, name: str, **more: int) -> None:
    content = {"position": ("User id", f"id{index}"), "total": index, **more}
    directory.mark(T, WalkMark(walk, index, name, content, END))


def _marked(index: int, times: int) -> dict[str, object]:
    position = ["User id", f"id{index}"]
    return {"position": position, "total": index, "end": END, "times": times}
