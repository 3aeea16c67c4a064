"""Resources as lines of JSON, one resource a line."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scim.errors import InvalidSyntax, ScimError
from scim.schema.resource_type import ResourceType
from scim.service.bulk.request import BulkOperation
from scim.service.transfer.encoding import MARK_OF_UTF_8, MARKS_OF_UTF_16
from scim.service.transfer.formats.lines import lines_of, object_in
from scim.service.transfer.operations import ResourceReader, Resources, refused
from scim.service.transfer.port import FileEntry


@dataclass(frozen=True, slots=True)
class NdjsonReader(ResourceReader):
    """Reads one file."""

    resources: Resources

    opening = ()

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the lines that are not empty.

        Raises InvalidSyntax for a file that is one array, one object over several lines, or UTF-16.
        """
        is_first = True
        for number, start, content in lines_of(pieces):
            if content.strip():
                if is_first:
                    _require_lines(content.removeprefix(MARK_OF_UTF_8).strip(), number)
                is_first = False
                yield FileEntry(number, start, content)

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the operation of a line; an error in it becomes its `fault`."""
        try:
            return self.resources.operation(object_in(content), position, line)
        except ScimError as error:
            return refused(position, line, error)


@dataclass(frozen=True, slots=True)
class NdjsonWriter:
    """Writes a resource a line; further values of a relation get a line of their own with the same id."""

    between = b""

    def beginning(self) -> bytes:
        """Return nothing: the file has only lines."""
        return b""

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],  # noqa: ARG002 - as the port
    ) -> bytes:
        """Return the line of a resource."""
        return _line(resource_type, id_, resource)

    def more(
        self,
        resource_type: ResourceType,
        id_: str,
        attribute: str,
        values: list[dict[str, object]],
        known: AbstractSet[str],  # noqa: ARG002 - as the port
    ) -> bytes:
        """Return a line with only these values."""
        return _line(resource_type, id_, {attribute: values})

    def end(self) -> bytes:
        """Return nothing: the file has only lines."""
        return b""


def _require_lines(content: bytes, line: int) -> None:
    if content.startswith(MARKS_OF_UTF_16) or content[1:2] == b"\x00":
        raise InvalidSyntax(f"Line {line}: this is UTF-16; expected UTF-8.")
    if content.startswith(b"["):
        raise InvalidSyntax(
            f"Line {line}: this is an array; expected a resource a line: jq -c '.[]' FILE"
        )
    if content == b"{":
        raise InvalidSyntax(
            f"Line {line}: an object goes over several lines; expected a resource a line: jq -c . FILE"
        )


def _line(resource_type: ResourceType, id_: str, resource: Mapping[str, object]) -> bytes:
    document = {"id": id_, **resource, "meta": {"resourceType": resource_type.name}}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
