"""The count of refused requests of one credential, one operation and one rule in an hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """At least `count` refusals since `since`, the start of an hour; `at` is the time of the last.

    `operation` is a method and a route; `token` identifies the credential and `owner` its owner;
    `client` is the kind of client and `address` its last IP address; `why` names the guard and the rule
    that refused, without values.
    """

    since: str
    at: str
    count: int
    operation: str
    status: int
    token: str = ""
    owner: str = ""
    client: str = ""
    address: str = ""
    why: Mapping[str, Any] = field(default_factory=dict)
