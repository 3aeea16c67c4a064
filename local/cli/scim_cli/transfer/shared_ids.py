"""Ids that two types have, as on servers that number each type from 1: the type is put before them.

In a file a reference is an id alone. The type of a reference is in its `$ref` or its `type`, follows from its
attribute, or is that of the only resource with the id.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

_CERTAIN: Final = {"groups": "Group", "manager": "User"}
"""The types of the references that can have only one type."""
_MEMBERS: Final = "members"


class TypedIds:
    """Puts types before ids; `left_out` counts the members whose type is not known, which are left out."""

    def __init__(
        self, endpoints: Mapping[str, str], resources: Iterable[Mapping[str, Any]]
    ) -> None:
        """`endpoints` has the types' names by their endpoints."""
        self._types = {name.strip("/").lower(): type_ for name, type_ in endpoints.items()}
        self._types |= {type_.lower(): type_ for type_ in endpoints.values()}
        self._types_by_id: dict[str, list[str]] = {}
        for resource in resources:
            type_name = resource["meta"]["resourceType"]
            self._types_by_id.setdefault(resource["id"], []).append(type_name)
        self.left_out = 0

    def renamed(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource of the file, with types before its id and in its references."""
        id_ = _named(resource["meta"]["resourceType"], resource["id"])
        return {**self._parts(resource), "id": id_, "meta": resource["meta"]}

    def _parts(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(name.lower(), part) for name, part in parts.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return list(self._elements(name, value))
        if not isinstance(value, Mapping):
            return value
        type_name = self._type_of(name, value)
        if type_name is None:
            return self._parts(value)
        parts = {part: text for part, text in value.items() if part != "$ref"}
        return {**parts, "value": _named(type_name, str(value["value"]))}

    def _elements(self, name: str, values: list[Any]) -> Iterator[Any]:
        for value in values:
            is_reference = name == _MEMBERS and isinstance(value, Mapping) and "value" in value
            if is_reference and self._type_of(name, value) is None:
                self.left_out += 1
            else:
                yield self._value(name, value)

    def _type_of(self, name: str, value: Mapping[str, Any]) -> str | None:
        """Return the type of the resource that a value refers to; None if it is no reference, or not clear."""
        if not value.get("value"):
            return None
        segments = urlsplit(str(value.get("$ref") or "")).path.rstrip("/").lower().split("/")
        endpoint = segments[-2] if len(segments) > 1 else ""
        if endpoint in self._types:
            return self._types[endpoint]
        types = self._types_by_id.get(str(value["value"]), [])
        type_name = self._types.get(str(value.get("type", "")).lower())
        # A role of the type "group" refers to no group.
        if type_name is not None and (name == _MEMBERS or type_name in types):
            return type_name
        if name == _MEMBERS and len(types) == 1:
            return types[0]
        return _CERTAIN.get(name)


def _named(type_name: str, id_: str) -> str:
    return f"{type_name}:{id_}"
