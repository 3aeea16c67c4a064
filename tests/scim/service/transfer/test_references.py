"""Where resources refer to others, by what their types declare."""

from scim.schema.loading import shipped_catalogue
from scim.service.transfer.references import References, ids_of, renamed_values
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


def test_malformed_values_stay_as_they_are() -> None:
    for odd in ("text", 3, None, [3, "a"], {"value": 3}, {"display": "x"}):
        assert renamed_values(odd, lambda name: name + "!") == odd
        assert list(ids_of(odd)) == []


def test_declared_references_are_found_without_a_ref() -> None:
    seat = type_of("Seat")
    own = References.of(seat, REFERRING)
    assert own.attributes == {(None, "person"), (None, "room"), (None, "tags")}
    body = {"person": {"value": "ann"}, "room": {"value": "hall"}}
    assert own.linked(body, {"ann"}) == {
        "person": {"value": "bulkId:ann"},
        "room": {"value": "hall"},
    }
