"""A creation asked for under an Idempotency-Key, which is made once however often it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEASE: Final = 30
"""Seconds after which a request that has a key and made nothing is taken for dead: the gateway
waits for 29."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request with the key: the hash of what it asked for, and what became of it.

    `made` is the id of what it made, empty while it is under way; `answer` what it was told,
    None where that got lost.
    """

    fingerprint: str
    made: str = ""
    answer: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """Whose creation it is that was asked for under an Idempotency-Key, of those that ask at once.

    `name` is what the key is kept under, `at` since when this request has it, in seconds since 1970;
    `made` the id of what is made where the item that is written has another one.
    """

    name: str
    at: int
    made: str = ""
