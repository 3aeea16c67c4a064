"""What every format can do with a resource that leaves the directory."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from scim.schema.resource_type import ResourceType


class Writer(Protocol):
    """Writes a file of one format, piece by piece."""

    def beginning(self) -> bytes:
        """Return what the file begins with."""

    @property
    def between(self) -> bytes:
        """Return what stands between two pieces."""

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],
    ) -> bytes:
        """Return a resource, perhaps with the first values of its relations only.

        `known` are the ids it refers to of resources that the file has too.
        """

    def more(
        self, resource_type: ResourceType, id_: str, attribute: str, values: list[dict[str, object]]
    ) -> bytes:
        """Return further values of a relation of a resource that was written before."""

    def end(self) -> bytes:
        """Return what the file ends with."""
