"""What every format can do: find the operations of a file, read each, and write resources."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import BulkOperation


class FileEntry(NamedTuple):
    """Where an operation stands in a file: the line it begins in, its first byte, its bytes."""

    line: int
    start: int
    content: bytes


class Reader(Protocol):
    """Reads a file of one format."""

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the operations of a file that comes in pieces, unread.

        Raises InvalidSyntax, InvalidValue and PayloadTooLarge for what makes the whole file
        unreadable.
        """

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return an operation; what is wrong with it is its fault."""

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return every name by which the operation may refer to others of the file."""

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:
        """Return the operation with bulkIds for those names that the file has."""

    def identity(self, operation: BulkOperation) -> str | None:
        """Return what the service knows the new resource by; None where two may be about one."""

    def scalars(self, operation: BulkOperation) -> str:
        """Return, as one text, everything a new resource says but values of relations."""

    def addition(self, operation: BulkOperation, name: str) -> BulkOperation | None:
        """Return the operation that adds what it says to the resource of that name.

        None for one that has no values of relations to add.
        """

    @property
    def continues(self) -> bool:
        """Tell whether what has nothing but values of relations is about the one before it."""

    @property
    def opening(self) -> tuple[str, ...]:
        """Return what the entries cannot be read without, once they were found."""

    @property
    def fail_on_errors(self) -> int | None:
        """Return what the file says of it, once its entries were found."""


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
        self,
        resource_type: ResourceType,
        id_: str,
        attribute: str,
        values: list[dict[str, object]],
        known: AbstractSet[str],
    ) -> bytes:
        """Return further values of a relation of a resource that was written before."""

    def end(self) -> bytes:
        """Return what the file ends with."""
