"""A merging PUT keeps what is not mentioned and sets what is."""

from typing import Any

import pytest

from scim.profile import Profile
from scim.resource.intake import intake_of
from scim.resource.replacement import mentions_in, merged
from tests.fakes.endpoint import ENTERPRISE_URN, USER_URN, type_of

USER = type_of("User")
STORED: dict[str, Any] = {
    "userName": "kim",
    "title": "Clerk",
    "name": {"givenName": "Kim", "familyName": "Moss"},
    "emails": [{"value": "kim@example.org", "type": "work"}],
    ENTERPRISE_URN: {"department": "D1", "manager": {"value": "7"}},
}


def _merged(**sent: Any) -> dict[str, Any]:
    body = {"schemas": [USER_URN], **sent}
    taken = intake_of(USER, body, Profile())
    return merged(USER, STORED, taken, mentions_in(USER, body)).body


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"title": "Chief"}, {"title": "Chief"}, id="value"),
        pytest.param({"TITLE": None}, {"title": None}, id="null"),
        pytest.param({"emails": []}, {"emails": None}, id="empty array"),
        pytest.param(
            {"emails": [{"value": "k@x.example"}]},
            {"emails": [{"value": "k@x.example"}]},
            id="array",
        ),
        pytest.param(
            {"name": {"givenname": "Kimberly"}},
            {"name": {"givenName": "Kimberly", "familyName": "Moss"}},
            id="part",
        ),
        pytest.param({"name": {"familyName": None}}, {"name": {"givenName": "Kim"}}, id="no part"),
        pytest.param(
            {"name": {"familyName": None, "givenName": None}}, {"name": None}, id="no part left"
        ),
        pytest.param({"name": {}}, {}, id="empty object"),
        pytest.param({"name": None}, {"name": None}, id="no complex"),
        pytest.param(
            {"name.givenName": "K"}, {"name": {"givenName": "K", "familyName": "Moss"}}, id="dotted"
        ),
        pytest.param(
            {ENTERPRISE_URN: {"department": "D2"}},
            {ENTERPRISE_URN: {"department": "D2", "manager": {"value": "7"}}},
            id="extension",
        ),
        pytest.param(
            {ENTERPRISE_URN: {"manager": None}},
            {ENTERPRISE_URN: {"department": "D1"}},
            id="in extension",
        ),
        pytest.param(
            {ENTERPRISE_URN: {"manager": {"managerId": ""}}},
            {ENTERPRISE_URN: {"department": "D1"}},
            id="no reference, in the name of SCIM 1.1",
        ),
        pytest.param({ENTERPRISE_URN: None}, {ENTERPRISE_URN: None}, id="no extension"),
        pytest.param(
            {"department": "D3"},
            {ENTERPRISE_URN: {"department": "D3", "manager": {"value": "7"}}},
            id="short name",
        ),
        pytest.param({"urn:scim:schemas:core:1.0:title": "A"}, {"title": "A"}, id="former URN"),
        pytest.param({f"{USER_URN}.title": "A"}, {"title": "A"}, id="dotted URN"),
        pytest.param({"unknown": 1}, {}, id="unknown"),
    ],
)
def test_only_mentioned_attributes_change(sent: dict[str, Any], changed: dict[str, Any]) -> None:
    expected = {name: value for name, value in {**STORED, **changed}.items() if value is not None}
    assert _merged(**sent) == expected


def test_values_a_client_cannot_write_are_not_merged() -> None:
    stored = {**STORED, "password": "hash"}
    taken = intake_of(USER, {"schemas": [USER_URN]}, Profile())
    assert "password" not in merged(USER, stored, taken, {}).body


def test_an_attribute_named_in_two_ways_is_mentioned_with_all_its_parts() -> None:
    found = mentions_in(USER, {"name.givenName": "K", "name": {"familyName": "M"}})
    assert found == {(None, "name"): frozenset({"givenname", "familyname"})}
