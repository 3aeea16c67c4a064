"""Answers in the shape that a profile's clients expect."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from scim import errors
from scim.errors import (
    ERROR_URN,
    InvalidFilter,
    InvalidSchemas,
    NotFound,
    ScimError,
    Unauthorized,
    UnknownResource,
    UnknownTarget,
)
from scim.http.dialect.answers import RequestSummary, rendered, rendered_refusal
from scim.http.message.response import Reply, refusal
from scim.profile import Profile
from scim.profile.documents import profile_in
from scim.profile.parts import Wire
from scim.profile.shipped import shipped
from scim.resource.body import Spliced

USERS = RequestSummary("/Users", "GET")
META = {
    "resourceType": "User",
    "created": "2026-01-01T00:00:00.000Z",
    "lastModified": "2026-01-02T00:00:00.000Z",
    "version": 'W/"2"',
}
USER = {"schemas": ["urn:x"], "id": "12", "name": {"b": 1, "a": 2}, "meta": META}
LIST = {
    "schemas": ["urn:list"],
    "totalResults": 2,
    "itemsPerPage": 1,
    "startIndex": 1,
    "Resources": [USER],
}


def _profile(paging: dict[str, Any] | None = None, **wire: Any) -> Profile:
    return profile_in({"wire": wire, "paging": paging or {}})


def _shown(reply: Reply, asked: RequestSummary = USERS, **wire: Any) -> Any:
    return json.loads(rendered(_profile(**wire), asked, reply).text)


def test_a_profile_that_says_nothing_changes_nothing() -> None:
    reply = Reply(200, USER, {"ETag": "x"})
    shown = rendered(Profile(), USERS, reply)
    assert (shown.status, shown.headers, json.loads(shown.text)) == (200, {"ETag": "x"}, USER)


@pytest.mark.parametrize(
    ("endpoint", "method", "status", "shown"),
    [
        ("/Users", "POST", 201, 200),
        ("/Users", "DELETE", 204, 202),
        ("/Groups", "DELETE", 204, 204),
        ("/Groups", "POST", 201, 200),
        ("/Users", "POST", 304, 304),
    ],
)
def test_success_can_have_another_status(
    endpoint: str, method: str, status: int, shown: int
) -> None:
    profile = _profile(statuses={"*": {"POST": 200}, "/Users": {"DELETE": 202}})
    reply = rendered(profile, RequestSummary(endpoint, method), Reply(status))
    assert (reply.status, reply.text, reply.content_type) == (shown, "", None)


@pytest.mark.parametrize(
    ("endpoint", "kinds", "shown"),
    [
        ("/Users", {"/Users": "number"}, 12),
        ("/Groups", {"/Users": "number"}, "12"),
        ("/Users", {"/Users": "digits"}, "12"),
    ],
)
def test_an_id_is_a_number_where_the_endpoint_has_numbers(
    endpoint: str, kinds: dict[str, str], shown: object
) -> None:
    answer = _shown(Reply(200, USER), RequestSummary(endpoint, "GET"), ids=kinds)
    assert answer["id"] == shown


def test_an_id_that_is_no_number_stays_text() -> None:
    body = {**USER, "id": "0c5d"}
    assert _shown(Reply(200, body), ids={"/Users": "number"})["id"] == "0c5d"


def test_members_are_ordered_around_all_others() -> None:
    answer = _shown(Reply(200, USER), order=("id", "*", "meta", "schemas"))
    assert list(answer) == ["id", "name", "meta", "schemas"]


def test_parts_are_ordered_in_every_value() -> None:
    body = {**USER, "name": [{"b": 1, "a": 2}, "text"]}
    answer = _shown(Reply(200, body), parts={"name": ("a",)})
    assert [list(each) for each in answer["name"][:1]] == [["a", "b"]]


def test_a_version_can_be_left_out() -> None:
    reply = rendered(_profile(has_version=False), USERS, Reply(200, USER, {"ETag": "x", "A": "b"}))
    assert json.loads(reply.text)["meta"].keys() == META.keys() - {"version"}
    assert reply.headers == {"A": "b"}


def test_times_can_end_in_an_offset() -> None:
    meta = _shown(Reply(200, USER), time_zone="+00:00")["meta"]
    assert meta["created"] == "2026-01-01T00:00:00.000+00:00"
    assert meta["lastModified"] == "2026-01-02T00:00:00.000+00:00"


def test_a_list_can_have_another_key() -> None:
    answer = _shown(Reply(200, LIST), list_key="resources", order=("resources",))
    assert list(answer) == ["resources", *(name for name in LIST if name != "Resources")]
    assert answer["resources"] == [USER]


def test_a_list_can_be_an_array_of_less() -> None:
    wire: dict[str, Any] = {"bare_lists": ["/Users"], "unlisted": {"/Users": ["schemas", "meta"]}}
    assert _shown(Reply(200, LIST), **wire) == [{"id": "12", "name": USER["name"]}]
    assert isinstance(_shown(Reply(200, LIST), RequestSummary("/Groups", "GET"), **wire), dict)


def test_resources_that_are_text_are_rendered_too() -> None:
    body = {**LIST, "Resources": [Spliced(json.dumps(USER))]}
    answer = _shown(Reply(200, body), ids={"/Users": "number"})
    assert answer["Resources"][0]["id"] == 12


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({}, {"itemsPerPage": 10}),
        ({"count": "7"}, {"itemsPerPage": 7}),
        ({"count": "-1", "startindex": "1"}, {"itemsPerPage": 0, "startIndex": 1}),
        ({"count": "999"}, {"itemsPerPage": 50}),
    ],
)
def test_a_page_can_say_what_was_asked_for(query: dict[str, str], told: dict[str, int]) -> None:
    profile = _profile({"defaultSize": 10, "most": 50}, page="asked")
    answer = json.loads(
        rendered(profile, RequestSummary("/Users", "GET", query), Reply(200, LIST)).text
    )
    assert {name: answer[name] for name in ("itemsPerPage", "startIndex") if name in answer} == told


def test_text_is_answered_as_it_is() -> None:
    reply = rendered(_profile(order=("b", "a"), list_key="x"), USERS, Reply(200, raw='{"a":1}'))
    assert (reply.text, reply.content_type) == ('{"a":1}', "application/scim+json")


ERRORS: dict[str, Any] = {
    "numericStatus": True,
    "types": {"schemas": 6, "404": 1, "invalidFilter": 4},
    "scimTypes": {"schemas": "invalidValue", "404": "gone"},
    "statuses": {"target": 404},
    "details": {"resource": "No {subject}.", "target": "No {subject}."},
    "empty": [401],
}


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (InvalidFilter("x"), (400, "invalidFilter", 4, "x")),
        (InvalidSchemas("x"), (400, "invalidValue", 6, "x")),
        (NotFound("x"), (404, "gone", 1, "x")),
        (UnknownResource("x", "User"), (404, "gone", 1, "No User.")),
        (UnknownTarget("x", "User"), (404, "gone", 1, "No User.")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, ScimError) else "",
)
def test_an_error_is_told_by_kind_type_and_status(
    error: ScimError, shown: tuple[int, str, int, str]
) -> None:
    wire = TypeAdapter(Wire).validate_python(
        {"errors": ERRORS, "order": ["detail", "*", "schemas"]}
    )
    reply = rendered_refusal(wire, error)
    status, scim_type, error_type, detail = shown
    assert reply.status == status
    assert json.loads(reply.text) == {
        "detail": detail,
        "status": status,
        "scimType": scim_type,
        "errorType": error_type,
        "schemas": [ERROR_URN],
    }
    assert next(iter(json.loads(reply.text))) == "detail"


def test_a_profile_with_numbered_errors_has_a_number_for_each() -> None:
    numbered = shipped("forsta").wire.errors.types
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    known = [each for each in kinds if issubclass(each, ScimError) and each.__name__[0] != "_"]
    without = {
        each.__name__
        for each in known
        if numbered.keys().isdisjoint((each.kind, each.scim_type, str(each.status)))
    }
    assert (len(known) > 20, without) == (True, set())


def test_a_status_can_be_answered_without_a_body() -> None:
    reply = rendered_refusal(
        TypeAdapter(Wire).validate_python({"errors": ERRORS}), Unauthorized("x")
    )
    assert (reply.status, reply.text, reply.content_type) == (401, "", None)
    assert "WWW-Authenticate" in reply.headers


def test_errors_are_those_of_the_rfc_by_default() -> None:
    assert rendered_refusal(Wire(), NotFound("x")) == refusal(NotFound("x"))
    text = rendered_refusal(Wire(list_key="x"), NotFound("x")).text
    assert json.loads(text) == refusal(NotFound("x")).body


def test_the_operations_of_bulk_can_have_another_key() -> None:
    reply = Reply(200, {"schemas": ["s"], "Operations": [{"status": "201"}]})
    shown = _shown(reply, RequestSummary("/Bulk", "POST"), bulk_key="operations")
    assert shown == {"schemas": ["s"], "operations": [{"status": "201"}]}
    assert list(_shown(reply, bulk_key="operations")) == ["schemas", "Operations"]
