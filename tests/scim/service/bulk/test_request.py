"""A BulkRequest is read as a whole, its operations each for itself."""

from typing import Any

import pytest

from scim.errors import (
    InvalidSyntax,
    InvalidValue,
    MethodNotAllowed,
    PayloadTooLarge,
    ScimError,
)
from scim.profile import Profile, Tolerance
from scim.profile.parts import BulkRules
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.request import LONGEST, BulkOperation, BulkRequest, Method, bulk_of
from tests.fakes.endpoint import STRICT

DELETE = {"method": "DELETE", "path": "/Users/1"}
POST = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "anna"}}


def read(*operations: Any, **members: Any) -> BulkRequest:
    message = {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members}
    return bulk_of(message, Profile(), 10)


def only(**members: Any) -> BulkOperation:
    (operation,) = read(members).operations
    return operation


def test_an_operation_keeps_what_the_client_sent() -> None:
    assert read({**POST, "version": 'W/"1"'}, DELETE).operations == (
        BulkOperation(0, Method.POST, "a", 'W/"1"', "Users", None, {"userName": "anna"}),
        BulkOperation(1, Method.DELETE, segment="Users", id="1"),
    )


def test_names_have_no_case_and_neither_has_a_method() -> None:
    message = {
        "SCHEMAS": [BULK_REQUEST_URN.upper()],
        "operations": [{"METHOD": "delete", "Path": "/Users/1", "BULKID": "x"}],
        "FAILONERRORS": 2,
    }
    asked = bulk_of(message, Profile(), 10)
    assert asked.fail_on_errors == 2
    assert asked.operations == (BulkOperation(0, Method.DELETE, "x", segment="Users", id="1"),)


@pytest.mark.parametrize(
    ("path", "segment", "id_"),
    [
        ("/Users", "Users", None),
        ("Users", "Users", None),
        ("/Users/", "Users", None),
        ("/Users/1", "Users", "1"),
        ("/Users/1/", "Users", "1"),
        ("/Users/a%20b", "Users", "a b"),
        ("/Users/bulkId:x", "Users", "bulkId:x"),
        ("/Users/bulkId:x/y%20z", "Users", "bulkId:x/y%20z"),
        ("/Users/1/emails", "Users", "1/emails"),
        ("/", "", None),
    ],
)
def test_a_path_is_an_endpoint_and_perhaps_an_id(path: str, segment: str, id_: str | None) -> None:
    operation = only(method="DELETE", path=path)
    assert (operation.segment, operation.id) == (segment, id_)


@pytest.mark.parametrize(("value", "limit"), [(None, 0), (0, 0), (1, 1), (10**9, 10**9)], ids=str)
def test_fail_on_errors_is_a_count_and_absent_is_none(value: int | None, limit: int) -> None:
    assert read(DELETE, failOnErrors=value).fail_on_errors == limit


@pytest.mark.parametrize(
    ("members", "error", "named"),
    [
        pytest.param({"schemas": ["urn:x"]}, InvalidSyntax, "schemas", id="foreign schema"),
        pytest.param({"schemas": "urn:x"}, InvalidSyntax, "schemas", id="no array"),
        pytest.param({"schemas": [7]}, InvalidSyntax, "schemas", id="a number"),
        pytest.param({"Operations": None}, InvalidSyntax, "Operations", id="null"),
        pytest.param({"Operations": {}}, InvalidSyntax, "Operations", id="object"),
        pytest.param({"Operations": []}, InvalidSyntax, "Operations is empty", id="none"),
        pytest.param({"Operations": [DELETE, 1]}, InvalidSyntax, "[1]", id="number"),
        pytest.param({"Operations": [None]}, InvalidSyntax, "[0]", id="null inside"),
        pytest.param({"Operations": [DELETE] * 11}, PayloadTooLarge, "(10)", id="too many"),
        pytest.param({"failOnErrors": "1"}, InvalidSyntax, "failOnErrors", id="text"),
        pytest.param({"failOnErrors": True}, InvalidSyntax, "failOnErrors", id="boolean"),
        pytest.param({"failOnErrors": 1.5}, InvalidSyntax, "failOnErrors", id="fraction"),
        pytest.param({"failOnErrors": -1}, InvalidValue, "failOnErrors", id="negative"),
    ],
)
def test_a_malformed_bulk_request_is_refused_as_a_whole(
    members: dict[str, Any], error: type[ScimError], named: str
) -> None:
    with pytest.raises(error) as refused:
        read(DELETE, **members)
    assert named in refused.value.detail


def test_one_operation_and_one_schema_need_no_array() -> None:
    request = read(DELETE, schemas=BULK_REQUEST_URN, Operations=DELETE)
    assert len(request.operations) == 1
    assert request.tolerated == {Tolerance.LONE_OBJECTS}


def test_as_many_operations_as_allowed_are_read() -> None:
    assert len(read(*[DELETE] * 10).operations) == 10


@pytest.mark.parametrize("members", [{}, {"schemas": None}, {"schemas": []}], ids=str)
def test_a_message_without_schemas_is_tolerated_only_where_that_is_switched_on(
    members: dict[str, Any],
) -> None:
    message = {"Operations": [DELETE], **members}
    assert len(bulk_of(message, Profile(), 1).operations) == 1
    with pytest.raises(InvalidSyntax):
        bulk_of(message, STRICT, 1)


