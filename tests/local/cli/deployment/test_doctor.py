"""`scim doctor` checks one thing after another and says what is wrong."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from scim_cli import __version__
from scim_cli.root import scim
from tests.fakes.cloudformation import cloudformation
from tests.local.cli.conftest import Operator


@pytest.fixture(name="stacks", autouse=True)
def _stacks(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    whole = {
        "TableName": operator.table,
        "AdminApiUrl": "https://a.example/live/admin/v1",
        "Version": f"{__version__}, release 0123456789",
    }
    stacks = {
        "scim-prod": whole,
        "old": {"TableName": "t"},
        "other": {**whole, "Version": "0.0.9, release 0"},
    }
    for setting in ("stream", "time to live", "backups"):
        _switch(operator, setting, is_on=True)
    with cloudformation(stacks) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        yield


def _switch(operator: Operator, setting: str, *, is_on: bool) -> None:
    client, name = operator.client, operator.table
    match setting:
        case "stream":
            view = {"StreamViewType": "NEW_AND_OLD_IMAGES"} if is_on else {}
            stream: Any = {"StreamEnabled": is_on, **view}
            client.update_table(TableName=name, StreamSpecification=stream)
        case "time to live":
            expiry: Any = {"Enabled": is_on, "AttributeName": "ttl"}
            client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
        case "backups":
            recovery: Any = {"PointInTimeRecoveryEnabled": is_on}
            client.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=recovery
            )
        case "index":
            deletion: Any = {"Delete": {"IndexName": "byLastModified"}}
            client.update_table(TableName=name, GlobalSecondaryIndexUpdates=[deletion])


def _told(*words: str) -> tuple[int, dict[str, tuple[bool, str]]]:
    result = CliRunner().invoke(scim, ["doctor", *words, "--json"])
    found = {each["checked"]: (each["ok"], each["found"]) for each in json.loads(result.stdout)}
    return result.exit_code, found


def test_checks_that_succeed_are_listed() -> None:
    code, found = _told("--stack", "scim-prod")
    assert code == 0, found
    assert found["region"] == (True, "us-east-1")
    assert found["stack scim-prod"] == (
        True,
        f"found, version {__version__}, release 0123456789",
    )
    assert found["alarms"] == (True, "none in ALARM")
    assert found["table"] == (True, "as the template sets it")
    assert found["identity"][1].startswith("arn:aws:")
    assert found["credentials: environment"][0]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("stream", "its stream is off"),
        ("time to live", "its time to live is off"),
        ("backups", "its backups are off"),
        ("index", "it has no index byLastModified"),
    ],
)
def test_what_the_table_lacks_is_named(operator: Operator, setting: str, fault: str) -> None:
    _switch(operator, setting, is_on=False)
    for stack in ("scim-prod", "other"):
        code, found = _told("--stack", stack)
        assert (code, found["table"][0]) == (1, False)
        assert found["table"][1].startswith(fault)


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("scim-prod-JobsAlarm-1A2B", 1, (False, "A bulk job failed")),
        # Of the stack scim-prod-eu.
        ("scim-prod-eu-JobsAlarm-1A2B", 0, (True, "none in ALARM")),
    ],
)
def test_an_alarm_of_the_stack_is_reported_in_its_words(
    name: str, code: int, told: tuple[bool, str]
) -> None:
    watch = boto3.client("cloudwatch", region_name="us-east-1")
    watch.put_metric_alarm(
        AlarmName=name,
        AlarmDescription="A bulk job failed",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Threshold=1,
        MetricName="m",
        Namespace="n",
        Period=60,
        Statistic="Sum",
    )
    watch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="x")
    ended, found = _told("--stack", "scim-prod")
    watch.delete_alarms(AlarmNames=[name])
    assert (ended, found["alarms"]) == (code, told)


@pytest.mark.parametrize(
    ("words", "checked", "told"),
    [
        (("--stack", "old"), "stack old", "has no output AdminApiUrl: deploy this version"),
        (("--stack", "none"), "stack none", "does not exist"),
        (("--stack", "other"), "stack other", "version 0.0.9, release 0; this command is"),
        ((), "stack", "none: give --stack, or set SCIM_STACK"),
    ],
)
@pytest.mark.sampled(2)
def test_a_check_that_fails_says_why(words: tuple[str, ...], checked: str, told: str) -> None:
    code, found = _told(*words)
    assert code == 1
    assert not found[checked][0]
    assert told in found[checked][1]


def test_missing_credentials_are_named_with_where_they_were_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    code, found = _told("--stack", "scim-prod")
    assert code == 3
    assert not found["identity"][0]
    assert "credentials: EC2 instance" in found
    assert "stack scim-prod" not in found
