"""Jobs on moto: a bench with everything real but the machine, which a test turns by hand."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from scim.principal import Principal
from scim.profile import Profile
from scim.resource.access_path import Direction
from scim.resource.job import Job
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.request import bulk_of
from scim.service.endpoint import Bounds
from scim.service.jobs.accept import accepted
from scim.service.jobs.batches import Batch, Sizes, lines_file
from scim.service.jobs.context import JobContext
from scim.service.jobs.results import response
from scim.service.jobs.states import do_batch, finish, lay_out_next, plan
from scim.service.system import SystemClock
from scim.service.visibility.deployment import Deployment
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.jobs.files import S3Payloads
from scim.store.jobs.items import DynamoJobs
from scim.store.jobs.results import DynamoResults
from tests.contract.samples import MUCH_LATER
from tests.contract.stores import files_client, new_table, stored_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TENANT = "acme"
BASE = "https://host/scim/v2"
CALLER = Principal(TENANT, "token", frozenset({"*"}), owner="token:token")
WIDTH = 2
"""A transaction of so few edges is journaled early."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Entries = list[dict[str, Any]]


@dataclass(slots=True)
class FakeMachine:
    """Remembers what it was asked."""

    started: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    over: set[str] = field(default_factory=set)
    """The executions that have ended."""

    def start(self, job: Job) -> bool:
        self.started.append(job.execution)
        return job.execution not in self.over

    def stop(self, job: Job) -> None:
        self.stopped.append(job.execution)


@dataclass(slots=True)
class FakeCredentials:
    """Good until a test says why not; remembers how often it was asked."""

    reason: str = ""
    asked: int = 0

    def refusal(self, job: Job) -> str:
        self.asked += 1
        return self.reason


@dataclass(frozen=True, slots=True)
class FakeOffice:
    """Everything real but the machine."""

    jobs: DynamoJobs
    results: DynamoResults
    payloads: S3Payloads
    machine: FakeMachine = field(default_factory=FakeMachine)
    credentials: FakeCredentials = field(default_factory=FakeCredentials)


class CountedIds:
    """Makes ids that are the same in every run."""

    def __init__(self) -> None:
        self._made = 0

    def new(self) -> str:
        self._made += 1
        return f"00000000-0000-4000-8000-{self._made:012d}"

    def ordered(self, now: str) -> str:
        """Make an id that comes after those before."""
        return self.new()


@dataclass(frozen=True, slots=True)
class Workshop:
    """A bench, and what a test does with it."""

    job_context: JobContext
    client: "DynamoDBClient"
    table: str

    def items(self) -> list[Any]:
        """Return every item of the table."""
        return stored_items(self.client, self.table)

    def accept(self, operations: Sequence[Mapping[str, Any]], **members: Any) -> Job:
        """Accept a request as a job."""
        body = {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members}
        asked = bulk_of(
            body,
            self.job_context.deployment.profile,
            self.job_context.deployment.bounds.job_operations,
        )
        return accepted(self.job_context, CALLER, BASE, body, asked)

    def planned(self, job: Job) -> list[list[Batch]]:
        """Plan the job and return the batches of each layer."""
        state = plan(self.job_context, job.tenant, job.id)
        found = []
        for _ in range(int(str(state["windows"]))):
            state = lay_out_next(self.job_context, state)
            layers = range(int(str(state["layer"])), int(str(state["layers"])))
            found += [self._batches(job, layer) for layer in layers]
        return found

    def turn(self, job: Job) -> None:
        """Do the whole job as the machine would, were nothing ever to fail."""
        for batches in self.planned(job):
            for batch in batches:
                do_batch(self.job_context, batch, lambda: False)
        finish(self.job_context, job.tenant, job.id)

    def state_of(self, job: Job) -> Job:
        """Return the job as it is now."""
        found = self.job_context.backend.jobs.find(job.tenant, job.id)
        assert found is not None
        return found

    def response(self, job: Job, start_index: int = 1, count: int = 1000) -> dict[str, Any]:
        """Return the BulkResponse so far."""
        return response(self.job_context, self.state_of(job), start_index, count)

    def entries(self, job: Job) -> Entries:
        """Return the entries of the BulkResponse so far."""
        entries: Entries = self.response(job)["Operations"]
        return entries

    def _batches(self, job: Job, layer: int) -> list[Batch]:
        lines = self.job_context.backend.payloads.read(job.tenant, job.id, lines_file(layer))
        return [Batch.of_json(json.loads(line)) for line in lines.splitlines()]


def new_bucket() -> str:
    """Create a bucket and return its name: jobs of different workshops have the same ids."""
    name = f"jobs-{uuid4()}"
    files_client().create_bucket(Bucket=name)
    return name


def with_bounds(deployment: Deployment, **bounds: int) -> Deployment:
    """Return the deployment with other bounds."""
    return replace(deployment, bounds=replace(deployment.bounds, **bounds))


def workshop(client: "DynamoDBClient", width: int = 49, **changes: Any) -> Workshop:
    """Return a bench on a table of its own."""
    table = new_table(client)
    quick = Table(client, table, Meter(), Retry())
    backend = FakeOffice(
        DynamoJobs(quick),
        DynamoResults(quick),
        S3Payloads(files_client, new_bucket()),
    )
    directory = DynamoDirectory(client, table, width=width)
    deployment = Deployment(
        catalogue=shipped_catalogue(),
        directory=directory,
        clock=SystemClock(),
        ids=CountedIds(),
        bounds=Bounds(),
        profile=Profile(),
        max_body_bytes=1_000_000,
    )
    job_context = JobContext(deployment, backend, sizes=Sizes(2, 3), creations=directory)
    return Workshop(replace(job_context, **changes), client, table)


def stands(shop: Workshop) -> list[Any]:
    """Return every resource there is, users with their version.

    Not so groups: a journal that waits for the sweeper may find a member gone.
    """
    assert shop.job_context.deployment.directory.sweep(MUCH_LATER, 1000).is_done
    users = shop.job_context.deployment.directory.records(
        "acme", "User", Direction.UP, None, 100
    ).records
    groups = shop.job_context.deployment.directory.records(
        "acme", "Group", Direction.UP, None, 100
    ).records
    return [
        *sorted((str(record.body["userName"]), record.version) for record in users),
        *sorted((str(record.body["displayName"]), dict(record.counts)) for record in groups),
    ]
