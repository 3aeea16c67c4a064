"""What template.yaml deploys: who may call what, who may touch what, and how the gateway itself answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import intrinsics
from local import template as templates
from local.events.built import ARCHITECTURES
from local.functions import ELSEWHERE
from scim.access.issuer import MOST_REMEMBERED
from scim.auth.refusals import STAGE_VARIABLE
from scim.bootstrap.breaker import METRIC as OPENED
from scim.http.tolerance import METRIC
from scim.service.metrics import BY_TENANT, NAMESPACE, of_request
from scim.settings import LIMITS, VARIABLES, limits
from scim.workers.push import WAITED
from scim_cli import __version__
from scim_cli.connection import VERSION
from tests.gateway.test_own_entry import with_entry

ROOT = Path(__file__).parent.parent
TEMPLATE: dict[str, Any] = templates.document_of(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
API = RESOURCES["Api"]["Properties"]
TABLE = RESOURCES["Table"]
GATEWAY_RESPONSES: dict[str, dict[str, Any]] = API["GatewayResponses"]


def _routes() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield function, method, path and the event's other properties, of the main API."""
    for name, properties in FUNCTIONS.items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api" and event["Properties"]["RestApiId"] == {"Ref": "Api"}:
                yield (
                    name,
                    event["Properties"]["Method"],
                    event["Properties"]["Path"],
                    event["Properties"],
                )


NO_LOG_GROUPS = {
    "Sid": "NoLogGroups",
    "Effect": "Deny",
    "Action": ["logs:CreateLogGroup"],
    "Resource": ["*"],
}
"""What SAM's own policy for logs grants, and no function needs."""


def _statements(function: str) -> list[dict[str, Any]]:
    """Return what a function is granted, also what only under a condition."""
    return [
        one["Fn::If"][1] if "Fn::If" in one else one
        for policy in FUNCTIONS[function].get("Policies", [])
        for one in policy["Statement"]
        if one != NO_LOG_GROUPS
    ]


def _table_statements(function: str) -> list[dict[str, Any]]:
    return [
        statement
        for statement in _statements(function)
        # No key fences a scan: it has a test of its own.
        if all(action.startswith("dynamodb:") for action in statement["Action"])
        and statement["Action"] != ["dynamodb:Scan"]
    ]


def _leading_keys(function: str) -> set[str]:
    return {
        key
        for statement in _table_statements(function)
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }


ROUTES = {(method, path): name for name, method, path, _ in _routes()}


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("/scim/v2/Users", "UsersFunction"),
        ("/scim/v2/Users/.search", "UsersFunction"),
        ("/scim/v2/Users/{id}", "UsersFunction"),
        ("/scim/v2/Groups", "GroupsFunction"),
        ("/scim/v2/Groups/.search", "GroupsFunction"),
        ("/scim/v2/Groups/{id}", "GroupsFunction"),
        ("/scim/v2/GroupMembers", "GroupMembersFunction"),
        ("/scim/v2/GroupMembers/.search", "GroupMembersFunction"),
        ("/scim/v2/GroupMembers/{id}", "GroupMembersFunction"),
        ("/scim/v2/ServiceProviderConfig", "DiscoveryFunction"),
        ("/scim/v2/ResourceTypes", "DiscoveryFunction"),
        ("/scim/v2/ResourceTypes/{id}", "DiscoveryFunction"),
        ("/scim/v2/openapi.json", "DiscoveryFunction"),
        ("/scim/v2/Schemas", "DiscoveryFunction"),
        ("/scim/v2/Schemas/{id}", "DiscoveryFunction"),
        ("/scim/v2", "SearchFunction"),
        ("/scim/v2/.search", "SearchFunction"),
        ("/scim/v2/Me", "MeFunction"),
        ("/scim/v2/Bulk", "BulkFunction"),
        ("/scim/v2/Definitions", "DefinitionsFunction"),
        ("/scim/v2/Definitions/{id}", "DefinitionsFunction"),
        ("/scim/v2/Jobs", "BulkFunction"),
        ("/scim/v2/Jobs/{id}", "BulkFunction"),
        ("/scim/v2/Jobs/{id}/Result", "BulkFunction"),
        ("/scim/v2/Jobs/{id}/Start", "BulkFunction"),
        ("/", "CatchAllFunction"),
        ("/{proxy+}", "CatchAllFunction"),
    ],
)
def test_a_path_takes_every_method_to_one_function(path: str, function: str) -> None:
    assert {method: ROUTES.get((method, path)) for method in METHODS} == dict.fromkeys(
        METHODS, function
    )


def test_every_route_is_listed_once() -> None:
    assert len(list(_routes())) == len(ROUTES)


