"""A long job whose workers are killed: checks that each operation is applied once, and measures rate and cost.
Before and after it, single requests create users of the same form, for comparison in one run.

`python -m bench.bulk_job [OPERATIONS [KILLED_PERCENT [SECONDS [DELAY]]]]`, on DynamoDB Local (make
bench-bulk). The operations are an imported file, because no request can hold so many. A job that takes longer
than SECONDS is cancelled, and the operations done by then are checked. Each call of DynamoDB is delayed by
DELAY milliseconds, because DynamoDB Local is on the same machine and DynamoDB is not.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import mean
from typing import Any
from unittest.mock import patch

import boto3

from bench.caller import Stopwatch, Taken, counting
from local.gateway import Gateway
from local.runtime import FunctionError
from local.seed import TENANT, TOKEN
from scim.fsck import open_work, violations
from scim.store.dynamodb.capacity import Cost, Meter
from scim.store.dynamodb.connections import Connections, HttpAnswer
from scim.store.dynamodb.table import Table

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
OPEN = {"waiting", "pending", "running"}
PAGE = 1000
WRITES_OF_A_BATCH = 3
SINGLES = 300
"""Single requests before the job, and the same number after it."""
ARRIVES = 2
"""State transitions of a successful batch: its execution begins, its task ends."""


class Killed(BaseException):
    """Ends a worker; no code may catch this."""


@dataclass(slots=True)
class Reaper:
    """Kills some of the workers at one of their writes, before or after it is made."""

    share: float
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - no secret
    invocations: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    left: int = -1
    is_before: bool = False

    def invoked(self, invoke: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
        """Return the invocation of functions; some of the calls are killed."""

        def call(arn: str, event: Any) -> Any:
            does = str(event.get("do", "request"))
            self.invocations[does] += 1
            is_doomed = does == "batch" and self.dice.random() < self.share
            self.left = self.dice.randrange(WRITES_OF_A_BATCH) if is_doomed else -1
            self.is_before = self.dice.random() < 0.5
            try:
                return invoke(arn, event)
            except Killed:
                self.kills += 1
                raise FunctionError("Runtime.ExitError", "the worker was killed") from None
            finally:
                self.left = -1

        return call

    def written(self, write: Callable[..., None]) -> Callable[..., None]:
        """Return the store's write, at which a doomed worker is killed."""

        def call(*arguments: Any) -> None:
            ends = self.left == 0
            self.left -= self.left >= 0
            if ends and self.is_before:
                raise Killed
            write(*arguments)
            if ends:
                raise Killed

        return call


@contextmanager
def delayed(milliseconds: float) -> Iterator[None]:
    """Delay DynamoDB's responses."""
    # Patch only after the gateway has started, because it installs its own exchange.
    exchange: Callable[..., HttpAnswer] = Connections.exchange

    def call(*arguments: Any) -> HttpAnswer:
        answer = exchange(*arguments)
        time.sleep(milliseconds / 1000)
        return answer

    with patch.object(Connections, "exchange", call):
        yield


