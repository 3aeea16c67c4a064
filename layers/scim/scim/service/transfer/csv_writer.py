"""A directory as rows of a CSV file (RFC 4180), by a mapping of its columns."""

import csv
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import StringIO

from scim.schema.resource_type import ResourceType
from scim.service.transfer.columns import Columns


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
