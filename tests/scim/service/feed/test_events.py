"""The events of a change; tests/gateway/feed/test_events.py covers the rest."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from scim.patch.apply import applied
from scim.patch.operation import resolved_operations
from scim.patch.request import request_of
from scim.profile.shipped import shipped
from scim.resource.budget import RequestBudget
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.resource.value import LONGEST_STRING
from scim.service.feed.events import CREATE, MOST_BYTES, PATCH, claims_within, events_of
from tests.scim.resource.types import ENTERPRISE, USER

STRICT = shipped("rfc")
Body = dict[str, Any]
AT = "2026-11-30T10:00:00.000Z"
NAME = {"givenName": "Ada", "familyName": "King"}


def operations_in(before: Mapping[str, object], after: Mapping[str, object]) -> Body:
    entry = LogEntry(Key("User", "1"), 2, 1, AT, "patch", before=before, after=after)
    message: Body = events_of(entry, USER, Feed())[f"{PATCH}:full"]["data"]
    return message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"title": "x"}, {"title": "y"}, id="replaced"),
        pytest.param({"title": "x"}, {}, id="removed"),
        pytest.param({"name": NAME}, {"name": {"familyName": "King"}}, id="a part removed"),
        pytest.param(
            {ENTERPRISE: {"department": "R&D", "employeeNumber": "1"}},
            {ENTERPRISE: {"employeeNumber": "2"}},
            id="an attribute of an extension removed",
        ),
        pytest.param(
            {ENTERPRISE: {"manager": {"value": "2", "$ref": "../Users/2"}}},
            {ENTERPRISE: {"manager": {"value": "3"}}},
            id="a part in an extension removed",
        ),
        pytest.param({ENTERPRISE: {"department": "R&D"}}, {}, id="an extension removed"),
        pytest.param({}, {ENTERPRISE: {"department": "R&D"}}, id="an extension added"),
        pytest.param(
            {"emails": [{"value": "a", "type": "work"}]},
            {"emails": [{"value": "a"}]},
            id="a part of one of several values removed",
        ),
    ],
)
def test_applying_the_operations_of_events_gives_the_stored_resource(
    before: Body, after: Body
) -> None:
    request = request_of(operations_in(before, after), STRICT)
    operations = resolved_operations(USER, request.operations, STRICT).operations
    kept = {"userName": "ada"}
    patched = applied(USER, {**kept, **before}, operations, STRICT, RequestBudget())
    assert patched.body == {**kept, **after}


def test_a_notice_too_large_for_the_bus_does_without_the_external_id() -> None:
    after = {"userName": "ada", "externalId": "\U0001f600" * LONGEST_STRING}
    entry = LogEntry(Key("User", "1"), 1, 0, AT, "create", after=after)
    claims = claims_within(entry, "acme", USER, Feed(), "https://scim.example.com/acme/scim/v2")
    assert claims is not None
    assert claims["sub_id"] == {"format": "scim", "uri": "/Users/1"}
    assert len(json.dumps(claims)) < MOST_BYTES


@pytest.mark.parametrize(
    ("length", "form"), [(MOST_BYTES // 2, "full"), (MOST_BYTES + 1, "notice")]
)
def test_an_event_too_large_for_the_bus_is_a_notice(length: int, form: str) -> None:
    entry = LogEntry(Key("User", "1"), 1, 0, AT, "create", after={"nickName": "x" * length})
    claims = claims_within(entry, "acme", USER, Feed(), "https://scim.example.com/acme/scim/v2")
    assert claims is not None
    assert list(claims["events"]) == [f"{CREATE}:{form}"]
    assert len(json.dumps(claims)) < MOST_BYTES
