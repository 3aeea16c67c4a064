"""Attribute values in DynamoDB's JSON form."""

from base64 import b64decode, b64encode
from typing import Any

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.dynamo_type import DynamoType

_any_structure = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - replaced


def serialize_structure(
    self: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: Any, key: str
) -> None:
    # moto tries each of the ten types for each value, under several names.
    if shape.name == "AttributeValue":
        serialized[key] = wire(value)
    else:
        _any_structure(self, serialized, value, shape, key)


def wire(value: Any) -> dict[str, Any]:
    """Return an attribute value in DynamoDB's JSON form, from moto's object or its dictionary."""
    kind, held = (
        (value.type, value.value) if isinstance(value, DynamoType) else next(iter(value.items()))
    )
    match kind:
        case "B":
            return {"B": _base64(held)}
        case "BS":
            return {"BS": [_base64(one) for one in held]}
        case "L":
            return {"L": [wire(one) for one in held]}
        case "M":
            return {"M": {name: wire(one) for name, one in held.items()}}
        case "SS" | "NS":
            return {kind: list(held)}
    return {kind: held}


def with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    """Return a parsed JSON object in moto's form, with binary values as bytes."""
    match value:
        case {"B": str(text)}:
            return {"B": b64decode(text)}
        case {"BS": list(texts)}:
            return {"BS": [b64decode(text) for text in texts]}
    return value


def _base64(value: str | bytes) -> str:
    return b64encode(value.encode() if isinstance(value, str) else value).decode()
