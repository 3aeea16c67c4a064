"""The index entries of a body."""

import pytest

from scim.errors import InvalidValue
from scim.resource.index_entries import entries_of
from scim.resource.record import Entry
from tests.scim.resource.types import ENTERPRISE, GROUP, USER


def test_every_declared_index_has_its_entries() -> None:
    body = {
        "userName": "Ada@Example.org",
        "externalId": "X-1",
        "displayName": "Ada King",
        "title": "not indexed",
        "emails": [
            {"value": "ADA@example.org", "type": "work"},
            {"value": "ada@example.org", "type": "home"},
            {"value": "ada@home.example"},
        ],
        ENTERPRISE: {"employeeNumber": "E7"},
    }
    assert entries_of(USER, body) == {
        Entry("userName", "ada@example.org", is_unique=True),
        Entry("externalId", "X-1", is_unique=False),
        Entry("displayName", "ada king", is_unique=False),
        Entry("emails.value", "ada@example.org", is_unique=False),
        Entry("emails.value", "ada@home.example", is_unique=False),
        Entry(f"{ENTERPRISE}:employeeNumber", "e7", is_unique=False),
    }


def test_an_unassigned_attribute_has_no_entry() -> None:
    assert entries_of(GROUP, {"displayName": "Ops"}) == {Entry("displayName", "ops", True)}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("\u200b ", "expected at least one visible character", id="invisible"),
        pytest.param("ada\u0378", "a character Unicode does not define", id="unassigned"),
        pytest.param("ada\ud800", "a character Unicode does not define", id="surrogate"),
    ],
)
def test_a_unique_value_that_cannot_be_compared_is_refused(name: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=f"userName: .*{told}"):
        entries_of(USER, {"userName": name})


def test_a_value_that_need_not_be_unique_may_contain_anything() -> None:
    (entry,) = entries_of(USER, {"displayName": "\u200b\u0378"})
    assert entry == Entry("displayName", "\u0378", False)
