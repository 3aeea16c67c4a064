"""A deployment in one process: functions with the real handlers and store, on the model of the table.

Each process serves one request at a time, as an execution environment does; one that has died is
followed by another, which knows nothing of it.
"""

import base64
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from scim.http.app import application
from scim.http.log_lines import RequestLines
from scim.http.message import request as requests
from scim.http.routes.jobs import job_routes
from scim.http.routes.resources import resource_routes, search_routes
from scim.http.tenant_api import tenant_apis_of
from scim.resource.history.feed import Feed
from scim.resource.job import Job
from scim.service.endpoint import Bounds
from scim.service.jobs.batches import Sizes
from scim.service.jobs.context import JobContext
from scim.service.recent import ValueHolders
from scim.service.visibility.deployment import Deployment
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.images import entry_of
from scim.store.jobs.items import DynamoJobs
from scim.store.jobs.results import DynamoResults
from scim.workers import change_log, job, sweep
from tests.fakes.client import event
from tests.simulation.baton import Baton
from tests.simulation.choices import Choices
from tests.simulation.faults import NOTHING, Client, Death, Rates
from tests.simulation.model.dynamodb import Commit, ModelTable

TENANT = "acme"
START = datetime(2026, 3, 1, 10, tzinfo=UTC)
WIDTH = 3
"""Edges of one transaction here: what is more is a large change."""
NAME = "table"


class InTurn:
    """Stands for a pool of threads: one thing after the other, in this thread."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def map(self, function: Callable[..., Any], *rows: Iterable[Any]) -> Iterator[Any]:
        return iter([function(*each) for each in zip(*rows, strict=False)])


@dataclass
class SimulatedTime:
    """Stands for the module `time`, and for the clocks of service and store."""

    baton: Baton

    def monotonic(self) -> float:
        return self.baton.now

    def time(self) -> float:
        return START.timestamp() + self.baton.now

    def now(self) -> str:
        moment = START + timedelta(seconds=self.baton.now)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def pause(self, most: float) -> None:
        self.baton.sleep(most / 2)


@dataclass
class CountedIds:
    """Makes UUIDs by counting."""

    made: int = 0

    def new(self) -> str:
        self.made += 1
        return f"00000000-0000-4000-8000-{self.made:012d}"

    def ordered(self, now: str) -> str:
        return self.new()


@dataclass
class Behind:
    """Whatever is behind at the moment; what has been built on this need not be built again."""

    current: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.current, name)


@dataclass
class Files:
    """The files of jobs, in memory."""

    parts: dict[tuple[str, str, str], bytes] = field(default_factory=dict)

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        self.parts[tenant, job, name] = content

    def read(self, tenant: str, job: str, name: str) -> bytes:
        return self.parts[tenant, job, name]

    def read_range(
        self, tenant: str, job: str, name: str, start: int, length: int, etag: str = ""
    ) -> bytes:
        return self.parts[tenant, job, name][start : start + length]

    def stored(self, tenant: str, job: str, name: str) -> tuple[int, str] | None:
        part = self.parts.get((tenant, job, name))
        return None if part is None else (len(part), str(hash(part)))

    def size(self, tenant: str, job: str, name: str) -> int | None:
        return len(self.parts[tenant, job, name]) if (tenant, job, name) in self.parts else None

    def stream(self, tenant: str, job: str, name: str, etag: str = "") -> Iterator[bytes]:
        yield self.parts[tenant, job, name]

    def clear(self, tenant: str, job: str) -> None:
        for place in [place for place in self.parts if place[:2] == (tenant, job)]:
            del self.parts[place]


@dataclass
class Started:
    """The state machine's door: the jobs that are to be run."""

    waiting: list[Job] = field(default_factory=list)

    def start(self, job: Job) -> bool:
        self.waiting.append(job)
        return True

    def stop(self, job: Job) -> None: ...


class Vouching:
    """Every credential is still good."""

    def refusal(self, job: Job) -> str:
        return ""


@dataclass
class Backend:
    """Where jobs are kept, and what runs them."""

    jobs: Any
    results: Any
    payloads: Any
    machine: Any
    credentials: Vouching = field(default_factory=Vouching)


