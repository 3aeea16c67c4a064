"""What somebody who administers a deployment did to a tenant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """How an act ended: what stays at the first was stopped on its way, done or not."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when, which operation, by whom and from where, and how it ended.

    `id` tells acts of one moment apart; `asked` is what was asked for, without secrets; `why` is
    the refusal in words; `transaction` the id of the request.
    """

    tenant: str
    id: str
    at: str
    operation: str
    actor: str
    address: str = ""
    transaction: str = ""
    outcome: Ending = Ending.BEGUN
    why: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
