"""What the wait for DynamoDB costs a GET: `python -m bench.beside.waiting` (DynamoDB Local).

A process that has slept runs on with cold caches, and the kernel charges it for waking up. The same GET is measured
with its response from the socket, with the same response returned at once, and with it returned after a sleep.
"""

import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final
from unittest.mock import patch

from bench.beside.requests import TURNS, checked, ours, requests
from scim.store.dynamodb.connections import Connections, HttpAnswer

SLEEP: Final = 0.002
"""Seconds of the sleep: about what a read of DynamoDB takes."""
SOCKET: Final = "from the socket"
AT_ONCE: Final = "at once"
AFTER_SLEEP: Final = "after a sleep of 2 ms"


def waiting(turns: int = TURNS) -> dict[str, float]:
    """Return the milliseconds of CPU of a GET, by how its response comes."""
    exchange = Connections.exchange
    received: list[HttpAnswer] = []

    def recorded(connections: Connections, headers: dict[str, str], body: bytes) -> HttpAnswer:
        received.append(exchange(connections, headers, body))
        return received[-1]

    def at_once(*_: object) -> HttpAnswer:
        return received[0]

    def after_sleep(*_: object) -> HttpAnswer:
        time.sleep(SLEEP)
        return received[0]

    ways = {SOCKET: exchange, AT_ONCE: at_once, AFTER_SLEEP: after_sleep}
    spent: dict[str, list[float]] = {way: [] for way in ways}
    with ours() as call:
        get = requests(call)["GET"](0)
        with patch.object(Connections, "exchange", recorded):
            checked(call, *get)
        for _ in range(turns):
            for way, replaced in ways.items():
                with patch.object(Connections, "exchange", replaced):
                    spent[way].append(checked(call, *get)[2])
    return {way: round(median(seconds) * 1000, 3) for way, seconds in spent.items()}


def rows(found: Mapping[str, float], peer_milliseconds: float) -> Sequence[str]:
    """Return the lines of a table in Markdown; the ratio is to the peer's GET."""
    return [
        "| response | ms | ratio |",
        "|---|---|---|",
        *(
            f"| {way} | {each:.2f} | {each / peer_milliseconds:.2f} |"
            for way, each in found.items()
        ),
    ]


if __name__ == "__main__":
    for told, milliseconds in waiting().items():
        print(f"{told}: {milliseconds} ms")
