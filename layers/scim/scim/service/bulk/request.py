"""Reading a BulkRequest from JSON, and making one that creates given resources."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from scim.errors import (
    InvalidSyntax,
    InvalidValue,
    MethodNotAllowed,
    PayloadTooLarge,
    ScimError,
)
from scim.patch.request import with_lower_case_names
from scim.profile import Profile, Tolerance
from scim.schema.message_uri import BULK_REQUEST_URN, PATCH_OP_URN, needed_to_read
from scim.schema.resource_type import ResourceType
from scim.schema.schema import SCHEMAS
from scim.schema.spelling import object_in_text
from scim.service.bulk.path import RELATIVE, Paths

LONGEST: Final = 2000
"""The most characters of a bulkId or path: both are in results and events, whose size has bounds."""


class Method(StrEnum):
    """The method of an operation."""

    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    GET = "GET"


WRITING: Final = (Method.POST, Method.PUT, Method.PATCH, Method.DELETE)
"""The methods of RFC 7644 section 3.7; only some profiles also accept GET."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for operations: their methods and paths, and whether a POST may lack a bulkId.

    `reads_text` tells whether data may be JSON in a string.
    """

    methods: tuple[str, ...] = WRITING
    has_nameless: bool = False
    paths: Paths = RELATIVE
    reads_text: bool = False

    @staticmethod
    def of(profile: Profile, paths: Paths = RELATIVE) -> "Rules":
        """Return a profile's rules for operations."""
        bulk, reads_text = profile.bulk, profile.tolerates(Tolerance.JSON_TEXT)
        return Rules(bulk.methods, bulk.nameless_posts, paths, reads_text)


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """One operation, as far as it could be read; an operation with a `fault` is not performed.

    `segment` and `id` are the two parts of its path; the id of a collection is None. `position` is
    its index in the request, which everything derived from it keeps. `line` is its line in the
    file it came from, if any. `query` is the part of a GET's path after `?`.
    """

    position: int
    method: Method | None
    bulk_id: str | None = None
    version: str | None = None
    segment: str = ""
    id: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    fault: ScimError | None = None
    line: int | None = None
    query: str = ""

    @property
    def makes(self) -> str | None:
        """Return the bulkId that others may refer to: that of a new resource, else None."""
        return self.bulk_id if self.method is Method.POST else None

    def require_readable(self) -> None:
        """Raise the fault, if there is one."""
        if self.fault is not None:
            raise self.fault


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The operations in the client's order; `fail_on_errors` 0 means that errors do not stop the request."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int = 0
    tolerated: frozenset[Tolerance] = frozenset()


_WITHOUT_DATA: Final = (Method.DELETE, Method.GET)


def bulk_of(
    body: Mapping[str, object], profile: Profile, max_operations: int, paths: Paths = RELATIVE
) -> BulkRequest:
    """Read a request to `/Bulk`, with paths as `paths` allows them.

    An error in one operation becomes its fault. Raises InvalidSyntax or InvalidValue when the body
    is not a BulkRequest, PayloadTooLarge when it has too many operations.
    """
    message = with_lower_case_names(body, "The body")
    lone = _lone_members(message, profile)
    message |= {name: [message[name]] for name in lone}
    tolerated = require_message(message.get("schemas"), profile)
    raw_operations = message.get("operations")
    if not isinstance(raw_operations, list):
        raise InvalidSyntax("Operations must be an array.")
    if not raw_operations:
        raise InvalidSyntax("Operations is empty; expected at least one operation.")
    if len(raw_operations) > max_operations:
        # RFC 7644 section 3.7.4 wants the limit named.
        raise PayloadTooLarge(
            f"The number of operations exceeds the maxOperations ({max_operations})."
        )
    limit = limit_of(message.get("failonerrors"))
    rules = Rules.of(profile, paths)
    operation_members = [
        with_lower_case_names(raw, f"Operations[{position}]")
        for position, raw in enumerate(raw_operations)
    ]
    operations = [
        operation_of(position, members, rules=rules)
        for position, members in enumerate(operation_members)
    ]
    has_text = any(
        operation.data and isinstance(members["data"], str)
        for operation, members in zip(operations, operation_members, strict=True)
    )
    tolerated |= {Tolerance.LONE_OBJECTS} if lone else set()
    tolerated |= {Tolerance.JSON_TEXT} if has_text else set()
    return BulkRequest(_without_namesakes(operations), limit, tolerated)


def _lone_members(message: Mapping[str, object], profile: Profile) -> list[str]:
    """Return the members that are a lone value instead of a list, if the profile tolerates that."""
    if not profile.tolerates(Tolerance.LONE_OBJECTS):
        return []
    operations = message.get("operations")
    is_lone_by_name = {"operations": bool(operations) and isinstance(operations, Mapping)}
    is_lone_by_name["schemas"] = isinstance(message.get("schemas"), str)
    return [name for name, is_lone in is_lone_by_name.items() if is_lone]


def require_message(schemas: object, profile: Profile) -> frozenset[Tolerance]:
    """Return the tolerances used to read the schemas. Raises InvalidSyntax unless they name a BulkRequest."""
    needed = needed_to_read(schemas, BULK_REQUEST_URN, profile)
    if needed is None:
        raise InvalidSyntax(f"schemas must be an array that contains {BULK_REQUEST_URN}.")
    return needed


