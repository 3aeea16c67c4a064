"""References: attributes whose value is the id of another resource that must live.

A relation has many values, kept as edges; a reference has one, kept in the body.
"""

from dataclasses import dataclass
from enum import StrEnum


class OnDelete(StrEnum):
    """What becomes of a resource when the one it refers to is deleted."""

    CASCADE = "cascade"
    """It goes too."""
    CLEAR = "clear"
    """The attribute loses its value."""
    REFUSE = "refuse"
    """Nothing: the other cannot be deleted while it is referred to."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A single complex attribute, written as a client would, and what its `value` may name."""

    attribute: str
    targets: tuple[str, ...]
    on_delete: OnDelete = OnDelete.REFUSE

    @property
    def index(self) -> str:
        """The indexed sub-attribute by which whoever refers to a resource is found."""
        return f"{self.attribute}.value"


@dataclass(frozen=True, slots=True)
class Referrer:
    """A reference seen from a type it may name: whose it is, and what a deletion does to it."""

    type: str
    attribute: str
    on_delete: OnDelete
