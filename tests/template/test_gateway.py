"""The gateway's own responses, the counting of addresses, and where it can be called from."""

import json
from typing import Any

import pytest

from local import template as templates
from scim.access.issuer import MOST_REMEMBERED
from tests.template.document import (
    API,
    APIS,
    FUNCTIONS,
    GATEWAY_RESPONSES,
    METHODS,
    RESOURCES,
    ROOT,
    TEMPLATE,
)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({}, set(), id="off"),
        pytest.param({"AddressRate": "600"}, {"ApiFirewall"}, id="on"),
        pytest.param(
            {"AddressRate": "600", "UmaChallenges": "true"},
            {"ApiFirewall", "UmaApiFirewall"},
            id="on, with a second API",
        ),
    ],
)
def test_addresses_are_counted_before_credentials_where_that_is_wanted(
    parameters: dict[str, str], expected: set[str]
) -> None:
    deployed = templates.read(ROOT / "template.yaml", parameters=parameters)
    assert set(deployed.ids_of("AWS::WAFv2::WebACLAssociation")) == expected
    assert deployed.ids_of("AWS::WAFv2::WebACL") == (("AddressFirewall",) if expected else ())
    for name in expected:
        arn = deployed.properties_of(name)["ResourceArn"]
        api = deployed.scope.name_of(name.removesuffix("Firewall"))
        assert arn.endswith(f"::/restapis/{api}/stages/live")


def test_an_address_over_the_limit_gets_a_scim_error() -> None:
    acl = RESOURCES["AddressFirewall"]["Properties"]
    (rule,) = acl["Rules"]
    assert rule["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    answer = rule["Action"]["Block"]["CustomResponse"]
    assert (answer["ResponseCode"], answer["ResponseHeaders"]) == (
        429,
        [{"Name": "Retry-After", "Value": "60"}],
    )
    body = json.loads(acl["CustomResponseBodies"][answer["CustomResponseBodyKey"]]["Content"])
    assert (body["schemas"], body["status"]) == (
        ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "429",
    )


def test_the_authorizer_is_asked_again_after_a_minute() -> None:
    (authorizer,) = API["Auth"]["Authorizers"].values()
    assert authorizer["FunctionPayloadType"] == "REQUEST"
    assert authorizer["Identity"] == {"Headers": ["Authorization"], "ReauthorizeEvery": 30}
    # A revoked token ends within a minute, whoever remembers it.
    assert authorizer["Identity"]["ReauthorizeEvery"] + MOST_REMEMBERED <= 60


@pytest.mark.parametrize("kind", sorted(GATEWAY_RESPONSES))
def test_responses_of_the_gateway_itself_are_scim_errors(kind: str) -> None:
    response = GATEWAY_RESPONSES[kind]
    body = json.loads(response["ResponseTemplates"]["application/json"])
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == str(response["StatusCode"])
    assert body["detail"]
    assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/scim+json'"


@pytest.mark.parametrize(
    ("kind", "status", "header", "value"),
    [
        ("UNAUTHORIZED", 401, "WWW-Authenticate", "'Bearer realm=\"scim\"'"),
        ("EXPIRED_TOKEN", 401, "WWW-Authenticate", "'Bearer realm=\"scim\"'"),
        ("MISSING_AUTHENTICATION_TOKEN", 405, "Allow", "'GET, HEAD, POST, PUT, PATCH, DELETE'"),
        ("INVALID_SIGNATURE", 405, "Allow", "'GET, HEAD, POST, PUT, PATCH, DELETE'"),
        ("THROTTLED", 429, "Retry-After", "'1'"),
        ("QUOTA_EXCEEDED", 429, "Retry-After", "'1'"),
        ("AUTHORIZER_FAILURE", 503, "Retry-After", "'5'"),
        ("AUTHORIZER_CONFIGURATION_ERROR", 503, "Retry-After", "'5'"),
        ("INTEGRATION_FAILURE", 503, "Retry-After", "'5'"),
        ("INTEGRATION_TIMEOUT", 503, "Retry-After", "'5'"),
    ],
)
def test_a_status_comes_with_the_header_http_asks_for(
    kind: str, status: int, header: str, value: str
) -> None:
    response = GATEWAY_RESPONSES[kind]
    assert response["StatusCode"] == status
    assert response["ResponseParameters"]["Headers"][header] == value


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("ACCESS_DENIED", 403),
        ("REQUEST_TOO_LARGE", 413),
        ("UNSUPPORTED_MEDIA_TYPE", 415),
        ("DEFAULT_4XX", 400),
        ("DEFAULT_5XX", 500),
    ],
)
def test_the_gateway_answers_with_a_status_of_its_own(kind: str, status: int) -> None:
    assert GATEWAY_RESPONSES[kind]["StatusCode"] == status


