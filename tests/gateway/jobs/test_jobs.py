"""Long requests through the local gateway: the same ASL that is deployed, interpreted here."""

import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.runtime import FunctionError
from scim.errors import Unavailable
from scim.store.jobs.files import S3Payloads
from tests.fakes.operations import gone, group, named, user
from tests.gateway.client import Answered, Client
from tests.gateway.transfer import at_rest, declared, uploaded

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ASYNC = {"Prefer": "respond-async"}
OPEN = {"pending", "running"}


def mixed(prefix: str) -> list[dict[str, Any]]:
    """Return operations of every kind, enough of one for a layer of several batches."""
    names = [f"{prefix}{n}" for n in range(60)]
    return [
        group(f"{prefix} staff", names[0], names[1]),
        *[user(name) for name in names],
        user(f"{prefix} wrong", emails=True),
        user(names[0].upper()),
        named(f"/Users/bulkId:{names[1]}", "One"),
        gone(f"/Users/bulkId:{names[2]}"),
        gone("/Users/nobody"),
    ]


def sent(client: Client, operations: list[dict[str, Any]], **members: Any) -> Answered:
    body = {"schemas": [BULK], "Operations": operations, **members}
    return client.send("POST", "/Bulk", body, ASYNC)


def ref_of(answer: Answered) -> str:
    return "/Jobs/" + answer.headers["location"].rpartition("/Jobs/")[2]


def ended(client: Client, answer: Answered, seconds: float = 60) -> dict[str, Any]:
    """Wait until the job is over and return it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job: dict[str, Any] = client.send("GET", ref_of(answer)).body
        if job["status"] not in OPEN:
            return job
        time.sleep(0.1)
    raise TimeoutError("the job does not end")


def without_names(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in entry.items() if k not in {"location", "bulkId"}} for entry in entries
    ]


def test_a_request_is_accepted_and_done(gateway: Gateway) -> None:
    client = Client(gateway)
    answer = sent(client, mixed("a"))
    assert (answer.status, answer.body) == (202, None)
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["location"].endswith(f"/scim/v2/Jobs/{answer.headers['set-txn']}")
    job = ended(client, answer)
    assert job["status"] == "completed"
    assert job["operations"] == {"total": 66, "done": 66, "failed": 3}
    result = client.send("GET", f"{ref_of(answer)}/Result").body
    at_once = client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": mixed("b")}).body
    assert without_names(result["Operations"]) == without_names(at_once["Operations"])
    beyond = client.send("GET", f"{ref_of(answer)}/Result?startIndex=67")
    assert (beyond.status, beyond.body["Operations"]) == (200, [])


def test_jobs_are_listed_for_their_own_tenant(gateway: Gateway) -> None:
    client = Client(gateway)
    answer = sent(client, [user("listed")])
    ended(client, answer)
    listed = client.send("GET", "/Jobs?count=1").body
    assert listed["Resources"][0]["id"] == answer.headers["set-txn"]
    assert listed["totalResults"] >= len(listed["Resources"]) == 1
    refused = client.send("GET", "/Jobs?filter=status%20eq%20%22failed%22")
    assert (refused.status, refused.body["scimType"]) == (400, "invalidFilter")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"Operations": []}, 400, id="no operations"),
        pytest.param({"schemas": [BULK], "Operations": 3}, 400, id="no array"),
        pytest.param(b'{"Operations":[', 400, id="a body that stops half way"),
    ],
)
def test_a_malformed_request_does_not_become_a_job(
    gateway: Gateway, body: Any, status: int
) -> None:
    assert Client(gateway).send("POST", "/Bulk", body, ASYNC).status == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[(m, p) for m in ("PUT", "PATCH") for p in ("/Jobs", "/Jobs/x", "/Jobs/x/Result")],
        *[("POST", path) for path in ("/Jobs/x", "/Jobs/x/Result")],
        *[(method, "/Jobs/x/Start") for method in ("GET", "PUT", "PATCH", "DELETE")],
        ("DELETE", "/Jobs"),
    ],
)
def test_jobs_cannot_be_changed(gateway: Gateway, method: str, path: str) -> None:
    assert Client(gateway).send(method, path, {}).status == 405


def test_an_unknown_job_is_not_found(gateway: Gateway) -> None:
    for path in ("/Jobs/x", "/Jobs/x/Result"):
        assert Client(gateway).send("GET", path).status == 404
    assert Client(gateway).send("DELETE", "/Jobs/x").status == 404


def test_a_cancelled_job_stops(gateway: Gateway) -> None:
    client = Client(gateway)
    answer = sent(client, [user(f"never{n}") for n in range(200)])
    assert client.send("DELETE", ref_of(answer)).status == 204
    job = client.send("GET", ref_of(answer)).body
    assert job["status"] == "cancelled"
    assert client.send("DELETE", ref_of(answer)).status == 204


def test_a_cancelled_job_leaves_no_file(gateway: Gateway) -> None:
    client = Client(gateway)
    waiting = declared(client, kind="import", format="ndjson").body
    uploaded(waiting, b'{"userName":"never","password":"in-no-file-1"}\n')
    running = ref_of(sent(client, [user(f"hardly{n}") for n in range(200)]))
    for path in (f"/Jobs/{waiting['id']}", running):
        assert client.send("DELETE", path).status == 204
        until = time.monotonic() + 60
        while files_of(client, gateway, path) and time.monotonic() < until:
            time.sleep(0.1)
        assert files_of(client, gateway, path) == []


def files_of(client: Client, gateway: Gateway, path: str) -> list[str]:
    with at_rest(client):
        bucket = gateway.template.scope.name_of("JobsBucket")
        listed = boto3.client("s3").list_objects_v2(Bucket=bucket)
    return [each["Key"] for each in listed.get("Contents", ()) if path[6:] in each["Key"]]


def disturbed(
    gateway: Gateway, fails: Callable[[dict[str, Any]], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the invocations of the machine fail that a test says."""
    invoke = gateway._runtime.invoke

    def failing(arn: str, event: Any) -> Any:
        if "do" in event and fails(event):
            raise FunctionError("Runtime.ExitError", "the worker was killed")
        answer = invoke(arn, event)
        if "do" in event and fails({**event, "is": "done"}):
            raise FunctionError("Runtime.ExitError", "the worker was killed")
        return answer

    monkeypatch.setattr(gateway._runtime, "invoke", failing)


