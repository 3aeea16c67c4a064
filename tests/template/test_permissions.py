"""The permissions of each function on the table and on signing keys."""

import pytest

from tests.template.document import (
    FUNCTIONS,
    RESOURCES,
    TEMPLATE,
    leading_keys,
    statements,
    table_statements,
)


def test_settings_for_tests_are_not_deployed() -> None:
    variables = FUNCTIONS["AuthorizerFunction"]["Environment"]["Variables"]
    assert variables["SCIM_LOOPBACK_ISSUERS"] == "0"
    assert variables["SCIM_QUERY_TOKEN"] == ""
    pushes = FUNCTIONS["PushFunction"]["Environment"]["Variables"]
    assert pushes["SCIM_LOOPBACK_ISSUERS"] == "0"


def test_the_token_endpoint_signs_with_a_key_only_it_may_use() -> None:
    for key in ("TokenKey", "TokenKeyB"):
        assert _signers(key) == {"TokenFunction"}
        assert RESOURCES[key]["Properties"]["KeySpec"] == "ECC_NIST_P256"


def test_functions_that_sign_events_may_sign_nothing_else() -> None:
    for key in ("EventKey", "EventKeyB"):
        signers = _signers(key)
        assert signers == {"CatchAllFunction", "EventsFunction", "PushFunction", "UmaFunction"}
        assert not signers & _signers("TokenKey")
        assert RESOURCES[key]["Properties"]["KeySpec"] == "ECC_NIST_P256"


def _signers(key: str) -> set[str]:
    return {
        name
        for name in FUNCTIONS
        for statement in statements(name)
        if "kms:Sign" in statement["Action"]
        and {"Fn::GetAtt": [key, "Arn"]} in [arn["Fn::If"][1] for arn in statement["Resource"]]
    }


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_is_granted_named_actions_only(name: str) -> None:
    actions = [action for statement in statements(name) for action in statement["Action"]]
    assert [action for action in actions if "*" in action] == []
    assert "dynamodb:Scan" not in actions or name == "TableCheckFunction"


def test_the_table_check_reads_the_whole_table_and_does_nothing_else() -> None:
    actions = {action for each in statements("TableCheckFunction") for action in each["Action"]}
    assert actions == {"dynamodb:Scan", "kms:Decrypt"}
    parts = ("TableCheckFunction", "TableCheckLog", "TableCheckAlarm", "TableCheckFailsAlarm")
    assert {RESOURCES[name]["Condition"] for name in parts} == {"ChecksTable"}
    assert TEMPLATE["Parameters"]["TableCheck"]["Default"] == "off"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_reaches_items_only_by_keys_it_is_granted(name: str) -> None:
    assert {statement["Effect"] for statement in statements(name)} <= {"Allow"}
    for statement in table_statements(name):
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
            | {"J#*", "J#*#open", "T#*#breaker", "T#*#feed", "T#*#page", "T#*#request"}
            | {"T#*"},  # only read
        ),
    ],
)
def test_directories_and_tokens_are_fenced_from_each_other(name: str, keys: set[str]) -> None:
    assert leading_keys(name) == keys


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
def test_the_authorizer_functions_are_granted_nothing_else(name: str, actions: set[str]) -> None:
    assert {action for each in statements(name) for action in each["Action"]} == actions


def test_a_search_writes_nothing_but_counts_and_where_it_was() -> None:
    written = {
        key
        for statement in table_statements("SearchFunction")
        if {"dynamodb:UpdateItem", "dynamodb:PutItem"} & set(statement["Action"])
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert written == {f"T#*#{part}" for part in ("rate", "fired", "page", "request", "refused")}


def test_the_setup_portal_makes_no_links_and_writes_no_directory() -> None:
    put, updated = (
        {
            key
            for statement in table_statements("SetupFunction")
            if f"dynamodb:{action}" in statement["Action"]
            for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        }
        for action in ("PutItem", "UpdateItem")
    )
    assert put == {"SESSION#*", "TENANT#*", "TOKEN#*", "AUDIT#*", "T#*#page"}
    assert updated == {"SETUP#*", "TOKEN#*"}


def test_functions_for_users_and_groups_reach_no_job() -> None:
    reached = {
        name
        for name in FUNCTIONS
        for statement in table_statements(name)
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        if key.startswith("J")
    }
    served = {"BulkFunction", "BulkJobFunction", "CatchAllFunction", "UmaFunction"}
    assert reached == {*served, "AdminFunction", "ConsoleFunction"}


def test_the_token_function_writes_nothing_but_assertions() -> None:
    written = [
        statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for statement in table_statements("TokenFunction")
        if "dynamodb:PutItem" in statement["Action"]
    ]
    assert written == [["ASSERTION#*"]]


def test_definitions_are_written_by_their_function_and_by_operators_only() -> None:
    writers = {
        name
        for name in FUNCTIONS
        for statement in table_statements(name)
        if {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
        & set(statement["Action"])
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        if key.startswith("D")
    }
    # The console performs the operations of the Admin API, and nothing else that writes.
    assert writers == {"DefinitionsFunction", "AdminFunction", "ConsoleFunction"}


def test_who_carries_events_does_not_change_where_they_go() -> None:
    writers = {
        name
        for name in FUNCTIONS
        for statement in table_statements(name)
        if {"dynamodb:PutItem", "dynamodb:UpdateItem"} & set(statement["Action"])
        and "T#*#feed" in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert writers == {"AdminFunction", "ConsoleFunction"}


def test_an_audited_act_cannot_be_changed() -> None:
    allowed = {
        (name, action)
        for name in FUNCTIONS
        for statement in table_statements(name)
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


def test_the_authorizer_can_note_the_use_of_a_token_and_change_nothing_else() -> None:
    writing = [one for one in statements("AuthorizerFunction") if one.get("Sid") == "NoteUse"]
    (condition,) = (one["Condition"] for one in writing)
    assert condition["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["TOKEN#*"]}
    assert condition["ForAllValues:StringEquals"] == {"dynamodb:Attributes": ["pk", "sk", "used"]}
    assert condition["Null"] == {"dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false"}
