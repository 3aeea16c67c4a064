"""A file read once: the windows hold every operation, in an order in which each finds what it needs."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.transfer import survey
from scim.service.transfer.formats.bulk_format import BulkReader
from scim.service.transfer.formats.ndjson_format import NdjsonReader
from scim.service.transfer.operations import Resources
from scim.service.transfer.survey import NOWHERE, Row, Survey, surveyed
from tests.fakes.operations import group, managed, user

MIXED = [
    group("staff", "ann", "bob", "nobody"),
    user("ann"),
    user("bob"),
    managed("chief", "deputy"),
    managed("deputy", "chief"),
    user("twin"),
    user("twin"),
    {"method": "FETCH"},
]


def body(operations: Sequence[Any], **members: Any) -> bytes:
    return json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": operations, **members}).encode()


def read(content: bytes, most: int = 100) -> tuple[Survey, list[list[Row]]]:
    windows: dict[int, bytes] = {}
    found = surveyed(
        BulkReader(Profile(), shipped_catalogue()), iter([content]), most, windows.__setitem__
    )
    rows = [Row.of_lines(windows[n]) for n in range(found.windows)]
    return found, rows


def test_rows_say_where_operations_are_and_what_they_need() -> None:
    content = body(MIXED, failOnErrors=2)
    found, (rows,) = read(content)
    assert (found.operations, found.windows, found.fail_on_errors) == (8, 1, 2)
    assert [(row.position, row.is_link) for row in rows] == [
        (1, False), (2, False), (0, False), (4, False), (3, False), (4, True),
        (5, False), (6, False), (7, False),
    ]  # fmt: skip
    by_position = {row.position: row for row in rows if not row.is_link}
    for position, row in by_position.items():
        assert json.loads(content[row.start : row.start + row.length]) == MIXED[position]
    assert by_position[0].needs == [1, 2, NOWHERE]
    assert (by_position[4].needs, by_position[4].deferred) == ([3], [3])
    assert [position for position, row in by_position.items() if row.is_namesake] == [5, 6]


def test_a_long_file_has_several_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "WINDOW_TURNS", 4)
    found, windows = read(body(MIXED))
    assert [len(rows) for rows in windows] == [4, 4, 1]
    assert found.windows == 3
    monkeypatch.setattr(survey, "WINDOW_BYTES", 1)
    assert read(body(MIXED))[0].windows == 9


def test_a_file_may_have_as_many_operations_as_the_limit() -> None:
    assert read(body([user("a"), user("b")]), most=2)[0].operations == 2
    with pytest.raises(PayloadTooLarge, match="maxOperations"):
        read(body([user("a"), user("b"), user("c")]), most=2)


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidSyntax, match="gzip"):
        read(b"\x1f\x8b\x08" + body([user("a")]))


def test_a_file_without_operations_is_refused() -> None:
    with pytest.raises(InvalidSyntax, match="no operations"):
        read(body([]))


def lines_of_groups() -> bytes:
    def line(id_: str, *members: str, **more: str) -> str:
        values = [{"value": each} for each in members]
        return json.dumps({"id": id_, "meta": {"resourceType": "Group"}, **more, "members": values})

    lines = [line("a", "x", displayName="a"), line("a", "b"), line("b", "a", displayName="b")]
    return "\n".join([*lines, line("a", "y", "z")]).encode()


@pytest.mark.parametrize(
    ("is_update", "most", "joined"), [(True, 4, 2), (True, 3, 0), (False, 4, 0)]
)
def test_an_update_takes_over_what_later_lines_add(is_update: bool, most: int, joined: int) -> None:
    windows: dict[int, bytes] = {}
    reader = NdjsonReader(Resources(shipped_catalogue()))
    surveyed(
        reader,
        iter([lines_of_groups()]),
        100,
        windows.__setitem__,
        is_update=is_update,
        most_values=most,
    )
    rows = Row.of_lines(windows[0])
    (made,) = (row for row in rows if row.position == 0 and not row.is_link)
    assert len(made.more) == joined
    assert {row.position for row in rows if row.is_joined} == ({1, 3} if joined else set())
    # Each group contains the other: the one made first is linked when the other is there.
    assert [row.position for row in rows if row.is_link] == ([2] if joined else [])
    content = lines_of_groups()
    for start, length, needs in made.more:
        assert json.loads(content[start : start + length])["id"] == "a"
        assert 0 in needs


@pytest.mark.parametrize(("most", "joined"), [(4, 2), (3, 0)])
def test_values_that_are_no_names_of_the_file_are_counted_too(most: int, joined: int) -> None:
    values = [{"value": each} for each in "wxyz"]
    patches = [
        {
            "method": "PATCH",
            "path": "/Groups/bulkId:a",
            "data": {"Operations": [{"op": "add", "path": "members", "value": some}]},
        }
        for some in (values[1:2], values[2:])
    ]
    create = group("a")
    create["data"]["members"] = values[:1]
    windows: dict[int, bytes] = {}
    surveyed(
        BulkReader(Profile(), shipped_catalogue()),
        iter([body([*patches, create])]),
        100,
        windows.__setitem__,
        is_update=True,
        most_values=most,
    )
    made = next(row for row in Row.of_lines(windows[0]) if row.position == 2)
    assert len(made.more) == joined


def test_of_several_that_make_one_name_none_takes_over_what_is_added_to_it() -> None:
    # Each of them would take over each addition: a file of a million lines would never be read.
    addition = {"op": "add", "path": "members", "value": [{"value": "x"}]}
    patch = {"method": "PATCH", "path": "/Groups/bulkId:a", "data": {"Operations": [addition]}}
    makers = [group("a"), group("a")]
    makers[1]["data"]["displayName"] = "another"
    windows: dict[int, bytes] = {}
    surveyed(
        BulkReader(Profile(), shipped_catalogue()),
        iter([body([*makers, patch, patch])]),
        100,
        windows.__setitem__,
        is_update=True,
        most_values=100,
    )
    rows = Row.of_lines(windows[0])
    assert {row.position for row in rows if row.is_namesake} == {0, 1}
    assert [row for row in rows if row.more or row.is_joined] == []
