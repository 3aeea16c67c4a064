"""Resources as rows of a CSV file (RFC 4180), by a mapping of its columns."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import StringIO

from scim.errors import InvalidSyntax, InvalidValue, ScimError
from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import BulkOperation
from scim.service.transfer.columns import ID, TYPE, Columns
from scim.service.transfer.lines import MOST_BYTES, lines_of, require_short
from scim.service.transfer.operations import Resources, refused
from scim.service.transfer.port import FileEntry

# All members of a group are one cell; what is longer than a row may be is refused before.
csv.field_size_limit(MOST_BYTES)


@dataclass(slots=True)
class CsvReader:
    """Reads one file; `opening` are the names of its columns, in its first row."""

    resources: Resources
    mapping: Columns
    opening: tuple[str, ...] = ()

    fail_on_errors = None

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the rows behind the first, which names the columns."""
        rows = _rows(pieces)
        first = next(rows, None)
        if first is None:
            raise InvalidSyntax("The file is empty; its first row must name the columns.")
        self.opening = tuple(name.strip() for name in self._cells(first.content))
        if len(set(self.opening)) < len(self.opening):
            raise InvalidValue("Line 1: two columns have the same name.")
        if not any(column.name in self.opening for column in self.mapping.columns):
            raise InvalidValue("Line 1: no column is one of the mapping; is the delimiter right?")
        for row in rows:
            if row.content.strip():
                yield row

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the operation of a row; what is wrong with it is its fault."""
        try:
            return self.resources.operation(self._resource(content), position, line)
        except ScimError as error:
            return refused(position, line, error)

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return every id the operation refers to."""
        return self.resources.names(operation)

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:
        """Return the operation with bulkIds in place of the ids that the file has."""
        return self.resources.linked(operation, known)

    def _resource(self, content: bytes) -> dict[str, object]:
        cells = self._cells(content)
        if len(cells) != len(self.opening):
            raise InvalidSyntax(
                f"The row has {len(cells)} cells; the first row names {len(self.opening)} columns."
            )
        filled = {
            name: text for name, text in zip(self.opening, cells, strict=True) if text.strip()
        }
        columns = [each for each in self.mapping.columns if each.name in filled]
        told = next((filled[each.name].strip() for each in columns if each.path == TYPE), None)
        name = told or self.mapping.resource_type
        resource: dict[str, object] = {"meta": {"resourceType": name}}
        resource_type = self.resources.type_of(resource)
        for column in columns:
            if column.path == ID:
                resource[ID] = filled[column.name].strip()
            elif column.path != TYPE:
                column.put(resource, resource_type, filled[column.name])
        return resource

    def _cells(self, content: bytes) -> list[str]:
        try:
            text = content.decode("utf-8-sig")
            rows = list(csv.reader([text], delimiter=self.mapping.delimiter, strict=True))
        except UnicodeDecodeError as error:
            raise InvalidSyntax("This is not valid UTF-8.") from error
        except csv.Error as error:
            raise InvalidSyntax(f"This is no row of a CSV file: {error}.") from error
        return rows[0] if rows else []


def _rows(pieces: Iterator[bytes]) -> Iterator[FileEntry]:
    """Yield the rows: a line ends one unless it stands between quotes."""
    begun: FileEntry | None = None
    for number, start, content in lines_of(pieces):
        row = FileEntry(number, start, content) if begun is None else begun
        if begun is not None:
            row = begun._replace(content=begun.content + content)
            require_short(len(row.content), row.line)
        begun = row if row.content.count(b'"') % 2 else None
        if begun is None:
            yield row
    if begun is not None:
        yield begun


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """What no column is for is left out; so is a type that the mapping is not for."""

    mapping: Columns

    between = b""

    def beginning(self) -> bytes:
        """Return the row that names the columns."""
        return self._row(column.name for column in self.mapping.columns)

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],  # noqa: ARG002 - as the port
    ) -> bytes:
        """Return the row of a resource."""
        whole = {**resource, "id": id_}
        return self._row(column.cell(whole, resource_type) for column in self.mapping.columns)

    def more(
        self, resource_type: ResourceType, id_: str, attribute: str, values: list[dict[str, object]]
    ) -> bytes:
        """Return a row with nothing but these values, if there is a column for them."""
        names = {column.path.partition(".")[0].lower() for column in self.mapping.columns}
        if attribute.lower() not in names:
            return b""
        return self.first(resource_type, id_, {attribute: values}, frozenset())

    def end(self) -> bytes:
        """Return nothing: there are only rows."""
        return b""

    def _row(self, cells: Iterable[str]) -> bytes:
        written = StringIO()
        csv.writer(written, delimiter=self.mapping.delimiter, lineterminator="\r\n").writerow(cells)
        return written.getvalue().encode()
