"""The bucket is emptied when the stack ends, and CloudFormation is told whatever happens."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from scim.workers.empty_bucket import bucket_emptier

EVENT = {
    "StackId": "arn:stack",
    "RequestId": "r1",
    "LogicalResourceId": "EmptiedBucket",
    "ResponseURL": "https://answers.example/r1",
    "ResourceProperties": {"Bucket": "jobs"},
}


@dataclass
class Bucket:
    """So many objects of one bucket."""

    left: list[str]
    is_locked: bool = False

    def versions(self, bucket: str) -> Iterator[list[tuple[str, str]]]:
        assert bucket == "jobs"
        yield from ([(key, "null")] for key in list(self.left))

    def delete(self, bucket: str, versions: Sequence[tuple[str, str]]) -> None:
        assert bucket == "jobs"
        if self.is_locked:
            raise PermissionError("c4n4ry")
        self.left = [key for key in self.left if (key, "null") not in versions]


@dataclass
class Answers:
    """What CloudFormation was told."""

    told: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, url: str, body: bytes) -> None:
        assert url == EVENT["ResponseURL"]
        self.told.append(json.loads(body))


@pytest.mark.parametrize(("request_type", "left"), [("Create", 2), ("Update", 2), ("Delete", 0)])
def test_the_bucket_is_emptied_when_it_goes(request_type: str, left: int) -> None:
    bucket, answers = Bucket(["a", "b"]), Answers()
    bucket_emptier(bucket, answers)({**EVENT, "RequestType": request_type}, None)
    assert len(bucket.left) == left
    (told,) = answers.told
    assert (told["Status"], told["PhysicalResourceId"]) == ("SUCCESS", "EmptiedBucket")


def test_a_failure_is_told_by_its_kind_alone() -> None:
    answers = Answers()
    event = {**EVENT, "RequestType": "Delete", "PhysicalResourceId": "known"}
    bucket_emptier(Bucket(["a"], is_locked=True), answers)(event, None)
    (told,) = answers.told
    assert (told["Status"], told["Reason"]) == ("FAILED", "PermissionError")
    assert told["PhysicalResourceId"] == "known"
