"""The replacement of a resource by PUT: which stored values stay, and which are cleared."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from scim.immutable import REMEMBERED
from scim.profile.parts import PutRules
from scim.resource.body import AttributeKey, attributes_of, value_at, with_value
from scim.resource.intake import Intake
from scim.resource.mutability import refuse_immutable_changes, with_immutable
from scim.resource.relations import has_parts
from scim.resource.required import lacks_required
from scim.schema.dialect_names import below_former, dotted, short
from scim.schema.resource_type import AttributeRef, Moment, ResourceType
from scim.schema.schema import AttributeMutability, Returned, Schema, split_name
from scim.schema.spelling import reference_named_before

STRICT = PutRules()
_KEPT = frozenset(
    {AttributeMutability.READ_ONLY, AttributeMutability.IMMUTABLE, AttributeMutability.WRITE_ONLY}
)
_UNSHOWN = frozenset({Returned.NEVER, Returned.REQUEST})


def replaced(
    resource_type: ResourceType,
    stored: Mapping[str, object],
    intake: Intake,
    rules: PutRules = STRICT,
    asserted: AbstractSet[AttributeKey] = frozenset(),
) -> dict[str, object]:
    """Return the body after a PUT (RFC 7644 section 3.5.1).

    readWrite values that are not sent are cleared. Other values that are not sent stay: readOnly,
    immutable, and writeOnly ones, which no client can read and send back, and those that a GET does not
    show unless it is asked to, except in `asserted` attributes and in an extension that is not sent and
    would lack a required attribute. A sent immutable value must equal the stored one (raises
    Mutability), unless the rules keep the stored one.
    """
    body = _with_stored(intake.body, stored, _kept(resource_type))
    unshown = [key for key in unshown_attributes(resource_type) if key not in asserted]
    if unshown:
        body = _with_unshown(resource_type, body, stored, unshown)
    if rules.immutable != "keep":
        # An immutable part that is not sent stays too.
        refuse_immutable_changes(resource_type, stored, body, may_lack=True)
    return with_immutable(resource_type, stored, body)


def _with_stored(
    body: Mapping[str, object], stored: Mapping[str, object], keys: Iterable[AttributeKey]
) -> dict[str, object]:
    """Return the body with the stored values of those attributes that it lacks."""
    full_body = dict(body)
    for container, name in keys:
        if value_at(full_body, container, name) is None:
            full_body = with_value(full_body, container, name, value_at(stored, container, name))
    return full_body


def _with_unshown(
    resource_type: ResourceType,
    body: Mapping[str, object],
    stored: Mapping[str, object],
    keys: Iterable[AttributeKey],
) -> dict[str, object]:
    """Return the body with the stored values of those attributes, but without an incomplete extension for them."""
    full_body = _with_stored(body, stored, keys)
    return {
        name: value
        for name, value in full_body.items()
        if name in body or not lacks_required(resource_type, full_body, name)
    }


@lru_cache(maxsize=REMEMBERED)
def _kept(resource_type: ResourceType) -> tuple[AttributeKey, ...]:
    return tuple(
        (container, attribute.name)
        for container, attribute in attributes_of(resource_type)
        if attribute.mutability in _KEPT
    )


@lru_cache(maxsize=REMEMBERED)
def unshown_attributes(resource_type: ResourceType) -> tuple[AttributeKey, ...]:
    """Return the readWrite attributes that a GET shows only if it is asked to, or never.

    Those that the server derives whenever a PUT omits them are not among them.
    """
    derived_refs = [
        resource_type.named(derived.attribute)
        for derived in resource_type.derived
        if derived.moment is Moment.WRITING
    ]
    derived_keys = {(ref.container, ref.attribute.name) for ref in derived_refs if ref is not None}
    return tuple(
        (container, attribute.name)
        for container, attribute in attributes_of(resource_type)
        if attribute.mutability is AttributeMutability.READ_WRITE
        and attribute.returned in _UNSHOWN
        and (container, attribute.name) not in derived_keys
    )


Mentions = Mapping[AttributeKey, frozenset[str] | None]
"""The attributes in a body, with the sub-attributes in a complex one, None for the whole attribute."""


def mentions_in(resource_type: ResourceType, body: Mapping[str, object]) -> Mentions:
    """Return the attributes that a client's body mentions, in any spelling of their names."""
    mentions: dict[AttributeKey, frozenset[str] | None] = {}
    for where, subs in _mentions(resource_type, body):
        before = mentions.get(where, frozenset())
        mentions[where] = None if subs is None or before is None else before | subs
    return mentions


