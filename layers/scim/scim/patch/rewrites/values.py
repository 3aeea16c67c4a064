"""Rewrites of values in a client's spelling: nulls, JSON text, and references that are not objects."""

from collections.abc import Callable

from scim.errors import NoTarget
from scim.patch.key import ValueKey
from scim.patch.multi_value import selection
from scim.patch.operation import Op, PatchOperation, Path
from scim.patch.rewrites.rewrite import NO_OPERATIONS, RewriteContext, Rewritten
from scim.patch.target import AttributeSet, Target, attribute_set_of
from scim.resource.body import value_at
from scim.schema.spelling import (
    object_in_text,
    object_spelt_as_text,
    objects_in_text,
    reference_named_before,
    unwrapped,
)


def single_selected(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Apply a filter to a single-valued attribute as if it were a list of one (Entra's manager).

    If the filter does not match, remove changes nothing, and other operations raise NoTarget.
    """
    target = operation.target
    if target is None or target.filter is None or target.attribute.multi_valued:
        return None
    target_without_filter = Target(target.ref, None, target.tolerated)
    stored = value_at(context.body(), target.ref.container, target.attribute.name)
    if stored is not None and selection(target, context.profile)(stored):
        return (operation.at(target_without_filter, operation.value),)
    if operation.op is Op.REMOVE:
        return NO_OPERATIONS
    raise NoTarget(f"{target.whole} has no value that the path selects.")


def set_in_text(operation: PatchOperation, context: RewriteContext) -> PatchOperation:
    """Return the operation with JSON text below the URN of an extension converted to objects."""
    return _with_sets(operation, context, object_in_text)


def set_in_list(operation: PatchOperation, context: RewriteContext) -> PatchOperation:
    """Return the operation with the value below an extension's URN taken out of a list of one."""
    return _with_sets(operation, context, _only)


def _with_sets(
    operation: PatchOperation, context: RewriteContext, attributes_in: Callable[[object], object]
) -> PatchOperation:
    """Return the operation with each set of attributes replaced by its reading, unless that is None."""
    path, value = operation.path, operation.value
    if operation.op is Op.REMOVE:
        return operation
    if isinstance(path, AttributeSet):
        attributes = attributes_in(value)
        return operation if attributes is None else operation.at(path, attributes)
    if path is not None or not isinstance(value, dict):
        return operation
    resource_type, profile = context.resource_type, context.profile
    attribute_sets = {key: attributes_in(part) for key, part in value.items()}
    changed = {
        key: part
        for key, part in attribute_sets.items()
        if part is not None and attribute_set_of(resource_type, key, profile) is not None
    }
    return operation.at(None, {**value, **changed}) if changed else operation


def _only(value: object) -> object:
    """Return the one value in a list; an object without attributes for an empty list, as PHP sends it."""
    if value == []:
        return {}
    return value[0] if isinstance(value, list) and len(value) == 1 else None


def json_text(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Convert JSON text to objects: a value, or the values of a list.

    tests/reports/dialects.jsonl "Entra role: JSON text inside value, one role", "name: JSON text",
    "members: a list as JSON text".
    """
    target = operation.target
    if target is None or target.sub is not None or not target.attribute.is_complex:
        return None
    attribute, value = target.attribute, operation.value
    if target.filter is None:
        listed_objects = objects_in_text(attribute, value)
        if listed_objects is not None:
            return (operation.at(target, listed_objects),)
    if not isinstance(value, list):
        object_read = object_spelt_as_text(attribute, value)
        return None if object_read is None else (operation.at(target, object_read),)
    objects = [object_spelt_as_text(attribute, element) or element for element in value]
    return None if objects == value else (operation.at(target, objects),)


def named_again(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Unwrap a value in an object with the attribute's own name, as Salesforce documents it.

    tests/reports/dialects.jsonl "remove a member: the path once more inside the value".
    """
    target, value = operation.target, operation.value
    if target is None or not isinstance(value, dict) or len(value) != 1:
        return None
    (name,) = value
    leaf = target.ref.leaf
    if str(name).lower() != leaf.name.lower() or leaf.sub(leaf.name) is not None:
        return None
    return (operation.at(target, value[name]),)


def wrapped_values(operation: PatchOperation, _: RewriteContext) -> Rewritten:
    """Replace objects by the simple values in them, in the list of a remove.

    tests/reports/types.jsonl "remove from a simple list by objects with value".
    """
    target, value = operation.target, operation.value
    if target is None or operation.op is not Op.REMOVE or not target.is_whole:
        return None
    if target.attribute.is_complex or not target.attribute.multi_valued:
        return None
    values = [unwrapped(element) for element in (value if isinstance(value, list) else [value])]
    is_plain = value in (None, {}) or values in (value, [value])
    return None if is_plain else (operation.at(target, values),)


def null_value(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Convert replace with null to remove; drop add with null, and nulls inside a list.

    tests/idp/entra.jsonl "clear attribute with Replace null", "add member with null $ref".
    """
    if operation.path is None or operation.op is Op.REMOVE:
        return None
    if isinstance(operation.path, ValueKey) and operation.path.set is None:
        return None
    if operation.value is None:
        if operation.op is Op.ADD:
            return NO_OPERATIONS
        return (operation.removal(_placed(operation.path)),)
    if isinstance(operation.value, list) and _holds_null(operation.value):
        remaining = _without_nulls(operation.value)
        if not remaining and _replaces_relation(operation, context):
            return None  # for the engine to refuse
        return (operation.at(operation.path, remaining),)
    return None


def _placed(path: Path) -> Path:
    return path.set if isinstance(path, ValueKey) and path.set is not None else path


def _whole(target: Target) -> Target:
    return Target(target.whole, None, target.tolerated)


def bare_reference(operation: PatchOperation, context: RewriteContext) -> Rewritten:
    """Convert a reference given as text to an object, and an array to its first value.

    An empty reference unassigns a single value; only `[]` and null remove all values of a relation.
    tests/idp/entra.jsonl "set manager: bare string", "set manager: array with $ref, short path",
    "clear manager with empty string value".
    """
    if operation.op is Op.REMOVE:
        return None
    target = operation.target
    if target is None or target.filter is not None or not target.attribute.has_value:
        return None
    if target.attribute.multi_valued:
        return _several(operation, target, context)
    if target.sub is not None:
        is_cleared = target.sub.name == "value" and operation.value == ""
        return (operation.removal(_whole(target)),) if is_cleared else None
    value = operation.value
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first = reference_named_before(target.attribute, first) or first
    if _is_empty(first):
        return (operation.removal(target),)
    if isinstance(first, str):
        return (operation.at(target, {"value": first}),)
    return (operation.at(target, first),) if first is not value else None


def _several(operation: PatchOperation, target: Target, context: RewriteContext) -> Rewritten:
    value = operation.value
    if target.sub is not None or value is None:
        return None
    elements = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not any(isinstance(element, str) for element in elements):
        return None
    objects = [
        {"value": element} if isinstance(element, str) else element
        for element in elements
        if element not in (None, "", [], {})
    ]
    if not objects and _replaces_relation(operation, context):
        return None  # for the engine to refuse
    return (operation.at(target, objects),)


def _replaces_relation(operation: PatchOperation, context: RewriteContext) -> bool:
    target = operation.target
    return operation.op is Op.REPLACE and target is not None and context.is_relation(target)


def _is_empty(reference: object) -> bool:
    if isinstance(reference, dict):
        parts_by_name = {str(name).lower(): part for name, part in reference.items()}
        return "value" in parts_by_name and parts_by_name["value"] in ("", None)
    return reference in ("", [])


def _holds_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(part is None or _holds_null(part) for part in value.values())
    return isinstance(value, list) and any(
        element is None or _holds_null(element) for element in value
    )


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_without_nulls(element) for element in value if element is not None]
    return value
