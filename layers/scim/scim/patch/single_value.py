"""Edits of one value: of a single-valued attribute, a sub-attribute, or one of several values."""

from collections.abc import Mapping

from scim.patch.edit import refuse_resetting, refuse_unassigning
from scim.patch.operation import Op
from scim.profile import Profile
from scim.resource.multi_value import identity_of
from scim.resource.relations import has_parts
from scim.resource.value import Checked, checked
from scim.schema.schema import Attribute

NO_VALUE = Checked(None)


def revised(
    attribute: Attribute, stored: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    """Return the attribute's value after the operation, None if it has none.

    Both add and replace overwrite a simple value, and merge the sent parts into a complex one
    (RFC 7644 sections 3.5.2.1 and 3.5.2.3).
    """
    if op is Op.REMOVE:
        after = NO_VALUE
    elif op is Op.ADD and value in (None, []):
        return Checked(stored)
    else:
        after = _written(attribute, stored, op, value, where, profile)
    refuse_unassigning(attribute, after.value, where)
    refuse_resetting(attribute, stored, after.value, where)
    return after


def is_lost(attribute: Attribute, sent: object, taken: object) -> bool:
    """Return whether all that was sent is ignored: parts that are unknown or readOnly.

    Such a value replaces nothing: tests/reports/manuals.jsonl "replace by parts that nobody knows".
    A null for a part that a client can write is not ignored: it removes the part.
    """
    return taken is None and has_parts(sent) and not _removed_names(attribute, sent)


def _removed_names(attribute: Attribute, value: object) -> frozenset[str]:
    """Return the names of the parts that the value unassigns by null, without readOnly ones."""
    parts = value.items() if isinstance(value, Mapping) else ()
    subs = (attribute.sub(str(name)) for name, part in parts if part in (None, []))
    return frozenset(sub.name for sub in subs if sub is not None and not sub.is_read_only)


def with_part(
    sub: Attribute, stored: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    """Return a complex value after the operation on one of its sub-attributes."""
    parts = dict(stored) if isinstance(stored, Mapping) else {}
    part = revised(sub, parts.pop(sub.name, None), op, value, where, profile)
    if part.value is not None:
        parts[sub.name] = part.value
    return Checked(parts or None, part.tolerated)


def merged(attribute: Attribute, stored: object, value: object, parts: object, op: Op) -> object:
    """Return a complex value merged with the new parts; replacing a part with null removes it.

    Values that are added to a multi-valued part join those that it has (RFC 7644 section 3.5.2.1).
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Mapping):
        return parts if not isinstance(parts, Mapping) else {**_parts(stored), **parts}
    removed_names = _removed_names(attribute, value) if op is Op.REPLACE else ()
    kept_parts = {name: part for name, part in _parts(stored).items() if name not in removed_names}
    if op is Op.REPLACE:
        return {**kept_parts, **_parts(parts)} or None
    added = {
        name: _added(attribute.sub(name), kept_parts.get(name), p)
        for name, p in _parts(parts).items()
    }
    return {**kept_parts, **added} or None


def _added(sub: Attribute | None, stored: object, new: object) -> object:
    """Return a part after an add: several values join those that are there."""
    return _joined(sub, stored, new) if sub is not None and sub.multi_valued else new


def _written(
    attribute: Attribute, stored: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    checked_value = checked(attribute, value, where, profile)
    if is_lost(attribute, value, checked_value.value):
        return Checked(stored, checked_value.tolerated)
    if attribute.is_complex and op is Op.REPLACE and profile.patch.replaces_whole:
        return checked_value
    if attribute.is_complex:
        return Checked(
            merged(attribute, stored, value, checked_value.value, op), checked_value.tolerated
        )
    if attribute.multi_valued and op is Op.ADD:
        return Checked(_joined(attribute, stored, checked_value.value), checked_value.tolerated)
    return checked_value


def _joined(attribute: Attribute, stored: object, new: object) -> object:
    """Return the simple values of a multi-valued sub-attribute, with the new ones that it does not have yet."""
    before = stored if isinstance(stored, list) else []
    identities = {identity_of(attribute, element) for element in before}
    new_values = new if isinstance(new, list) else []
    return [
        *before,
        *(value for value in new_values if identity_of(attribute, value) not in identities),
    ] or None


def _parts(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
