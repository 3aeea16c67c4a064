"""Ranges of lists on a real table: what they cost, and where they end."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from scim.resource.access_path import (
    WHOLE_INDEX,
    ChangedSince,
    Direction,
    IndexRange,
    IndexValue,
    KeyRange,
    Limit,
    RecordPage,
    RelationTargets,
)
from scim.resource.change import Creation
from scim.resource.record import Entry, Key
from scim.store.directory import ranges
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.keys.directory import LAST
from tests.contract.samples import MUCH_LATER, content, deletion_of, group, user
from tests.scim.store.faults import Passing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = "acme"
UP, DOWN = Direction.UP, Direction.DOWN
LABELS = IndexRange("User", "label")
MEMBERS = RelationTargets(Key("Group", "g"), "m", "User")


@pytest.fixture(name="directory")
def _directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


@pytest.fixture(name="table")
def _table(client: "DynamoDBClient", table_name: str) -> Table:
    return Table(client, table_name, Meter(), Retry(times=1))


def _user(name: str, label: str = "", **more: object) -> Creation:
    creation = user(name, **more)
    label_entries = {Entry("label", label, is_unique=False)} if label else set()
    entries = frozenset({*creation.entries, *label_entries})
    return replace(creation, key=Key("User", name), entries=entries)


def _filled(directory: DynamoDirectory, names: str, gone: str = "") -> None:
    for name in names:
        directory.create(T, _user(name))
    for name in gone:
        key = Key("User", name)
        directory.delete(T, deletion_of(directory.read_latest(T, [key])[key]))


def _names(found: RecordPage) -> str:
    return "".join(record.key.id for record in found.records)


@pytest.mark.parametrize(
    ("direction", "beyond", "limit", "names", "has_more"),
    [
        (UP, None, 2, "be", True),
        (UP, None, 3, "bef", True),
        (UP, None, 4, "befh", False),
        (UP, "b", 2, "ef", True),
        (UP, "c", 9, "efh", False),
        (UP, "h", 9, "", False),
        (UP, LAST, 9, "", False),
        (DOWN, None, 2, "hf", True),
        (DOWN, "e", 1, "b", False),
        (DOWN, "b", 5, "", False),
    ],
)
@pytest.mark.sampled(3)
def test_deleted_resources_take_no_place_in_a_page(
    directory: DynamoDirectory,
    table: Table,
    direction: Direction,
    beyond: str | None,
    limit: int,
    names: str,
    has_more: bool,
) -> None:
    _filled(directory, "abcdefgh", gone="acdg")
    found = ranges.records(table, T, "User", direction, beyond, limit)
    assert _names(found) == names
    # Who ended may be all there is left: then there seems to be more until one looks.
    rest = ranges.records(
        table, T, "User", direction, found.records[-1].key.id if names else beyond, 9
    )
    assert bool(rest.records) is has_more
    assert found.has_more or not has_more


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_a_page_of_large_records_ends_early(
    directory: DynamoDirectory, table: Table, monkeypatch: pytest.MonkeyPatch, direction: Direction
) -> None:
    for name in "abcdefg":
        directory.create(T, _user(name, nickName="x" * 1000))
    monkeypatch.setattr(ranges, "HEAVY", 2500)
    names, beyond, has_more = "", None, True
    while has_more:
        found = ranges.records(table, T, "User", direction, beyond, 100)
        assert len(found.records) <= 3
        names += _names(found)
        beyond, has_more = names[-1], found.has_more
    assert names == ("abcdefg" if direction is UP else "gfedcba")


def test_a_list_continues_beyond_one_answer_of_dynamodb(
    directory: DynamoDirectory, table: Table
) -> None:
    # Three of these fit into the 1 MB of an answer; the fourth does not.
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(110_000))
    for name in "abcde":
        directory.create(T, _user(name, nickName=noise))
    found = ranges.records(table, T, "User", UP, None, 100)
    assert (_names(found), found.has_more) == ("abcde", False)


@pytest.mark.parametrize(
    ("after", "number", "expected"),
    [(None, 0, (None, 0)), (None, 2, ("c", 2)), ("b", 2, ("d", 2)), ("c", 9, (LAST, 2))],
)
def test_skipping_leaves_out_the_ended_and_says_where_it_got(
    directory: DynamoDirectory,
    table: Table,
    after: str | None,
    number: int,
    expected: tuple[str | None, int],
) -> None:
    _filled(directory, "abcde", gone="b")
    assert ranges.skipped(table, T, "User", after, number) == expected


class Strict(Passing):
    """Refuses limits that DynamoDB's own type of a limit does not hold."""

    def query(self, **request: Any) -> Any:
        assert request.get("Limit", 1) < 2**31
        return self._client.query(**request)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**20])
