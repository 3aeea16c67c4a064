"""Rewrites of values without a path, whose keys are not only attribute names.

Each rewrite sees an operation with one key, which `spread` made.
"""

from collections.abc import Iterator
from typing import Final

from scim.patch.key import ValueKey, keys_in, keys_of
from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites.rewrite import NO_OPERATIONS, RewriteContext, Rewritten
from scim.patch.target import AttributeSet, Target, attribute_set_of
from scim.profile import Tolerance
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import ID, SCHEMAS


def spread(operation: PatchOperation, context: RewriteContext) -> Iterator[PatchOperation]:
    """Yield one operation for each key of a value without a path.

    If the path is a URN and the value is a set of attributes, the set is divided in the same way.
    """
    path, value = operation.path, operation.value
    if not isinstance(value, dict) or operation.op is Op.REMOVE:
        yield operation
    elif path is None:
        for key, part in keys_of(context.resource_type, value, context.profile):
            yield operation.at(key, part)
    elif isinstance(path, AttributeSet):
        for key, part in keys_in(context.resource_type, path, value, context.profile):
            yield operation.at(key, part)
    else:
        yield operation


def needed_for_sets(operation: PatchOperation, context: RewriteContext) -> frozenset[Tolerance]:
    """Return the tolerances that the URNs of sets of attributes need: only the base schema's needs one.

    tests/reports/dialects.jsonl "attributes below the URN of the base schema".
    """
    path, value = operation.path, operation.value
    if isinstance(path, AttributeSet):
        return path.tolerated
    if path is not None or not isinstance(value, dict):
        return frozenset()
    base_keys = (key for key in value if context.resource_type.is_base(key))
    sets = (attribute_set_of(context.resource_type, key, context.profile) for key in base_keys)
    return frozenset(
        name
        for attribute_set in sets
        if attribute_set is not None
        for name in attribute_set.tolerated
    )


def _key(operation: PatchOperation) -> ValueKey | None:
    return operation.path if isinstance(operation.path, ValueKey) else None


def _is_id(ref: AttributeRef) -> bool:
    return ref.container is None and ref.attribute.name == ID.name


def read_only_echo(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Drop id, readOnly attributes and schemas from a value; a different id stays and is refused.

    tests/idp/okta.jsonl "rename group, id inside the value";
    tests/idp/authentik.jsonl "update group: path-less replace incl. schemas and id".
    """
    target = operation.target
    if target is not None:
        is_own = _is_id(target.ref) and operation.op is not Op.REMOVE
        return NO_OPERATIONS if is_own and operation.value == context.id else None
    key = _key(operation)
    if key is None or (key.target is not None and key.target.sub is not None):
        return None
    ref = key.name if key.target is None else key.target.whole
    if ref is None:
        return None
    if _is_id(ref):
        return NO_OPERATIONS if operation.value in (context.id, None) else None
    is_schemas = ref.container is None and ref.attribute is SCHEMAS
    return NO_OPERATIONS if ref.attribute.is_read_only or is_schemas else None


_MARKS_OF_PATHS: Final = frozenset(":.[")


def unknown_null(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Drop a null under an unknown name, before the name is looked up in extensions.

    Entra sends `department: null` next to the attributes of the core schema.
    """
    key = _key(operation)
    if key is None or operation.value is not None or key.name or key.set:
        return None
    is_path = not _MARKS_OF_PATHS.isdisjoint(key.text)
    return None if is_path and key.target else NO_OPERATIONS


_SHORT: Final = frozenset({Tolerance.SHORT_EXTENSION_NAME, Tolerance.PART_ALONE})


def short_name(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Use a key that is a name without its URN, or without the attribute that it is a part of, as the path.

    tests/idp/entra.jsonl "set manager: array with $ref, short path";
    tests/reports/programs.jsonl "parts of the name by themselves".
    """
    key = _key(operation)
    target = None if key is None else key.target
    if target is None or target.tolerated.isdisjoint(_SHORT):
        return None
    return (operation.at(target, operation.value),)


def dotted_key(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Use a key that is a path, with dots, a URN or brackets, as the operation's path.

    tests/idp/entra_aadOptscim062020.jsonl "path-less replace with dotted and URN keys".
    """
    key = _key(operation)
    if key is None or key.target is None:
        return None
    return (operation.at(key.target, operation.value),)


def plain_key(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Use a key that is an attribute's name as the path, which means the same (no tolerance)."""
    key = _key(operation)
    if key is None or key.name is None:
        return None
    return (operation.at(Target(key.name), operation.value),)


def unknown_attribute(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Drop an attribute that no schema defines, as POST and PUT do: Microsoft's collection misspells one."""
    key = _key(operation)
    if key is None or key.name is not None or key.set is not None:
        return None
    return NO_OPERATIONS


def foreign_schemas(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Drop the URIs of other schemas from a value for `schemas`.

    tests/idp/google.jsonl and tests/idp/onelogin.jsonl send legacy URIs on create.
    """
    target, key, uris = operation.target, _key(operation), operation.value
    ref = None if target is None else target.ref
    if key is not None:
        ref = key.name
    is_meant = ref is not None and ref.container is None and ref.attribute is SCHEMAS
    if ref is None or not is_meant or not isinstance(uris, list):
        return None
    resource_type = context.resource_type
    known_uris = [
        uri
        for uri in uris
        if isinstance(uri, str)
        and (uri.lower() == resource_type.schema.id.lower() or resource_type.extension(uri))
    ]
    if len(known_uris) == len(uris):
        return None
    return (operation.at(Target(ref), known_uris),)
