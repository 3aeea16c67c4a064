"""The effect of parameters of template.yaml, and which combinations are refused."""

from typing import Any

import pytest

from local import template as templates
from local.template import Template
from tests.template.document import ROOT, TEMPLATE

KEY = "arn:aws:kms:us-east-1:123456789012:key/0f3c"


def _deployed(**parameters: str) -> Template:
    return templates.read(ROOT / "template.yaml", parameters=parameters)


def _statements(template: Template, role: str) -> list[dict[str, Any]]:
    policies = template.properties_of(role).get("Policies", [])
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


def _uses(statements: list[dict[str, Any]], service: str, actions: set[str]) -> bool:
    through = {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
    return any(
        actions <= set(each["Action"])
        and each["Resource"] == [KEY]
        and each["Condition"] == through
        for each in statements
        if "Condition" in each
    )


def test_every_role_that_reads_the_table_or_files_may_use_their_key() -> None:
    """DynamoDB and S3 decrypt with the rights of their caller."""
    every = {"UmaChallenges": "true", "TokenEndpoint": "true", "TableCheck": "on"}
    template = _deployed(TableKeyArn=KEY, **every)
    for name in template.ids_of("AWS::Lambda::Function"):
        variables = template.properties_of(name)["Environment"]["Variables"]
        granted = _statements(template, f"{name}Role")
        assert _uses(granted, "dynamodb", {"kms:Decrypt"}) == ("TABLE_NAME" in variables), name
        reads_files = "BUCKET_NAME" in variables
        assert _uses(granted, "s3", {"kms:Decrypt", "kms:GenerateDataKey"}) == reads_files, name
    # The machine reads the lines of a layer itself.
    assert _uses(_statements(template, "BulkJobRole"), "s3", {"kms:Decrypt"})


def test_without_a_customer_key_no_role_may_use_one() -> None:
    template = _deployed()
    roles = template.ids_of("AWS::IAM::Role")
    granted = [each for role in roles for each in _statements(template, role)]
    assert [each for each in granted if "kms:ViaService" in str(each)] == []


def test_the_boundary_bounds_every_role() -> None:
    boundary = "arn:aws:iam::123456789012:policy/bounds"
    every = {"CreateGatewayLogRole": "true", "Canary": "true", "UmaChallenges": "true"}
    template = _deployed(PermissionsBoundaryArn=boundary, TokenEndpoint="true", **every)
    roles = template.ids_of("AWS::IAM::Role")
    assert {"GatewayLogRole", "ShiftTrafficRole", "BulkJobRole", "UsersFunctionRole"} <= {*roles}
    bounds = {template.properties_of(role).get("PermissionsBoundary") for role in roles}
    assert bounds == {boundary}


def test_every_api_keeps_an_access_log_where_that_is_wanted() -> None:
    for wanted in ("true", "false"):
        template = _deployed(AccessLogs=wanted, UmaChallenges="true")
        stages = template.ids_of("AWS::ApiGateway::Stage")
        kept = [each for each in stages if "AccessLogSetting" in template.properties_of(each)]
        assert len(stages) == 3
        assert len(kept) == (3 if wanted == "true" else 0)


def test_access_logs_wait_for_the_role_without_which_aws_refuses_them() -> None:
    together = _deployed(AccessLogs="true", CreateGatewayLogRole="true")
    assert "GatewayAccount" in str(together.resources["AccessLog"])
    # The role may also be one that the account has already.
    (alone,) = (each for each in [_deployed(AccessLogs="true")] if "AccessLog" in each.resources)
    assert "Tags" not in alone.properties_of("AccessLog")


@pytest.mark.parametrize("name", ["SweepFunction", "TableCheckFunction"])
def test_scheduled_functions_are_not_retried_by_lambda(name: str) -> None:
    template = _deployed(TableCheck="on")
    found = template.properties_of(f"{name}EventInvokeConfig")
    assert (found["MaximumRetryAttempts"], found["Qualifier"]) == (0, "live")


def _value(node: Any, given: dict[str, str]) -> Any:
    """Return what an intrinsic function of a rule is, for these parameters."""
    if not isinstance(node, dict):
        return [_value(each, given) for each in node] if isinstance(node, list) else node
    ((name, argument),) = node.items()
    if name == "Ref":
        declared = TEMPLATE["Parameters"][argument]
        value = given.get(argument, str(declared["Default"]))
        return value.split(",") if declared["Type"] == "CommaDelimitedList" else value
    values = _value(argument, given)
    match name:
        case "Fn::Equals":
            return values[0] == values[1]
        case "Fn::Not":
            return not values[0]
        case "Fn::Or":
            return any(values)
        case "Fn::Contains":
            return values[1] in values[0]
        case "Fn::EachMemberIn":
            return set(values[0]) <= set(values[1])
    raise AssertionError(name)


def _refusals(**given: str) -> set[str]:
    return {
        name
        for name, rule in TEMPLATE["Rules"].items()
        if _value(rule.get("RuleCondition", {"Fn::Not": [False]}), given)
        if not all(_value(each["Assert"], given) for each in rule["Assertions"])
    }


@pytest.mark.parametrize(
    ("parameters", "refused"),
    [
        ({}, set()),
        ({"DomainName": "scim.example.com"}, {"DomainHasACertificate"}),
        ({"DomainName": "scim.example.com", "CertificateArn": "arn:aws:acm:x"}, set()),
        ({"TokenEndpoint": "true"}, {"TokensHaveAnIssuer"}),
        ({"TokenEndpoint": "true", "BaseUrl": "https://scim.example.com"}, set()),
        ({"AddressRate": "9"}, {"AddressesAreCountedFromTen"}),
        ({"AddressRate": "10"}, set()),
        ({"AddressRate": "1000"}, set()),
        ({"RestoredTable": "t"}, {"RestoredTableHasAStream"}),
        ({"ConsolePool": "acme"}, {"ConsolePoolHasAnAddress"}),
        ({"Release": ""}, {"ReleaseIsNamed"}),
    ],
)
def test_impossible_parameters_are_refused_before_the_deployment(
    parameters: dict[str, str], refused: set[str]
) -> None:
    assert _refusals(**{"Release": "0123456789", **parameters}) == refused