@pytest.mark.parametrize(
    ("sent", "error", "named"),
    [
        pytest.param({}, InvalidSyntax, "method", id="nothing"),
        pytest.param({**DELETE, "method": "GET"}, InvalidSyntax, "method", id="GET"),
        pytest.param({**DELETE, "method": "MOVE"}, InvalidSyntax, "method", id="unknown method"),
        pytest.param({**DELETE, "method": 1}, InvalidSyntax, "method", id="method a number"),
        pytest.param({**DELETE, "path": None}, InvalidValue, "path", id="no path"),
        pytest.param({**DELETE, "path": ""}, InvalidValue, "path", id="empty path"),
        pytest.param({**DELETE, "path": ["/Users"]}, InvalidSyntax, "path", id="path an array"),
        pytest.param({**DELETE, "version": 3}, InvalidSyntax, "version", id="version a number"),
        pytest.param({**POST, "bulkId": None}, InvalidValue, "bulkId", id="no bulkId"),
        pytest.param({**POST, "bulkId": ""}, InvalidValue, "bulkId", id="empty bulkId"),
        pytest.param({**POST, "bulkId": "b" * 2001}, InvalidValue, "bulkId", id="long bulkId"),
        pytest.param({**DELETE, "path": "/Users/" + "1" * 1994}, InvalidValue, "path", id="long"),
        pytest.param({**POST, "bulkId": 1}, InvalidSyntax, "bulkId", id="bulkId a number"),
        pytest.param({**POST, "data": None}, InvalidValue, "data", id="POST nothing"),
        pytest.param({**POST, "data": "{}"}, InvalidSyntax, "data", id="POST text"),
        pytest.param({**POST, "data": []}, InvalidSyntax, "data", id="POST array"),
        pytest.param({**DELETE, "method": "PUT"}, InvalidValue, "data", id="PUT nothing"),
        pytest.param({**DELETE, "method": "PATCH"}, InvalidValue, "data", id="PATCH nothing"),
    ],
)
def test_a_malformed_operation_is_a_fault_of_that_operation_alone(
    sent: dict[str, Any], error: type[ScimError], named: str
) -> None:
    first, second = read(sent, DELETE).operations
    assert type(first.fault) is error
    assert named in first.fault.detail
    # What is too long is nowhere: results and events repeat bulkIds and ids.
    assert max(len(first.bulk_id or ""), len(first.id or "")) <= LONGEST
    assert second.fault is None


def test_two_posts_with_one_bulk_id_are_both_faulty() -> None:
    first, second, third = read(POST, POST, {**POST, "bulkId": "b"}).operations
    assert isinstance(first.fault, InvalidValue)
    assert isinstance(second.fault, InvalidValue)
    assert third.fault is None


def test_a_bulk_id_on_another_method_is_a_label_and_may_repeat() -> None:
    labelled = {**DELETE, "bulkId": "a"}
    assert [each.fault for each in read(POST, labelled, labelled).operations] == [None] * 3


def test_data_of_a_delete_is_ignored() -> None:
    assert only(**DELETE, data="x").fault is None
    assert only(**DELETE, data={"value": "bulkId:x"}).data == {}


OWN = Profile(bulk=BulkRules(methods=("GET", "POST", "DELETE"), nameless_posts=True))


def _own(**members: Any) -> BulkOperation:
    message = {"schemas": [BULK_REQUEST_URN], "Operations": [members]}
    (operation,) = bulk_of(message, OWN, 10).operations
    return operation


def test_data_may_be_json_text_where_that_is_tolerated() -> None:
    sent = {"method": "POST", "path": "/Users", "bulkId": "a", "data": '{"userName": "anna"}'}
    request = read(sent)
    assert request.tolerated == {Tolerance.JSON_TEXT}
    assert request.operations[0].data == {"userName": "anna"}
    message = {"schemas": [BULK_REQUEST_URN], "Operations": [sent]}
    (refused,) = bulk_of(message, Profile(tolerances=frozenset()), 10).operations
    assert isinstance(refused.fault, InvalidSyntax)
    assert isinstance(only(**{**sent, "data": "anna"}).fault, InvalidSyntax)


def test_a_profile_may_have_get_which_takes_no_data() -> None:
    path = "/Users/1?attributes=userName"
    assert _own(method="get", path=path, data={"x": 1}) == BulkOperation(
        0, Method.GET, segment="Users", id="1", query="attributes=userName"
    )
    fault = only(method="GET", path=path).fault
    assert isinstance(fault, InvalidSyntax)
    assert fault.detail == "method must be one of POST, PUT, PATCH, DELETE."


def test_a_method_the_profile_does_not_have_is_not_allowed_in_its_operation() -> None:
    operation = _own(method="PUT", path="/Users/1", data={"userName": "a"})
    assert operation.method is Method.PUT
    assert isinstance(operation.fault, MethodNotAllowed)
    assert operation.fault.detail == "method must be one of GET, POST, DELETE here."


def test_a_profile_may_do_without_bulk_ids() -> None:
    nameless = {"method": "POST", "path": "/Users", "data": {"userName": "a"}}
    assert _own(**nameless).fault is None
    assert isinstance(only(**nameless).fault, InvalidValue)


def test_a_question_mark_in_a_path_belongs_to_the_id_except_in_a_get() -> None:
    assert only(method="DELETE", path="/Users/1?x").id == "1?x"
