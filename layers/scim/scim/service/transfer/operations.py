"""A resource in a file as the operation it stands for: to make it, or to add values to it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from scim.errors import InvalidSyntax, InvalidValue, ScimError
from scim.patch.operation import PATCH_OP_URN
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.bulk.bulk_ids import PREFIX
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.references import References, ids_of, renamed_values

_ABOUT = {"id", "meta", "schemas"}


@dataclass(frozen=True, slots=True)
class Resources:
    """Makes operations of resources; `usual` is the type of those that name none."""

    catalogue: Catalogue
    usual: str = ""
    known: dict[str, References] = field(default_factory=dict)

    def operation(self, resource: Mapping[str, object], position: int, line: int) -> BulkOperation:
        """Return what the resource asks for: it is made, under its id as bulkId.

        One that says nothing but its id and values of relations has these added.
        """
        resource_type = self.type_of(resource)
        members = {name.lower(): name for name in resource}
        key = resource.get(members.get("id", ""))
        if not isinstance(key, str | None):
            raise InvalidValue("id must be a string.")
        said = [name for name in resource if name.lower() not in _ABOUT]
        relations = [name for name in said if resource_type.relation(name) is not None]
        segment = resource_type.endpoint.removeprefix("/")
        if key and relations and len(relations) == len(said):
            added = [{"op": "add", "path": name, "value": resource[name]} for name in relations]
            data = {"schemas": [PATCH_OP_URN], "Operations": added}
            return BulkOperation(
                position, Method.PATCH, segment=segment, id=key, data=data, line=line
            )
        data = {name: each for name, each in resource.items() if name.lower() not in {"id", "meta"}}
        # Two lines without an id are not the same resource.
        name = key or f"line {line}"
        return BulkOperation(
            position, Method.POST, bulk_id=name, segment=segment, data=data, line=line
        )

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return every id the operation refers to, whether the file has it or not."""
        if operation.fault is not None:
            return frozenset()
        if operation.method is Method.POST:
            return self._references(operation).names_in(operation.data)
        own = frozenset() if operation.id is None else frozenset({operation.id})
        return own.union(*(ids_of(each["value"]) for each in _additions(operation)))

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:
        """Return the operation with bulkIds in place of the ids that the file has."""
        if operation.fault is not None or not known:
            return operation
        if operation.method is Method.POST:
            data = self._references(operation).linked(operation.data, known)
            return replace(operation, data=data)
        added = [
            {**each, "value": renamed_values(each["value"], lambda id_: _bulk_id(id_, known))}
            for each in _additions(operation)
        ]
        id_ = operation.id or ""
        return replace(
            operation,
            id=_bulk_id(id_, known) or id_,
            data={**operation.data, "Operations": added},
        )

    def type_of(self, resource: Mapping[str, object]) -> ResourceType:
        """Return the type a resource says it is of; raises InvalidValue."""
        types = self.catalogue.resource_types
        meta = resource.get("meta")
        told = meta.get("resourceType") if isinstance(meta, Mapping) else None
        schemas = resource.get("schemas")
        uris = {str(uri).lower() for uri in schemas} if isinstance(schemas, list) else set()
        name = told if isinstance(told, str) else "" if uris else self.usual
        for each in types:
            if each.name.lower() == name.lower() or (not name and each.schema.id.lower() in uris):
                return each
        expected = ", ".join(each.name for each in types)
        raise InvalidValue(
            f"The resource's type is not clear; expected meta.resourceType to be one of {expected}."
        )

    def _references(self, operation: BulkOperation) -> References:
        if operation.segment not in self.known:
            resource_type = self.catalogue.by_endpoint(operation.segment)
            if resource_type is None:
                raise ValueError("an operation on what is not served")
            self.known[operation.segment] = References.of(resource_type, self.catalogue)
        return self.known[operation.segment]


def refused(position: int, line: int, error: ScimError) -> BulkOperation:
    """Return the operation of a line that cannot be read."""
    fault = InvalidSyntax if isinstance(error, InvalidSyntax) else InvalidValue
    return BulkOperation(position, None, line=line, fault=fault(f"Line {line}: {error.detail}"))


def _additions(operation: BulkOperation) -> list[Mapping[str, object]]:
    additions = operation.data["Operations"]
    return additions if isinstance(additions, list) else []


def _bulk_id(id_: str, known: AbstractSet[str]) -> str | None:
    return PREFIX + id_ if id_ in known else None
