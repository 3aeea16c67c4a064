"""Violations: each is a line for a reader, with the writes that mend it if there are any."""

from collections.abc import Mapping
from typing import Any, Self

Wire = Mapping[str, Mapping[str, Any]]
"""Attributes with their DynamoDB types."""
Mend = Mapping[str, Mapping[str, Any]]
"""One action of TransactWriteItems, without its TableName."""


class Violation(str):
    """A line that says what is wrong; its `mends` are one transaction, on condition of what was read."""

    __slots__ = ("mends",)
    mends: tuple[Mend, ...]

    def __new__(cls, text: str, *mends: Mend) -> Self:
        made = super().__new__(cls, text)
        made.mends = mends
        return made


def deleted(pk: str, sk: str, **seen: Any) -> Mend:
    """Return the deletion of an item, on condition that it still has the attributes `seen`."""
    return {"Delete": {"Key": _key(pk, sk), **_as_seen(seen)}}


def put(pk: str, sk: str, kind: str, **attributes: Any) -> Mend:
    """Return the creation of an item of a kind, on condition that there is none."""
    item = {**_key(pk, sk), "k": {"S": kind}, "s": {"N": "1"}, **attributes}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def updated(
    pk: str, sk: str, expression: str, values: Wire, names: Mapping[str, str], **seen: Any
) -> Mend:
    """Return an update of an item, on condition that it still has the attributes `seen`."""
    guarded = _as_seen(seen)
    return {
        "Update": {
            "Key": _key(pk, sk),
            "UpdateExpression": expression,
            "ConditionExpression": guarded["ConditionExpression"],
            "ExpressionAttributeNames": {**guarded["ExpressionAttributeNames"], **names},
            **_values({**guarded.get("ExpressionAttributeValues", {}), **values}),
        }
    }


def _as_seen(seen: Mapping[str, Any]) -> dict[str, Any]:
    names, values = {"#pk": "pk"}, {}
    conditions = ["attribute_exists(#pk)"]
    for number, (name, value) in enumerate(seen.items()):
        names[f"#s{number}"] = name
        values[f":s{number}"] = value
        conditions.append(f"#s{number} = :s{number}")
    return {
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        **_values(values),
    }


def _values(values: Wire) -> dict[str, Any]:
    return {"ExpressionAttributeValues": dict(values)} if values else {}


def _key(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
