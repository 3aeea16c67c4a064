"""Servers on one table of DynamoDB Local, of which some are killed, their clients, and what goes wrong."""

import os
import random
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

from local.child_process import free_ports
from local.dynamodb_local import ENDPOINT_VARIABLE, running
from local.workers import PROGRAM, Shared, shared
from scim.fsck import open_work, violations
from tests.concurrency.history import History
from tests.concurrency.storm import Client, Town, built, crossing, looked, pressing, round_of
from tests.concurrency.workers import Place
from tests.contract.stores import stored_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EXPECTED = re.compile(
    "none|20[014]"
    "|400 invalidValue"  # a group would contain itself
    "|409 uniqueness"
    "|429|503"  # on a busy machine, as a client may that is told to come again later
)
FEW = 0.05
"""Of all answers, those that say to come again later."""


class Killable(Protocol):
    """A process."""

    def kill(self) -> None: ...


@dataclass
class Storm:
    """Servers, their clients, and what has gone wrong so far."""

    name: str
    common: Shared
    servers: Sequence[Killable]
    history: History
    clients: Sequence[Client]
    client: "DynamoDBClient"
    dice: random.Random

    def blow(self, rounds: int, deeds: int, crossings: int, kills: Sequence[int] = ()) -> list[str]:
        """Let the clients do what they do, round after round; return what is wrong.

        In the first rounds one server each is killed: the numbers say which.
        """
        first = self.clients[0]
        town = built(first, self.name)
        for number in range(rounds):
            killer = self.killer(kills[number], deeds) if number < len(kills) else None
            round_of(self.clients, town, deeds)
            if killer is not None:
                killer.join()
            wrong = self.wrong(town)
            for _ in range(crossings):
                if wrong:
                    return wrong
                crossing(self.clients, town)
                pressing(self.clients, town)
                wrong = self.wrong(town)
        return [*wrong, *self.unexpected()]

    def killer(self, number: int, deeds: int) -> Thread:
        """Kill a server somewhere in a round, without a warning."""
        answers = self.history.answers
        until = answers.total() + self.dice.randrange(deeds * len(self.clients) * 3 // 4)

        def kill() -> None:
            while answers.total() < until:
                time.sleep(0.01)
            self.servers[number].kill()

        thread = Thread(target=kill)
        thread.start()
        return thread

    def wrong(self, town: Town) -> list[str]:
        """Return what is wrong with the table, and with what was told."""
        looked(self.clients[0], town)
        return [*violations(self.items()), *self.history.contradictions()]

    def items(self) -> list[dict[str, Any]]:
        (table,) = self.common.gateway.store.tables.values()
        return stored_items(self.client, table)

    def unexpected(self) -> list[str]:
        """Return the answers nobody should be given, or not so many."""
        answers = self.history.answers
        odd = [f"{n} answers {kind}" for kind, n in answers.items() if not EXPECTED.fullmatch(kind)]
        put_off = answers["503"] + answers["429"]
        many = [f"{put_off} of {answers.total()} were told to come again"]
        return odd + (many if put_off > FEW * answers.total() else [])

    def left_undone(self) -> list[str]:
        """Return what is open after the sweeps have had their time."""
        for _ in range(5):
            self.common.gateway.schedules.fire()
        return open_work(self.items())


@dataclass(frozen=True)
class Deployed:
    """A table, what servers have in common beside it, and a client of our own."""

    common: Shared
    client: "DynamoDBClient"

    @contextmanager
    def storm(
        self, seed: int, ports: Sequence[int], servers: Sequence[Killable]
    ) -> Iterator[Storm]:
        """Let twice as many clients as there are servers, which listen on the ports, know them all."""
        history = History()
        clients = [
            Client(ports, f"{seed}-{n}", random.Random(seed * 100 + n), history)
            for n in range(2 * len(ports))
        ]
        dice = random.Random(seed)
        try:
            yield Storm(str(seed), self.common, servers, history, clients, self.client, dice)
        finally:
            for client in clients:
                client.close()


@contextmanager
def deployed(endpoint: str) -> Iterator[Deployed]:
    """Make a table, and what servers have in common."""
    # Made before functions run here: while one begins, boto3 cannot read the environment.
    client = Place(endpoint, "").client()
    settings, stack = {"LogLevel": "ERROR"}, f"storm-{uuid.uuid4().hex[:8]}"
    with shared(endpoint, stack, settings) as common:
        yield Deployed(common, client)


@contextmanager
def storm(
    endpoint: str, seed: int, servers: int, program: Sequence[str] = PROGRAM
) -> Iterator[Storm]:
    """Start servers on a table of their own, and let a storm begin."""
    ports = free_ports(servers)
    with (
        deployed(endpoint) as place,
        place.common.servers(ports, program) as begun,
        place.storm(seed, ports, begun) as blowing,
    ):
        yield blowing


@contextmanager
def on_table() -> Iterator[str]:
    """Yield where DynamoDB Local is, one of our own if there is none yet."""
    beside = os.environ.get(ENDPOINT_VARIABLE)
    if beside:
        yield beside
        return
    with running() as started:
        yield started
