"""Relations: attributes whose values are other resources, stored as edges and not in the body."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from scim.errors import InvalidValue
from scim.immutable import immutable
from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import Reference, Relation, ResourceType
from scim.schema.schema import Attribute

_SENT = ("type", "display")
"""The parts of a value that are stored in addition to the target, to return what the client sent."""
_NAMING = ("value", "$ref")
_OPERATION, _DELETE = "operation", "delete"


@immutable
class Separated:
    """A body without its relations, and the values of these relations, by attribute."""

    scalars: dict[str, object]
    relations: Mapping[str, tuple[Mapping[str, object], ...]]


@immutable
class Related:
    """A value of a relation: the target's id, its type if known, and what the client sent."""

    id: str
    type: str | None = None
    sent: Mapping[str, object] = field(default_factory=dict)

    def candidates(self, types: Iterable[str]) -> list[Key]:
        """Return the keys that the target can have among types, that of its own type first."""
        return [
            Key(type_name, self.id)
            for type_name in sorted(types, key=lambda name: name != self.type)
        ]


def separated(resource_type: ResourceType, body: Mapping[str, object]) -> Separated:
    """Return the body separated from its relations; relations that it does not contain are not listed."""
    names = {relation.attribute for relation in resource_type.relations}
    if names.isdisjoint(body):
        return Separated(dict(body.items()), {})
    return Separated(
        {name: value for name, value in body.items() if name not in names},
        {
            name: tuple(element for element in value if isinstance(element, Mapping))
            for name, value in body.items()
            if name in names and isinstance(value, list)
        },
    )


def related(
    relation: Relation, values: Iterable[Mapping[str, object]], catalogue: Catalogue
) -> tuple[Related, ...]:
    """Return the targets that the values name, each once.

    The id is in `value` or at the end of `$ref`; the type is in `type`, in `$ref`, or the only target
    type of the relation. Raises InvalidValue for a value without an id, a type that the relation does
    not accept, or two types of one target.
    """
    related_by_id: dict[str, Related] = {}
    for position, value in enumerate(values):
        target = target_of(relation, value, f"{relation.attribute}[{position}]", catalogue)
        earlier = related_by_id.get(target.id)
        if earlier is None or (earlier.type is None and target.type is not None):
            related_by_id[target.id] = target
        elif target.type not in (None, earlier.type):
            raise InvalidValue(f"{relation.attribute}[{position}].type: contradicts another value")
    return tuple(related_by_id.values())


def require_named(attribute: Attribute, values: object) -> None:
    """Raise InvalidValue for a sent value of a relation that would be misread.

    That is one with parts, none of which can name a resource (`{"id": "…"}`): it would be lost with its
    unknown parts, and a change of members would succeed without effect or remove everyone. It is also
    one with `"operation": "delete"`, which removed a value in SCIM 1.1: it would be added. Values
    without any part (`{"value": null}`) name no one and pass.
    """
    for position, value in enumerate(values if isinstance(values, list) else [values]):
        if not isinstance(value, Mapping) or (len(value) == 1 and value.get("value")):
            continue
        parts = {str(name).lower(): part for name, part in value.items() if has_parts(part)}
        where = f"{attribute.name}[{position}]"
        if parts and parts.keys().isdisjoint(_NAMING):
            raise InvalidValue(f"{where}.value: the id of a resource is required")
        if str(parts.get(_OPERATION)).lower() == _DELETE and attribute.sub(_OPERATION) is None:
            raise InvalidValue(f"{where}.operation: send a PATCH with op remove instead")


def has_parts(value: object) -> bool:
    """Return whether a sent value says anything: neither null nor "", nor an object or a list of such."""
    if isinstance(value, Mapping):
        return any(map(has_parts, value.values()))
    return any(map(has_parts, value)) if isinstance(value, list) else value not in (None, "")


def target_of(
    relation: Relation | Reference,
    value: Mapping[str, object],
    where: str,
    catalogue: Catalogue,
) -> Related:
    """Return the target that a value names. Raises InvalidValue, which names the place `where`."""
    endpoint, tail = endpoint_and_id_in(value.get("$ref"))
    id_ = value.get("value") or tail
    if not isinstance(id_, str) or not id_.strip():
        raise InvalidValue(f"{where}.value: the id of a resource is required")
    type_ = _type_of(relation, value, endpoint, where, catalogue)
    return Related(id_, type_, {name: value[name] for name in _SENT if name in value})


def _type_of(
    relation: Relation | Reference,
    value: Mapping[str, object],
    endpoint: str,
    where: str,
    catalogue: Catalogue,
) -> str | None:
    sent_type = value.get("type")
    if isinstance(sent_type, str) and sent_type.strip():
        matching = (name for name in relation.targets if name.lower() == sent_type.strip().lower())
        type_name = next(matching, None)
        if type_name is None:
            expected = " or ".join(relation.targets)
            raise InvalidValue(f"{where}.type: expected {expected}")
        return type_name
    served_type = catalogue.by_endpoint_in_any_case(endpoint)
    if served_type is not None and served_type.name in relation.targets:
        return served_type.name
    return relation.targets[0] if len(relation.targets) == 1 else None


def endpoint_and_id_in(reference: object) -> tuple[str, str]:
    """Return the last two path segments of a URI: the endpoint and the id."""
    if not isinstance(reference, str):
        return "", ""
    path = reference.split("?", 1)[0].split("#", 1)[0].rstrip("/")
    before, _, tail = path.rpartition("/")
    return before.rpartition("/")[2], tail
