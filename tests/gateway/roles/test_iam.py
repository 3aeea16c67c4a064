"""The answer of IAM that the tests of roles rest on."""

from typing import Any

import pytest

from tests.gateway.roles.iam import Call, is_granted

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/t"
READ: dict[str, Any] = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem"],
    "Resource": [TABLE],
    "Condition": {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T#*#rate", "D#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    },
}
NOTE: dict[str, Any] = {
    "Effect": "Allow",
    "Action": "dynamodb:UpdateItem",
    "Resource": f"{TABLE}*",
    "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "used"]}},
}
DECRYPT: dict[str, Any] = {
    "Effect": "Allow",
    "Action": ["kms:Decrypt"],
    "Resource": ["key"],
    "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
}
NEVER = {"Effect": "Deny", "Action": ["dynamodb:*"], "Resource": [TABLE]}


@pytest.mark.parametrize(
    ("action", "resource", "partitions", "expected"),
    [
        ("GetItem", TABLE, ("T#acme#rate",), True),
        ("GetItem", TABLE, ("T#acme#rate", "D#acme"), True),
        ("GetItem", TABLE, ("T#acme#rate", "T#acme#User"), False),
        ("GetItem", TABLE, None, False),
        ("GetItem", f"{TABLE}/index/i", ("T#acme#rate",), False),
        ("GetItem", f"{TABLE}2", ("T#acme#rate",), False),
        ("PutItem", TABLE, ("T#acme#rate",), False),
    ],
)
def test_a_statement_grants_its_own_actions_on_its_own_keys(
    action: str, resource: str, partitions: tuple[str, ...] | None, expected: bool
) -> None:
    keys = {} if partitions is None else {"dynamodb:LeadingKeys": partitions}
    assert is_granted([READ], Call(f"dynamodb:{action}", resource, keys)) is expected


@pytest.mark.parametrize(
    ("attributes", "expected"), [(("pk", "used"), True), (("pk", "scopes"), False)]
)
def test_a_statement_grants_its_own_attributes(attributes: tuple[str, ...], expected: bool) -> None:
    call = Call("dynamodb:UpdateItem", TABLE, {"dynamodb:Attributes": attributes})
    assert is_granted([NOTE], call) is expected


@pytest.mark.parametrize(("service", "expected"), [("s3", True), ("dynamodb", False)])
def test_a_key_is_used_only_through_the_service_that_is_named(service: str, expected: bool) -> None:
    through = {"kms:ViaService": (f"{service}.us-east-1.amazonaws.com",)}
    assert is_granted([DECRYPT], Call("kms:Decrypt", "key", through)) is expected
    assert not is_granted([DECRYPT], Call("kms:Decrypt", "key"))


def test_what_is_denied_is_not_granted() -> None:
    call = Call("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": ("D#acme",)})
    assert is_granted([READ], call)
    assert not is_granted([READ, NEVER], call)
    assert not is_granted([], call)


def test_a_condition_that_no_test_knows_is_no_grant() -> None:
    unknown = {**READ, "Condition": {"ArnLike": {"aws:SourceArn": "x"}}}
    with pytest.raises(ValueError, match="ArnLike"):
        is_granted([unknown], Call("dynamodb:GetItem", TABLE))
