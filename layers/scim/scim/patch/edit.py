"""Edits: operations as the engine makes them, each on one attribute of one resource type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scim.errors import InvalidSyntax, InvalidValue, Mutability, NoTarget
from scim.patch.operation import Op, PatchOperation
from scim.patch.target import Target, extension_of, target_of
from scim.profile import Profile, Tolerance
from scim.resource.value import require_distinct_names, shown
from scim.schema.resource_type import AttributeRef, Extension, ResourceType
from scim.schema.schema import SCHEMAS


@dataclass(frozen=True, slots=True)
class Edit:
    """What one operation does to one attribute; `value` is as the client sent it."""

    op: Op
    target: Target
    value: object = None

    @property
    def tolerated(self) -> frozenset[Tolerance]:
        """The tolerances it took to find the attribute."""
        return self.target.tolerated


def edits_of(
    resource_type: ResourceType,
    operation: PatchOperation,
    body: Mapping[str, object],
    profile: Profile,
) -> Iterator[Edit]:
    """Yield what the operation means, attribute by attribute.

    Without a path, and with the URN of an extension as path, a value is a set of attributes
    (RFC 7644 sections 3.5.2.1 and 3.5.2.3).
    """
    if operation.path is None:
        yield from _unplaced(resource_type, operation)
        return
    extension = extension_of(resource_type, operation.path)
    if extension is not None:
        yield from _extended(operation, extension, operation.value, body)
        return
    target = target_of(resource_type, operation.path, profile)
    if target.attribute is SCHEMAS:
        _require_known(resource_type, operation)
    else:
        yield Edit(operation.op, target, operation.value)


def _unplaced(resource_type: ResourceType, operation: PatchOperation) -> Iterator[Edit]:
    if operation.op is Op.REMOVE:
        raise NoTarget("remove needs a path.")
    if not isinstance(operation.value, dict):
        raise InvalidValue("value must be an object of attributes where there is no path.")
    require_distinct_names(operation.value, "value")
    for name, value in operation.value.items():
        extension = extension_of(resource_type, name)
        attribute = resource_type.attribute(name)
        if extension is not None:
            yield from _extended(operation, extension, value, {})
        elif attribute is SCHEMAS:
            _require_known(resource_type, operation.at(name, value))
        elif attribute is not None:
            yield Edit(operation.op, Target(AttributeRef(None, attribute)), value)
        else:
            raise InvalidSyntax(f"{shown(name)}: no attribute of that name is defined.")


def _extended(
    operation: PatchOperation,
    extension: Extension,
    value: object,
    body: Mapping[str, object],
) -> Iterator[Edit]:
    uri = extension.schema.id
    if operation.op is Op.REMOVE:
        if extension.is_required:
            raise Mutability(f"{uri} is required and cannot be removed.")
        held = body.get(uri)
        for attribute in extension.schema.attributes:
            if isinstance(held, Mapping) and attribute.name in held:
                yield Edit(Op.REMOVE, Target(AttributeRef(uri, attribute)))
        return
    if not isinstance(value, dict):
        raise InvalidValue(f"{uri}: expected an object of attributes.")
    require_distinct_names(value, uri)
    for name, part in value.items():
        named = extension.schema.attribute(name)
        if named is None:
            raise InvalidSyntax(f"{uri}:{shown(name)}: no attribute of that name is defined.")
        yield Edit(operation.op, Target(AttributeRef(uri, named)), part)


def _require_known(resource_type: ResourceType, operation: PatchOperation) -> None:
    """Refuse a change of `schemas`, which follows from the attributes there are.

    Naming a schema the resource type has changes nothing (RFC 7643 section 3).
    """
    if operation.op is Op.REMOVE:
        raise Mutability("schemas is required; remove the extension's attributes instead.")
    sent = operation.value if isinstance(operation.value, list) else [operation.value]
    for uri in sent:
        if not isinstance(uri, str):
            raise InvalidSyntax("schemas: expected URIs as strings.")
        is_known = uri.lower() == resource_type.schema.id.lower()
        if not is_known and resource_type.extension(uri) is None:
            raise InvalidValue(f"schemas: {resource_type.name} has no schema '{shown(uri)}'.")