def test_no_number_that_a_client_names_is_too_large(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory, number: int
) -> None:
    _filled(directory, "ab")
    strict = cast("DynamoDBClient", Strict(client))
    table = Table(strict, table_name, Meter(), Retry(times=1))
    assert ranges.skipped(table, T, "User", None, number) == (LAST, 2)
    assert len(table.rows("T#acme#User", limit=number).items) == 2


@pytest.mark.parametrize(
    ("key_range", "ids"),
    [
        (WHOLE_INDEX, "abcd"),
        (KeyRange(prefix="x"), "ab"),
        (KeyRange(upper=("y", Limit.WITH)), "abc"),
        (KeyRange(upper=("y", Limit.WITHOUT)), "ab"),
        (KeyRange(("x", Limit.WITHOUT), ("y", Limit.WITHOUT)), "b"),
    ],
    ids=str,
)
def test_entries_are_read_within_a_range_both_ways(
    directory: DynamoDirectory, table: Table, key_range: KeyRange, ids: str
) -> None:
    for name, label in zip("abcd", ("x", "xx", "y", "yy"), strict=True):
        directory.create(T, _user(name, label))

    def walked(direction: Direction) -> str:
        found, beyond, has_more = "", None, True
        while has_more:
            path = IndexRange("User", "label", key_range)
            some = ranges.ids(table, T, path, direction, beyond, 1)
            found += "".join(some.ids)
            beyond, has_more = (some.positions[-1][0] if some.ids else beyond), some.has_more
        return found

    assert (walked(UP), walked(DOWN)) == (ids, ids[::-1])


def test_a_source_that_is_ending_has_no_targets(
    client: "DynamoDBClient", table_name: str, table: Table
) -> None:
    directory = DynamoDirectory(client, table_name, width=2)
    for name in "abc":
        directory.create(T, _user(name))
    staff = replace(group("staff", [Key("User", name) for name in "abc"]), key=Key("Group", "s"))
    directory.create(T, staff)
    path = RelationTargets(staff.key, "members", "User")

    def ids(direction: Direction, beyond: str | None, limit: int) -> str:
        return "".join(ranges.ids(table, T, path, direction, beyond, limit).ids)

    assert (ids(UP, None, 9), ids(DOWN, "b", 9), ids(UP, "a", 1)) == ("abc", "a", "b")
    directory.delete(T, deletion_of(directory.read_latest(T, [staff.key])[staff.key]))
    assert ids(UP, None, 9) == ""


def test_changes_are_read_by_the_hour_and_then_by_id(
    directory: DynamoDirectory, table: Table
) -> None:
    _filled(directory, "cab")
    key = Key("User", "a")
    directory.update(
        T, content(directory.read_latest(T, [key])[key], {"userName": "a"}, MUCH_LATER)
    )

    def ids(direction: Direction, since: str, until: str | None = None) -> str:
        path = ChangedSince("User", since, until)
        return "".join(ranges.ids(table, T, path, direction, None, 9).ids)

    assert ids(DOWN, "2000-01-01T00") == ids(UP, "2000-01-01T00")[::-1]
    assert ids(UP, MUCH_LATER[:13]) == ids(UP, MUCH_LATER[:13], MUCH_LATER[:13]) == "a"
    assert ids(UP, "2000-01-01T00", MUCH_LATER[:13]) == "bca"
    assert ids(UP, "2999-01-01T00") == ""


@pytest.mark.parametrize(
    ("read", "trips"),
    [
        (lambda table: ranges.records(table, T, "User", UP, None, 3), 1),
        (lambda table: ranges.records(table, T, "User", UP, "b", 2), 1),
        (lambda table: ranges.ids(table, T, LABELS, UP, None, 3), 1),
        (lambda table: ranges.ids(table, T, IndexValue("User", "label", "x"), UP, "b", 3), 1),
        (lambda table: ranges.ids(table, T, ChangedSince("User", "2000"), UP, None, 3), 1),
        (lambda table: ranges.ids(table, T, MEMBERS, UP, None, 3), 2),
    ],
    ids=["records", "records beyond", "entries", "holders", "changed", "targets"],
)
def test_a_page_is_one_question(
    directory: DynamoDirectory, table: Table, read: Callable[[Table], object], trips: int
) -> None:
    for name in "abcd":
        directory.create(T, _user(name, "x"))
    meter = table._meter
    meter.reset()
    read(table)
    assert meter.reading().round_trips == trips