def test_what_everybody_may_get_everybody_may_ask_the_head_of() -> None:
    opened = {(method, path) for _, method, path, properties in _routes() if "Auth" in properties}
    gets = {path for method, path in opened if method == "GET"}
    assert {path for method, path in opened if method == "HEAD"} == gets


def test_no_route_says_any_because_emulators_drop_it() -> None:
    assert {method for method, _ in ROUTES} == METHODS


def test_every_route_is_behind_the_default_authorizer() -> None:
    assert API["Auth"]["DefaultAuthorizer"] in API["Auth"]["Authorizers"]
    opened = {path for _, _, path, properties in _routes() if "Auth" in properties}
    # Who asks for a token has none yet, and what is published there is for everybody.
    assert opened == {
        "/health",
        "/openapi.json",
        "/oauth2/token",
        "/oauth2/jwks",
        "/scim/jwks",
        "/.well-known/oauth-authorization-server",
        # Pages are for everybody; what they ask for has sessions of its own.
        "/setup",
        "/setup/{proxy+}",
        "/console",
        "/console/{proxy+}",
    }


def test_the_second_api_is_only_there_for_challenges_and_asks_about_everybody() -> None:
    api = RESOURCES["UmaApi"]
    (authorizer,) = api["Properties"]["Auth"]["Authorizers"].values()
    assert api["Condition"] == RESOURCES["UmaFunction"]["Condition"] == "Challenges"
    assert api["Properties"]["Variables"] == {STAGE_VARIABLE: "1"}
    assert authorizer["Identity"] == {"ReauthorizeEvery": 0}
    denied = api["Properties"]["GatewayResponses"]["ACCESS_DENIED"]
    headers = denied["ResponseParameters"]["Headers"]
    assert (denied["StatusCode"], headers["WWW-Authenticate"]) == (
        401,
        "context.authorizer.challenge",
    )
    events = FUNCTIONS["UmaFunction"]["Events"].values()
    assert {event["Properties"]["Path"] for event in events} == {"/", "/{proxy+}"}
    assert {event["Properties"]["Method"] for event in events} == METHODS


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


def test_who_is_counted_out_is_told_so_as_scim_does() -> None:
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


def test_behind_the_second_api_is_what_is_behind_the_first_ones_catch_all() -> None:
    uma, catch_all = FUNCTIONS["UmaFunction"], FUNCTIONS["CatchAllFunction"]
    own = {"LoggingConfig", "Events"}
    assert {name: uma[name] for name in uma.keys() - own} == {
        name: catch_all[name] for name in catch_all.keys() - own
    }


@pytest.mark.parametrize("kind", sorted(RESOURCES["UmaApi"]["Properties"]["GatewayResponses"]))
def test_the_second_api_refuses_as_the_first_does(kind: str) -> None:
    if kind != "ACCESS_DENIED":
        own = RESOURCES["UmaApi"]["Properties"]["GatewayResponses"][kind]
        assert own == GATEWAY_RESPONSES[kind]


def test_nothing_for_tests_only_is_deployed() -> None:
    variables = FUNCTIONS["AuthorizerFunction"]["Environment"]["Variables"]
    assert variables["SCIM_LOOPBACK_ISSUERS"] == "0"
    assert variables["SCIM_QUERY_TOKEN"] == ""
    pushes = FUNCTIONS["PushFunction"]["Environment"]["Variables"]
    assert pushes["SCIM_LOOPBACK_ISSUERS"] == "0"


def test_the_token_endpoint_signs_with_a_key_only_it_may_use() -> None:
    assert _signers("TokenKey") == {"TokenFunction"}
    assert RESOURCES["TokenKey"]["Properties"]["KeySpec"] == "ECC_NIST_P256"


def test_who_may_sign_events_may_sign_nothing_else() -> None:
    signers = _signers("EventKey")
    assert signers == {"CatchAllFunction", "EventsFunction", "PushFunction", "UmaFunction"}
    assert not signers & _signers("TokenKey")
    assert RESOURCES["EventKey"]["Properties"]["KeySpec"] == "ECC_NIST_P256"


def _signers(key: str) -> set[str]:
    return {
        name
        for name in FUNCTIONS
        for statement in _statements(name)
        if "kms:Sign" in statement["Action"]
        and statement["Resource"] == [{"Fn::GetAtt": [key, "Arn"]}]
    }


def test_the_authorizer_is_asked_again_after_a_minute() -> None:
    (authorizer,) = API["Auth"]["Authorizers"].values()
    assert authorizer["FunctionPayloadType"] == "REQUEST"
    assert authorizer["Identity"] == {"Headers": ["Authorization"], "ReauthorizeEvery": 30}
    # A revoked token ends within a minute, whoever remembers it.
    assert authorizer["Identity"]["ReauthorizeEvery"] + MOST_REMEMBERED <= 60