def limit_of(value: object) -> int:
    """Return failOnErrors. Raises InvalidSyntax and InvalidValue."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidSyntax("failOnErrors must be a whole number.")
    if value < 0:
        raise InvalidValue("failOnErrors must not be negative.")
    return value


def operation_of(
    position: int,
    members: Mapping[str, object],
    line: int | None = None,
    rules: Rules = Rules(),
) -> BulkOperation:
    """Return the operation in an object whose member names are in lower case."""
    method = members.get("method")
    method_name = method.upper() if isinstance(method, str) else ""
    data = None if method_name in _WITHOUT_DATA else members.get("data")
    if rules.reads_text and isinstance(data, str) and (parsed := object_in_text(data)):
        # SCIM-SDK accepts data as an object or as JSON in a string: its clients have sent both.
        data, members = parsed, {**members, "data": parsed}
    path, query = _text(members, "path") or "", ""
    if method_name == Method.GET:
        path, _, query = path.partition("?")
    bulk_id = _text(members, "bulkid")
    for name, text in (("bulkId", bulk_id), ("path", path)):
        if text is not None and len(text) > LONGEST:
            fault = InvalidValue(f"{name} is longer than {LONGEST} characters.")
            return BulkOperation(position, _method(method_name, rules), line=line, fault=fault)
    segment, id_ = rules.paths.segment_and_id(path)
    if method_name == Method.PATCH and isinstance(data, list):
        # In its own example, RFC 7644 section 3.7.3 has the list of operations alone as data.
        data = {"schemas": [PATCH_OP_URN], "Operations": data}
        members = {**members, "data": data}
    operation = BulkOperation(
        position,
        _method(method_name, rules),
        bulk_id=bulk_id,
        version=_text(members, "version"),
        segment=segment,
        id=id_,
        data=data if isinstance(data, Mapping) else {},
        line=line,
        query=query,
    )
    return replace(operation, fault=_fault(operation, members, rules))


def _method(name: str, rules: Rules) -> Method | None:
    return Method(name) if name in (*rules.methods, *WRITING) else None


def _fault(
    operation: BulkOperation, members: Mapping[str, object], rules: Rules
) -> ScimError | None:
    if operation.method is None:
        return InvalidSyntax(f"method must be one of {', '.join(rules.methods)}.")
    if operation.method not in rules.methods:
        detail = f"method must be one of {', '.join(rules.methods)} here."
        return MethodNotAllowed(detail, rules.methods)
    for name in ("bulkId", "version", "path"):
        if not isinstance(members.get(name.lower()), str | None):
            return InvalidSyntax(f"{name} must be a string.")
    if _text(members, "path") is None:
        return InvalidValue("path is missing; expected one like /Users or /Users/{id}.")
    is_nameless = operation.method is Method.POST and operation.bulk_id is None
    if is_nameless and not rules.has_nameless:
        return InvalidValue("bulkId is missing; POST needs one.")
    if operation.method in _WITHOUT_DATA:
        return None
    if members.get("data") is None:
        return InvalidValue(f"data is missing; {operation.method} needs it.")
    if not isinstance(members["data"], Mapping):
        return InvalidSyntax("data must be a JSON object.")
    return None


def namesake(operation: BulkOperation) -> BulkOperation:
    """Return a POST that shares its bulkId with another, with a fault: references would be ambiguous."""
    if operation.makes is None or operation.fault is not None:
        return operation
    fault = InvalidValue("bulkId is that of another POST too; each needs its own.")
    return replace(operation, fault=fault)


def _without_namesakes(operations: Sequence[BulkOperation]) -> tuple[BulkOperation, ...]:
    """Return the operations; those that create resources under the same bulkId get a fault."""
    counts_by_bulk_id = Counter(operation.makes for operation in operations)
    return tuple(
        namesake(operation)
        if operation.makes is not None and counts_by_bulk_id[operation.makes] > 1
        else operation
        for operation in operations
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) and value else None


def request_to_make(
    resource_type: ResourceType, resources: Iterable[Mapping[str, object]]
) -> dict[str, object]:
    """Return a BulkRequest that creates the resources; each resource's id becomes its bulkId.

    Values that the server assigns, such as id and meta, are left out.
    """
    return {
        "schemas": [BULK_REQUEST_URN],
        "Operations": [
            {
                "method": Method.POST,
                "bulkId": resource["id"],
                "path": resource_type.endpoint,
                "data": _given(resource_type, resource),
            }
            for resource in resources
        ],
    }


def _given(resource_type: ResourceType, resource: Mapping[str, object]) -> dict[str, object]:
    """Return the attributes of a resource that a client may write; extensions are unchanged."""
    return {
        name: value for name, value in resource.items() if not _is_the_servers(resource_type, name)
    }


def _is_the_servers(resource_type: ResourceType, name: str) -> bool:
    attribute = resource_type.attribute(name)
    return attribute is not None and attribute is not SCHEMAS and attribute.is_read_only
