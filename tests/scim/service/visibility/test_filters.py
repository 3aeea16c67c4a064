"""Filters of a token: by resource type, on what the resource itself holds, bounded."""

import json

import pytest

from scim.errors import InvalidFilter
from scim.resource.record import Key, Record
from scim.schema.loading import shipped_catalogue
from scim.service.visibility.filters import LONGEST, TokenFilters, token_filters_of
from tests.fakes.endpoint import ENTERPRISE_URN, NOW, USER_URN, id_


def token_filters(**filters: str) -> TokenFilters:
    return token_filters_of(json.dumps(filters), shipped_catalogue())


def user(**body: object) -> Record:
    return Record(Key("User", id_(1)), 1, NOW, NOW, {"userName": "anna", **body})


@pytest.mark.parametrize(
    ("text", "body", "is_seen"),
    [
        (f'{ENTERPRISE_URN}:department eq "Sales"', {ENTERPRISE_URN: {"department": "sales"}}, True),
        (f'{ENTERPRISE_URN}:department eq "Sales"', {ENTERPRISE_URN: {"department": "IT"}}, False),
        (f'{ENTERPRISE_URN}:department eq "Sales"', {}, False),
        ('userName sw "AN"', {}, True),
        ("active eq true", {"active": False}, False),
        ('emails[type eq "work" and value ew "@a.example"]', {"emails": [{"value": "x@a.example"}]}, False),
        ('emails.value ew "@a.example"', {"emails": [{"value": "x@a.example"}]}, True),
        (f'id eq "{id_(1)}"', {}, True),
        (f'not (id eq "{id_(1)}")', {}, False),
        (f'schemas eq "{USER_URN}"', {}, True),
        ('meta.resourceType eq "User"', {}, True),
        ("*", {}, True),
    ],
)  # fmt: skip
def test_a_filter_is_held_against_the_resource(
    text: str, body: dict[str, object], is_seen: bool
) -> None:
    assert token_filters(User=text).holds(user(**body)) is is_seen


def test_a_type_without_a_filter_is_not_seen() -> None:
    found = token_filters(Group="*")
    assert found.sees_none("User")
    assert found.sees_none("GroupMember")
    assert not found.holds(user())
    assert found.sees_all("Group")


@pytest.mark.parametrize(
    ("filters", "because"),
    [
        ({"Group": 'members.value eq "1"'}, "own attributes"),
        ({"Group": "members pr"}, "own attributes"),
        ({"User": 'groups.value eq "1"'}, "own attributes"),
        ({"User": 'active eq true and not (groups[value eq "1"])'}, "own attributes"),
        ({"User": "active eq true or groups pr"}, "own attributes"),
        ({"User": 'meta.created gt "2026-01-01T00:00:00Z"'}, "own attributes"),
        ({"User": "meta.version pr"}, "own attributes"),
        ({"User": 'password eq "x"'}, "password"),
        ({"User": 'shoe eq "42"'}, "shoe"),
        ({"User": "userName eq anna"}, "^the filter is not of RFC 7644's grammar$"),
        ({"User": ""}, "empty|end"),
        ({"Device": "*"}, "Device"),
        ({"GroupMember": "*"}, "GroupMember"),
        ({"User": f'userName eq "{"x" * LONGEST}"'}, str(LONGEST)),
    ],
)
def test_a_filter_that_cannot_limit_is_refused(filters: dict[str, str], because: str) -> None:
    with pytest.raises(InvalidFilter, match=because):
        token_filters(**filters)


@pytest.mark.parametrize("text", ["", "{", "[]", '"*"', '{"User": 1}', '{"User": null}'])
def test_text_that_is_no_object_of_filters_is_refused(text: str) -> None:
    with pytest.raises(InvalidFilter, match="object of filters"):
        token_filters_of(text, shipped_catalogue())


def test_filters_may_be_as_long_as_that_together() -> None:
    longest = json.dumps({"User": "*"})[:-1].ljust(LONGEST - 1) + "}"
    assert token_filters_of(longest, shipped_catalogue()).sees_all("User")
    with pytest.raises(InvalidFilter, match=str(LONGEST)):
        token_filters_of(f"{longest} ", shipped_catalogue())
