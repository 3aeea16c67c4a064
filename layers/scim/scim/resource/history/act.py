"""An administrator's act on a tenant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """The outcome of an act; one that stays BEGUN was interrupted and may or may not be done."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when, which operation, by whom and from where, and its outcome.

    `id` distinguishes acts of the same moment; `asked` is what was requested, without secrets; `why` is
    the refusal's text; `transaction` is the id of the request.
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
