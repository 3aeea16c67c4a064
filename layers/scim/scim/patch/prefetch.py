"""Which resources a PATCH is likely to touch beside its own: those its relations name."""

from collections.abc import Iterator, Mapping, Sequence

from scim.patch.operation import PatchOperation
from scim.patch.relation import identifier_in, named_ids
from scim.patch.target import Target
from scim.resource.record import Key
from scim.schema.resource_type import AttributeRef, Relation, ResourceType


def mentioned(resource_type: ResourceType, operations: Sequence[PatchOperation]) -> list[Key]:
    """Return the resources worth reading together with the one that is changed.

    A guess: of the type a value names, else of the relation's first. What is wrong with an
    operation is not said here.
    """
    return list(dict.fromkeys(key for each in operations for key in _keys(resource_type, each)))


def _keys(resource_type: ResourceType, operation: PatchOperation) -> Iterator[Key]:
    match operation.path:
        case None:
            value = operation.value
            for name, part in value.items() if isinstance(value, Mapping) else ():
                relation = resource_type.relation(str(name))
                if relation is not None:
                    yield from _valued(relation, part)
        case Target(AttributeRef(None, attribute), wanted):
            relation = resource_type.relation(attribute.name)
            if relation is not None and wanted is None:
                yield from _valued(relation, operation.value)
            elif relation is not None and wanted is not None:
                yield from (Key(relation.targets[0], id_) for id_ in named_ids(wanted) or ())


def _valued(relation: Relation, value: object) -> Iterator[Key]:
    for each in value if isinstance(value, list) else (value,):
        id_ = identifier_in(each)
        if id_ is not None:
            yield Key(_type_of(relation, each), id_)


def _type_of(relation: Relation, value: object) -> str:
    told = value.get("type") if isinstance(value, Mapping) else None
    named = told.lower() if isinstance(told, str) else ""
    return next((each for each in relation.targets if each.lower() == named), relation.targets[0])
