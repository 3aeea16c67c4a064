"""A file that is one BulkRequest of any length, read operation by operation (RFC 7644 section 3.7)."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from scim.errors import InvalidSyntax, ScimError
from scim.patch.request import with_lower_case_names
from scim.profile import Profile
from scim.profile.tolerance import Tolerance
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import BULK_REQUEST_URN, PATCH_OP_URN
from scim.schema.resource_type import ResourceType
from scim.service.bulk.bulk_ids import PREFIX
from scim.service.bulk.path import RELATIVE, Paths
from scim.service.bulk.plan import needs_of
from scim.service.bulk.request import (
    BulkOperation,
    Method,
    Rules,
    limit_of,
    operation_of,
    require_message,
)
from scim.service.transfer.formats.lines import LONGEST_NUMBER, object_in, require_short
from scim.service.transfer.operations import is_addition, refused
from scim.service.transfer.port import FileEntry
from scim.service.transfer.references import References, renamed_values

OPERATIONS = "operations"
_RESOURCES = "resources"
_LINES = (
    "Resources are imported as ndjson, one a line: jq -c '(.Resources? // .)[]' FILE > FILE.ndjson"
)
_SHOWN = 300
_SPACE = re.compile(r"[ \t\r\n]*")
# Only finds where a value ends. An operation with a longer number is refused when it is read.
_JSON = json.JSONDecoder(parse_int=lambda digits: int(digits[:LONGEST_NUMBER]))


@dataclass(slots=True)
class BulkReader:
    """Reads one file; the members around the operations are known once `entries` has run."""

    profile: Profile
    catalogue: Catalogue
    paths: Paths = RELATIVE
    around: dict[str, object] = field(default_factory=dict)

    opening = ()
    continues = False

    @property
    def fail_on_errors(self) -> int | None:
        return limit_of(self.around.get("failonerrors"))

    def entries(self, pieces: Iterator[bytes]) -> Iterator[FileEntry]:
        """Yield the operations. Raises InvalidSyntax where the file is not a BulkRequest in JSON."""
        text = _Text(pieces)
        if text.ends("["):
            raise InvalidSyntax(
                f"Line {text.line}: the file has something else than {{, an array. {_LINES}"
            )
        text.take("{")
        while not text.ends("}"):
            if self.around:
                text.take(",")
            name = text.name()
            text.take(":")
            if name == _RESOURCES and OPERATIONS not in self.around:
                raise InvalidSyntax(f"The file is a list of resources, no BulkRequest. {_LINES}")
            if name in self.around:
                raise text.wrong("a name that occurs twice")
            if name == OPERATIONS:
                self.around[name] = None
                yield from self._operations(text)
            else:
                self.around[name] = text.value()[1]
        text.end()
        if OPERATIONS not in self.around:
            names = ", ".join(self.around)[:_SHOWN] or "nothing"
            raise InvalidSyntax(
                f"The file is no BulkRequest: it has {names}, and no Operations. Other JSON is imported"
                " after it was converted to ndjson, one SCIM resource a line, or to csv."
            )
        require_message(self.around.get("schemas"), self.profile)
        limit_of(self.around.get("failonerrors"))

    def _operations(self, text: "_Text") -> Iterator[FileEntry]:
        text.skip()
        if text.is_at("{") and self.profile.tolerates(Tolerance.LONE_OBJECTS):
            yield _element(text)
        else:
            yield from _elements(text)

    def operation(self, content: bytes, position: int, line: int) -> BulkOperation:
        """Return the parsed operation; an error in it becomes its `fault`."""
        try:
            rules = Rules.of(self.profile, self.paths)
            members = with_lower_case_names(object_in(content), "The operation")
            return operation_of(position, members, line, rules)
        except ScimError as error:
            return refused(position, line, error)

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return the bulkIds the operation refers to."""
        return needs_of(operation)

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:  # noqa: ARG002 - as the port
        """Return the operation unchanged: it already names others by bulkId."""
        return operation

    def identity(self, operation: BulkOperation) -> str | None:  # noqa: ARG002 - as the port
        """Return None: the client decides what several operations do to one resource."""
        return None

    def scalars(self, operation: BulkOperation) -> str:  # noqa: ARG002 - as the port
        """Return an empty text."""
        return ""

    def addition(self, operation: BulkOperation, name: str) -> BulkOperation | None:  # noqa: ARG002 - as the port
        """Return a PATCH that only adds values of relations to a resource of the file, as exports have; else None."""
        return operation if is_addition(operation, self.catalogue) else None


