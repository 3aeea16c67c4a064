"""Requests that were refused, counted: of one credential, one operation and one rule in an hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often something was refused since `since`, the hour it is in, at least, and when last.

    `operation` is a method and a route, `token` names the credential and `owner` who holds it,
    `client` is the kind of client, `address` where it last came from; `why` says which guard and
    rule refused, and no value.
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
