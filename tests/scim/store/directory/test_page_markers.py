"""Page markers may be lost or written twice; the secret of the cursors is created once."""

from typing import TYPE_CHECKING

import pytest

from scim.resource.access_path import WalkMark
from scim.store.directory import page_markers
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, packed
from scim.store.dynamodb.write import Write
from scim.store.keys.lists import mark_key, seal_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T, WALK, OTHER = "acme", "a" * 32, "b" * 32
END = 1_900_000_000


@pytest.fixture(name="table")
def _table(client: "DynamoDBClient", table_name: str) -> Table:
    return Table(client, table_name, Meter(), Retry(times=1))


def _mark(table: Table, walk: str, index: int, total: int = 9) -> None:
    content = {"position": ("User id", f"ü{index}"), "total": total}
    page_markers.mark(table, T, WalkMark(walk, index, "m", content, END))


def _content(index: int, total: int = 9, times: int = 1) -> dict[str, object]:
    return {"position": ["User id", f"ü{index}"], "total": total, "end": END, "times": times}


def test_a_page_marker_is_read_back(table: Table) -> None:
    _mark(table, WALK, 101)
    assert page_markers.page_markers(table, T, WALK, 101) == [(101, _content(101))]
    assert page_markers.page_markers(table, T, OTHER, 101) == []
    assert page_markers.page_markers(table, "globex", WALK, 101) == []


def test_a_mark_without_a_name_counts_as_left_once(table: Table) -> None:
    named = mark_key(T, WALK, 101, "")
    item: Item = {"k": "page", "s": 1, "ttl": END}
    table.put(named._replace(sk=named.sk.rstrip("#")), {**item, "z": packed({"total": 9})})
    found = page_markers.page_markers(table, T, WALK, 101)
    assert found == [(101, {"total": 9, "end": END, "times": 1})]


def test_the_same_mark_is_counted(table: Table) -> None:
    _mark(table, WALK, 101, total=200)
    _mark(table, WALK, 101, total=300)
    found = page_markers.page_markers(table, T, WALK, 101)
    assert found == [(101, _content(101, total=300, times=2))]


def test_each_step_of_a_walk_is_one_request(client: "DynamoDBClient", table_name: str) -> None:
    meter = Meter()
    table = Table(client, table_name, meter, Retry(times=1))
    content = {"position": ("User id", "z"), "total": 3}
    page_markers.mark(table, T, WalkMark(WALK, 101, "m", content, END))
    page_markers.page_markers(table, T, WALK, 101)
    page_markers.mark_last(table, T, WalkMark(WALK, 201, "m", content, END), (101, "m", 1))
    assert meter.reading().round_trips == 3


@pytest.mark.parametrize(
    ("index", "expected"), [(2, None), (3, 3), (100, 3), (101, 101), (10**11, 1001)]
)
def test_the_nearest_mark_is_the_last_one_up_to_an_index(
    table: Table, index: int, expected: int | None
) -> None:
    for walk in (WALK, OTHER):
        for at in (3, 101, 1001):
            _mark(table, walk, at)
    found = page_markers.page_markers(table, T, WALK, index)
    assert found == ([] if expected is None else [(expected, _content(expected))])


def test_marks_and_the_secret_do_not_meet(table: Table) -> None:
    secret = page_markers.sealing_key(table, T)
    assert page_markers.page_markers(table, T, WALK, 10**11) == []
    _mark(table, WALK, 3)
    assert page_markers.sealing_key(table, T) == secret


def test_the_secret_stays_and_is_the_tenants_own(table: Table) -> None:
    first = page_markers.sealing_key(table, T)
    assert len(first) == page_markers.SECRET_BYTES == 64
    assert page_markers.sealing_key(table, T) == first
    assert page_markers.sealing_key(table, "globex") != first


def test_two_processes_that_create_the_secret_at_once_agree(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = table.write

    def late(writes: list[Write]) -> None:
        # Somebody else comes first.
        monkeypatch.setattr(table, "write", write)
        made.append(page_markers.sealing_key(table, T))
        write(writes)

    made: list[bytes] = []
    monkeypatch.setattr(table, "write", late)
    assert page_markers.sealing_key(table, T) == made[0]


def test_a_mark_is_forgotten_by_itself_and_the_secret_is_not(table: Table) -> None:
    _mark(table, WALK, 3)
    page_markers.sealing_key(table, T)
    mark, seal = table.item(mark_key(T, WALK, 3, "m")), table.item(seal_key(T))
    assert mark is not None
    assert seal is not None
    assert (mark["k"], mark["ttl"]) == ("page", END)
    assert (seal["k"], "ttl" in seal) == ("seal", False)
