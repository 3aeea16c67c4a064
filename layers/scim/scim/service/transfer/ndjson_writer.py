"""A directory as lines of JSON, a resource each."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scim.schema.resource_type import ResourceType


@dataclass(frozen=True, slots=True)
class NdjsonWriter:
    """Further values of a relation are a line of their own, with the same id."""

    between = b""

    def beginning(self) -> bytes:
        """Return nothing: there are only lines."""
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
        self, resource_type: ResourceType, id_: str, attribute: str, values: list[dict[str, object]]
    ) -> bytes:
        """Return a line with nothing but these values."""
        return _line(resource_type, id_, {attribute: values})

    def end(self) -> bytes:
        """Return nothing: there are only lines."""
        return b""


def _line(resource_type: ResourceType, id_: str, resource: Mapping[str, object]) -> bytes:
    shown = {"id": id_, **resource, "meta": {"resourceType": resource_type.name}}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
