"""A deployment over release 0.1.0 replaces nothing that holds data.

A resource is replaced if its logical id, its type or one of the properties here changes (CloudFormation's
"Update requires: Replacement"): then the table is empty, keys sign differently, and identity providers call a
URL that is gone. None is a property that is not set.
"""

from typing import Any

import pytest

from tests.template.document import RESOURCES

_KEY = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}
_QUEUE = {"QueueName": None, "FifoQueue": None}
_API = {"StageName": {"Ref": "StageName"}}
_TABLE_KEY = [
    {"AttributeName": "pk", "KeyType": "HASH"},
    {"AttributeName": "sk", "KeyType": "RANGE"},
]
MADE_BY_0_1_0: dict[str, tuple[str, dict[str, Any]]] = {
    "Table": ("AWS::DynamoDB::Table", {"TableName": None, "KeySchema": _TABLE_KEY}),
    "JobsBucket": ("AWS::S3::Bucket", {"BucketName": None}),
    "EventKey": ("AWS::KMS::Key", _KEY),
    "TokenKey": ("AWS::KMS::Key", _KEY),
    "PushQueue": ("AWS::SQS::Queue", _QUEUE),
    "PushFailures": ("AWS::SQS::Queue", _QUEUE),
    "FeedFailures": ("AWS::SQS::Queue", _QUEUE),
    "ScimEvents": ("AWS::Events::EventBus", {"Name": {"Fn::Sub": "${AWS::StackName}-scim"}}),
    "OperatorPool": (
        "AWS::Cognito::UserPool",
        {"UsernameAttributes": ["email"], "AliasAttributes": None, "UsernameConfiguration": None},
    ),
    "Api": ("AWS::Serverless::Api", _API),
    "AdminApi": ("AWS::Serverless::Api", _API),
    "UmaApi": ("AWS::Serverless::Api", _API),
    "BulkJobMachine": ("AWS::Serverless::StateMachine", {"Name": None, "Type": None}),
}
LOGS_OF_0_1_0 = {
    "AccessLog": "access",
    "AdminLog": "admin",
    "AuthorizerLog": "authorizer",
    "BulkJobLog": "bulk-job",
    "BulkLog": "bulk",
    "CatchAllLog": "catch-all",
    "ChangeLogLog": "change-log",
    "ConsoleLog": "console",
    "DefinitionsLog": "definitions",
    "DiscoveryLog": "discovery",
    "EmptyBucketLog": "empty-bucket",
    "EventsLog": "events",
    "GroupMembersLog": "group-members",
    "GroupsLog": "groups",
    "MeLog": "me",
    "PublishLog": "publish",
    "PushLog": "push",
    "SearchLog": "search",
    "SetupLog": "setup",
    "SweepLog": "sweep",
    "TableCheckLog": "table_check",
    "TokenLog": "token",
    "UmaLog": "uma",
    "UsersLog": "users",
    "WatchLog": "watch",
}


@pytest.mark.parametrize("name", sorted(MADE_BY_0_1_0))
def test_an_upgrade_replaces_no_resource_that_holds_data(name: str) -> None:
    kind, properties = MADE_BY_0_1_0[name]
    resource = RESOURCES[name]
    assert resource["Type"] == kind
    assert {key: resource["Properties"].get(key) for key in properties} == properties


@pytest.mark.parametrize("name", sorted(LOGS_OF_0_1_0))
def test_an_upgrade_keeps_the_logs(name: str) -> None:
    group = {"Fn::Sub": f"/scim/${{AWS::StackName}}/{LOGS_OF_0_1_0[name]}"}
    assert RESOURCES[name]["Properties"]["LogGroupName"] == group