def _elements(text: "_Text") -> Iterator[FileEntry]:
    text.take("[")
    is_first = True
    while not text.ends("]"):
        if not is_first:
            text.take(",")
        is_first = False
        yield _element(text)


def _element(text: "_Text") -> FileEntry:
    text.skip()
    line, start = text.line, text.start
    return FileEntry(line, start, text.value()[0].encode())


class _Text:
    """A window on the text of the file; more is read when a value is incomplete."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self.line = 1
        self.start = 0
        while not self._text and self._more():
            """Read on: a piece may end within a character."""
        self._consume(self._text.startswith("\ufeff"))

    def skip(self) -> None:
        """Skip white space."""
        while True:
            spaces = _SPACE.match(self._text, self._at)
            self._consume(0 if spaces is None else spaces.end() - self._at)
            if self._at < len(self._text) or not self._more():
                return

    def take(self, sign: str) -> None:
        """Skip white space and a sign. Raises InvalidSyntax where another sign is next."""
        if not self.ends(sign):
            raise self.wrong(f"something else than {sign}")

    def is_at(self, sign: str) -> bool:
        """Tell whether the text continues with a sign."""
        return self._text.startswith(sign, self._at)

    def ends(self, sign: str) -> bool:
        """Skip white space and tell whether a sign is next; skip the sign too if it is."""
        self.skip()
        if not self.is_at(sign):
            return False
        self._consume(len(sign))
        return True

    def name(self) -> str:
        """Read the name of a member and return it in lower case. Raises InvalidSyntax."""
        _, name = self.value()
        if not isinstance(name, str):
            raise self.wrong("something else than a name in front of it")
        return name.lower()

    def value(self) -> tuple[str, object]:
        """Read a JSON value; return its text and the value. Raises InvalidSyntax, PayloadTooLarge."""
        self.skip()
        while True:
            try:
                value, end = _JSON.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError):
                end = len(self._text)
                value = None
            # The next piece may continue a number or complete a broken value.
            if end < len(self._text):
                break
            require_short(end - self._at, self.line)
            if not self._more():
                raise self.wrong("something that is no JSON, or ends half way")
        content = self._text[self._at : end]
        self._consume(end - self._at)
        return content, value

    def end(self) -> None:
        """Skip white space to the end of the file. Raises InvalidSyntax where anything else follows."""
        self.skip()
        if self._at < len(self._text):
            raise self.wrong("more behind its end")

    def wrong(self, problem: str) -> InvalidSyntax:
        """Return the error for something unexpected at this place."""
        return InvalidSyntax(f"Line {self.line}: the BulkRequest has {problem}.")

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        try:
            more = self._decoder.decode(piece or b"", final=piece is None)
        except UnicodeDecodeError as error:
            raise InvalidSyntax(f"After line {self.line} the file is not valid UTF-8.") from error
        self._text = self._text[self._at :] + more
        self._at = 0
        return piece is not None

    def _consume(self, number: int) -> None:
        gone = self._text[self._at : self._at + number]
        self._at += number
        self.line += gone.count("\n")
        self.start += len(gone.encode())


@dataclass(frozen=True, slots=True)
class BulkWriter:
    """Writes ids as bulkIds, so that the server that reads the file assigns its own ids."""

    catalogue: Catalogue

    between = b","

    def beginning(self) -> bytes:
        """Return the envelope up to the operations."""
        schemas = json.dumps([BULK_REQUEST_URN])
        return f'{{"schemas":{schemas},"Operations":['.encode()

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],
    ) -> bytes:
        """Return the POST operation that creates the resource."""
        data = References.of(resource_type, self.catalogue).linked(resource, known)
        return _line(
            {
                "method": Method.POST,
                "path": resource_type.endpoint,
                "bulkId": id_,
                "data": data,
            }
        )

    def more(
        self,
        resource_type: ResourceType,
        id_: str,
        attribute: str,
        values: list[dict[str, object]],
        known: AbstractSet[str],
    ) -> bytes:
        """Return the PATCH operation that adds the values."""
        linked = renamed_values(values, lambda name: PREFIX + name if name in known else None)
        return _line(
            {
                "method": Method.PATCH,
                "path": f"{resource_type.endpoint}/{PREFIX}{id_}",
                "data": {
                    "schemas": [PATCH_OP_URN],
                    "Operations": [{"op": "add", "path": attribute, "value": linked}],
                },
            }
        )

    def end(self) -> bytes:
        """Return the rest of the envelope."""
        return b"\n]}\n"


def _line(operation: Mapping[str, object]) -> bytes:
    return b"\n" + json.dumps(operation, ensure_ascii=False, separators=(",", ":")).encode()
