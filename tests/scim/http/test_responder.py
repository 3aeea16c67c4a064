"""Every reply and every error becomes an answer of the gateway, in the profile's shape."""

import json

from scim.errors import NotFound, Unauthorized
from scim.http.app import Responder, answer_of
from scim.http.dialect.answers import RequestSummary, rendered
from scim.http.message.response import Reply
from scim.profile.documents import profile_in

PROFILE = profile_in({"wire": {"listKey": "all", "errors": {"empty": [401], "types": {"404": 1}}}})
OWN = Responder(PROFILE)


def test_nothing_is_stored_by_anybody_on_the_way() -> None:
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


def test_what_went_wrong_inside_is_not_told() -> None:
    answer = OWN.failed(ValueError("secret"))
    assert answer.status == 500
    assert "secret" not in (answer.text)
