"""What a use case answers becomes status, headers and body as RFC 7644 has them."""

import pytest

from scim.errors import MethodNotAllowed, NotFound, Uniqueness
from scim.http.message.response import (
    Reply,
    created_reply,
    encoded,
    list_reply,
    refusal,
    resource_reply,
)
from scim.service.messages import Answer, Listing

AT = "https://scim.example/scim/v2/Users/1"


def test_a_created_resource_is_a_201_with_its_place_and_version() -> None:
    reply = created_reply(Answer({"id": "1"}, 'W/"1"', AT))
    assert reply == Reply(201, {"id": "1"}, {"Location": AT, "ETag": 'W/"1"'})


def test_a_shown_resource_is_a_200_with_its_place_and_version() -> None:
    reply = resource_reply(Answer({"id": "1"}, 'W/"3"', AT))
    assert reply == Reply(200, {"id": "1"}, {"ETag": 'W/"3"', "Content-Location": AT})


def test_a_resource_the_client_has_is_a_304_with_the_place_and_version_of_the_200() -> None:
    reply = resource_reply(Answer(None, 'W/"3"', AT, is_unmodified=True))
    assert reply == Reply(304, None, {"ETag": 'W/"3"', "Content-Location": AT})


def test_a_body_is_of_scims_type_unless_the_endpoint_says_another() -> None:
    assert Reply(200, {}).content_type == "application/scim+json"
    assert Reply(200, {}, {"Content-Type": "application/json"}).content_type == "application/json"
    assert Reply(204).content_type is None


def test_an_answer_without_a_resource_is_a_204() -> None:
    assert resource_reply(Answer(None, 'W/"3"', AT)) == Reply(204, None, {"ETag": 'W/"3"'})


def test_a_list_counts_all_and_what_is_on_the_page() -> None:
    reply = list_reply(Listing(({"id": "1"}, {"id": "2"}), 17, 5))
    assert reply == Reply(
        200,
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 17,
            "itemsPerPage": 2,
            "startIndex": 5,
            "Resources": [{"id": "1"}, {"id": "2"}],
        },
    )


@pytest.mark.parametrize(
    ("error", "status", "scim_type"),
    [(NotFound("x"), 404, None), (Uniqueness("x"), 409, "uniqueness")],
    ids=["404", "409"],
)
def test_an_error_is_its_own_response(error, status, scim_type) -> None:  # type: ignore[no-untyped-def]
    reply = refusal(error)
    assert reply.status == status
    assert reply.body is not None
    assert reply.body["status"] == str(status)
    assert reply.body.get("scimType") == scim_type


def test_an_error_brings_its_headers() -> None:
    assert refusal(MethodNotAllowed("x", ("GET", "POST"))).headers == {"Allow": "GET, POST"}


def test_a_body_has_scims_media_type_and_none_has_none() -> None:
    assert Reply(200, {}).content_type == "application/scim+json"
    assert Reply(200, {}).text == "{}"
    assert Reply(204).content_type is None
    assert Reply(204).text == ""


def test_json_is_compact_and_text_stays_text() -> None:
    assert encoded({"a": [1, True, None], "ü": "✓"}) == '{"a":[1,true,null],"ü":"✓"}'
