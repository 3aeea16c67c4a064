"""Edits: an operation becomes edits, each of one attribute of the resource type."""

from collections.abc import Iterator, Mapping

from scim.errors import InvalidSyntax, InvalidValue, Mutability, NoTarget
from scim.filter.parsing.tree import PatchPath
from scim.immutable import immutable
from scim.patch.key import ValueKey, keys_in, keys_of
from scim.patch.operation import Op, PatchOperation
from scim.patch.target import AttributeSet, Target, resolved_path
from scim.profile import Profile, Tolerance
from scim.resource.mutability import is_same
from scim.resource.value import printable_name
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import SCHEMAS, Attribute, AttributeMutability


@immutable
class Edit:
    """The effect of an operation on one attribute; `value` is the value that the client sent.

    `is_of_set` means that all attributes of an extension are removed together.
    """

    op: Op
    target: Target
    value: object = None
    is_of_set: bool = False

    @property
    def tolerated(self) -> frozenset[Tolerance]:
        """The tolerances that the path needed."""
        return self.target.tolerated


def edits_of(
    resource_type: ResourceType,
    operation: PatchOperation,
    body: Mapping[str, object],
    profile: Profile,
) -> Iterator[Edit]:
    """Yield the edits of an operation, one for each attribute.

    If there is no path, or the path is an extension's URN, the value is a set of attributes
    (RFC 7644 sections 3.5.2.1 and 3.5.2.3).
    """
    match operation.path:
        case None:
            yield from _edits_without_path(resource_type, operation, body, profile)
        case ValueKey() as key:
            yield from _edits_of_key(
                resource_type, operation.at(key, operation.value), key, body, profile
            )
        case PatchPath() as path:
            target = resolved_path(resource_type, path, profile)
            yield from edits_of(resource_type, operation.at(target, operation.value), body, profile)
        case AttributeSet() as attribute_set:
            yield from _edits_of_set(resource_type, operation, attribute_set, body, profile)
        case Target(AttributeRef(None, attribute)) if attribute is SCHEMAS:
            _require_known(resource_type, operation, profile)
        case Target() as target:
            yield Edit(operation.op, target, operation.value)


def _edits_without_path(
    resource_type: ResourceType,
    operation: PatchOperation,
    body: Mapping[str, object],
    profile: Profile,
) -> Iterator[Edit]:
    if operation.op is Op.REMOVE:
        raise NoTarget("remove needs a path.")
    if not isinstance(operation.value, dict):
        raise InvalidValue("value must be an object of attributes where there is no path.")
    for key, value in keys_of(resource_type, operation.value, profile):
        yield from _edits_of_key(resource_type, operation.at(key, value), key, body, profile)


def _edits_of_key(
    resource_type: ResourceType,
    operation: PatchOperation,
    key: ValueKey,
    body: Mapping[str, object],
    profile: Profile,
) -> Iterator[Edit]:
    if key.set is not None:
        yield from _edits_of_set(resource_type, operation, key.set, body, profile)
        return
    if key.name is None:
        raise InvalidSyntax(f"{key}: no attribute of that name is defined.")
    if key.name.container is None and key.name.attribute is SCHEMAS:
        _require_known(resource_type, operation, profile)
    else:
        yield Edit(operation.op, Target(key.name), operation.value)


def _edits_of_set(
    resource_type: ResourceType,
    operation: PatchOperation,
    attribute_set: AttributeSet,
    body: Mapping[str, object],
    profile: Profile,
) -> Iterator[Edit]:
    # RFC 7643 section 2.5: null assigns no value. So add of null adds nothing, as for an attribute.
    is_null = operation.value is None
    if operation.op is Op.REMOVE or (operation.op is Op.REPLACE and is_null):
        yield from _removals_of_set(attribute_set, body)
        return
    if is_null:
        return
    if not isinstance(operation.value, dict):
        raise InvalidValue(f"{attribute_set}: expected an object of attributes.")
    for key, value in keys_in(resource_type, attribute_set, operation.value, profile):
        yield from _edits_of_key(resource_type, operation.at(key, value), key, body, profile)


def _removals_of_set(attribute_set: AttributeSet, body: Mapping[str, object]) -> Iterator[Edit]:
    if attribute_set.extension is None:
        raise Mutability(f"{attribute_set} is the base schema and cannot be removed.")
    if attribute_set.extension.is_required:
        raise Mutability(f"{attribute_set} is required and cannot be removed.")
    schema = attribute_set.extension.schema
    stored = body.get(schema.id)
    for attribute in schema.attributes:
        if isinstance(stored, Mapping) and attribute.name in stored:
            yield Edit(Op.REMOVE, Target(AttributeRef(schema.id, attribute)), is_of_set=True)


def _require_known(
    resource_type: ResourceType, operation: PatchOperation, profile: Profile
) -> None:
    """Raise an error for an operation that removes `schemas` or names an unknown schema.

    `schemas` follows from the resource's attributes, so naming a known schema changes nothing
    (RFC 7643 section 3). Raises Mutability, InvalidSyntax and InvalidValue.
    """
    if operation.op is Op.REMOVE:
        raise Mutability("schemas is required; remove the extension's attributes instead.")
    uris = operation.value if isinstance(operation.value, list) else [operation.value]
    for uri in uris:
        if not isinstance(uri, str):
            raise InvalidSyntax("schemas: expected URIs as strings.")
        is_known = uri.lower() == resource_type.schema.id.lower()
        if not is_known and resource_type.extension(uri) is None:
            detail = f"schemas: {resource_type.name} has no schema '{printable_name(uri)}'."
            is_syntax = profile.patch.refuses_unknown == InvalidSyntax.scim_type
            raise InvalidSyntax(detail) if is_syntax else InvalidValue(detail)


def refuse_read_only(ref: AttributeRef) -> None:
    """Raise Mutability when the attribute or sub-attribute is readOnly, or a secret that is immutable."""
    if ref.attribute.is_read_only or ref.leaf.is_read_only:
        raise Mutability(f"{ref} is readOnly.")
    if ref.leaf.is_secret and ref.leaf.mutability is AttributeMutability.IMMUTABLE:
        # Secrets are not stored with the resource, so whether this one has a value is not known.
        raise Mutability(f"{ref} is immutable and can be set at creation only.")


def refuse_unassigning(attribute: Attribute, after: object, where: str) -> None:
    """Raise Mutability when a required attribute would be left without a value."""
    if attribute.required and after is None:
        raise Mutability(f"{where} is required and cannot be removed.")


def refuse_resetting(attribute: Attribute, before: object, after: object, where: str) -> None:
    """Raise Mutability when an immutable value or part that is already set would change."""
    if before is None:
        return
    if attribute.mutability is AttributeMutability.IMMUTABLE:
        if not is_same(attribute, before, after):
            raise Mutability(f"{where} is immutable and has a value.")
        return
    if isinstance(before, Mapping):
        parts = after if isinstance(after, Mapping) else {}
        for sub in attribute.sub_attributes:
            refuse_resetting(sub, before.get(sub.name), parts.get(sub.name), f"{where}.{sub.name}")
