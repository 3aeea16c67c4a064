"""Ids that a client sends as numbers in request bodies: `1` instead of `"1"`."""

from collections.abc import Mapping

_ID, _VALUE, _OPERATIONS = "id", "value", "operations"


def with_ids_in_digits(body: dict[str, object]) -> dict[str, object]:
    """Return the body with integers under `id` and `value` as text, for profiles with numeric ids.

    The `value` of a PATCH operation is not itself an id, but may contain ids.
    """
    return {
        name: _operations(value) if name.lower() == _OPERATIONS else _read(name, value)
        for name, value in body.items()
    }


def _operations(operations: object) -> object:
    if not isinstance(operations, list):
        return operations
    return [
        {name: _read("", value) for name, value in operation.items()}
        if isinstance(operation, Mapping)
        else operation
        for operation in operations
    ]


def _read(name: str, value: object) -> object:
    match value:
        case bool():
            return value
        case int() if name.lower() in (_ID, _VALUE):
            return str(value)
        case dict():
            return {
                member_name: _read(member_name, member) for member_name, member in value.items()
            }
        case list():
            return [_read(name, element) for element in value]
    return value
