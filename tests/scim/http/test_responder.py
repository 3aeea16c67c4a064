"""Every reply and every error becomes an answer of the gateway, in the profile's shape."""

import json

from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from scim.errors import Unauthorized
from scim.http.app import Responder
from scim.http.dialect.answers import Asked
from scim.http.message.response import Reply
from scim.profile import Profile

OWN = Responder(
    Profile.model_validate(
        {"wire": {"listKey": "all", "errors": {"empty": [401], "types": {"404": 1}}}}
    )
)


def test_nothing_is_stored_by_anybody_on_the_way() -> None:
    answer = Responder(Profile()).response(Reply(204, None, {"A": "b"}), Asked("/Users", "DELETE"))
    assert (answer.status_code, answer.body) == (204, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["A"] == "b"


def test_a_reply_has_the_shape_of_the_profile() -> None:
    answer = OWN.response(Reply(200, {"Resources": []}), Asked("/Users", "GET"))
    assert json.loads(answer.body or "") == {"all": []}


def test_errors_have_it_too() -> None:
    assert OWN.refused(Unauthorized("x")).body == ""
    unknown = OWN.unknown_path(NotFoundError("x"))
    assert (unknown.status_code, json.loads(unknown.body or "")["errorType"]) == (404, 1)


def test_what_went_wrong_inside_is_not_told() -> None:
    answer = OWN.failed(ValueError("secret"))
    assert answer.status_code == 500
    assert "secret" not in (answer.body or "")
