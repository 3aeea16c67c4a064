"""The policy is the same for every request of a token, so caching it changes nothing."""

import pytest

from scim.auth.policy import policy_of
from scim.principal import Principal

PRINCIPAL = Principal("acme", "tok1", frozenset({"users:view", "users:list"}))
ARNS = [
    "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/scim/v2/Users",
    "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/DELETE/scim/v2/Groups/1",
    "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/POST/",
]


def test_the_policy_does_not_depend_on_the_request() -> None:
    first, *others = (policy_of(PRINCIPAL, arn) for arn in ARNS)
    assert others == [first, first]


@pytest.mark.parametrize("arn", ARNS)
def test_the_policy_covers_the_stage_and_nothing_else(arn: str) -> None:
    assert policy_of(PRINCIPAL, arn)["policyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Action": "execute-api:Invoke",
                "Effect": "Allow",
                "Resource": "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/*/*",
            }
        ],
    }


def test_the_context_carries_the_tenant_and_the_scopes() -> None:
    assert policy_of(PRINCIPAL, ARNS[0])["context"] == {
        "tenant": "acme",
        "tokenId": "tok1",
        "scopes": "users:list users:view",
        "subject": "",
    }