def main(operations: int, percent: float, limit: float, delay: float) -> int:
    """Run the job, print the measurements, and return 0 if its effects are correct."""
    reaper = Reaper(percent / 100)
    with (
        Gateway.start("dynamodb-local", {"LogLevel": "ERROR", "Meter": "1"}) as gateway,
        patch.object(Table, "write", reaper.written(Table.write)),
        counting() as spent,
        delayed(delay),
    ):
        runtime = gateway._runtime  # noqa: SLF001 - the workers are killed here
        runtime.invoke = reaper.invoked(runtime.invoke)  # type: ignore[method-assign, assignment]
        posted(gateway, spent, "warm", SINGLES // 10)
        single = [posted(gateway, spent, "before", SINGLES)]
        location = accepted(gateway, [_person(number) for number in range(operations)])
        watch = Stopwatch(spent)
        job = _ended(gateway, location, limit)
        took = watch.taken(job["operations"]["done"] or 1)
        single.append(posted(gateway, spent, "after", SINGLES))
        _told(took, single)
        entries = _entries(gateway, location, operations)
        print(f"operations          {len(entries)} of {operations}, {job['status']}")
        batches = reaper.invocations["batch"]
        print(f"workers             {batches} for batches, {reaper.kills} of them killed")
        transitions = batches * ARRIVES * 100 / (len(entries) or 1)
        print(f"state transitions   about {transitions:.0f} for 100 operations", flush=True)
        operations = len(entries)
        wrong = _wrong(gateway, operations, entries, 2 * SINGLES + SINGLES // 10)
        if job["status"] == "completed":
            _redriven(location)
            again = _entries(gateway, location, operations)
            if json.dumps(again) != json.dumps(entries):
                wrong.append("a second execution of the job answers otherwise")
    print(f"wrong               {wrong or 'nothing'}")
    return 1 if wrong else 0


def _told(took: Taken, single: Sequence[Taken]) -> None:
    """Print what an operation of the job took, compared with a request, before the items are checked."""
    seconds, cpu, trips = (
        mean(each)
        for each in zip(
            *((one.seconds, one.cpu, one.used.round_trips / one.number) for one in single),
            strict=True,
        )
    )
    used = took.used
    print(
        f"time                {took.seconds * took.number:.0f} s, {1 / took.seconds:.1f} operations a second"
    )
    print(
        f"requests one by one {1 / seconds:.1f} a second: the job is {seconds / took.seconds:.2f} times as fast"
    )
    print(
        f"CPU of ours         {1000 * took.cpu:.2f} ms an operation, {1000 * cpu:.2f} a request: {cpu / took.cpu:.2f} times"
    )
    print(
        f"round trips         {used.round_trips / took.number:.2f} an operation, {trips:.2f} a request"
    )
    print(
        f"capacity            {used.wcu / took.number:.1f} WCU, {used.rcu / took.number:.1f} RCU an operation",
        flush=True,
    )


def posted(gateway: Gateway, spent: Meter, name: str, number: int) -> Taken:
    """Create users with one request after another; return what they took."""
    watch = Stopwatch(spent)
    for each in range(number):
        _sent(gateway, "/scim/v2/Users", {"schemas": [USER], **_person(each, f"{name}-")})
    return watch.taken(number)


def _person(number: int, name: str = "") -> Mapping[str, object]:
    return {
        "userName": f"{name}user{number}@example.com",
        "externalId": f"{name}e{number}",
        "name": {"givenName": "Ann", "familyName": f"Number {number}"},
        "emails": [{"value": f"{name}user{number}@example.com", "primary": True}],
    }


def imported(gateway: Gateway, people: Sequence[Mapping[str, object]]) -> Cost:
    """Create users by a job; return the cost from its start to its end."""
    with counting() as spent:
        accepted(gateway, people)
        spent.reset()
        machines = boto3.client("stepfunctions")
        (machine,) = machines.list_state_machines()["stateMachines"]
        while machines.list_executions(
            stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING"
        )["executions"]:
            time.sleep(0.1)
        return spent.reading()


def accepted(gateway: Gateway, people: Sequence[Mapping[str, object]]) -> str:
    """Start the import of a file that creates users; return the job's URL."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": f"u{number}", "data": person}
        for number, person in enumerate(people)
    ]
    body = json.dumps({"schemas": [BULK], "Operations": operations}).encode()
    job = _sent(gateway, "/scim/v2/Jobs", {"kind": "import", "format": "bulk"})
    (bucket,) = boto3.client("s3").list_buckets()["Buckets"]
    # The same as a PUT to the job's upload URL, without a socket.
    key = f"{TENANT}/{job['id']}/request.json"
    boto3.client("s3").put_object(Bucket=bucket["Name"], Key=key, Body=body)
    location = f"/scim/v2/Jobs/{job['id']}"
    _sent(gateway, f"{location}/Start", None)
    return location


def _sent(gateway: Gateway, target: str, body: object) -> dict[str, Any]:
    content = b"" if body is None else json.dumps(body).encode()
    answer = gateway.handle("POST", target, _headers(), content)
    if answer.status not in {201, 202}:
        raise SystemExit(f"{target}: {answer.status} {answer.body[:300]!r}")
    found: dict[str, Any] = json.loads(answer.body)
    return found


def _ended(gateway: Gateway, location: str, limit: float) -> dict[str, Any]:
    shown, started = -1, time.monotonic()
    while True:
        job = _read(gateway, location)
        seconds = time.monotonic() - started
        if job["percentDone"] >= shown + 5:
            shown = job["percentDone"]
            print(f"  {shown} % after {seconds:.0f} s", file=sys.stderr, flush=True)
        if job["status"] not in OPEN:
            return job
        if seconds > limit:
            gateway.handle("DELETE", location, _headers(), b"")
        time.sleep(1)


def _entries(gateway: Gateway, location: str, operations: int) -> list[Any]:
    return [
        entry
        for start in range(1, operations + 1, PAGE)
        for entry in _read(gateway, f"{location}/Result?startIndex={start}&count={PAGE}")[
            "Operations"
        ]
    ]


def _wrong(gateway: Gateway, operations: int, entries: list[Any], others: int) -> list[str]:
    items = [item for table in gateway.store.tables.values() for item in _items(table)]
    users = _read(gateway, "/scim/v2/Users?count=0")["totalResults"]
    places = {entry.get("location") for entry in entries}
    wrong = violations(items) + open_work(items)
    if users != operations + others:
        wrong.append(f"{users - others} users of {operations}")
    if {entry["status"] for entry in entries} != {"201"} or len(places) != operations:
        wrong.append("the results are not all those of creations of their own")
    return wrong


def _items(table: str) -> Iterator[Any]:
    """Yield every item, few at a time: a page without a limit fills DynamoDB Local's memory."""
    pages = boto3.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=table, PaginationConfig={"PageSize": PAGE}):
        yield from page["Items"]


def _redriven(location: str) -> None:
    """Execute the job a second time."""
    machines = boto3.client("stepfunctions")
    (arn,) = (each["stateMachineArn"] for each in machines.list_state_machines()["stateMachines"])
    job = location.rpartition("/")[2]
    (first,) = machines.list_executions(stateMachineArn=arn)["executions"]
    sent = machines.describe_execution(executionArn=first["executionArn"])["input"]
    second = machines.start_execution(stateMachineArn=arn, name=f"{job}-2", input=sent)
    while machines.describe_execution(executionArn=second["executionArn"])["status"] == "RUNNING":
        time.sleep(0.2)


def _read(gateway: Gateway, target: str) -> dict[str, Any]:
    answer = gateway.handle("GET", target, _headers())
    if answer.status != 200:
        raise SystemExit(f"{target}: {answer.status} {answer.body[:300]!r}")
    body: dict[str, Any] = json.loads(answer.body)
    return body


def _headers(**more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json", **more}


if __name__ == "__main__":
    OPERATIONS, *OTHERS = [float(each) for each in sys.argv[1:]] or [10_000.0]
    sys.exit(main(int(OPERATIONS), *[*OTHERS, *(10, 86_400, 0)[len(OTHERS) :]]))
