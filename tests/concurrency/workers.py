"""What other processes do to a table while a test runs, and how they are started and killed."""

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

from scim.errors import ScimError
from scim.service.system import RandomIds, SystemClock
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import client_of, stored_items
from tests.fakes.endpoint import FakeDeployment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE = "dynamodb.TransactWriteItems"


@dataclass(frozen=True, slots=True)
class Place:
    """A table another process can open, too."""

    endpoint: str
    table: str

    def client(self) -> "DynamoDBClient":
        """Return a client of one's own."""
        return client_of(self.endpoint)

    def directory(self) -> DynamoDirectory:
        """Return the directory on a client of one's own."""
        return DynamoDirectory(self.client(), self.table)

    def items(self) -> list[Any]:
        """Return all items of the table."""
        return stored_items(self.client(), self.table)


def deployment(directory: DynamoDirectory) -> FakeDeployment:
    """Return the use cases on a directory, with a real clock and real ids."""
    return FakeDeployment(directory, clock=SystemClock(), ids=RandomIds())  # type: ignore[arg-type]


def add_each(place: Place, group: str, batches: Sequence[Sequence[str]]) -> list[str]:
    """PATCH the group once for each batch of members; return what was refused."""
    service = deployment(place.directory())
    refused: list[str] = []
    for members in batches:
        try:
            service.add(group, *members)
        except ScimError as error:
            refused.append(f"{error.status} {error.detail}")
    return refused


def nest_each(place: Place, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Put groups into groups; return what was refused."""
    service = deployment(place.directory())
    refused: list[str] = []
    for outer, inner in pairs:
        try:
            service.add(outer, inner)
        except ScimError as error:
            refused.append(f"{error.status} {error.scim_type}")
    return refused


def at_once(work: Callable[..., list[str]], calls: Sequence[tuple[Any, ...]]) -> list[str]:
    """Do the work in a process for each call, all at once; return all they return."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(len(calls)) as pool:
        return [each for some in pool.starmap(work, calls, chunksize=1) for each in some]


def add_and_die(place: Place, group: str, members: Sequence[str], writes: int) -> None:
    """PATCH the group, but be killed just before a write."""
    deployment(_killed_at(place, writes)).add(group, *members)


def sweep_and_die(place: Place, now: str, writes: int) -> None:
    """Sweep, but be killed just before a write."""
    _killed_at(place, writes).sweep(now, 10_000)


def _killed_at(place: Place, writes: int) -> DynamoDirectory:
    """Return the directory, at whose write after so many others this process is killed."""
    directory = place.directory()
    left = writes

    def die(**_: Any) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    directory._table._client.meta.events.register(f"before-call.{WRITE}", die)  # type: ignore[attr-defined]
    return directory


def was_killed(work: Callable[..., None], *arguments: Any) -> bool:
    """Do the work in a process of its own; tell whether it was killed."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@contextmanager
def conflicting(client: "DynamoDBClient", chance: float, seed: int) -> Iterator[list[int]]:
    """Let the client's writes meet a TransactionConflict by chance; yield how many did."""
    dice = random.Random(seed)
    met = [0]

    def refuse(**_: Any) -> tuple[Any, dict[str, Any]] | None:
        if dice.random() >= chance:
            return None
        met[0] += 1
        return AWSResponse("", 400, {}, None), {
            "Error": {"Code": "TransactionCanceledException", "Message": "injected"},
            "CancellationReasons": [{"Code": "TransactionConflict"}],
            "ResponseMetadata": {},
        }

    client.meta.events.register_first(f"before-call.{WRITE}", refuse)
    try:
        yield met
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", refuse)
