"""Reads a PATCH request from JSON: its operations, each with a path and a value (RFC 7644 section 3.5.2)."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scim.errors import InvalidSyntax, InvalidValue, NoTarget, PayloadTooLarge
from scim.filter.parsing.parse import known_path, terms_among
from scim.filter.parsing.template import shape_of
from scim.filter.parsing.tokens import tokens_of
from scim.immutable import immutable
from scim.patch.operation import Op, PatchOperation, located, no_object
from scim.patch.relation import identifier_in
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget
from scim.schema.message_uri import PATCH_OP_URN, needed_to_read
from scim.schema.spelling import boolean_in, object_in_text

_SELECTOR: Final = re.compile(
    r"""
    (?P<attribute> [^][\s"']+ )
    \[ \s* (?P<name> \$? [A-Za-z] [\w$-]* ) \s* ==? \s*
        (?P<mark> ["'] ) (?P<value> .* ) (?P=mark) \s* \]
    (?P<part> \. [^][\s"']+ )?
    """,
    re.VERBOSE | re.DOTALL,
)


def with_selector_as_filter(path: str, value: object) -> tuple[str, object]:
    """Return the path with `[name='value']` rewritten to `[name eq "value"]`, and the operation's value.

    The selected value is all text between the first and the last quotation mark, and may contain
    quotation marks and brackets. If the operation's value is an object without the selecting
    attribute, that attribute is added to it.
    """
    match = _SELECTOR.fullmatch(path)
    if match is None:
        return path, value
    name, selected_value, part = match["name"], match["value"], match["part"] or ""
    literal = json.dumps(selected_value, ensure_ascii=False)
    if not part and isinstance(value, Mapping) and value:
        is_named = any(str(key).lower() == name.lower() for key in value)
        value = value if is_named else {name: selected_value, **value}
    return f"{match['attribute']}[{name} eq {literal}]{part}", value


MOST_OPERATIONS: Final = 1000
_PERFORM_GET: Final = "performget"
_UPDATE: Final = "update"
_COMPARISONS_A_TERM: Final = 5
_COMPARISONS_A_NEW_TERM: Final = 200
"""The cost, in comparisons, of filling in a term of a known shape, and of parsing one of a new shape."""


@immutable
class PatchRequest:
    """The operations in order, and the tolerances that reading them needed."""

    operations: tuple[PatchOperation, ...]
    tolerated: frozenset[Tolerance] = frozenset()
    is_silent: bool = False
    """Whether the client wants no resource in the response."""


class _OperationShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    op: str
    path: str | None = None
    value: object = None


class _PatchOpShape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    schemas: list[str] | None = None
    operations: list[_OperationShape]
    perform_get: bool | None = Field(default=None, alias=_PERFORM_GET)


def request_of(
    body: object,
    profile: Profile,
    most: int = MOST_OPERATIONS,
    budget: RequestBudget | None = None,
) -> PatchRequest:
    """Return the body of a PATCH request as operations.

    There may be none: Microsoft's SCIM Validator sends such a request and expects success
    (tests/reports/messages.jsonl "PATCH without an operation").

    Raises InvalidSyntax when it is not a PatchOp message, NoTarget for a remove without a path
    (InvalidSyntax if the profile requires a path everywhere), InvalidValue for an add or replace
    without a value, PayloadTooLarge for too many operations, and TooMany when reading their paths
    exceeds the request's budget.
    """
    message = _with_boolean_perform_get(
        _with_lists(with_lower_case_names(body, "The body"), profile), profile
    )
    shape = _shape_of(message.value, profile, most)
    tolerated = _require_message(shape.schemas, profile) | message.tolerated
    if not shape.operations:
        tolerated |= _require_operations(profile)
    _spend_on_paths(shape.operations, budget or RequestBudget())
    read = [_operation(item, index, profile) for index, item in enumerate(shape.operations)]
    tolerated |= frozenset(name for _, names in read for name in names)
    operations = tuple(operation for operation, _ in read)
    is_silent = profile.patch.perform_get and shape.perform_get is False
    return PatchRequest(operations, tolerated, is_silent)


def _spend_on_paths(operations: Iterable[_OperationShape], budget: RequestBudget) -> None:
    """Charge the budget for reading the filters in paths; the main part counts once for each shape."""
    for path in (
        operation.path for operation in operations if operation.path and "[" in operation.path
    ):
        tokens = tuple(tokens_of(path))
        terms = terms_among(tokens)
        budget.compare(_COMPARISONS_A_TERM * terms)
        budget.compare_once(shape_of(tokens).text, _COMPARISONS_A_NEW_TERM * terms)


@immutable
class _Message:
    value: dict[str, object]
    tolerated: frozenset[Tolerance] = frozenset()


def _with_lists(message: dict[str, object], profile: Profile) -> _Message:
    """Return the message with a lone value wrapped into a list where a list belongs.

    XML converters send `schemas` and `Operations` as lone values; Oracle's documentation shows a bare
    operation as the body.
    """
    members = dict(message)
    if "operations" not in message and isinstance(message.get("op"), str):
        members = {"schemas": [PATCH_OP_URN], "operations": [message]}
    if isinstance(members.get("operations"), Mapping):
        members["operations"] = [members["operations"]]
    if isinstance(members.get("schemas"), str):
        members["schemas"] = [members["schemas"]]
    if members == message or not profile.tolerates(Tolerance.LONE_OBJECTS):
        return _Message(message)
    return _Message(members, frozenset({Tolerance.LONE_OBJECTS}))


def _with_boolean_perform_get(message: _Message, profile: Profile) -> _Message:
    """Return the message with `performGet` in text as a boolean, where the profile has it."""
    perform_get = message.value.get(_PERFORM_GET)
    boolean = boolean_in(perform_get) if profile.patch.perform_get else None
    if boolean is None or not profile.tolerates(Tolerance.STRING_BOOLEAN):
        return message
    return _Message(
        {**message.value, _PERFORM_GET: boolean}, message.tolerated | {Tolerance.STRING_BOOLEAN}
    )


def _require_message(schemas: list[str] | None, profile: Profile) -> frozenset[Tolerance]:
    tolerances = needed_to_read(schemas, PATCH_OP_URN, profile)
    if tolerances is None:
        raise InvalidSyntax(f"schemas does not name the message; expected {PATCH_OP_URN}.")
    return tolerances


def _require_operations(profile: Profile) -> frozenset[Tolerance]:
    if not profile.tolerates(Tolerance.EMPTY_OPERATIONS):
        raise InvalidSyntax("Operations is empty; expected at least one operation.")
    return frozenset({Tolerance.EMPTY_OPERATIONS})


def _shape_of(message: Mapping[str, object], profile: Profile, most: int) -> _PatchOpShape:
    members = dict(message)
    if not profile.patch.perform_get:
        members.pop(_PERFORM_GET, None)
    operations = members.get("operations")
    if isinstance(operations, list):
        if len(operations) > most:
            raise PayloadTooLarge(
                f"Operations has {len(operations)} entries; at most {most} are taken."
            )
        members["operations"] = [
            with_lower_case_names(operation, f"Operations[{i}]")
            for i, operation in enumerate(operations)
        ]
    try:
        return _PatchOpShape.model_validate(members)
    except ValidationError as error:
        raise InvalidSyntax(_complaint(error)) from error


def with_lower_case_names(value: object, where: str) -> dict[str, object]:
    """Return the object with its keys in lower case, because attribute names are case-insensitive."""
    if not isinstance(value, Mapping):
        raise InvalidSyntax(f"{where} must be a JSON object.")
    lowered = {str(key).lower(): member for key, member in value.items()}
    if len(lowered) < len(value):
        raise InvalidSyntax(f"{where} has two members whose names differ only in case.")
    return lowered


def _operation(
    shape: _OperationShape, position: int, profile: Profile
) -> tuple[PatchOperation, frozenset[Tolerance]]:
    where = f"Operations[{position}]"
    op, tolerated = _op_of(shape.op, where, profile)
    # An empty path counts as no path: a vendor's clients send one.
    path = (shape.path or "").strip() or None
    value = shape.value
    if path is None and op is not Op.REMOVE:
        value, more_tolerated = _attributes_in(value, profile)
        tolerated |= more_tolerated
    if path is not None and profile.patch.quoted_selectors:
        path, value = with_selector_as_filter(path, value)
    if op is Op.REMOVE:
        if path is None:
            detail = f"{where}.path is missing; remove needs one."
            raise InvalidSyntax(detail) if profile.patch.needs_path else NoTarget(detail)
        return _read(PatchOperation(op, None, value, position), path), tolerated
    if "value" not in shape.model_fields_set:
        raise InvalidValue(f"{where}.value is missing; {op} needs one.")
    if path is None and not isinstance(value, Mapping) and not _is_of_references(value):
        raise no_object(position)
    return _read(PatchOperation(op, None, value, position), path), tolerated


def _op_of(text: str, where: str, profile: Profile) -> tuple[Op, frozenset[Tolerance]]:
    """Return the operation of a name; if tolerated, in any case, and `update` means replace.

    tests/reports/documents.jsonl "Update for replace".
    """
    name = text.lower()
    is_tolerant = profile.tolerates(Tolerance.CAPITALISED_OP)
    try:
        op = Op.REPLACE if is_tolerant and name == _UPDATE else Op(name)
    except ValueError:
        raise InvalidSyntax(f"{where}.op is unknown; expected {', '.join(Op)}.") from None
    if text == op:
        return op, frozenset()
    if not is_tolerant:
        raise InvalidSyntax(f"{where}.op must be written in lower case.")
    return op, frozenset({Tolerance.CAPITALISED_OP})


def _attributes_in(value: object, profile: Profile) -> tuple[object, frozenset[Tolerance]]:
    """Return the object in a value without a path, which may be in a list of one or be JSON text."""
    tolerated: set[Tolerance] = set()
    if _is_of_references(value):
        return value, frozenset()
    if isinstance(value, list) and len(value) == 1 and profile.tolerates(Tolerance.LIST_OF_ONE):
        value = value[0]
        tolerated.add(Tolerance.LIST_OF_ONE)
    attributes = object_in_text(value) if profile.tolerates(Tolerance.JSON_TEXT) else None
    if attributes is None:
        return value, frozenset(tolerated)
    return attributes, frozenset({*tolerated, Tolerance.JSON_TEXT})


def _is_of_references(value: object) -> bool:
    """Return whether it is a list of objects that name resources, as members do."""
    objects = value if isinstance(value, list) else []
    return bool(objects) and all(
        isinstance(element, Mapping) and identifier_in(element) is not None for element in objects
    )


def _read(operation: PatchOperation, path: str | None) -> PatchOperation:
    """Return the operation with its path parsed; paths are parsed only here."""
    if path is None:
        return operation
    with located(operation):
        return operation.at(known_path(path), operation.value)


def _complaint(error: ValidationError) -> str:
    """Return what is wrong with the first invalid member, without its value."""
    first_error = error.errors(include_input=False, include_url=False)[0]
    where = ""
    for part in first_error["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part}"
    where = where.removeprefix(".").replace("operations", "Operations", 1)
    where = where.replace(_PERFORM_GET, "performGet")
    match first_error["type"]:
        case "missing":
            return f"{where} is missing."
        case "string_type":
            return f"{where} must be a string."
        case "list_type":
            return f"{where} must be an array."
        case "bool_type":
            return f"{where} must be true or false."
        case _:
            return f"{where} does not fit the message."
