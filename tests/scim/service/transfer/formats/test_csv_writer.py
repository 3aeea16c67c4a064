"""A directory as rows of a CSV file."""

import pytest

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.formats.csv_format import CsvReader, CsvWriter
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

GROUP = shipped_catalogue().resource_type("Group")
COLUMNS = {"key": "id", "label": "displayName", "in": "members"}


@pytest.mark.parametrize(
    ("columns", "delimiter", "expected"),
    [
        (COLUMNS, ",", 'key,label,in\r\ng1,"a, ""b""",u1;u2\r\ng1,,u3\r\n'),
        (COLUMNS, ";", 'key;label;in\r\ng1;"a, ""b""";"u1;u2"\r\ng1;;u3\r\n'),
        ({"label": "displayName"}, ",", 'label\r\n"a, ""b"""\r\n'),
    ],
    ids=["all columns", "another delimiter", "no column for the relation"],
)
def test_a_resource_is_a_row(columns: dict[str, str], delimiter: str, expected: str) -> None:
    assert GROUP is not None
    writer = CsvWriter(Columns.of_json({"columns": columns, "delimiter": delimiter}))
    members = [{"value": "u1"}, {"value": "u2"}]
    first = writer.first(GROUP, "g1", {"displayName": 'a, "b"', "members": members}, set())
    more = writer.more(GROUP, "g1", "members", [{"value": "u3"}], frozenset())
    whole = writer.beginning() + first + writer.between + more + writer.end()
    assert whole.decode() == expected


@pytest.mark.parametrize(
    "text",
    [
        '="00123"',
        "'+1 555'",
        "X'4142'",
        ' ="1" ',
        "'=a\nb'",
        "'=1",
        "'007",
        "'",
        "''=1'",
        "\\N",
        "=1+1",
        "'a'",
    ],
)
def test_a_cell_that_stands_for_another_comes_back_as_it_was(text: str) -> None:
    assert read_back(text) == text


@pytest.mark.timeout(10)
@pytest.mark.parametrize("sign", ["=", "1"])
def test_a_cell_of_spaces_behind_an_apostrophe_is_read_in_linear_time(sign: str) -> None:
    text = f"'{sign}{' ' * 500_000}x"
    assert read_back(text) == text


def read_back(text: str) -> object:
    """Return the name that is read from a row written for a group of that name."""
    assert GROUP is not None
    columns = Columns.of_json({"resourceType": "Group", "columns": COLUMNS})
    writer = CsvWriter(columns)
    content = writer.beginning() + writer.first(GROUP, "g1", {"displayName": text}, set())
    reader = CsvReader(Resources(shipped_catalogue()), columns)
    (entry,) = reader.entries(iter([content]))
    return reader.operation(entry.content, 0, entry.line).data["displayName"]
