"""Resources as rows of a CSV file."""

from itertools import chain, repeat

import pytest

from scim.errors import InvalidSyntax, InvalidValue, PayloadTooLarge
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.columns import Columns
from scim.service.transfer.csv_format import CsvReader
from scim.service.transfer.operations import Resources

MAPPING = {
    "resourceType": "User",
    "columns": {
        "kind": "meta.resourceType",
        "key": "id",
        "login": "userName",
        "label": "displayName",
        "in": "members",
    },
}


def reader(**more: object) -> CsvReader:
    return CsvReader(Resources(shipped_catalogue()), Columns.of_json({**MAPPING, **more}))


def read(content: bytes, given: CsvReader | None = None) -> list[BulkOperation]:
    used = given or reader()
    found = list(used.entries(iter([content])))
    return [used.operation(each.content, n, each.line) for n, each in enumerate(found)]


def test_rows_are_resources() -> None:
    text = (
        "\ufeffkey,login,label,kind,in,other\r\n"
        'a,ann,"Ann ""A"", née\nM",,,x\r\n'
        "\r\ng,,staff,group,a;b,\r\ng,,,Group,c,\r\n"
    )
    user, made, more = read(text.encode())
    assert (user.method, user.bulk_id, user.line) == (Method.POST, "a", 2)
    assert user.data == {"userName": "ann", "displayName": 'Ann "A", née\nM'}
    assert made.data == {"displayName": "staff", "members": [{"value": "a"}, {"value": "b"}]}
    assert (made.segment, made.line) == ("Groups", 5)
    assert (more.method, more.id, more.line) == (Method.PATCH, "g", 6)


def test_another_delimiter_is_said() -> None:
    (user,) = read(b"login;label\nann;Ann, A\n", reader(delimiter=";"))
    assert user.data == {"userName": "ann", "displayName": "Ann, A"}


def test_a_row_can_be_read_by_itself_once_the_columns_are_known() -> None:
    used = reader()
    (entry,) = used.entries(iter([b"login\nann\n"]))
    other = reader()
    other.opening = used.opening
    assert other.operation(entry.content, 0, 2) == used.operation(entry.content, 0, 2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"a", "The row has 1 cells; the first row names 2 columns."),
        (b"a,b,c", "The row has 3 cells"),
        (b'"a"b,c', "no row"),
        (b'"a,b', "no row"),
        (b"\xff,b", "UTF-8"),
    ],
)
def test_a_row_that_does_not_fit_has_a_fault(row: bytes, said: str) -> None:
    (operation,) = read(b"login,label\n" + row + b"\n")
    assert str(operation.fault).startswith("Line 2: ")
    assert said in str(operation.fault)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", InvalidSyntax, "empty"),
        (b"login,login\n", InvalidValue, "same name"),
        (b"a,b\n", InvalidValue, "no column"),
        (b"\xff\n", InvalidSyntax, "UTF-8"),
    ],
)
def test_a_first_row_that_names_nothing_is_refused(
    content: bytes, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(content)


def test_a_quote_that_is_never_closed_does_not_fill_the_memory() -> None:
    endless = chain([b"login\n", b'"'], repeat(b"x" * 9_999 + b"\n", 1_000))
    with pytest.raises(PayloadTooLarge, match="Line 2"):
        list(reader().entries(endless))
