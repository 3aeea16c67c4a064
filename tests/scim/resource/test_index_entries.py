"""The index entries of a body, and what it refers to."""

import pytest

from scim.errors import InvalidValue
from scim.resource.index_entries import entries_of, pointed, pointers_in, referring_value
from scim.resource.record import Entry, Key, Pointer
from scim.schema.resource_type import Reference
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


TO_USER = Reference("user", ("User",))
TO_SUBJECT = Reference("about", ("User", "Group"))
TO_BOSS = Reference("urn:example:Ext:boss", ("User",))


def test_a_body_refers_to_what_its_references_name() -> None:
    body = {
        "user": {"value": "u1"},
        "about": {"value": "g1", "type": "Group"},
        "urn:example:Ext": {"boss": {"value": "u2"}},
        "other": {"value": "u3"},
    }
    assert pointers_in((TO_USER, TO_SUBJECT, TO_BOSS), body) == {
        Pointer("user", Key("User", "u1")),
        Pointer("about", Key("Group", "g1")),
        Pointer("urn:example:Ext:boss", Key("User", "u2")),
    }


def test_a_reference_without_a_value_refers_to_nothing() -> None:
    for body in ({}, {"user": None}, {"user": {}}, {"user": {"display": "x"}}, {"user": "u1"}):
        assert pointed(TO_USER, body) is None


def test_without_a_known_type_the_first_target_is_meant() -> None:
    assert pointed(TO_SUBJECT, {"about": {"value": "1"}}) == Key("User", "1")
    assert pointed(TO_USER, {"user": {"value": "1", "type": "Group"}}) == Key("User", "1")


def test_the_whole_value_is_found_where_it_stands() -> None:
    body = {"urn:example:Ext": {"boss": {"value": "u2", "display": "Kim"}}}
    assert referring_value(TO_BOSS, body) == {"value": "u2", "display": "Kim"}
    assert referring_value(TO_USER, body) is None
