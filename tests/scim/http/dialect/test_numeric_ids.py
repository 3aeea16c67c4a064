"""Ids that are sent as numbers are read as text, and no other number is."""

import pytest

from scim.http.dialect.numeric_ids import with_ids_in_digits


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"id": 1, "size": 2}, {"id": "1", "size": 2}),
        ({"members": [{"value": 3, "rank": 4}]}, {"members": [{"value": "3", "rank": 4}]}),
        ({"manager": {"Value": 5}}, {"manager": {"Value": "5"}}),
        ({"id": True, "value": None}, {"id": True, "value": None}),
        (
            {"Operations": [{"op": "add", "path": "size", "value": 9}]},
            {"Operations": [{"op": "add", "path": "size", "value": 9}]},
        ),
        (
            {"operations": [{"op": "add", "value": {"id": 1, "members": [{"value": 2}]}}, 3]},
            {"operations": [{"op": "add", "value": {"id": "1", "members": [{"value": "2"}]}}, 3]},
        ),
        ({"operations": "none"}, {"operations": "none"}),
    ],
)
def test_ids_are_read_as_text(sent: dict[str, object], read: dict[str, object]) -> None:
    assert with_ids_in_digits(sent) == read
