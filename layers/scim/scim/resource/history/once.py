"""A creation with an Idempotency-Key, which is made once however often the request is repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEASE: Final = 30
"""Seconds after which a request that holds a key and made nothing counts as dead: the gateway
waits for 29."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request with the key: the hash of the request, and its result.

    `made` is the id of what it made, empty while it is in progress; `answer` is its response, None if
    that was not kept.
    """

    fingerprint: str
    made: str = ""
    answer: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """The claim of one request on an Idempotency-Key, which excludes concurrent requests with that key.

    `name` is the stored name of the key; `at` is when this request claimed it, in seconds since 1970;
    `made` is the id of what is made, if it differs from the id of the written item.
    """

    name: str
    at: int
    made: str = ""