class Process:
    """One execution environment after the other, always for the same purpose.

    Built once: between histories only what is behind is replaced.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._clock, self._ids, self._directory = Behind(), Behind(), Behind()
        self._backend = Backend(Behind(), Behind(), Behind(), Behind())
        self._deadline, self._holders = Behind(), Behind()
        deployment = Deployment(
            catalogue=Deployment.of(self._directory, Bounds(), 0).catalogue,  # type: ignore[arg-type]
            directory=self._directory,  # type: ignore[arg-type]
            clock=self._clock,  # type: ignore[arg-type]
            ids=self._ids,  # type: ignore[arg-type]
            bounds=Bounds(),
            profile=Deployment.of(self._directory, Bounds(), 0).profile,  # type: ignore[arg-type]
            max_body_bytes=1_000_000,
            value_holders=self._holders,  # type: ignore[arg-type]
        )
        apis = tenant_apis_of(
            deployment,
            lambda own: {
                **search_routes(own),
                **resource_routes(own, own.catalogue.resource_types),
                **job_routes(own, self._backend),
            },
        )
        quiet = RequestLines(level="CRITICAL")
        self._serve = application("", apis, on_start=self._begin, request_lines=quiet)
        context = JobContext(
            deployment,
            self._backend,
            sizes=Sizes(2, 3),
            creations=self._directory,  # type: ignore[arg-type]
        )
        self._step = job.machine(context)
        self.client: Client

    def _begin(self, time_left: Callable[[], float]) -> None:
        self._deadline.current.begin(time_left)

    def begin(self, world: "World") -> None:
        """Begin in a world, or anew after a death."""
        self.client = Client(
            world.table, world.baton, world.choices, world.rates, self.name, world.note
        )
        retry = Retry(
            sleep=world.baton.sleep,
            chance=lambda: world.choices.below(100) / 100,
            deadline=Deadline(),
            clock=world.time.monotonic,
        )
        self._holders.current = ValueHolders()
        self._deadline.current = retry.deadline
        self._clock.current, self._ids.current = world.time, world.ids
        # What requests cost is nobody's question here.
        table = Table(self.client, NAME, Meter(counts=False), retry)
        self._directory.current = DynamoDirectory(
            self.client,
            NAME,
            meter=Meter(counts=False),
            retry=retry,
            width=WIDTH,
            may_lag=world.may_lag,
        )
        backend = self._backend
        backend.jobs.current, backend.results.current = DynamoJobs(table), DynamoResults(table)
        backend.payloads.current, backend.machine.current = world.files, world.started
        self._sweep = sweep.sweeper(self._directory, world.time.now)
        log = ChangeLog(table, world.time.now)
        self._record = change_log.recorder(entry_of, log, lambda _: Feed(is_on=True, days=30))
        self.log = log

    def request(
        self,
        method: str,
        target: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        """Serve a request; return status, body and headers. Raises Death."""
        answer = self.serve(event(method, target, body, headers, TENANT))
        shown = json.loads(answer["body"]) if answer["body"] else {}
        sent = {name.lower(): each[0] for name, each in answer["multiValueHeaders"].items()}
        return answer["statusCode"], shown, sent

    def serve(self, sent: Mapping[str, Any]) -> Any:
        """Serve API Gateway's event of a request; return what it is answered with."""
        return self._serve(sent, None)

    def sweep(self) -> Mapping[str, object]:
        return self._sweep({}, None)

    def record(self, records: list[Mapping[str, Any]]) -> Mapping[str, object]:
        """Take a batch of the table's stream."""
        return self._record({"Records": records}, None)

    def step(self, demand: Mapping[str, Any]) -> Mapping[str, object]:
        """Do what the state machine asks for."""
        return self._step(demand, _Hurry())


class _Hurry:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


@dataclass
class World:
    """The table, the time and what else processes share in one history."""

    choices: Choices
    rates: Rates = NOTHING
    may_lag: bool = False
    trace: list[str] | None = None
    table: ModelTable = field(default_factory=ModelTable)
    ids: CountedIds = field(default_factory=CountedIds)
    files: Files = field(default_factory=Files)
    started: Started = field(default_factory=Started)
    stay: int = 60

    def __post_init__(self) -> None:
        self.baton = Baton(self.choices, self.stay)
        self.time = SimulatedTime(self.baton)
        self.table.clock = self.time.monotonic

    def note(self, who: str, what: str, how: str) -> None:
        """Hear what happened at the store."""
        if self.trace is not None:
            self.trace.append(f"{self.baton.now:9.3f} {who}: {what} {how}")

    def call(self, process: Process, what: Any, act: Callable[[], Any]) -> Any:
        """Let a process do something; None when it dies. What it writes is written by `what`."""
        process.client.what = what
        try:
            return act()
        except Death:
            process.begin(self)
            return None


@contextmanager
def simulated(world: World) -> Iterator[None]:
    """Let requests go by the world's time, and no module of the layer start threads of its own."""
    modules = [each for name, each in list(sys.modules.items()) if name.startswith("scim.")]
    pools = [each for each in modules if hasattr(each, "ThreadPoolExecutor")]
    had = [(each, each.ThreadPoolExecutor) for each in pools]
    time = requests.time
    requests.time = world.time  # type: ignore[assignment]
    for each in pools:
        each.ThreadPoolExecutor = InTurn  # type: ignore[attr-defined]
    try:
        yield
    finally:
        requests.time = time
        for each, pool in had:
            each.ThreadPoolExecutor = pool  # type: ignore[attr-defined]


def stream_record(commit: Commit, number: int) -> dict[str, Any]:
    """Return a commit as Lambda hands out the table's stream, binary values as base64."""
    images = {
        name: {n: _as_json(typed) for n, typed in item.items()}
        for name, item in (("OldImage", commit.before), ("NewImage", commit.after))
        if item is not None
    }
    name = "INSERT" if commit.before is None else "MODIFY" if commit.after is not None else "REMOVE"
    return {"eventName": name, "dynamodb": {"SequenceNumber": str(number), **images}}


def _as_json(typed: Mapping[str, Any]) -> Mapping[str, Any]:
    match typed:
        case {"B": held}:
            return {"B": base64.b64encode(held).decode()}
        case {"BS": several}:
            return {"BS": [base64.b64encode(each).decode() for each in several]}
        case _:
            return typed