def test_the_work_of_a_dead_worker_is_completed(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    died: set[str] = set()

    def once(event: dict[str, Any]) -> bool:
        what = f"{event['do']} {event.get('batch', {}).get('batch')} {'is' in event}"
        is_first = what not in died
        died.add(what)
        return is_first

    disturbed(gateway, once, monkeypatch)
    client = Client(gateway)
    answer = sent(client, mixed("c"))
    job = ended(client, answer)
    assert len(died) > 8
    assert job["operations"] == {"total": 66, "done": 66, "failed": 3}


def test_an_operation_that_kills_its_worker_fails_alone(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second operation is poison: each time it is tried, alone or with others, all dies."""

    def kills(event: dict[str, Any]) -> bool:
        steps = event["batch"]["steps"] if event["do"] == "batch" else [event.get("step")]
        is_known = bool(given_up)
        if event["do"] == "give_up":
            given_up.append(event["step"])
            return False
        return event["do"] in {"batch", "step"} and 2 in steps and not is_known

    given_up: list[int] = []
    disturbed(gateway, kills, monkeypatch)
    client = Client(gateway)
    answer = sent(client, [user(f"p{n}") for n in range(3)])
    job = ended(client, answer)
    entries = client.send("GET", f"{ref_of(answer)}/Result").body["Operations"]
    assert [entry["status"] for entry in entries] == ["201", "500", "201"]
    assert (job["status"], job["operations"]["failed"]) == ("completed", 1)


def test_operations_wait_for_a_service_that_is_out_of_reach(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a batch, its steps and giving them up are tried again after other errors."""
    times = 0
    read_range = S3Payloads.read_range

    def unreachable(*given: Any) -> bytes:
        nonlocal times
        times += 1
        if times <= 12:
            raise Unavailable("The job's files cannot be reached at the moment; try again.")
        return read_range(*given)

    monkeypatch.setattr(S3Payloads, "read_range", unreachable)
    client = Client(gateway)
    answer = sent(client, [user(f"waiting{n}") for n in range(3)])
    job = ended(client, answer)
    assert (job["status"], job["operations"]["failed"]) == ("completed", 0)


@pytest.mark.long
def test_a_batch_that_fails_for_good_does_not_keep_others_from_being_done(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The map tolerates it; the job has failed, and is started again where it stands."""
    client = Client(gateway)
    with monkeypatch.context() as patched:
        disturbed(gateway, lambda event: event.get("batch", {}).get("batch") == 1, patched)
        answer = sent(client, [user(f"tolerated{n}") for n in range(60)])
        job = ended(client, answer)
    assert (job["status"], job["operations"]) == ("failed", {"total": 60, "done": 35, "failed": 0})
    assert client.send("POST", f"{ref_of(answer)}/Start").status == 202
    job = ended(client, answer)
    assert (job["status"], job["operations"]["failed"]) == ("completed", 0)
    entries = client.send("GET", f"{ref_of(answer)}/Result").body["Operations"]
    assert [entry["status"] for entry in entries] == ["201"] * 60


@pytest.mark.parametrize(
    ("how", "why"),
    [
        pytest.param("ABORTED", "was stopped from outside", id="stopped"),
        pytest.param("TIMED_OUT", "took too long", id="timed out"),
    ],
)
@pytest.mark.sampled(2)
def test_a_job_ended_from_outside_says_so_and_can_continue(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, how: str, why: str
) -> None:
    """Its execution ends after the first batch: EventBridge tells, as the template's rule says."""
    client = Client(gateway)
    invoke, done, one_at_a_time = gateway._runtime.invoke, threading.Event(), threading.Lock()
    told: list[Any] = []
    first: list[int] = []

    def ending(arn: str, event: Any) -> Any:
        if event.get("source") == "aws.states":
            told.append(event["detail"]["status"])
            event = {**event, "detail": {**event["detail"], "status": how}}
        if event.get("do") != "batch":
            return invoke(arn, event)
        with one_at_a_time:
            if done.is_set():
                raise FunctionError("Runtime.ExitError", "not while the execution ends")
            answer = invoke(arn, event)
            first.append(len(event["batch"]["steps"]))
            done.set()
            return answer

    with monkeypatch.context() as patched:
        patched.setattr(gateway._runtime, "invoke", ending)
        answer = sent(client, [user(f"{how}{n}") for n in range(60)])
        assert done.wait(60)
        execution = f"{machine_arn().replace(':stateMachine:', ':execution:')}"
        name = f"{execution}:{answer.headers['set-txn']}"
        boto3.client("stepfunctions").stop_execution(executionArn=name)
        job = ended(client, answer)
    assert told == ["ABORTED"]
    assert [(job["status"], job["operations"]["done"])] == [("failed", n) for n in first]
    assert why in job["error"]
    assert client.send("POST", f"{ref_of(answer)}/Start").status == 202
    job = ended(client, answer)
    assert (job["status"], job["operations"]) == (
        "completed",
        {"total": 60, "done": 60, "failed": 0},
    )
    assert "error" not in job
    entries = client.send("GET", f"{ref_of(answer)}/Result").body["Operations"]
    assert [entry["status"] for entry in entries] == ["201"] * 60


def test_a_job_whose_end_was_not_reported_can_be_started_again(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EventBridge tells of an end as well as it can; whoever starts the job finds out."""
    client = Client(gateway)
    invoke, stopped = gateway._runtime.invoke, threading.Event()

    def silent(arn: str, event: Any) -> Any:
        if event.get("do") == "plan":
            stopped.wait(60)
        return None if event.get("source") == "aws.states" else invoke(arn, event)

    with monkeypatch.context() as patched:
        patched.setattr(gateway._runtime, "invoke", silent)
        answer = sent(client, [user(f"untold{n}") for n in range(3)])
        execution = machine_arn().replace(":stateMachine:", ":execution:")
        machines = boto3.client("stepfunctions")
        name = f"{execution}:{answer.headers['set-txn']}"
        machines.stop_execution(executionArn=name)
        stopped.set()
        while machines.describe_execution(executionArn=name)["status"] == "RUNNING":
            time.sleep(0.05)
        assert client.send("GET", ref_of(answer)).body["status"] in OPEN
    assert client.send("POST", f"{ref_of(answer)}/Start").status == 202
    assert ended(client, answer)["operations"] == {"total": 3, "done": 3, "failed": 0}


def machine_arn() -> str:
    """Return the ARN of the machine that does jobs."""
    machines = boto3.client("stepfunctions").list_state_machines()["stateMachines"]
    (arn,) = (str(each["stateMachineArn"]) for each in machines if "BulkJob" in each["name"])
    return arn


def test_an_execution_is_named_after_its_job(gateway: Gateway) -> None:
    client = Client(gateway)
    answer = sent(client, [user("named")])
    ended(client, answer)
    executions = boto3.client("stepfunctions").list_executions(stateMachineArn=machine_arn())
    assert answer.headers["set-txn"] in [each["name"] for each in executions["executions"]]


def test_paths_are_read_as_they_are_at_once(gateway: Gateway) -> None:
    client = Client(gateway)
    made = client.send("POST", "/Users", user("spelt")["data"])
    location = made.body["meta"]["location"]
    answer = sent(
        client, [named(location, "By its URL"), gone(f"/users/{made.body['id']}"), gone("/users/x")]
    )
    job = ended(client, answer)
    assert job["operations"] == {"total": 3, "done": 3, "failed": 1}
    assert client.send("GET", f"/Users/{made.body['id']}").status == 404
