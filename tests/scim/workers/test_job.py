"""The events of the states of the machine."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from scim.errors import Unavailable
from scim.schema.loading import TenantCatalogue, tenant_catalogues
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.states import Unfinished
from scim.workers.job import machine
from tests.contract.stores import moto_client
from tests.fakes.operations import user
from tests.fakes.workshop import TENANT, Workshop, workshop

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Context:
    """What Lambda tells of an invocation."""

    left: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


@pytest.fixture
def shop(client: "DynamoDBClient") -> Workshop:
    return workshop(client)


def test_the_states_do_a_job(shop: Workshop) -> None:
    job = shop.accept([user("ann"), user("bob"), user("cy")])
    handler = machine(shop.job_context)
    named = {"tenant": TENANT, "job": job.id}
    state = {**named, "isExport": False, "concurrency": 10}
    planned = {**state, "window": 0, "windows": 1, "layer": 0, "layers": 0}
    assert handler({"do": "plan", **named}, Context()) == planned
    laid_out = {**state, "window": 1, "windows": 1, "layer": 0, "layers": 1}
    assert handler({"do": "lay_out", "state": planned}, Context()) == laid_out
    line = shop.job_context.backend.payloads.read(TENANT, job.id, "layers/0.jsonl")
    batch: Any = json.loads(line)
    assert handler({"do": "step", "batch": batch, "step": 0}, Context()) == {}
    assert handler({"do": "give_up", "batch": batch, "step": 2}, Context()) == {}
    with pytest.raises(Unfinished):
        handler({"do": "batch", "batch": batch}, Context(left=9_999))
    assert handler({"do": "batch", "batch": batch}, Context()) == {}
    assert handler({"do": "finish", **named}, Context()) == {"isComplete": True}
    assert [entry["status"] for entry in shop.entries(job)] == ["201", "500", "201"]


def test_a_job_that_could_not_be_planned_has_failed(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    assert (
        machine(shop.job_context)({"do": "fail", "tenant": TENANT, "job": job.id}, Context()) == {}
    )
    assert shop.state_of(job).status == "failed"
    assert shop.state_of(job).error == "The job could not go on. Start it again to go on."


@pytest.mark.parametrize(
    ("execution", "status"),
    [
        pytest.param("{id}-1", "failed", id="the run's"),
        pytest.param("by hand", "failed", id="one begun by hand"),
        pytest.param("{id}", "pending", id="the run before"),
        pytest.param("{id}-2", "pending", id="a run that is to come"),
    ],
)
def test_an_execution_that_ended_ends_its_own_run(
    shop: Workshop, execution: str, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = shop.accept([user("ann")])
    jobs = shop.job_context.backend.jobs
    jobs.begin(job, replace(job, run=1), job.created)
    name = execution.format(id=job.id)
    named = {"tenant": TENANT, "job": job.id}
    detail = {"name": name, "status": "TIMED_OUT", "input": json.dumps(named)}
    event = {"source": "aws.states", "detail": detail}
    assert machine(shop.job_context)(event, Context()) == {}
    said = vars(caplog.records[-1])
    assert named.items() <= said.items()
    assert shop.state_of(job).status == status
    assert ("took too long" in shop.state_of(job).error) is (status == "failed")
    # Nor does its last state, however late it comes to it.
    machine(shop.job_context)({"do": "finish", **named, "execution": name}, Context())
    machine(shop.job_context)({"do": "fail", **named, "execution": name}, Context())
    assert shop.state_of(job).status == status


def test_an_execution_of_nothing_that_is_known_ends_nothing(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    for content in ({}, {"input": "{}"}, {"input": '{"tenant": "acme", "job": "no id"}'}):
        detail = {"name": "other", "status": "ABORTED", **content}
        event = {"source": "aws.states", "detail": detail}
        assert machine(shop.job_context)(event, Context()) == {}
    assert shop.state_of(job).status == "pending"


def test_an_unknown_step_is_refused(shop: Workshop) -> None:
    with pytest.raises(ValueError, match="asks for what no step does"):
        machine(shop.job_context)({"do": "nothing"}, Context())


def test_a_job_is_done_with_what_its_caller_was_served(shop: Workshop) -> None:
    asked: list[tuple[str, str, str]] = []
    plain = tenant_catalogues()

    def tenant_catalogue(tenant: str, profile: str, definitions: str) -> TenantCatalogue:
        asked.append((tenant, profile, definitions))
        return TenantCatalogue(*plain(tenant, profile, ""))

    accepted = shop.accept([user("ann")])
    payloads = shop.job_context.backend.payloads
    payloads.put(TENANT, "own", REQUEST_FILE, payloads.read(TENANT, accepted.id, REQUEST_FILE))
    own = replace(accepted, id="own", profile="okta", definitions="3-abc")
    shop.job_context.backend.jobs.add(own)
    named = {"tenant": TENANT, "job": "own"}
    handler = machine(shop.job_context, tenant_catalogue)
    assert handler({"do": "plan", **named}, Context())["windows"] == 1
    assert asked == [(TENANT, "okta", "3-abc")]
    assert shop.state_of(own).definitions == "3-abc"
    # To end it, nothing of that is needed.
    handler({"do": "fail", **named}, Context())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("error", "message", "cause"),
    [
        (Unavailable("Try again."), "step postponed", "GetObject: SlowDown"),
        (ValueError("poison"), "step failed", None),
    ],
)
def test_the_log_says_why_a_step_was_not_done(
    shop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    message: str,
    cause: str | None,
) -> None:
    def fails(*_: Any) -> None:
        raise error from ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "GetObject")

    job = shop.accept([user("ann")])
    monkeypatch.setattr("scim.workers.job.plan", fails)
    with caplog.at_level("WARNING"), pytest.raises(type(error)):
        machine(shop.job_context)({"do": "plan", "tenant": TENANT, "job": job.id}, Context())
    (line,) = (vars(record) for record in caplog.records)
    assert (line["message"], line["tenant"], line["job"], line["do"]) == (
        message,
        TENANT,
        job.id,
        "plan",
    )
    assert line.get("cause") == cause