def asserted_in(resource_type: ResourceType, body: Mapping[str, object]) -> frozenset[AttributeKey]:
    """Return the attributes to which a client's body gives a value, even an empty list, but not null.

    Serialisers write null or "" for attributes that they do not have, so these assert nothing, nor does a
    list or an object of them.
    """
    asserting_body = {
        name: _asserting_parts(value) for name, value in body.items() if _says_something(value)
    }
    return frozenset(mentions_in(resource_type, asserting_body))


def _asserting_parts(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if _says_something(part)}


def _says_something(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_says_something, value.values()))
    return value == [] or has_parts(value)


def merged(
    resource_type: ResourceType, stored: Mapping[str, object], intake: Intake, mentions: Mentions
) -> Intake:
    """Return the intake with the stored values of the attributes that it does not mention."""
    body = dict(intake.body)
    for container, attribute in attributes_of(resource_type):
        if attribute.mutability is not AttributeMutability.READ_WRITE:
            continue
        subs = mentions.get((container, attribute.name), frozenset())
        stored_value = value_at(stored, container, attribute.name)
        if stored_value is None or subs is None:
            continue
        new_value = value_at(body, container, attribute.name)
        value = (
            _joined(stored_value, new_value, subs)
            if isinstance(stored_value, Mapping)
            else stored_value
        )
        body = with_value(body, container, attribute.name, value)
    return replace(intake, body=body)


def _joined(
    stored_value: Mapping[str, object], new_value: object, subs: frozenset[str]
) -> dict[str, object] | None:
    kept_parts = {name: value for name, value in stored_value.items() if name.lower() not in subs}
    return {**kept_parts, **(new_value if isinstance(new_value, Mapping) else {})} or None


def _mentions(
    resource_type: ResourceType, body: Mapping[str, object]
) -> Iterator[tuple[AttributeKey, frozenset[str] | None]]:
    for name, value in body.items():
        extension = resource_type.extension(name)
        if extension is not None:
            members = value if isinstance(value, Mapping) else dict.fromkeys(_names(extension))
            refs = [
                (resource_type.ref_of(extension.id, member_name), members[member_name])
                for member_name in members
            ]
        elif resource_type.is_base(name) and isinstance(value, Mapping):
            yield from _mentions(resource_type, value)
            continue
        else:
            refs = [(_ref(resource_type, name), value)]
        for ref, member in refs:
            if ref is not None:
                yield (ref.container, ref.attribute.name), _subs(ref, member)


def _names(schema: Schema) -> list[str]:
    return [attribute.name for attribute in schema.attributes]


def _ref(resource_type: ResourceType, name: str) -> AttributeRef | None:
    """Return the attribute of a name; a name without a URN can be in the only extension that has it."""
    return (
        resource_type.named(name)
        or short(resource_type, name)
        or below_former(resource_type, *split_name(name))
        or dotted(resource_type, name)
    )


def _subs(ref: AttributeRef, value: object) -> frozenset[str] | None:
    if ref.sub is not None:
        return frozenset({ref.sub.name.lower()})
    is_part = ref.attribute.is_complex and not ref.attribute.multi_valued
    if is_part and isinstance(value, Mapping):
        value = reference_named_before(ref.attribute, value) or value
        return frozenset(str(name).lower() for name in value)
    return None
