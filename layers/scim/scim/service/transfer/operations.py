"""The operation that a resource in a file stands for: create it, or add values to it."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import ClassVar

from scim.errors import InvalidSyntax, InvalidValue, ScimError
from scim.resource.body import schemas_of, values_at
from scim.resource.fold import folded
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.spelling import text_of, value_of_type
from scim.service.bulk.bulk_ids import PREFIX, bulk_id_in
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.references import References, compared_key, ids_in, renamed_values

_ABOUT = {"id", "meta", "schemas"}


@dataclass(frozen=True, slots=True)
class Resources:
    """Turns resources into operations.

    `key` is the attribute by which they refer to each other; a type without it uses `id`.
    """

    catalogue: Catalogue
    key: str = "id"
    known: dict[str, References] = field(default_factory=dict)

    def operation(self, resource: Mapping[str, object], position: int, line: int) -> BulkOperation:
        """Return the resource's operation: a POST with its key as bulkId.

        A resource that has only its id and values of relations becomes a PATCH that adds these.
        Raises InvalidValue.
        """
        resource_type = self.type_of(resource)
        members = {name.lower(): member for name, member in resource.items()}
        id_ = members.get("id")
        key = id_ if isinstance(id_, str | None) else text_of(id_)
        if id_ is not None and key is None:
            raise InvalidValue("id must be a string.")
        given_names = [name for name in resource if name.lower() not in _ABOUT]
        relations = [name for name in given_names if resource_type.relation(name) is not None]
        segment = resource_type.endpoint.removeprefix("/")
        if key and relations and len(relations) == len(given_names):
            return _addition(
                BulkOperation(position, None, segment=segment, line=line), key, relations, resource
            )
        data = {
            name: value for name, value in resource.items() if name.lower() not in {"id", "meta"}
        }
        if "schemas" not in members:
            data = {"schemas": schemas_of(resource_type, data), **data}
        # Two lines without a key are two resources.
        name = self._key_of(resource_type, data, key) or f"line {line}"
        return BulkOperation(
            position, Method.POST, bulk_id=name, segment=segment, data=data, line=line
        )

    def type_of(self, resource: Mapping[str, object]) -> ResourceType:
        """Return the type that a resource names. Raises InvalidValue where it is not clear."""
        types = self.catalogue.resource_types
        members = {name.lower(): member for name, member in resource.items()}
        around = {"resources", "operations"} & members.keys()
        if around and "meta" not in members:
            raise InvalidValue(
                f"This has {around.pop()}: it is a message, no resource; expected one resource a line."
            )
        meta, schemas = members.get("meta"), members.get("schemas")
        meta_members = meta.items() if isinstance(meta, Mapping) else ()
        type_name = {name.lower(): member for name, member in meta_members}.get("resourcetype")
        uris = {str(uri).lower() for uri in (schemas if isinstance(schemas, list) else [schemas])}
        name = type_name if isinstance(type_name, str) else ""
        for type_ in types:
            if type_.name.lower() == name.lower() or (not name and type_.schema.id.lower() in uris):
                return type_
        expected = ", ".join(type_.name for type_ in types)
        raise InvalidValue(
            f"The resource's type is not clear; expected meta.resourceType to be one of {expected}."
        )

    def compared(self, name: str) -> str:
        """Return a resource's name as it is compared."""
        return compared_key(name, self.key)

    def type_at(self, operation: BulkOperation) -> ResourceType:
        """Return the type of the resource that an operation is about."""
        resource_type = self.catalogue.by_endpoint(operation.segment)
        if resource_type is None:
            raise ValueError("an operation on what is not served")
        return resource_type

    def references_in(self, operation: BulkOperation) -> References:
        """Return the references in an operation's resource."""
        if operation.segment not in self.known:
            self.known[operation.segment] = References.of(self.type_at(operation), self.catalogue)
        return self.known[operation.segment]

    def _key_of(
        self, resource_type: ResourceType, data: Mapping[str, object], id_: str | None
    ) -> str | None:
        ref = None if self.key == "id" else resource_type.named(self.key)
        text = id_ if ref is None else _text_at(data, ref)
        return None if text is None else self.compared(text)


