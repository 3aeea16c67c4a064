"""Where resources refer to others, by what their types declare."""

import pytest

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.references import References, ids_in, renamed_values
from tests.contract.references import CATALOGUE as REFERRING
from tests.contract.references import type_of

CATALOGUE = shipped_catalogue()
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def of(name: str) -> References:
    resource_type = CATALOGUE.resource_type(name)
    assert resource_type is not None
    return References.of(resource_type, CATALOGUE)


def test_references_are_declared() -> None:
    assert of("Group").attributes == {(None, "members")}
    assert of("GroupMember").attributes == {(None, "group"), (None, "member")}
    assert of("User").attributes == {(WORK.lower(), "manager")}


def test_ids_become_bulk_ids_where_the_file_has_them() -> None:
    group = {
        "displayName": "g1",
        "Members": [{"value": "u1", "$ref": "https://x/Users/u1", "type": "User"}, {"value": "u2"}],
    }
    assert of("Group").names_in(group) == {"u1", "u2"}
    assert of("Group").linked(group, {"u1", "g1"}) == {
        "displayName": "g1",
        "Members": [{"value": "bulkId:u1", "type": "User"}, {"value": "u2"}],
    }


def test_extensions_refer_to_resources_too() -> None:
    user = {"userName": "boss", WORK.upper(): {"manager": {"value": "boss"}, "department": "boss"}}
    assert of("User").linked(user, {"boss"}) == {
        "userName": "boss",
        WORK.upper(): {"manager": {"value": "bulkId:boss"}, "department": "boss"},
    }


@pytest.mark.parametrize(
    ("manager", "linked"),
    [
        ({WORK: {"manager": "boss"}}, {WORK: {"manager": "bulkId:boss"}}),
        ({WORK: {"manager": ["boss"]}}, {WORK: {"manager": ["bulkId:boss"]}}),
        ({WORK: {"manager": 7}}, {WORK: {"manager": "bulkId:7"}}),
        ({WORK: {"manager": {"VALUE": 7}}}, {WORK: {"manager": {"value": "bulkId:7"}}}),
        (
            {WORK: {"manager": {"value": ["boss"]}}},
            {WORK: {"manager": {"value": ["bulkId:boss"]}}},
        ),
        (
            {WORK: {"manager": {"value": None, "$ref": "../Users/boss/"}}},
            {WORK: {"manager": {"value": "bulkId:boss"}}},
        ),
        (
            {WORK: {"manager": '{"value":"boss"}'}},
            {WORK: {"manager": {"value": "bulkId:boss"}}},
        ),
        (
            {WORK: {"manager": {"value": "", "$ref": "../Users/boss?view=1#top"}}},
            {WORK: {"manager": {"value": "bulkId:boss"}}},
        ),
        (
            {WORK: {"manager": {"value": "{3F25-04E0}"}}},
            {WORK: {"manager": {"value": "bulkId:{3F25-04E0}"}}},
        ),
        ({WORK: {"manager": "[boss"}}, {WORK: {"manager": "bulkId:[boss"}}),
        ({WORK: [{"manager": "boss"}]}, {WORK: [{"manager": "bulkId:boss"}]}),
        ({WORK: '{"manager":"boss"}'}, {WORK: {"manager": "bulkId:boss"}}),
        ({WORK: {"manager.value": "boss"}}, {WORK: {"manager.value": "bulkId:boss"}}),
        ({"manager": {"value": "boss"}}, {"manager": {"value": "bulkId:boss"}}),
        ({"Manager.value": "boss"}, {"Manager.value": "bulkId:boss"}),
        ({f"{WORK}:manager": "boss"}, {f"{WORK}:manager": "bulkId:boss"}),
        ({f"{WORK}.manager.value": "boss"}, {f"{WORK}.manager.value": "bulkId:boss"}),
    ],
)
def test_references_are_found_in_each_spelling_that_the_service_accepts(
    manager: dict[str, object], linked: dict[str, object]
) -> None:
    assert of("User").linked(manager, {"boss", "7", "{3F25-04E0}", "[boss"}) == linked
    assert of("User").linked(manager, {"other"}) == manager


def test_members_are_found_below_the_base_schema_too() -> None:
    uri = "urn:ietf:params:scim:schemas:core:2.0:Group"
    for group in ({uri: {"members": ["u1"]}}, {f"{uri}:members": '[{"value":"u1"}]'}):
        assert of("Group").names_in(group) == {"u1"}


def test_values_without_an_id_stay_as_they_are() -> None:
    for odd in ("", None, True, [None, ""], {"value": None}, {"display": "x"}, {}):
        assert renamed_values(odd, lambda name: name + "!") == odd
        assert ids_in(odd) == frozenset()


def test_declared_references_are_found_without_a_ref() -> None:
    seat = type_of("Seat")
    own = References.of(seat, REFERRING)
    assert own.attributes == {(None, "person"), (None, "room"), (None, "tags")}
    body = {"person": {"value": "ann"}, "room": {"value": "hall"}}
    assert own.linked(body, {"ann"}) == {
        "person": {"value": "bulkId:ann"},
        "room": {"value": "hall"},
    }
