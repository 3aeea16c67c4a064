"""Every reply and every error becomes an answer of the gateway, in the profile's shape."""

import json

import pytest

from scim.errors import NotFound, TooMany, Unauthorized
from scim.http.app import LARGEST_BODY, Responder, answer_of, returnable
from scim.http.dialect.answers import RequestSummary, rendered
from scim.http.message.response import Reply
from scim.profile.documents import profile_in

PROFILE = profile_in({"wire": {"listKey": "all", "errors": {"empty": [401], "types": {"404": 1}}}})
OWN = Responder(PROFILE)


def test_responses_forbid_caching() -> None:
    assert answer_of(Reply(204, None, {"A": "b"})) == {
        "statusCode": 204,
        "body": "",
        "isBase64Encoded": False,
        "multiValueHeaders": {"Cache-Control": ["no-store"], "A": ["b"]},
    }


def test_a_reply_has_the_shape_of_the_profile() -> None:
    answer = rendered(PROFILE, RequestSummary("/Users", "GET"), Reply(200, {"Resources": []}))
    assert json.loads(answer.text) == {"all": []}


def test_errors_have_it_too() -> None:
    assert OWN.refused(Unauthorized("x")).text == ""
    unknown = OWN.refused(NotFound("x"))
    assert (unknown.status, json.loads(unknown.text)["errorType"]) == (404, 1)


def test_an_internal_error_reveals_nothing() -> None:
    answer = OWN.failed(ValueError("secret"))
    assert answer.status == 500
    assert "secret" not in (answer.text)


FITTING = "x" * (LARGEST_BODY - 4)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH"])
def test_the_largest_body_that_lambda_returns_is_returned(method: str) -> None:
    answer = answer_of(Reply(200, raw=f'"{FITTING}"'))
    assert returnable(answer, method, "/Users/1") is answer


@pytest.mark.parametrize(("method", "path"), [("GET", "/Users/1"), ("POST", "/Users/.search")])
def test_a_resource_too_large_to_be_returned_is_refused_with_advice(method: str, path: str) -> None:
    answer = answer_of(Reply(200, raw=f'"{FITTING}x"'))
    with pytest.raises(TooMany, match="excludedAttributes=groups"):
        returnable(answer, method, path)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_of_it_is_answered_without_it(method: str) -> None:
    headers = {"ETag": 'W/"2"', "Content-Location": "/Users/1"}
    answer = returnable(
        answer_of(Reply(200, None, headers, raw=f'"{FITTING}x"')), method, "/Users/1"
    )
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert answer["multiValueHeaders"] == {"Cache-Control": ["no-store"], "ETag": ['W/"2"']}