class ResourceReader:
    """The common part of readers whose files hold resources."""

    __slots__ = ()

    resources: Resources
    fail_on_errors: ClassVar[int | None] = None
    continues: ClassVar[bool] = False

    def names(self, operation: BulkOperation) -> frozenset[str]:
        """Return every id the operation refers to, whether it is in the file or not."""
        if operation.fault is not None:
            return frozenset()
        if operation.method is Method.POST:
            names = self.resources.references_in(operation).names_in(operation.data)
            return frozenset(map(self.resources.compared, names))
        own_ids = frozenset() if operation.id is None else frozenset({operation.id})
        ids_of_changes = (ids_in(change["value"]) for change in _additions(operation))
        return own_ids.union(*(map(self.resources.compared, ids) for ids in ids_of_changes))

    def linked(self, operation: BulkOperation, known: AbstractSet[str]) -> BulkOperation:
        """Return the operation with bulkIds in place of the ids in `known`."""
        if operation.fault is not None or not known:
            return operation

        def bulk_id(name: str) -> str | None:
            compared = self.resources.compared(name)
            return PREFIX + compared if compared in known else None

        if operation.method is Method.POST:
            data = self.resources.references_in(operation).renamed(operation.data, bulk_id)
            return replace(operation, data=data)
        added = [
            {**change, "value": renamed_values(change["value"], bulk_id)}
            for change in _additions(operation)
        ]
        id_ = operation.id or ""
        return replace(
            operation,
            id=PREFIX + id_ if id_ in known else id_,
            data={**operation.data, "Operations": added},
        )

    def identity(self, operation: BulkOperation) -> str | None:
        """Return the resource's first unique value as "type attribute value"; None if it has none."""
        resource_type = self.resources.type_at(operation)
        for index in resource_type.indexes:
            ref = resource_type.named(index.attribute) if index.is_unique else None
            text = None if ref is None else _text_at(operation.data, ref)
            if text:
                return f"{resource_type.name} {index.attribute} {text}"
        return None

    def scalars(self, operation: BulkOperation) -> str:
        """Return, as JSON text, everything in a resource except values of relations."""
        resource_type = self.resources.type_at(operation)
        return json.dumps(
            {
                name: value
                for name, value in operation.data.items()
                if name.lower() not in _ABOUT and resource_type.relation(name) is None
            },
            sort_keys=True,
        )

    def addition(self, operation: BulkOperation, name: str) -> BulkOperation | None:
        """Return the operation that adds the values of relations to the resource of that name.

        An operation that does nothing else is returned as it is. None if it is unreadable or has no such values.
        """
        if operation.fault is not None:
            return None
        if operation.method is not Method.POST:
            return operation
        resource_type = self.resources.type_at(operation)
        relations = [
            attribute
            for attribute in operation.data
            if resource_type.relation(attribute) is not None
        ]
        return _addition(operation, name, relations, operation.data) if relations else None


def refused(position: int, line: int, error: ScimError) -> BulkOperation:
    """Return an operation whose fault is that its line cannot be read."""
    fault = InvalidSyntax if isinstance(error, InvalidSyntax) else InvalidValue
    return BulkOperation(position, None, line=line, fault=fault(f"Line {line}: {error.detail}"))


def added_values(addition: BulkOperation) -> list[tuple[str, object]]:
    """Return what an operation adds to a resource, by the names of the attributes."""
    return [(str(change["path"]), change["value"]) for change in _additions(addition)]


def is_addition(operation: BulkOperation, catalogue: Catalogue) -> bool:
    """Tell whether a PATCH of a BulkRequest only adds values of relations to a resource that the request creates.

    A PATCH with a `version` is none: it may be refused where its values are not yet added.
    """
    resource_type = catalogue.by_endpoint(operation.segment)
    if operation.method is not Method.PATCH or operation.fault is not None or resource_type is None:
        return False
    if bulk_id_in(operation.id) is None or operation.version is not None:
        return False
    changes = operation.data.get("Operations")
    return (
        isinstance(changes, list)
        and bool(changes)
        and all(_adds_values(change, resource_type) for change in changes)
    )


def _adds_values(change: object, resource_type: ResourceType) -> bool:
    if not isinstance(change, Mapping) or change.keys() != {"op", "path", "value"}:
        return False
    path, value = change["path"], change["value"]
    is_relation = isinstance(path, str) and resource_type.relation(path) is not None
    return change["op"] == "add" and is_relation and isinstance(value, list)


def _addition(
    operation: BulkOperation, name: str, relations: list[str], resource: Mapping[str, object]
) -> BulkOperation:
    added = [{"op": "add", "path": relation, "value": resource[relation]} for relation in relations]
    data = {"schemas": [PATCH_OP_URN], "Operations": added}
    return replace(operation, method=Method.PATCH, bulk_id=None, id=name, data=data)


def _text_at(data: Mapping[str, object], ref: AttributeRef) -> str | None:
    """Return the first value of an attribute as it is compared, None without one."""
    members = {name.lower(): member for name, member in data.items()}
    base_body = {ref.attribute.name: members.get(ref.attribute.name.lower())}
    body = (
        base_body if ref.container is None else {ref.container: members.get(ref.container.lower())}
    )
    for value in values_at(body, ref):
        converted = value_of_type(ref.leaf, value)
        try:
            return folded(ref.leaf, value if converted is None else converted)
        except ValueError:
            return None  # the operation itself is refused later
    return None


def _additions(operation: BulkOperation) -> list[Mapping[str, object]]:
    additions = operation.data["Operations"]
    return additions if isinstance(additions, list) else []
