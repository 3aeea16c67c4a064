"""Several values in one cell, and resources that come back from a CSV file as they were."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.formats.csv_format import CsvReader, CsvWriter
from scim.service.transfer.lists import joined_list, split_list
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

TEXT = st.text(alphabet='ab"; ,\r\n\té\\', max_size=8)
VISIBLE = TEXT.filter(str.strip)
EMAIL = st.fixed_dictionaries(
    {"value": VISIBLE},
    optional={
        "type": st.sampled_from(["work", "home"]),
        "display": VISIBLE,
        "primary": st.booleans(),
    },
)
PERSON = st.fixed_dictionaries(
    {"userName": VISIBLE},
    optional={
        "displayName": VISIBLE,
        "active": st.booleans(),
        "emails": st.lists(EMAIL, min_size=1, max_size=4),
    },
)
COLUMNS = {
    "login": "userName",
    "label": "displayName",
    "on": {"path": "active", "true": ["Active"], "false": ["Gone"]},
    "mail": "emails.value",
    "kind": "emails.type",
    "said": "emails.display",
    "first": "emails.primary",
}


@settings(max_examples=150, deadline=None)
@given(values=st.lists(TEXT, min_size=1, max_size=5), separator=st.sampled_from([";", " ", ", "]))
def test_values_in_one_cell_keep_what_they_are_and_where(values: list[str], separator: str) -> None:
    text = joined_list(values, separator)
    assert split_list(text, separator) == values or not any(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("work;;home", ["work", "", "home"]),
        (" a ; b", ["a", "b"]),
        ('"Bob" Smith;b', ['"Bob" Smith', "b"]),
        ('"a;b" ; c', ["a;b", "c"]),
        ('3/4";b', ['3/4"', "b"]),
        ('"open;b', ['"open', "b"]),
    ],
)
def test_cells_of_people_are_read(text: str, expected: list[str]) -> None:
    assert split_list(text, ";") == expected


@settings(max_examples=150, deadline=None)
@given(people=st.lists(PERSON, min_size=1, max_size=3), delimiter=st.sampled_from(["", ";", "\t"]))
def test_exported_lists_can_be_imported(people: list[dict[str, Any]], delimiter: str) -> None:
    columns = Columns.of_json(
        {"resourceType": "User", "columns": COLUMNS, "delimiter": delimiter, "encoding": "latin-1"}
    )
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    writer = CsvWriter(columns)
    content = writer.beginning() + b"".join(
        writer.first(user, str(n), each, frozenset()) for n, each in enumerate(people)
    )
    reader = CsvReader(Resources(shipped_catalogue()), columns)
    found = [reader.operation(e.content, 0, e.line) for e in reader.entries(iter([content]))]
    assert [
        {name: value for name, value in each.data.items() if name != "schemas"} for each in found
    ] == people