def test_administration_takes_only_requests_that_are_signed_and_allowed_by_iam() -> None:
    auth = RESOURCES["AdminApi"]["Properties"]["Auth"]
    assert (auth["DefaultAuthorizer"], auth["InvokeRole"]) == ("AWS_IAM", "NONE")
    # A statement that allows something would let principals of other accounts in.
    # Only a private API has to name somebody: the account, whose IAM policies say who of it.
    plain, private = (
        [each["Fn::If"][at] if "Fn::If" in each else each for each in statements]
        for statements in [auth["ResourcePolicy"]["CustomStatements"]]
        for at in (2, 1)
    )
    assert {each["Effect"] for each in plain if "Effect" in each} == {"Deny"}
    (allowed,) = (each for each in private if each["Effect"] == "Allow")
    account = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
    assert allowed["Principal"] == {"AWS": {"Fn::Sub": account}}
    events = [
        event["Properties"]
        for properties in FUNCTIONS.values()
        for event in properties.get("Events", {}).values()
        if event["Properties"].get("RestApiId") == {"Ref": "AdminApi"}
    ]
    assert {(each["Method"], each["Path"]) for each in events} == {
        (method, "/admin/v1/{proxy+}") for method in METHODS - {"HEAD"}
    }
    assert not any("Auth" in each for each in events)


@pytest.mark.parametrize(
    "kind", ["THROTTLED", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX"]
)
def test_a_temporary_refusal_says_when_to_come_again(kind: str) -> None:
    assert "Retry-After" in GATEWAY_RESPONSES[kind]["ResponseParameters"]["Headers"]


def _policy_of(api: str, **parameters: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return an API's endpoints and the statements of its policy, as deployed with some parameters."""
    template = templates.read(
        ROOT / "template.yaml", "policy", {"UmaChallenges": "true", **parameters}
    )
    properties = template.properties_of(api)
    statements = properties["Body"]["x-amazon-apigateway-policy"]["Statement"]
    return properties["EndpointConfiguration"], statements


@pytest.mark.parametrize("api", APIS)
def test_an_address_that_is_not_allowed_is_denied(api: str) -> None:
    endpoints, policy = _policy_of(api, AllowedCidrs="192.0.2.0/24")
    assert endpoints == {"Types": ["REGIONAL"]}
    denied = [each["Condition"] for each in policy if each["Effect"] == "Deny"]
    assert denied == [{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}]
    assert TEMPLATE["Parameters"]["AllowedCidrs"]["Default"] == "0.0.0.0/0,::/0"


@pytest.mark.parametrize("api", APIS)
def test_a_private_api_is_open_to_its_endpoints_alone(api: str) -> None:
    endpoints, policy = _policy_of(api, VpcEndpointIds="vpce-1", AllowedCidrs="10.0.0.0/8")
    assert endpoints == {"Types": ["PRIVATE"], "VpcEndpointIds": "vpce-1"}
    denied = [each["Condition"] for each in policy if each["Effect"] == "Deny"]
    # Inside a VPC a caller has no aws:SourceIp, and a condition on what is not there would deny all.
    assert denied == [
        {"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    ]
    assert any(each["Effect"] == "Allow" for each in policy)