@pytest.mark.parametrize("kind", sorted(GATEWAY_RESPONSES))
def test_what_the_gateway_answers_itself_is_a_scim_error(kind: str) -> None:
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


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_code_of_a_function_is_where_the_template_says(name: str) -> None:
    code = ROOT / FUNCTIONS[name]["CodeUri"]
    assert (code / "app.py").is_file()
    assert RESOURCES[name]["Metadata"] == {"SkipBuild": True}


def test_everything_runs_python_3_13_on_the_processors_that_are_chosen() -> None:
    function = TEMPLATE["Globals"]["Function"]
    layer = RESOURCES["ScimLayer"]
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == [{"Ref": "Architecture"}]
    assert TEMPLATE["Parameters"]["Architecture"]["AllowedValues"] == [*ARCHITECTURES]
    assert TEMPLATE["Parameters"]["Architecture"]["Default"] == ARCHITECTURES[0]
    assert layer["Properties"]["CompatibleRuntimes"] == ["python3.13"]
    assert layer["Properties"]["CompatibleArchitectures"] == [{"Ref": "Architecture"}]
    assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": "arm64"}
    assert [
        name for name, own in FUNCTIONS.items() if {"Runtime", "Architectures"} & own.keys()
    ] == []


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_is_granted_named_actions_only(name: str) -> None:
    actions = [action for statement in _statements(name) for action in statement["Action"]]
    assert [action for action in actions if "*" in action] == []
    assert "dynamodb:Scan" not in actions or name == "TableCheckFunction"


def test_what_checks_the_table_reads_all_of_it_and_does_nothing_else() -> None:
    actions = {action for each in _statements("TableCheckFunction") for action in each["Action"]}
    assert actions == {"dynamodb:Scan", "kms:Decrypt"}
    parts = ("TableCheckFunction", "TableCheckLog", "TableCheckAlarm", "TableCheckFailsAlarm")
    assert {RESOURCES[name]["Condition"] for name in parts} == {"ChecksTable"}
    assert TEMPLATE["Parameters"]["TableCheck"]["Default"] == "off"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_reaches_items_only_by_keys_it_is_granted(name: str) -> None:
    assert {statement["Effect"] for statement in _statements(name)} <= {"Allow"}
    for statement in _table_statements(name):
        # A condition on all values holds when there are none, so none must not be.
        assert statement["Condition"]["Null"]["dynamodb:LeadingKeys"] == "false"


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("UsersFunction", {"T#*", "D#*"}),
        ("GroupsFunction", {"T#*", "D#*"}),
        ("GroupMembersFunction", {"T#*", "D#*"}),
        ("BulkFunction", {"T#*", "J#*", "D#*"}),
        ("BulkJobFunction", {"T#*", "J#*", "D#*", "TENANT#*", "TOKEN#*", "CLIENT#*"}),
        ("CatchAllFunction", {"T#*", "J#*", "D#*", "AUDIT#*"}),
        ("SweepFunction", {"T#*"}),
        (
            "SearchFunction",
            {"T#*", "T#*#rate", "T#*#fired", "T#*#page", "T#*#request", "T#*#refused", "D#*"},
        ),
        ("UmaFunction", {"T#*", "J#*", "D#*", "AUDIT#*"}),
        ("TokenFunction", {"CLIENT#*", "ASSERTION#*"}),
        ("AuthorizerFunction", {"TOKEN#*", "TENANT#*", "ISSUER#*", "CLIENT#*", "D#*"}),
        (
            "SetupFunction",
            {"SETUP#*", "SESSION#*", "TENANT#*", "TOKEN#*", "T#*", "T#*#page", "D#*", "AUDIT#*"},
        ),
        (
            "ConsoleFunction",
            {"TENANT#*", "TOKEN#*", "ISSUER#*", "CLIENT#*", "D#*", "AUDIT#*", "J#*", "J#*#open"}
            | {"SETUP#*", "SESSION#*", "T#*", "T#*#breaker", "T#*#feed", "T#*#page", "T#*#request"},
        ),
        ("MeFunction", {"T#*", "D#*"}),
        ("DiscoveryFunction", {"D#*", "T#*#feed"}),
        ("WatchFunction", {"TOKEN#*", "TENANT#*", "D#*"}),
        ("ReconcileFunction", {"T#*", "TENANT#*", "D#*", "T#*#log#*", "T#*#logged"}),
        ("ChangeLogFunction", {"T#*#log#*", "T#*#logged", "T#*#feed"}),
        ("PushFunction", {"T#*#log#*", "T#*#feed", "TENANT#*", "D#*"}),
        ("PublishFunction", {"T#*#feed", "TENANT#*", "D#*"}),
        ("DefinitionsFunction", {"D#*", "T#*#count", "T#*#build", "T#*#rate"}),
        (
            "AdminFunction",
            {"TENANT#*", "TOKEN#*", "ISSUER#*", "CLIENT#*", "D#*", "AUDIT#*", "SETUP#*"}
            | {"J#*", "J#*#open"}
            | {f"T#*#{part}" for part in ("breaker", "count", "build", "fired", "request")}
            | {f"T#*#{part}" for part in ("refused", "log#*", "logged", "feed", "page")}
            | {"T#*"},  # read alone: previews of mappings
        ),
    ],
)
def test_directories_and_tokens_are_fenced_from_each_other(name: str, keys: set[str]) -> None:
    assert _leading_keys(name) == keys


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        (
            "AuthorizerFunction",
            {
                "dynamodb:GetItem",
                "dynamodb:BatchGetItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem",  # of when a token was last used
                "kms:GetPublicKey",
                "kms:Decrypt",  # what the table is encrypted with, where that is the operator's own key
                "secretsmanager:GetSecretValue",
            },
        ),
        (
            "TokenFunction",
            {"dynamodb:GetItem", "dynamodb:PutItem"}
            | {"kms:Decrypt", "kms:GetPublicKey", "kms:Sign"},
        ),
    ],
)
def test_what_opens_directories_is_granted_nothing_else(name: str, actions: set[str]) -> None:
    assert {action for each in _statements(name) for action in each["Action"]} == actions


