"""A refusal is a challenge only where the gateway turns a denial into a 401."""

from collections.abc import Mapping
from typing import Any

import pytest

from scim.auth.not_authorized import NotAuthorized
from scim.auth.refusals import challenging

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc123/live"
ALLOWED = {"principalId": "p", "policyDocument": {"Statement": []}, "context": {"tenant": "acme"}}


def event(token: str, challenges: bool, path: str = "/acme/scim/v2/Users") -> dict[str, Any]:
    return {
        "methodArn": f"{STAGE}/GET{path}",
        "path": path,
        "resource": "/{proxy+}",
        "pathParameters": {"proxy": path.removeprefix("/")},
        "headers": {"Authorization": token},
        "stageVariables": {"challenges": "1"} if challenges else None,
    }


def known(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
    if event["headers"]["Authorization"] != "good":
        raise NotAuthorized("for a test")
    return ALLOWED


handler = challenging(known, {"acme": 'UMA ticket="t"'}.get)


def test_a_refusal_carries_the_challenge_of_the_paths_tenant() -> None:
    assert handler(event("bad", True), None) == {
        "principalId": "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Deny",
                    "Resource": f"{STAGE}/*/*",
                }
            ],
        },
        "context": {"challenge": 'UMA ticket="t"'},
    }


def test_a_known_caller_is_let_through_to_the_functions() -> None:
    answer: Any = handler(event("good", True), None)
    (statement,) = answer["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", f"{STAGE}/*/*")
    assert answer["context"] == {"tenant": "acme"}


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(event("bad", False), id="at the other door"),
        pytest.param(event("bad", True, "/globex/scim/v2/Users"), id="of another tenant"),
        pytest.param(event("bad", True, "/scim/v2/Users"), id="of no tenant"),
    ],
)
def test_without_a_challenge_a_refusal_is_the_usual_one(asked: dict[str, Any]) -> None:
    with pytest.raises(NotAuthorized):
        handler(asked, None)


def test_without_a_challenge_api_the_policy_stays_as_it_is() -> None:
    assert handler(event("good", False), None) is ALLOWED
