"""moto's interpreter with what this project adds to it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from local.moto import quick_moto
from local.state_machine.interpreter import Invoke, interpreter
from tests.contract.stores import NOBODY

ROLE = "arn:aws:iam::123456789012:role/local"


class WrongError(Exception):
    """What a function of a test raises."""


def task(name: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": name, "Payload.$": "$"},
        "OutputPath": "$.Payload",
        **more,
    }


def over_lines(name: str) -> dict[str, Any]:
    return {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSONL"},
            "Parameters": {"Bucket": "files", "Key.$": "$.key"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Do",
            "States": {"Do": task(name, End=True)},
        },
        "End": True,
    }


@contextmanager
def executed(invoke: Invoke, state: dict[str, Any], lines: str = "") -> Iterator[Any]:
    """Run a machine of one state and yield what became of it."""
    definition = json.dumps({"StartAt": "Only", "States": {"Only": state}})
    with quick_moto(), interpreter(invoke):
        files, machines = boto3.client("s3", **NOBODY), boto3.client("stepfunctions", **NOBODY)
        files.create_bucket(Bucket="files")
        files.put_object(Bucket="files", Key="f", Body=lines.encode())
        made = machines.create_state_machine(name="m", definition=definition, roleArn=ROLE)
        arn = machines.start_execution(
            stateMachineArn=made["stateMachineArn"], input='{"key": "f"}'
        )["executionArn"]
        until = time.monotonic() + 20
        while (found := machines.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < until
            time.sleep(0.02)
        yield found


def test_a_map_goes_over_the_lines_of_a_file() -> None:
    seen: list[Any] = []

    def invoke(arn: str, event: Any) -> Any:
        seen.append((arn, event["n"]))
        return event

    with executed(invoke, over_lines("f"), '{"n": 1}\n{"n": 2}\n\n{"n": 3}') as found:
        assert found["status"] == "SUCCEEDED"
    assert sorted(seen) == [("f", 1), ("f", 2), ("f", 3)]


def test_a_file_without_lines_is_nothing_to_do() -> None:
    with executed(lambda *_: None, over_lines("f")) as found:
        assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", [])


def test_an_error_has_the_name_of_its_class() -> None:
    def invoke(*_: Any) -> Any:
        raise WrongError

    with executed(invoke, task("wrong", End=True)) as found:
        assert (found["status"], found["error"]) == ("FAILED", "WrongError")


@pytest.mark.parametrize(("failures", "status"), [(2, "SUCCEEDED"), (3, "FAILED")])
def test_a_failed_task_is_retried_without_the_full_delay(failures: int, status: str) -> None:
    tries: list[str] = []

    def invoke(arn: str, _: Any) -> Any:
        tries.append(arn)
        if len(tries) <= failures:
            raise WrongError
        return {}

    retry = {"ErrorEquals": ["WrongError"], "IntervalSeconds": 10, "MaxAttempts": 2}
    with executed(invoke, task("f", Retry=[retry], End=True)) as found:
        assert found["status"] == status
    assert len(tries) == 3
