"""What every file format provides: a reader of operations and a writer of resources."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import BulkOperation


class FileEntry(NamedTuple):
    """Where an operation is in a file: its first line (from 1), its first byte, and its bytes."""

    line: int
    start: int
    content: bytes


class Reader(Protocol):
    """Reads a file of one format."""

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the operations of a file that arrives in pieces, not yet parsed.

        Raises InvalidSyntax, InvalidValue or PayloadTooLarge where the whole file is unreadable.
        """

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the parsed operation; an error in it becomes its `fault`."""

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return every name by which the operation may refer to other resources of the file."""

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:
        """Return the operation with bulkIds in place of the names in `known`."""

    def identity(self, operation: BulkOperation) -> str | None:
        """Return a unique value of the new resource; None where several operations may share one resource."""

    def scalars(self, operation: BulkOperation) -> str:
        """Return, as one text, everything in a new resource except values of relations."""

    def addition(self, operation: BulkOperation, name: str) -> BulkOperation | None:
        """Return the operation that adds this one's values of relations to the resource of that name.

        An operation that does nothing else is returned as it is. None if it has no such values.
        """

    @property
    def continues(self) -> bool:
        """Tell whether an entry with nothing but values of relations continues the resource before it."""

    @property
    def opening(self) -> tuple[str, ...]:
        """Return what is needed to parse the entries; known once `entries` has run."""

    @property
    def fail_on_errors(self) -> int | None:
        """Return the file's failOnErrors; known once `entries` has run."""


class Writer(Protocol):
    """Writes a file of one format, piece by piece."""

    def beginning(self) -> bytes:
        """Return the beginning of the file."""

    @property
    def between(self) -> bytes:
        """Return the separator between two pieces."""

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],
    ) -> bytes:
        """Return a resource, possibly with only the first values of its relations.

        `known` are the ids it refers to that are in the file too.
        """

    def more(
        self,
        resource_type: ResourceType,
        id_: str,
        attribute: str,
        values: list[dict[str, object]],
        known: AbstractSet[str],
    ) -> bytes:
        """Return further values of a relation of a resource written before."""

    def end(self) -> bytes:
        """Return the end of the file."""
