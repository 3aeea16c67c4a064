"""References: checked against live resources when stored, shown with their names when read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from scim.errors import InvalidValue
from scim.resource.body import value_at, with_value
from scim.resource.index_entries import pointed, referring_value
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.resource.relations import Related, target_of
from scim.schema.resource_type import AttributeRef, Reference, ResourceType
from scim.schema.schema import split_name
from scim.service.attempt import Reading
from scim.service.edges import DISPLAY_LIMIT, names_of
from scim.service.endpoint import Endpoint

Body = Mapping[str, object]
Names = Mapping[Key, str]


def with_live_targets(
    endpoint: Endpoint, body: Body, before: Record | None, reading: Reading
) -> Body:
    """Return the body to store, in which all references name live resources.

    A target that is already stored is not checked again. Raises InvalidValue naming the
    attribute when its target does not exist.
    """
    body = _without_derived_locations(endpoint, body, before)
    if not endpoint.resource_type.references:
        return body
    sent_references = [
        _SentReference(
            reference,
            _sent(endpoint, reference, value).candidates(reference.targets),
            None if before is None else pointed(reference, before.body),
        )
        for reference in endpoint.resource_type.references
        if (value := referring_value(reference, body)) is not None
    ]
    unread_keys = [key for sent in sent_references if not sent.is_stored for key in sent.candidates]
    live_keys = {key for key, record in reading.of(unread_keys).items() if not record.is_ending}
    for sent in sent_references:
        reference = sent.reference
        target = sent.target(live_keys)
        if target is None:
            raise InvalidValue(
                f"{reference.attribute}.value: there is no {' or '.join(reference.targets)} with this id."
            )
        if before is not None and target == before.key:
            raise InvalidValue(f"{reference.attribute}.value: must not name the resource itself.")
        body = _with_target(reference, body, target)
    return body


class _SentReference(NamedTuple):
    """A reference in a body, the resources that it may name, and the one that it names as stored."""

    reference: Reference
    candidates: Sequence[Key]
    stored_key: Key | None

    @property
    def is_stored(self) -> bool:
        return self.stored_key in self.candidates

    def target(self, live_keys: Collection[Key]) -> Key | None:
        """Return the first candidate that lives, or is the one stored."""
        return next(
            (key for key in self.candidates if key in live_keys or key == self.stored_key), None
        )


def names_of_targets(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> Names:
    """Return the names of the resources that the records refer to; none when they are many."""
    keys = {
        key
        for reference in endpoint.resource_type.references
        if _has_part(endpoint.resource_type, reference, "display")
        and _is_wanted(reference, projection)
        for record in records
        if (key := pointed(reference, record.body)) is not None
    }
    return names_of(endpoint, sorted(keys)) if len(keys) <= DISPLAY_LIMIT else {}


def with_names(endpoint: Endpoint, record: Record, view: Body, names: Names) -> dict[str, Any]:
    """Return the view with `$ref`, `type` and `display` of its references, as far as defined."""
    view_with_names = dict(view)
    for reference in endpoint.resource_type.references:
        key, value = pointed(reference, record.body), referring_value(reference, record.body)
        if key is None or value is None:
            continue
        members = {**endpoint.reference(key, names.get(key)), "type": key.type}
        defined_members = {
            name: part
            for name, part in members.items()
            if _has_part(endpoint.resource_type, reference, name)
        }
        container, name, _ = split_name(reference.attribute)
        view_with_names = with_value(view_with_names, container, name, {**defined_members, **value})
    return view_with_names


def mentioned_records(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> Mapping[Key, Record]:
    """Return the live resources that the records mention (such as their manager).

    All are read at once, each once; none are read if nothing of them would be shown.
    """
    refs = [ref for ref in endpoint.resource_type.mentions if _shows_more(ref, projection)]
    keys = {
        key for record in records for ref in refs for key in _mentioned(endpoint, ref, record.body)
    }
    records_by_key = {record.key: record for record in records if record.key in keys}
    unread_keys = sorted(keys - records_by_key.keys())
    if not unread_keys:
        return records_by_key
    return {**records_by_key, **endpoint.directory.read_many(endpoint.tenant, unread_keys)}


def with_mentioned(
    endpoint: Endpoint, record: Record, view: Body, mentioned: Mapping[Key, Record]
) -> dict[str, Any]:
    """Return the view with `$ref` and displayName of the mentioned resources among `mentioned`."""
    view_with_mentioned = dict(view)
    for ref in endpoint.resource_type.mentions if mentioned else ():
        keys = _mentioned(endpoint, ref, record.body)
        key = next((key for key in keys if key in mentioned), None)
        value = value_at(record.body, ref.container, ref.attribute.name)
        if key is None or not isinstance(value, Mapping):
            continue
        members: dict[str, object] = {**value, "$ref": endpoint.location_of(*key)}
        name, label = mentioned[key].body.get(_LABEL), _label(ref)
        if label is not None and label not in value and isinstance(name, str):
            members[label] = name
        view_with_mentioned = with_value(
            view_with_mentioned, ref.container, ref.attribute.name, members
        )
    return view_with_mentioned


_LABEL = "displayName"


def _label(ref: AttributeRef) -> str | None:
    """Return the sub-attribute for the name of the mentioned resource, None if there is none."""
    return next((name for name in (_LABEL, "display") if ref.attribute.sub(name)), None)


def _shows_more(ref: AttributeRef, projection: Projection) -> bool:
    names = ("$ref", _label(ref))
    parts = [sub for name in names if name and (sub := ref.attribute.sub(name)) is not None]
    return any(projection.shows(replace(ref, sub=part)) for part in parts)


def _mentioned(endpoint: Endpoint, ref: AttributeRef, body: Body) -> list[Key]:
    """Return the resources that the value's id may name, types in the order of the schema."""
    value = value_at(body, ref.container, ref.attribute.name)
    id_ = value.get("value") if isinstance(value, Mapping) else None
    pointer = ref.attribute.sub("$ref")
    if pointer is None or not isinstance(id_, str) or not id_:
        return []
    served = {resource_type.name for resource_type in endpoint.catalogue.stored_types}
    return [Key(type_name, id_) for type_name in pointer.reference_types if type_name in served]


