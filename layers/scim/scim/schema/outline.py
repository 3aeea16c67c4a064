"""Outlines: the facts about resource types that are needed to delete their resources without the catalogue.

Any request that finds a deletion with a cascade begun completes it from what the deletion stored: the
outlines of all types that it can reach. They are plain data, and small.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from scim.immutable import REMEMBERED
from scim.schema.resource_type import (
    AttributeRef,
    Index,
    OnDelete,
    Reference,
    Referrer,
    ResourceType,
)
from scim.schema.schema import Attribute, AttributeType, split_name


@dataclass(frozen=True, slots=True)
class Outline:
    """What is stored of a type's resources in addition to their bodies, and which types refer to them."""

    indexes: tuple[tuple[Index, AttributeRef], ...] = ()
    references: tuple[Reference, ...] = ()
    relations: tuple[str, ...] = ()
    referrers: tuple[Referrer, ...] = ()


Outlines = Mapping[str, Outline]
"""The outlines of resource types, by name."""


def outline_of(resource_type: ResourceType, referrers: tuple[Referrer, ...] = ()) -> Outline:
    return (
        replace(_outline(resource_type), referrers=referrers)
        if referrers
        else _outline(resource_type)
    )


@lru_cache(maxsize=REMEMBERED)
def _outline(resource_type: ResourceType) -> Outline:
    refs = ((index, resource_type.named(index.attribute)) for index in resource_type.indexes)
    return Outline(
        tuple((index, ref) for index, ref in refs if ref is not None),
        resource_type.references,
        tuple(relation.attribute for relation in resource_type.relations),
    )


def written(outlines: Outlines) -> dict[str, object]:
    """Return outlines as JSON."""
    return {
        name: {
            "indexes": [
                [index.attribute, ref.leaf.type, ref.leaf.case_exact, index.is_unique]
                for index, ref in outline.indexes
            ],
            "references": [
                [reference.attribute, list(reference.targets), reference.on_delete]
                for reference in outline.references
            ],
            "relations": list(outline.relations),
            "referrers": [
                [referrer.type, referrer.attribute, referrer.on_delete]
                for referrer in outline.referrers
            ],
        }
        for name, outline in outlines.items()
    }


def outlines_in(written_: Mapping[str, Any]) -> dict[str, Outline]:
    """Return the outlines of the JSON that `written` returned."""
    return {
        name: Outline(
            tuple(_index(*fields) for fields in members["indexes"]),
            tuple(Reference(a, tuple(t), OnDelete(d)) for a, t, d in members["references"]),
            tuple(members["relations"]),
            tuple(Referrer(t, a, OnDelete(d)) for t, a, d in members["referrers"]),
        )
        for name, members in written_.items()
    }


def _index(
    attribute: str,
    type_: str,
    case_exact: bool,  # noqa: FBT001 - as written
    is_unique: bool,  # noqa: FBT001 - as written
) -> tuple[Index, AttributeRef]:
    """Return an index and its attribute, of which only the leaf's type and caseExact are known."""
    container, name, sub = split_name(attribute)
    leaf = Attribute(sub or name, AttributeType(type_), case_exact=case_exact)
    if sub is None:
        return Index(attribute, is_unique), AttributeRef(container, leaf)
    complex_attribute = Attribute(name, AttributeType.COMPLEX, sub_attributes=(leaf,))
    return Index(attribute, is_unique), AttributeRef(container, complex_attribute, leaf)
