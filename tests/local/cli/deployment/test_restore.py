"""`scim restore` makes a table that can be served instead of the present one."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click import ClickException

from scim_cli.deployment import restore
from tests.local.cli.conftest import Operator


def stands(operator: Operator, name: str) -> tuple[object, ...]:
    """Return what a restored table lacks at first."""
    described = operator.client.describe_table(TableName=name)["Table"]
    lives = operator.client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = operator.client.describe_continuous_backups(TableName=name)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return (
        described["StreamSpecification"],
        described.get("DeletionProtectionEnabled", False),
        (lives["TimeToLiveStatus"], lives.get("AttributeName")),
        recovery["PointInTimeRecoveryStatus"],
    )


@pytest.fixture(name="kept")
def _kept(operator: Operator) -> Operator:
    """A table as template.yaml has it, with a tenant in it."""
    operator.client.update_continuous_backups(
        TableName=operator.table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    operator.client.update_time_to_live(
        TableName=operator.table,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
    )
    operator.client.update_table(
        TableName=operator.table,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    assert operator.run("tenant", "create", "acme").exit_code == 0
    return operator


def test_a_restored_table_has_the_settings_of_the_present_one_and_the_command_names_its_parameters(
    kept: Operator,
) -> None:
    told = kept.json("restore", f"{kept.table}-r")
    assert told["RestoredTable"] == f"{kept.table}-r"
    assert f"table/{kept.table}-r/stream/" in told["RestoredTableStream"]
    assert stands(kept, f"{kept.table}-r") == stands(kept, kept.table)
    restored = Operator(kept.client, f"{kept.table}-r")
    assert [each["name"] for each in restored.json("tenant", "list")] == ["acme"]
    assert restored.run("fsck").exit_code == 0


def test_an_interrupted_restore_continues(kept: Operator) -> None:
    kept.client.restore_table_to_point_in_time(
        SourceTableName=kept.table, TargetTableName=f"{kept.table}-r", UseLatestRestorableTime=True
    )
    result = kept.run("restore", f"{kept.table}-r")
    assert result.exit_code == 0, result.output
    assert "continuing with it" in result.stderr
    assert stands(kept, f"{kept.table}-r") == stands(kept, kept.table)


def test_a_table_of_an_earlier_restore_is_not_taken_for_this_one(kept: Operator) -> None:
    """Whoever finds that the mistake was made earlier restores again, to an earlier second."""
    kept.json("restore", f"{kept.table}-r")
    refusal = kept.refusal("restore", f"{kept.table}-r", "--to", "2026-03-01T09:30:00Z")
    assert f"The table {kept.table}-r exists already: it is {kept.table} as of 20" in refusal


MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "moment", "is_same"),
    [
        ("scim", None, True),
        ("scim", MOMENT + timedelta(milliseconds=400), True),
        ("scim", MOMENT + timedelta(seconds=1), False),
        ("other", None, False),
    ],
)
def test_a_restore_continues_only_from_the_same_table_to_the_same_second(
    source: str, moment: datetime | None, is_same: bool
) -> None:
    arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/scim"
    summary = {"SourceTableArn": arn, "RestoreDateTime": MOMENT, "RestoreInProgress": False}
    refusal = nullcontext() if is_same else pytest.raises(ClickException, match="Give another name")
    with refusal:
        restore.require_same_restore({"TableName": "r", "RestoreSummary": summary}, source, moment)


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-28", "2026-11-28T09:30:00"])
def test_a_moment_that_is_none_is_refused(kept: Operator, moment: str) -> None:
    assert "--to" in kept.refusal("restore", "new", "--to", moment)


@pytest.mark.parametrize("name", ["ab", "a b c", "x" * 256])
def test_a_name_that_no_table_can_have_is_refused(kept: Operator, name: str) -> None:
    assert "is no table's name; expected 3 to 255 letters" in kept.refusal("restore", name)


def test_the_present_table_is_not_restored_over(kept: Operator) -> None:
    assert "another" in kept.refusal("restore", kept.table)


def test_settings_that_dynamodb_refuses_for_a_new_table_are_tried_again(
    kept: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = kept.client.exceptions.ContinuousBackupsUnavailableException(
        {"Error": {"Code": "ContinuousBackupsUnavailableException", "Message": "being enabled"}},
        "UpdateContinuousBackups",
    )
    asked, paused = kept.client.update_continuous_backups, list[float]()

    def sometimes(**request: Any) -> Any:
        if len(paused) < 2:
            raise refused
        return asked(**request)

    kept.client.restore_table_to_point_in_time(
        SourceTableName=kept.table, TargetTableName=f"{kept.table}-r", UseLatestRestorableTime=True
    )
    monkeypatch.setattr(kept.client, "update_continuous_backups", sometimes)
    monkeypatch.setattr("time.sleep", paused.append)
    restore.copy_settings(kept.client, kept.table, f"{kept.table}-r")
    assert len(paused) == 2
    assert stands(kept, f"{kept.table}-r") == stands(kept, kept.table)


def test_a_wait_of_hours_does_not_end_with_one_request_that_fails(
    kept: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Any] = []
    monkeypatch.setattr(restore, "copy_settings", lambda client, *_: used.append(client))
    kept.run("restore", f"{kept.table}-r")
    assert used[0].meta.config.retries["total_max_attempts"] >= 5
