"""Code, layer, logs and streams of the functions."""

import re
from pathlib import Path

import pytest

from local.events.built import ARCHITECTURES
from scim.bootstrap import connection
from scim.store.access.quick_client import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS
from tests.template.document import (
    FUNCTIONS,
    NO_LOG_GROUPS,
    RESOURCES,
    ROOT,
    TEMPLATE,
)


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
def test_the_logs_of_a_function_are_dropped_in_time(name: str) -> None:
    log = RESOURCES[FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert log["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_layer_carries_the_versions_the_tests_ran_with_and_no_boto3() -> None:
    deployed = _pins(ROOT / "layers/scim/requirements.txt")
    tested = _pins(ROOT / "local/locks/dev.lock")
    assert {name: tested.get(name) for name in deployed} == deployed
    assert deployed.keys().isdisjoint({"boto3", "botocore"})


@pytest.mark.parametrize("name", ["AuthorizerFunction", "TokenFunction"])
def test_a_key_or_secret_that_is_silent_ends_before_its_function(name: str) -> None:
    """A function that is ended says nothing of what it waited for."""
    silence = ATTEMPTS * (CONNECT_SECONDS + READ_SECONDS) + 1  # botocore waits a second at most
    assert connection.READ_SECONDS + silence < FUNCTIONS[name]["Timeout"]
    pushed_at_once = FUNCTIONS["PushFunction"]["Events"]["Queued"]["Properties"]["BatchSize"]
    assert pushed_at_once * silence < FUNCTIONS["PushFunction"]["Timeout"]


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


def _pins(lock: Path) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    )
