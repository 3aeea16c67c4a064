"""Jobs and their results agree, or the check says where they do not."""

from typing import Any

import pytest

from scim.fsck import violations
from scim.store.dynamodb.values import packed

JOB = "J#acme#job"


def job(status: str = "completed", done: int = 1, operations: int = 1) -> dict[str, Any]:
    return {
        "pk": {"S": JOB},
        "sk": {"S": "j1"},
        "k": {"S": "job"},
        "s": {"N": "1"},
        "st": {"S": status},
        "m": {"S": "2026-01-01T00:00:00.000Z"},
        "ttl": {"N": "1800000000"},
        "done": {"N": str(done)},
        "z": {"B": packed({"operations": operations})},
    }


def result(
    step: int = 0, partition: str = "000000", content: bytes | None = None
) -> dict[str, Any]:
    return {
        "pk": {"S": f"{JOB}#j1#result#{partition}"},
        "sk": {"S": f"{step:09d}"},
        "k": {"S": "result"},
        "s": {"N": "1"},
        "ttl": {"N": "1800000000"},
        "z": {"B": packed({"status": "204"}) if content is None else content},
    }


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([job(), result()], [], id="whole"),
        pytest.param([job("running", 0)], [], id="under way"),
        pytest.param([result()], [], id="the job is forgotten"),
        pytest.param([job(done=2), result()], ["says 2 operations are done"], id="a wrong count"),
        pytest.param([job()], ["says 1 operations are done, 0"], id="a missing result"),
        pytest.param(
            [job(), result(), result(3)], ["no step of its job"], id="more steps than operations"
        ),
        pytest.param([job(), result(partition="000007")], ["no step"], id="a wrong partition"),
        pytest.param([job(), result(content=b"\x01x")], ["cannot be read"], id="unreadable"),
    ],
)
def test_a_job_and_its_results_must_agree(items: list[dict[str, Any]], expected: list[str]) -> None:
    found = violations(items)
    assert len(found) == len(expected)
    assert all(part in wrong for part, wrong in zip(expected, found, strict=True))


def resource(type_: str, id_: str, version: int) -> dict[str, Any]:
    time = "2026-01-01T00:00:00.000Z"
    return {
        "pk": {"S": f"T#acme#{type_}"},
        "sk": {"S": id_},
        "k": {"S": "resource"},
        "s": {"N": "1"},
        "v": {"N": str(version)},
        "c": {"S": time},
        "m": {"S": time},
        "gp": {"S": f"T#acme#{type_}"},
        "gs": {"S": f"{time[:13]}#{id_}"},
        "z": {"B": packed({})},
    }


def count(type_: str) -> dict[str, Any]:
    key = {"pk": {"S": "T#acme#count"}, "sk": {"S": f"{type_}#00"}}
    return {**key, "k": {"S": "count"}, "s": {"N": "1"}, "n": {"N": "1"}}


@pytest.mark.parametrize(("version", "expected"), [(4, 0), (3, 1)])
def test_a_result_of_a_later_version_than_any_resource_of_the_id_is_wrong(
    version: int, expected: int
) -> None:
    content = packed({"status": "200", "location": "https://host/scim/v2/Users/5"})
    made = {**result(content=content), "v": {"N": "4"}}
    types = resource("User", "5", version), resource("Group", "5", 1)
    found = violations([job(), made, *types, count("User"), count("Group")])
    assert len(found) == expected
    assert all("of version 4, the resource is at 3" in wrong for wrong in found)