def _without_derived_locations(endpoint: Endpoint, body: Body, before: Record | None) -> Body:
    """Return the body without a `$ref` that is derived on every read, or that names who was meant before."""
    for ref in endpoint.resource_type.mentions:
        value = value_at(body, ref.container, ref.attribute.name)
        if not isinstance(value, Mapping) or "$ref" not in value:
            continue
        name = ref.attribute.name
        old = None if before is None else value_at(before.body, ref.container, name)
        if value["$ref"] in _outdated(endpoint, ref, body, before) or _is_left_over(value, old):
            rest = {part_name: part for part_name, part in value.items() if part_name != "$ref"}
            body = with_value(body, ref.container, name, rest)
    return body


def _outdated(
    endpoint: Endpoint, ref: AttributeRef, body: Body, before: Record | None
) -> list[str]:
    """Return the locations here of whom the value names, and of whom it named before."""
    bodies = [body] if before is None else [body, before.body]
    return [
        endpoint.location_of(*key)
        for one_body in bodies
        for key in _mentioned(endpoint, ref, one_body)
    ]


def _is_left_over(value: Body, old: object) -> bool:
    """Return whether the `$ref` came with another id than the value has now."""
    if not isinstance(old, Mapping) or value["$ref"] != old.get("$ref"):
        return False
    return "value" in value and value["value"] != old.get("value")


def _sent(endpoint: Endpoint, reference: Reference, value: Mapping[str, object]) -> Related:
    return target_of(reference, value, reference.attribute, endpoint.catalogue)


def _with_target(reference: Reference, body: Body, target: Key) -> dict[str, object]:
    """Return the body with only those parts of the reference that are not derived on every read."""
    value = dict(referring_value(reference, body) or {})
    value.pop("$ref", None)
    value["value"] = target.id
    if len(reference.targets) > 1:
        value["type"] = target.type
    else:
        value.pop("type", None)
    container, name, _ = split_name(reference.attribute)
    return with_value(body, container, name, value)


def _is_wanted(reference: Reference, projection: Projection) -> bool:
    container, name, _ = split_name(reference.attribute)
    return container is not None or projection.wants(name)


def _has_part(resource_type: ResourceType, reference: Reference, name: str) -> bool:
    return resource_type.named(f"{reference.attribute}.{name}") is not None
