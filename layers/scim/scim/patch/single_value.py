"""Edits of one value: of a single-valued attribute, a sub-attribute, or one of several values."""

from collections.abc import Mapping

from scim.patch.edit import refuse_resetting, refuse_unassigning
from scim.patch.operation import Op
from scim.profile import Profile
from scim.resource.multi_value import identity_of
from scim.resource.value import Checked, checked
from scim.schema.schema import Attribute

GONE = Checked(None)


def revised(
    attribute: Attribute, held: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    """Return the attribute's value after the operation, None if it has none.

    Both add and replace overwrite a simple value, and merge the sent parts into a complex one
    (RFC 7644 sections 3.5.2.1 and 3.5.2.3).
    """
    if op is Op.REMOVE:
        after = GONE
    elif op is Op.ADD and value in (None, []):
        return Checked(held)
    else:
        after = _written(attribute, held, op, value, where, profile)
    refuse_unassigning(attribute, after.value, where)
    refuse_resetting(attribute, held, after.value, where)
    return after


def with_part(
    sub: Attribute, held: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    """Return a complex value after the operation on one of its sub-attributes."""
    parts = dict(held) if isinstance(held, Mapping) else {}
    after = revised(sub, parts.pop(sub.name, None), op, value, where, profile)
    if after.value is not None:
        parts[sub.name] = after.value
    return Checked(parts or None, after.tolerated)


def merged(attribute: Attribute, held: object, sent: object, new: object, op: Op) -> object:
    """Return a complex value merged with the new parts; replacing a part with null removes it.

    Values that are added to a multi-valued part join those that it has (RFC 7644 section 3.5.2.1).
    """
    if not isinstance(sent, Mapping):
        return new if not isinstance(new, Mapping) else {**_parts(held), **new}
    gone = {
        sub.name
        for name, part in (sent.items() if op is Op.REPLACE else ())
        if part in (None, []) and (sub := attribute.sub(name)) is not None
    }
    kept = {name: part for name, part in _parts(held).items() if name not in gone}
    if op is Op.REPLACE:
        return {**kept, **_parts(new)} or None
    added = {
        name: _added(attribute.sub(name), kept.get(name), p) for name, p in _parts(new).items()
    }
    return {**kept, **added} or None


def _added(sub: Attribute | None, held: object, new: object) -> object:
    """Return a part after an add: several values join those that are there."""
    return _joined(sub, held, new) if sub is not None and sub.multi_valued else new


def _written(
    attribute: Attribute, held: object, op: Op, value: object, where: str, profile: Profile
) -> Checked:
    new = checked(attribute, value, where, profile)
    if attribute.is_complex and op is Op.REPLACE and profile.patch.replaces_whole:
        return new
    if attribute.is_complex:
        return Checked(merged(attribute, held, value, new.value, op), new.tolerated)
    if attribute.multi_valued and op is Op.ADD:
        return Checked(_joined(attribute, held, new.value), new.tolerated)
    return new


def _joined(attribute: Attribute, held: object, new: object) -> object:
    """Return the simple values of a multi-valued sub-attribute, with the new ones that it does not have yet."""
    before = held if isinstance(held, list) else []
    known = {identity_of(attribute, element) for element in before}
    fresh = new if isinstance(new, list) else []
    return [*before, *(each for each in fresh if identity_of(attribute, each) not in known)] or None


def _parts(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
