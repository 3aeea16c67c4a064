"""bulkIds in data: at any depth, at the end of a $ref, in the filter of a path."""

from typing import Any

import pytest

from scim.service.bulk.bulk_ids import bulk_id_in, bulk_ids_in, with_ids, without_references

IDS = {"a": "1", "b": "2", 'q"t': "3", "": "4", "x/y": "5"}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("text", "bulk_id"),
    [
        ("bulkId:a", "a"),
        ("bulkId:", ""),
        ("bulkId:x/y", "x/y"),
        ("bulkid:a", None),
        (" bulkId:a", None),
        ("a", None),
        (None, None),
    ],
)
def test_a_reference_is_the_whole_text(text: str | None, bulk_id: str | None) -> None:
    assert bulk_id_in(text) == bulk_id


CASES: list[Any] = [
    pytest.param({"value": "bulkId:a"}, {"value": "1"}, {"a"}, id="top"),
    pytest.param(
        {"members": [{"value": "bulkId:a"}, {"value": "bulkId:b", "type": "User"}]},
        {"members": [{"value": "1"}, {"value": "2", "type": "User"}]},
        {"a", "b"},
        id="members",
    ),
    pytest.param(
        {ENTERPRISE: {"manager": {"value": "bulkId:b"}}},
        {ENTERPRISE: {"manager": {"value": "2"}}},
        {"b"},
        id="manager",
    ),
    pytest.param({"x": ["bulkId:a", "z"]}, {"x": ["1", "z"]}, {"a"}, id="bare in an array"),
    pytest.param({"$ref": "../Users/bulkId:a"}, {"$ref": "../Users/1"}, {"a"}, id="$ref"),
    pytest.param(
        {"$REF": "https://h/scim/v2/Users/bulkId:a"},
        {"$REF": "https://h/scim/v2/Users/1"},
        {"a"},
        id="$ref absolute",
    ),
    pytest.param({"$ref": "../Users/9"}, {"$ref": "../Users/9"}, set(), id="$ref to an id"),
    pytest.param(
        {"Operations": [{"op": "remove", "path": 'members[value eq "bulkId:a"]'}]},
        {"Operations": [{"op": "remove", "path": 'members[value eq "1"]'}]},
        {"a"},
        id="path filter",
    ),
    pytest.param(
        {"path": 'members[value eq "bulkId:a" or value eq "bulkId:q\\"t"]'},
        {"path": 'members[value eq "1" or value eq "3"]'},
        {"a", 'q"t'},
        id="two in one filter",
    ),
    pytest.param(
        {"path": 'members[value eq "9\\x bulkId:"]'},
        {"path": 'members[value eq "9\\x bulkId:"]'},
        set(),
        id="no JSON string",
    ),
    pytest.param({"path": "bulkId:b"}, {"path": "2"}, {"b"}, id="whole path"),
    pytest.param(
        {"displayName": "see bulkId:a"}, {"displayName": "see bulkId:a"}, set(), id="inside text"
    ),
    pytest.param(
        {"members": ['{"value":"bulkId:a"}', ' [{"value": "bulkId:b"}]', '{"value":"9"}']},
        {"members": ['{"value": "1"}', '[{"value": "2"}]', '{"value":"9"}']},
        {"a", "b"},
        id="JSON text",
    ),
    pytest.param(
        {"value": '{"password":"bulkId:a","$ref":"../Users/bulkId:b"}'},
        {"value": '{"password": "bulkId:a", "$ref": "../Users/2"}'},
        {"b"},
        id="a password and a $ref in JSON text",
    ),
    pytest.param(
        {"title": '{"value":"bulkId:a"', "nickName": '["see bulkId:a"]'},
        {"title": '{"value":"bulkId:a"', "nickName": '["see bulkId:a"]'},
        set(),
        id="no JSON text, and no reference in one",
    ),
    pytest.param(
        {"password": "bulkId:a"}, {"password": "bulkId:a"}, set(), id="a password is none"
    ),
    pytest.param({"bulkId:a": 1}, {"bulkId:a": 1}, set(), id="a name is none"),
    pytest.param({"n": None, "t": True, "i": 3}, {"n": None, "t": True, "i": 3}, set(), id="else"),
]


@pytest.mark.parametrize(("data", "after", "bulk_ids"), CASES)
def test_references_are_found_and_replaced_at_any_depth(
    data: dict[str, Any], after: dict[str, Any], bulk_ids: set[str]
) -> None:
    assert bulk_ids_in(data) == bulk_ids
    assert with_ids(data, IDS.__getitem__) == after


@pytest.mark.parametrize(
    ("data", "left"),
    [
        pytest.param(
            {"displayName": "A", "members": [{"value": "bulkId:a"}, {"value": "bulkId:b"}]},
            {"displayName": "A", "members": [{"value": "bulkId:b"}]},
            id="one member of two",
        ),
        pytest.param(
            {ENTERPRISE: {"department": "x", "manager": {"value": "bulkId:a", "x": 1}}},
            {ENTERPRISE: {"department": "x"}},
            id="the manager, not the extension",
        ),
        pytest.param({"userName": "u", "manager": "bulkId:a"}, {"userName": "u"}, id="bare"),
        pytest.param({"x": {"y": [{"z": "bulkId:a"}]}, "w": 1}, {"w": 1}, id="deep"),
        pytest.param({"x": ["bulkId:a", "bulkId:b"]}, {"x": ["bulkId:b"]}, id="bare in an array"),
        pytest.param(
            {"members": '[{"value":"bulkId:a"},{"value":"bulkId:b"}]', "w": '[{"value":"9"}]'},
            {"members": '[{"value": "bulkId:b"}]', "w": '[{"value":"9"}]'},
            id="one member of two in JSON text",
        ),
        pytest.param(
            {ENTERPRISE: '{"department":"x","manager":{"value":"bulkId:a"}}'},
            {ENTERPRISE: '{"department": "x"}'},
            id="the manager in JSON text",
        ),
    ],
)
def test_only_references_to_resources_not_yet_created_are_left_out(
    data: dict[str, Any], left: dict[str, Any]
) -> None:
    assert without_references(data, frozenset({"a"})) == left
