"""A policy is evaluated as IAM does it."""

import pytest

from local.api_gateway.policy import Decision, MalformedPolicyError, decision_on

ARN = "arn:aws:execute-api:us-east-1:123456789012:api/live/GET/scim/v2/Users/1"


def statement(effect, resource, action="execute-api:Invoke"):
    return {"Effect": effect, "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        pytest.param([statement("Allow", ARN)], Decision.ALLOWED, id="exact"),
        pytest.param(statement("Allow", "*"), Decision.ALLOWED, id="one, not in a list"),
        pytest.param([statement("Allow", ["x", "arn:*/GET/*"])], Decision.ALLOWED, id="wildcard"),
        pytest.param([statement("Allow", ARN[:-1] + "?")], Decision.ALLOWED, id="one character"),
        pytest.param([statement("Allow", ARN[:-1])], Decision.NOT_MENTIONED, id="prefix"),
        pytest.param([statement("Allow", "arn:*/get/*")], Decision.NOT_MENTIONED, id="case"),
        pytest.param([statement("Allow", "arn:*/POST/*")], Decision.NOT_MENTIONED, id="method"),
        pytest.param([statement("Allow", "*", "s3:*")], Decision.NOT_MENTIONED, id="action"),
        pytest.param([statement("Allow", "*", "EXECUTE-API:*")], Decision.ALLOWED, id="any action"),
        pytest.param(
            [statement("Allow", "*"), statement("Deny", "*/Users/*")],
            Decision.DENIED,
            id="deny wins",
        ),
        pytest.param([], Decision.NOT_MENTIONED, id="empty"),
    ],
)
def test_the_statements_of_a_policy_decide(statements, decision):
    assert decision_on({"Statement": statements}, ARN) is decision


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(None, id="none"),
        pytest.param({}, id="no statement"),
        pytest.param({"Statement": [{"Effect": "Allow"}]}, id="no action"),
        pytest.param({"Statement": [statement("Perhaps", "*")]}, id="effect"),
        pytest.param({"Statement": [statement("Allow", [1])]}, id="resource"),
    ],
)
def test_a_malformed_policy_is_refused(document):
    with pytest.raises(MalformedPolicyError):
        decision_on(document, ARN)
