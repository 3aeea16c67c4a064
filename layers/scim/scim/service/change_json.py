"""What a change does, as JSON for its caller."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scim.resource.change import Change, Creation, Deletion, EdgeDelta, Update
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete
from scim.service.endpoint import Endpoint
from scim.service.resources.view import plain_view
from scim.service.visibility.references import without_unseen
from scim.service.visibility.restrict import sees_every, visible_count

_NOT_COMPARED = frozenset({"schemas", "id", "meta"})
_EFFECTS = {OnDelete.CASCADE: "delete", OnDelete.CLEAR: "update"}


def change_json(endpoint: Endpoint, change: Change) -> dict[str, object] | None:
    """Return what a change does, as far as the caller of the endpoint may see it; None if it sees nothing of it.

    `diff` lists each changed attribute with its value `before` and `after`, and for a relation the
    ids `added` and `removed`. For a deletion it lists only the sizes of the relations; `referrers` has the
    numbers of resources that are deleted or changed because they refer to the deleted one.
    """
    key, before, after = key_of(change), None, None
    if isinstance(change, Creation):
        after = Record(key, 1, change.now, change.now, change.body)
    elif isinstance(change, Update):
        before, body = change.before, change.body
        after = before if body is None else replace(before, body=body, text="")
        if not change.edges and _looks_the_same(endpoint, before, after):
            return None
    members: dict[str, object] = {"resourceType": key.type, "operation": _operation(change)}
    if not isinstance(change, Creation):
        members |= {"id": key.id, "location": endpoint.location_of(*key)}
    if isinstance(change, Deletion):
        counts = {
            name: visible_count(endpoint, change.before, name) for name in change.before.counts
        }
        sizes = [{"path": name, "removed": number} for name, number in counts.items() if number]
        referrers = _referrers(endpoint, change)
        return {**members, "diff": sizes, **({"referrers": referrers} if referrers else {})}
    diff = [*_differences(_flat(endpoint, before), _flat(endpoint, after))]
    return {**members, "diff": [*diff, *map(_of_relation, change.edges)]}


def _referrers(endpoint: Endpoint, deletion: Deletion) -> list[dict[str, object]]:
    """Return what happens to the resources that refer to the deleted one, by reference.

    It covers only the types of which the caller may see every resource.
    """
    outline = deletion.outlines.get(deletion.before.key.type, Outline())
    return [
        {
            "resourceType": referrer.type,
            "path": referrer.attribute,
            "operation": _EFFECTS[referrer.on_delete],
            "number": number,
        }
        for referrer in outline.referrers
        if (number := deletion.before.referrers.get(Link(referrer.type, referrer.attribute), 0))
        and sees_every(endpoint, referrer.type)
    ]


def _looks_the_same(endpoint: Endpoint, before: Record, after: Record) -> bool:
    """Return whether only values changed that name what the caller does not see; a secret is no such value."""
    # One at a time: both have the same key.
    (seen_before,), (seen_after,) = (
        without_unseen(endpoint, [record]) for record in (before, after)
    )
    return seen_before.body == seen_after.body


def key_of(change: Change) -> Key:
    """Return the key of the resource that a change creates, updates or deletes."""
    return change.key if isinstance(change, Creation) else change.before.key


def _operation(change: Change) -> str:
    return {Creation: "create", Update: "update", Deletion: "delete"}[type(change)]


def _of_relation(delta: EdgeDelta) -> dict[str, object]:
    added = [edge.target.id for edge in delta.added]
    return {
        "path": delta.attribute,
        **({"added": added} if added else {}),
        **({"removed": [key.id for key in delta.removed]} if delta.removed else {}),
    }


def _flat(endpoint: Endpoint, record: Record | None) -> dict[str, object]:
    """Return the attributes the caller may see by path; each attribute of an extension has its own path."""
    if record is None:
        return {}
    resource_type = endpoint.resource_type
    back_links = endpoint.catalogue.back_links_of(resource_type.name)
    hidden = [relation.attribute for relation in resource_type.relations]
    hidden += [back_link.attribute for back_link in back_links]
    (visible_record,) = without_unseen(endpoint, [record])
    projection = Projection.of(resource_type, excluded_attributes=hidden)
    view = projection.shown(plain_view(endpoint, visible_record))
    flat: dict[str, object] = {}
    for name, value in view.items():
        if name.startswith("urn:") and isinstance(value, Mapping):
            flat |= {f"{name}:{part}": part_value for part, part_value in value.items()}
        elif name not in _NOT_COMPARED:
            flat[name] = value
    return flat


def _differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterable[dict[str, object]]:
    for path in sorted(before.keys() | after.keys()):
        values = {"before": before.get(path), "after": after.get(path)}
        if values["before"] != values["after"]:
            present = {name: value for name, value in values.items() if value is not None}
            yield {"path": path, **present}
