"""What a body refers to."""

from scim.resource.index_entries import pointed, pointers_in, referring_value
from scim.resource.record import Key, Pointer
from scim.schema.resource_type import Reference

USER = Reference("user", ("User",))
ABOUT = Reference("about", ("User", "Group"))
BOSS = Reference("urn:example:Ext:boss", ("User",))


def test_a_body_refers_to_what_its_references_name() -> None:
    body = {
        "user": {"value": "u1"},
        "about": {"value": "g1", "type": "Group"},
        "urn:example:Ext": {"boss": {"value": "u2"}},
        "other": {"value": "u3"},
    }
    assert pointers_in((USER, ABOUT, BOSS), body) == {
        Pointer("user", Key("User", "u1")),
        Pointer("about", Key("Group", "g1")),
        Pointer("urn:example:Ext:boss", Key("User", "u2")),
    }


def test_what_has_no_value_refers_to_nothing() -> None:
    for body in ({}, {"user": None}, {"user": {}}, {"user": {"display": "x"}}, {"user": "u1"}):
        assert pointed(USER, body) is None


def test_without_a_known_type_the_first_target_is_meant() -> None:
    assert pointed(ABOUT, {"about": {"value": "1"}}) == Key("User", "1")
    assert pointed(USER, {"user": {"value": "1", "type": "Group"}}) == Key("User", "1")


def test_the_whole_value_is_found_where_it_stands() -> None:
    body = {"urn:example:Ext": {"boss": {"value": "u2", "display": "Kim"}}}
    assert referring_value(BOSS, body) == {"value": "u2", "display": "Kim"}
    assert referring_value(USER, body) is None