def test_a_search_writes_nothing_but_counts_and_where_it_was() -> None:
    written = {
        key
        for statement in _table_statements("SearchFunction")
        if {"dynamodb:UpdateItem", "dynamodb:PutItem"} & set(statement["Action"])
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert written == {f"T#*#{part}" for part in ("rate", "fired", "page", "request", "refused")}


def test_the_setup_portal_makes_no_links_and_writes_no_directory() -> None:
    written = {
        key
        for statement in _table_statements("SetupFunction")
        if "dynamodb:PutItem" in statement["Action"]
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert written == {"SESSION#*", "TENANT#*", "TOKEN#*", "AUDIT#*", "T#*#page"}


def test_what_serves_users_and_groups_reaches_no_job() -> None:
    reached = {
        name
        for name in FUNCTIONS
        for statement in _table_statements(name)
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        if key.startswith("J")
    }
    served = {"BulkFunction", "BulkJobFunction", "CatchAllFunction", "UmaFunction"}
    assert reached == {*served, "AdminFunction", "ConsoleFunction"}


def test_the_token_function_writes_nothing_but_assertions() -> None:
    written = [
        statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for statement in _table_statements("TokenFunction")
        if "dynamodb:PutItem" in statement["Action"]
    ]
    assert written == [["ASSERTION#*"]]


def test_what_tenants_define_is_written_by_their_own_function_and_the_operators() -> None:
    writers = {
        name
        for name in FUNCTIONS
        for statement in _table_statements(name)
        if {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
        & set(statement["Action"])
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        if key.startswith("D")
    }
    # The console performs the operations of the Admin API, and nothing else that writes.
    assert writers == {"DefinitionsFunction", "AdminFunction", "ConsoleFunction"}


def test_an_act_that_is_written_down_cannot_be_taken_back() -> None:
    allowed = {
        (name, action)
        for name in FUNCTIONS
        for statement in _table_statements(name)
        if "AUDIT#*" in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for action in statement["Action"]
    }
    assert allowed == {
        *(
            (name, action)
            for name in ("AdminFunction", "ConsoleFunction")
            for action in ("dynamodb:PutItem", "dynamodb:Query")
        ),
        ("SetupFunction", "dynamodb:PutItem"),
        ("CatchAllFunction", "dynamodb:Query"),
        ("UmaFunction", "dynamodb:Query"),
    }


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


def test_the_authorizer_can_note_the_use_of_a_token_and_change_nothing_else() -> None:
    writing = [one for one in _statements("AuthorizerFunction") if one.get("Sid") == "NoteUse"]
    (condition,) = (one["Condition"] for one in writing)
    assert condition["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["TOKEN#*"]}
    assert condition["ForAllValues:StringEquals"] == {"dynamodb:Attributes": ["pk", "sk", "used"]}
    assert condition["Null"] == {"dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false"}


def test_the_table_outlives_mistakes() -> None:
    properties = TABLE["Properties"]
    assert (TABLE["DeletionPolicy"], TABLE["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert TEMPLATE["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_the_table_has_the_keys_index_and_stream_the_store_builds_on() -> None:
    properties = TABLE["Properties"]
    (index,) = properties["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]
    assert index["IndexName"] == "byLastModified"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["gp", "gs"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


IN_RULES = {
    *("Ref", "Fn::And", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Equals"),
    *("Fn::If", "Fn::Not", "Fn::Or", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"),
}
"""What CloudFormation knows in the section Rules; it refuses the whole template for another."""


def _functions(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _functions(each)
    if isinstance(value, dict):
        yield from (name for name in value if name == "Ref" or name.startswith("Fn::"))
        for each in value.values():
            yield from _functions(each)


def test_rules_are_made_of_what_cloudformation_knows_there() -> None:
    assert set(_functions(TEMPLATE["Rules"])) <= IN_RULES


def test_every_setting_can_be_deployed_and_every_variable_is_a_setting() -> None:
    deployed = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for properties in FUNCTIONS.values():
        deployed |= set(properties.get("Environment", {}).get("Variables", {}))
    known = {each.name for each in VARIABLES.values()} | ELSEWHERE
    assert known - set(limits().values()) <= deployed
    assert {name for name in deployed if not name.startswith("POWERTOOLS_")} <= {*known, LIMITS}


@pytest.mark.parametrize(
    ("variable", "parameter"),
    sorted(
        (variable, value["Ref"])
        for variable, value in TEMPLATE["Globals"]["Function"]["Environment"]["Variables"].items()
        if variable.startswith("SCIM_") and variable != LIMITS and "Ref" in value
    ),
)
def test_a_parameter_defaults_to_what_the_setting_does(variable: str, parameter: str) -> None:
    (field,) = (each for each in VARIABLES.values() if each.name == variable)
    default = TEMPLATE["Parameters"][parameter]["Default"]
    assert type(field.default)(int(default) if str(default).isdigit() else default) == field.default


def test_the_access_log_keeps_neither_secrets_nor_queries() -> None:
    log = json.dumps(API["AccessLogSetting"])
    named = set(re.findall(r"\$context\.([A-Za-z.]+)", log))
    assert named == {
        "requestTime",
        "requestId",
        "identity.sourceIp",
        "identity.userAgent",
        "authorizer.tenant",
        "httpMethod",
        "resourcePath",
        "status",
        "responseLength",
        "responseLatency",
        "error.responseType",
    }


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_logs_of_a_function_are_dropped_in_time(name: str) -> None:
    log = RESOURCES[FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert log["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_layer_carries_the_versions_the_tests_ran_with_and_no_boto3() -> None:
    deployed = _pins(ROOT / "layers/scim/requirements.txt")
    tested = _pins(ROOT / "local/locks/dev.lock")
    assert {name: tested.get(name) for name in deployed} == deployed
    assert deployed.keys().isdisjoint({"boto3", "botocore"})


def test_a_stream_has_no_more_readers_than_its_shards_have_room_for() -> None:
    """AWS: more than two of a shard are throttled."""
    readers = {
        name
        for name, each in FUNCTIONS.items()
        for event in each.get("Events", {}).values()
        if event["Type"] == "DynamoDB"
    }
    assert readers == {"ChangeLogFunction", "PublishFunction"}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_makes_no_log_groups(name: str) -> None:
    assert NO_LOG_GROUPS in [
        one for policy in FUNCTIONS[name]["Policies"] for one in policy["Statement"]
    ]


def test_every_parameter_is_described_labelled_and_in_one_group() -> None:
    shown = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in shown["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(TEMPLATE["Parameters"]) == sorted(shown["ParameterLabels"])
    assert [n for n, each in TEMPLATE["Parameters"].items() if not each.get("Description")] == []


@pytest.mark.parametrize(
    "kind", ["THROTTLED", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX"]
)
def test_who_is_to_come_again_is_told_when(kind: str) -> None:
    assert "Retry-After" in GATEWAY_RESPONSES[kind]["ResponseParameters"]["Headers"]


APIS = ("Api", "UmaApi", "AdminApi")


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


ALARMS = [name for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_it_means_and_tells_who_asked_for_it(name: str) -> None:
    alarm = RESOURCES[name]["Properties"]
    assert len(alarm["AlarmDescription"].split()) > 4
    assert alarm["AlarmActions"] == RESOURCES["FailuresAlarm"]["Properties"]["AlarmActions"]
    assert alarm["TreatMissingData"] == "notBreaching"


def test_what_an_alarm_or_the_dashboard_watches_of_ours_is_written() -> None:
    own = [RESOURCES[name]["Properties"] for name in ALARMS]
    watched = {
        each["MetricName"]
        for each in own
        if each.get("Namespace") == NAMESPACE and isinstance(each["MetricName"], str)
    }
    dashboard = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    watched |= set(re.findall(r'MetricName=\\"(\w+)', dashboard))
    (counted,) = of_request(200, BY_TENANT)["_aws"]["CloudWatchMetrics"]  # type: ignore[index]
    written = {
        "TokensExpiring",
        "TenantsSilent",
        "TableViolations",
        "ChangesMissing",
        METRIC,
        OPENED,
        WAITED,
        *(m["Name"] for m in counted["Metrics"]),
    }
    assert {"TooManyRequests", "Requests", "milliseconds"} <= watched <= written


def test_the_dashboard_is_json() -> None:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]
    assert {each["type"] for each in json.loads(body)["widgets"]} == {"metric", "log"}


def test_the_gateway_counts_nothing_that_is_paid_and_that_nobody_watches() -> None:
    """Its metrics by method cost as much as own metrics do; ours of operations and tenants say more."""
    for api in APIS:
        (settings,) = RESOURCES[api]["Properties"]["MethodSettings"]
        assert settings["MetricsEnabled"] is False
    watched = [RESOURCES[name]["Properties"].get("Dimensions", []) for name in ALARMS]
    assert "Resource" not in {each["Name"] for dimensions in watched for each in dimensions}
    assert '"Resource"' not in RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0]


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "us-east-1.console.aws.amazon.com"),
        ("aws-us-gov", "us-east-1.console.amazonaws-us-gov.com"),
        ("aws-cn", "us-east-1.console.amazonaws.cn"),
    ],
)
def test_the_dashboard_is_where_the_console_of_the_partition_is(
    partition: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intrinsics._PSEUDO_PARAMETERS, "AWS::Partition", partition)
    scope = templates.read(ROOT / "template.yaml").scope
    url = scope.value_of(TEMPLATE["Outputs"]["DashboardUrl"]["Value"])
    assert url.startswith(f"https://{host}/cloudwatch/home?region=us-east-1#dashboards/dashboard/")


def test_the_dashboard_reads_the_logs_of_all_who_answer() -> None:
    body = json.loads(RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][0])
    read = {
        each["properties"]["title"]: set(
            re.findall(r"SOURCE '\$\{(\w+)\}'", each["properties"]["query"])
        )
        for each in body["widgets"]
        if each["type"] == "log"
    }
    answering = {FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"] for name in ROUTES.values()}
    always = {log for log in answering if "Condition" not in RESOURCES[log]}
    pages = {"SetupLog", "ConsoleLog"}
    assert {"UsersLog", "BulkLog", "CatchAllLog"} <= always
    assert always - pages == read["Refusals"]
    assert always | {"AuthorizerLog", "AdminLog"} <= read["Server errors"]
    assert read["Refused credentials"] == {"AuthorizerLog"}


def _pins(lock: Path) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_a_restored_table_is_served_in_the_place_of_the_own_one_everywhere() -> None:
    used = {key: TEMPLATE[key] for key in ("Resources", "Outputs", "Globals")}
    text = json.dumps(_without_choices(used))
    assert not re.search(r'"Ref": "Table"|"Fn::GetAtt": (\["Table"|"Table\.)|\$\{Table[.}]', text)


def _without_choices(node: Any) -> Any:
    """Return the part of the template without the choices between the two tables."""
    if isinstance(node, list):
        return [_without_choices(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("Fn::If", [None])[0] == "HasRestoredTable":
        return {}
    return {key: _without_choices(value) for key, value in node.items()}


_UNALIASED = "EmptyBucketFunction"
"""Asked by CloudFormation alone, which takes no other ServiceToken for a resource that is there."""


def test_what_invokes_a_function_invokes_its_alias() -> None:
    given = {"UmaChallenges": "true", "TokenEndpoint": "true", "TableCheck": "on"}
    deployed = templates.read(ROOT / "template.yaml", parameters=given)
    scope = deployed.scope
    functions = {scope.arn_of(name): name for name in deployed.ids_of("AWS::Lambda::Function")}
    invoked: dict[str, set[str]] = {}
    for name, resource in deployed.resources.items():
        if resource["Type"] != "AWS::Lambda::Alias":
            text = json.dumps(deployed.properties_of(name))
            for arn, qualifier in re.findall(
                r"(arn:aws:lambda:[\w:-]+?:function:[\w-]+)(:live)?", text
            ):
                invoked.setdefault(functions[arn], set()).add(qualifier)
    assert invoked.pop(_UNALIASED) == {""}
    assert invoked == {name: {":live"} for name in FUNCTIONS if name != _UNALIASED}


def test_a_function_is_published_anew_with_every_release() -> None:
    named = {name for name, each in FUNCTIONS.items() if "AutoPublishCodeSha256" in each}
    assert named == FUNCTIONS.keys() - {_UNALIASED}
    published = [
        set(templates.read(ROOT / "template.yaml", parameters=each).ids_of("AWS::Lambda::Version"))
        for each in ({"Release": "0123456789a"}, {"Release": "123456789ab"})
    ]
    assert len(published[0]) == len(published[1]) > 0
    assert not published[0] & published[1]


def test_an_api_is_deployed_anew_with_every_release() -> None:
    """Else a path that a parameter adds to a stack that is there would be in no deployment of the API."""
    given = {"UmaChallenges": "true", "Release": "0123456789a"}
    first, again, later = (
        set(
            templates.read(ROOT / "template.yaml", parameters=each).ids_of(
                "AWS::ApiGateway::Deployment"
            )
        )
        for each in (given, {**given, "TokenEndpoint": "true"}, {**given, "Release": "123456789ab"})
    )
    assert first == again
    # The Admin API has the same paths whatever the parameters are.
    assert {each.partition("Deployment")[0] for each in first - later} == {"Api", "UmaApi"}


ANSWERING = {"AuthorizerFunction", "TokenFunction", "UmaFunction"}
"""What callers wait for beside the main API's routes."""
RARE = {
    "AdminFunction",
    "ConsoleFunction",
    "DefinitionsFunction",
    "EventsFunction",
    "SetupFunction",
}
"""What few wait for, now and then: a snapshot of it would be paid for by the hour all the same."""


@pytest.mark.parametrize("applied", ["None", "PublishedVersions"])
def test_what_callers_wait_for_starts_from_snapshots_where_that_is_wanted(applied: str) -> None:
    """A snapshot is taken of a version, and whatever invokes a function invokes one, by its alias."""
    every = {"TokenEndpoint": "true", "UmaChallenges": "true"}
    read = templates.read(ROOT / "template.yaml", parameters={"SnapStart": applied, **every})
    found = {
        name: read.properties_of(name)["SnapStart"]["ApplyOn"]
        for name in read.ids_of("AWS::Lambda::Function")
        if "SnapStart" in read.properties_of(name)
    }
    waited_for = ({name for name, *_ in _routes()} | ANSWERING) - RARE
    assert found == dict.fromkeys(waited_for, applied)
    published = {
        read.resources[each]["Properties"]["FunctionName"]["Ref"]
        for each in read.ids_of("AWS::Lambda::Version")
    }
    assert found.keys() <= published


def test_a_version_says_which_release_it_is_of() -> None:
    description = TEMPLATE["Globals"]["Function"]["Description"]["Fn::Sub"]
    # Lambda publishes no version that differs in nothing from the one before.
    assert description == f"serverless-scim {__version__}, release ${{Release}}"
    told = TEMPLATE["Outputs"][VERSION]["Value"]["Fn::Sub"]
    assert told == description.removeprefix("serverless-scim ")


def test_traffic_is_shifted_only_where_that_is_wanted_and_back_on_an_alarm() -> None:
    kinds = ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup")
    off = templates.read(ROOT / "template.yaml")
    assert [off.ids_of(kind) for kind in kinds] == [(), ()]
    assert "ShiftTrafficRole" not in off.resources
    on = templates.read(ROOT / "template.yaml", parameters={"Canary": "true"})
    groups = [on.properties_of(name) for name in on.ids_of(kinds[1])]
    assert len(groups) == len(on.ids_of("AWS::Lambda::Alias")) > 0
    for group in groups:
        alarms = [each["Name"] for each in group["AlarmConfiguration"]["Alarms"]]
        assert alarms == [on.scope.name_of(n) for n in ("FailuresAlarm", "AuthorizerAlarm")]
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    for name in on.ids_of("AWS::Lambda::Alias"):
        assert "CodeDeployLambdaAliasUpdate" in on.resources[name]["UpdatePolicy"]


def test_operators_have_a_pool_only_where_that_is_wanted() -> None:
    kinds = [f"AWS::Cognito::{kind}" for kind in ("UserPool", "UserPoolClient", "UserPoolGroup")]
    off = templates.read(ROOT / "template.yaml")
    assert [off.ids_of(kind) for kind in kinds] == [(), (), ()]
    given = {"ConsolePool": "acme-scim", "DomainName": "scim.example.com"}
    on = templates.read(ROOT / "template.yaml", parameters=given)
    (pool,), (client,), (group,) = (on.ids_of(kind) for kind in kinds)
    told = on.properties_of("ConsoleFunction")["Environment"]["Variables"]
    assert told["SCIM_CONSOLE_ISSUER"].endswith(f".amazonaws.com/{on.scope.name_of(pool)}")
    assert told["SCIM_CONSOLE_CLIENT_ID"] == on.scope.name_of(client)
    named = on.properties_of(group)["GroupName"]
    assert json.loads(told["SCIM_CONSOLE_ADMITS"]) == {"cognito:groups": [named]}
    back = on.properties_of(client)["CallbackURLs"]
    assert back == ["https://scim.example.com/console/sign-in/back"]
    assert on.properties_of(client)["GenerateSecret"] is False
    assert on.properties_of(pool)["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    own = templates.read(
        ROOT / "template.yaml", parameters={**given, "ConsoleAdmits": '{"hd": ["a.example"]}'}
    )
    told = own.properties_of("ConsoleFunction")["Environment"]["Variables"]
    assert json.loads(told["SCIM_CONSOLE_ADMITS"]) == {"hd": ["a.example"]}


EVERYTHING = {
    "UmaChallenges": "true",
    "TokenEndpoint": "true",
    "TableCheck": "on",
    "AccessLogs": "true",
    "CreateGatewayLogRole": "true",
    "AddressRate": "2000",
    "AlarmEmail": "ops@example.com",
    "Canary": "true",
    "DomainName": "scim.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x",
    "TraceRate": "0.1",
    "ConsolePool": "acme-scim",
}
MOST_RESOURCES = 500
"""Of a stack, by CloudFormation's quota."""


def test_the_documents_say_how_many_resources_a_stack_and_a_function_of_a_type_are() -> None:
    said = " ".join((ROOT / "docs/resource-types.md").read_text("utf-8").split())
    usual = templates.read(ROOT / "template.yaml").resources
    most = templates.read(ROOT / "template.yaml", parameters=EVERYTHING).resources
    own = [name for name in usual if name.startswith("UsersFunction") or name == "UsersLog"]
    methods = [name for name in own if "Permission" in name]
    assert f"as in `UsersFunction`, {len(methods)} in all" in said
    assert f"such a type is {len(own)} CloudFormation resources" in said
    assert f"The template creates {len(usual)} of the {MOST_RESOURCES} resources" in said
    assert f"{len(most)} with everything switched on" in said
    assert f"room for {(MOST_RESOURCES - len(usual)) // len(own)} types" in said


def test_the_shown_function_of_a_type_is_like_that_of_users(tmp_path: Path) -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    template = tmp_path / "template.yaml"
    template.write_text(with_entry(text), "utf-8")
    resources = templates.document_of(template)["Resources"]
    shown, users = (resources[f"{n}Function"]["Properties"] for n in ("Organizations", "Users"))
    own = {"Environment", "LoggingConfig", "Events"}
    assert {k: v for k, v in shown.items() if k not in own} == {
        k: v for k, v in users.items() if k not in own
    }
    tables = [each["Environment"]["Variables"]["TABLE_NAME"] for each in (shown, users)]
    assert tables[0] == tables[1]
    logs = [resources[f"{name}Log"]["Properties"] for name in ("Organizations", "Users")]
    assert {**logs[0], "LogGroupName": ""} == {**logs[1], "LogGroupName": ""}


def test_the_policy_of_a_function_has_room_for_a_permission_of_each_route() -> None:
    """Lambda takes 20,480 bytes; each permission names stack, function, region and path."""
    stack, region, suffix = "s" * 40, "ap-southeast-2", "-1A2B3C4D5E6F"
    every = {"UmaChallenges": "true", "TokenEndpoint": "true"}
    deployed = templates.read(ROOT / "template.yaml", stack, every)
    sizes: dict[str, int] = {}
    for name in deployed.ids_of("AWS::Lambda::Permission"):
        permission = deployed.properties_of(name)
        statement = {
            "Sid": f"{stack}-{name}{suffix}",
            "Effect": "Allow",
            "Principal": {"Service": permission["Principal"]},
            "Action": permission["Action"],
            "Resource": f"arn:aws:lambda:{region}:123456789012:function:{'f' * 64}:live",
            "Condition": {"ArnLike": {"AWS:SourceArn": permission.get("SourceArn", "")}},
        }
        written = json.dumps(statement, separators=(",", ":")).replace("us-east-1", region)
        written = written.replace(f"{stack}-Api", "a1b2c3d4e5")
        function = permission["FunctionName"]
        sizes[function] = sizes.get(function, 60) + len(written)
    assert len(sizes) > 10
    assert max(sizes.values()) < 20_480


def test_nothing_that_is_deployed_names_a_partition_of_aws() -> None:
    """In GovCloud and China ARNs begin with another one, those of Step Functions' integrations too."""
    folders = ROOT / "functions", ROOT / "layers" / "scim" / "scim"
    deployed = [
        each for folder in folders for kind in ("py", "json") for each in folder.rglob(f"*.{kind}")
    ]
    files = [ROOT / "template.yaml", *deployed]
    assert len(files) > 500
    assert [each.name for each in files if "arn:aws:" in each.read_text("utf-8")] == []
