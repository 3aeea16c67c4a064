"""A server whose calls of the store go wrong by chance; a file gets a line for each fault.

Servers are forked from one process that has loaded the service and read its template: that takes
longer than a storm has to.
"""

import multiprocessing
import os
import random
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError

from local.__main__ import main
from scim.bootstrap import connection
from scim.store.dynamodb.json_client import JsonClient

PRELOADED = "tests.concurrency.preloaded"
PATIENCE = 120.0
"""Seconds in which a server has to take connections, on a machine that has more to do."""
BEFORE: Mapping[str, float] = {
    "ProvisionedThroughputExceededException": 0.006,
    "InternalServerError": 0.003,
    "silence": 0.003,
}
"""Of all calls, those of which nothing is done; as many as the simulator has (tests/simulation/faults.py)."""
LOST, CONFLICT, PARTIAL, SHORT = 0.015, 0.012, 0.1, 0.06
"""Of writes, those whose answer is lost, and transactions in conflict; of batch reads, those answered
in part; of queries, those that end early as a megabyte does."""
URL = "http://dynamodb.invalid/"


class FaultyClient(JsonClient):
    """Asks DynamoDB, or fails as a network and DynamoDB do."""

    _dice = random.Random()
    _file: Path

    def _called(self, operation: str, request: Mapping[str, Any]) -> Any:
        self._go_wrong_before(operation)
        request, later = self._cut(operation, request)
        answer = super()._called(operation, request) if not later or request else {"Responses": {}}
        if later:
            answer["UnprocessedKeys"] = later
        is_write = operation in {"PutItem", "UpdateItem", "TransactWriteItems"}
        if is_write and self._dice.random() < LOST:
            self._note("lost")
            raise ConnectionClosedError(endpoint_url=URL)
        return answer

    def _note(self, what: str) -> None:
        """Write a fault down, in one call: the next moment the process may be killed."""
        file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{what}\n".encode())
        os.close(file)

    def _go_wrong_before(self, operation: str) -> None:
        chance = self._dice.random()
        for what, share in BEFORE.items():
            chance -= share
            if chance < 0:
                self._note(what)
                raise (
                    ConnectionClosedError(endpoint_url=URL) if what == "silence" else refused(what)
                )
        if operation == "TransactWriteItems" and self._dice.random() < CONFLICT:
            self._note("TransactionConflict")
            raise refused("TransactionCanceledException", "TransactionConflict")

    def _cut(
        self, operation: str, request: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return what is asked for of a read, and what is left of it."""
        if operation == "Query" and "Limit" not in request and self._dice.random() < SHORT:
            self._note("short")
            return {**request, "Limit": self._dice.randint(1, 3)}, {}
        if operation != "BatchGetItem" or self._dice.random() >= PARTIAL:
            return request, {}
        ((table, wanted),) = request["RequestItems"].items()
        some = self._dice.randrange(len(wanted["Keys"]))
        self._note("UnprocessedKeys")
        now, later = (
            {table: {**wanted, "Keys": keys}}
            for keys in (wanted["Keys"][:some], wanted["Keys"][some:])
        )
        return {**request, "RequestItems": now} if some else {}, later


def refused(code: str, *reasons: str) -> ClientError:
    """Return the error that DynamoDB answers with."""
    told: Any = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {}}
    told |= {"CancellationReasons": [{"Code": reason} for reason in reasons]}
    return ClientError(told, "TransactWriteItems")


@contextmanager
def faulty_servers(
    ports: Sequence[int], variables: Mapping[str, str], file: Path
) -> Iterator[list[ForkServerProcess]]:
    """Run a server on each port until the block ends; all take connections when it begins.

    `variables` are those of `local.workers.Shared`; `file` is there and gets the faults.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOADED])
    begun = [context.Process(target=_serve, args=(port, variables, file)) for port in ports]
    try:
        for process in begun:
            process.start()
        for port, process in zip(ports, begun, strict=True):
            _await(port, process)
        yield begun
    finally:
        for process in begun:
            process.terminate()
        for process in begun:
            process.join()


def _serve(port: int, variables: Mapping[str, str], file: Path) -> None:
    os.environ.update({**variables, "PORT": str(port), "STORE": "dynamodb-local"})
    FaultyClient._dice.seed()
    FaultyClient._file = file
    connection.JsonClient = FaultyClient  # type: ignore[misc]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # nobody reads its banner
        main([])


def _await(port: int, process: ForkServerProcess) -> None:
    end = time.monotonic() + PATIENCE
    while process.is_alive() and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("a server did not serve")
