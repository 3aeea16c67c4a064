"""Authorizers are called and their answers cached as API Gateway does it."""

import json

import pytest

from local.api_gateway.authorizer import Authorizer, Authorizers, Permit
from local.api_gateway.refusal import Refusal, Refusals
from local.http import request_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}], ids=["missing", "empty"])
def test_without_an_identity_the_authorizer_is_not_asked(gateway, headers):
    status, answered, body = gateway.handle("GET", "/things", {**headers, "X-Echo": "here"})
    assert status == 401
    assert dict(answered)["WWW-Authenticate"] == "Bearer"
    assert dict(answered)["X-Path"] == "here"
    assert dict(answered)["X-Kind"] == "UNAUTHORIZED"
    assert json.loads(body)["detail"] == "Unauthorized"
    assert json.loads(body)["id"] == dict(answered)["x-amzn-RequestId"]


@pytest.mark.parametrize(
    ("word", "status", "body"),
    [
        pytest.param("unauthorized", 401, "Unauthorized", id="says so"),
        pytest.param("denied", 403, "with an explicit deny", id="denied"),
        pytest.param("nothing", 403, "to access this resource", id="not mentioned"),
        pytest.param("crash", 500, "null", id="crashed"),
        pytest.param("no-principal", 500, "null", id="no principal"),
        pytest.param("no-policy", 500, "null", id="no policy"),
        pytest.param("nested", 500, "null", id="nested context"),
        pytest.param("conditional", 500, "null", id="a policy we cannot evaluate"),
        pytest.param("unheard-of", 500, "null", id="key error"),
    ],
)
def test_the_gateway_turns_each_authorizer_answer_into_a_status(gateway, word, status, body):
    answer = gateway.handle("GET", "/things", {"Authorization": f"Bearer {word}"})
    assert answer.status == status
    assert body in answer.body.decode()


def test_context_values_reach_the_function_as_text(gateway):
    answer = gateway.handle("GET", "/things", {"Authorization": "Bearer all"})
    context = json.loads(answer.body)["event"]["requestContext"]["authorizer"]
    assert context["principalId"] == "somebody"
    assert context["tenant"] == "demo"
    assert context["calls"].isdigit()
    assert (context["share"], context["is_admin"]) == ("0.5", "false")
    assert isinstance(context["integrationLatency"], int)


def test_a_remembered_policy_is_evaluated_for_each_request(gateway):
    headers = {"Authorization": "Bearer this"}
    first = gateway.handle("GET", "/things/1", headers)
    other = gateway.handle("GET", "/things/2", headers)
    again = gateway.handle("GET", "/things/1", headers)
    assert [first.status, other.status, again.status] == [200, 403, 200]


def test_the_context_of_a_denial_can_set_a_response_header():
    refusals = Refusals(
        {
            "ACCESS_DENIED": {
                "statusCode": "401",
                "responseParameters": {
                    "gatewayresponse.header.WWW-Authenticate": "context.authorizer.challenge"
                },
            }
        }
    )
    policy = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    denial = {"principalId": "p", "policyDocument": policy, "context": {"challenge": 'UMA a="b"'}}
    everybody = Authorizer("a", ARN, (), 0)
    refusal = Authorizers({"a": everybody}, lambda *_: denial).permit(
        "a", request_of("GET", "/x", {}, b""), {"methodArn": "arn:api/live/GET/x"}
    )
    answer = refusals.answer(refusal, request_of("GET", "/x", {}, b""), {"requestId": "1"})
    assert answer.status == 401
    assert dict(answer.headers)["WWW-Authenticate"] == 'UMA a="b"'


@pytest.fixture
def asked():
    return []


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def authorizers(asked, clock):
    def invoke(arn, event):
        asked.append(event)
        statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*/GET/*"}
        return {"principalId": "p", "policyDocument": {"Statement": statement}}

    known = Authorizer("a", ARN, ("method.request.header.Authorization",), 60)
    return Authorizers({"a": known}, invoke, lambda: clock[0])


def permit(authorizers, token, method="GET"):
    request = request_of(method, "/x", {"Authorization": token}, b"")
    return authorizers.permit("a", request, {"methodArn": f"arn:api/live/{method}/x"})


def test_an_identity_is_asked_about_once_until_its_time_is_over(authorizers, asked, clock):
    assert isinstance(permit(authorizers, "one"), Permit)
    clock[0] = 59.9
    permit(authorizers, "one")
    assert len(asked) == 1
    clock[0] = 60.0
    permit(authorizers, "one")
    assert len(asked) == 2


def test_identities_are_remembered_apart(authorizers, asked):
    permit(authorizers, "one")
    permit(authorizers, "two")
    assert len(asked) == 2


def test_a_method_that_a_remembered_policy_does_not_mention_is_refused(authorizers, asked):
    permit(authorizers, "one")
    refusal = permit(authorizers, "one", method="POST")
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "ACCESS_DENIED"
    assert len(asked) == 1
