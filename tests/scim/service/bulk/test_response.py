"""What a BulkResponse says of each operation."""

from functools import partial
from weakref import ref

import pytest

from scim.errors import ERROR_URN, InvalidValue, NotFound, PayloadTooLarge
from scim.schema.message_uri import BULK_RESPONSE_URN
from scim.service.bulk.request import BulkOperation, Method
from scim.service.bulk.response import (
    Outcome,
    ResponseRoom,
    failed,
    response_of,
    stopped_response_of,
)

POST = BulkOperation(0, Method.POST, "a", segment="Users")
GET = BulkOperation(2, Method.GET, segment="Users", id="1")
DELETE = BulkOperation(1, Method.DELETE, segment="Users", id="1")


def test_entries_are_in_the_order_of_the_operations() -> None:
    late = failed(DELETE, NotFound("Gone."), "https://h/Users/1")
    made = Outcome(POST, 201, "https://h/Users/2", 'W/"1"', id="2")
    assert response_of([late, made]) == {
        "schemas": [BULK_RESPONSE_URN],
        "Operations": [
            {
                "location": "https://h/Users/2",
                "method": "POST",
                "bulkId": "a",
                "version": 'W/"1"',
                "status": "201",
            },
            {
                "location": "https://h/Users/1",
                "method": "DELETE",
                "status": "404",
                "response": {"schemas": [ERROR_URN], "status": "404", "detail": "Gone."},
            },
        ],
    }


def test_a_failed_post_has_no_location() -> None:
    shown = failed(POST, InvalidValue("No.")).json()
    assert "location" not in shown
    assert shown["status"] == "400"


def test_an_unreadable_operation_has_an_entry_with_what_is_known() -> None:
    shown = failed(BulkOperation(0, None), InvalidValue("No.")).json()
    assert set(shown) == {"status", "response"}


def test_a_creation_whose_links_fail_is_a_conflict_that_says_where_it_stands() -> None:
    made = Outcome(POST, 201, "https://h/Users/2", 'W/"1"', id="2", is_unlinked=True)
    shown = made.without_links(InvalidValue("A circle."))
    assert shown.is_unlinked is False
    assert shown.id == "2"
    assert shown.json()["status"] == "409"
    assert shown.json()["location"] == "https://h/Users/2"
    assert shown.error is not None
    assert "created" in shown.error.detail
    assert "A circle." in shown.error.detail


def test_a_resource_found_by_a_get_is_its_response() -> None:
    get = BulkOperation(0, Method.GET, "a", segment="Users", id="1")
    shown = Outcome(get, 200, "https://h/Users/1", 'W/"2"', shown={"id": "1"}).json()
    assert (shown["method"], shown["status"], shown["response"]) == ("GET", "200", {"id": "1"})


def test_a_request_that_ended_early_is_an_error_with_the_results_so_far() -> None:
    late = failed(DELETE, NotFound("Gone."))
    assert stopped_response_of([late], 422, 1) == {
        "schemas": [BULK_RESPONSE_URN, ERROR_URN],
        "status": "422",
        "detail": "failOnErrors (1) was reached; what follows was not done.",
        "Operations": [late.json()],
    }


def test_a_refused_operation_keeps_nothing_that_it_has_read() -> None:
    class Large:
        """What an operation has read."""

    read = Large()
    is_there = ref(read)

    def find() -> None:
        try:
            {}["1"]
        except KeyError as error:
            raise NotFound("There is none.") from error

    def refused(_: Large) -> Outcome:
        try:
            find()
        except NotFound as error:
            return failed(DELETE, error)
        raise AssertionError

    outcome = refused(read)
    del read
    assert is_there() is None
    assert outcome.json()["response"] == NotFound("There is none.").body()


def test_after_many_results_without_room_no_more_are_read() -> None:
    room = ResponseRoom(100, vain_reads_left=2000)
    read: list[int] = []

    def found(size: int) -> Outcome:
        read.append(size)
        return Outcome(GET, 200, shown={"a": "x" * size})

    assert room.taken_by(partial(found, 10)).status == 200
    with pytest.raises(PayloadTooLarge):
        room.taken_by(partial(found, 1000))
    assert room.taken_by(partial(found, 11)).status == 200
    for size in (1001, 12):
        with pytest.raises(PayloadTooLarge):
            room.taken_by(partial(found, size))
    assert read == [10, 1000, 11, 1001]
