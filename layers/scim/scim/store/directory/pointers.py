"""References in the store: each resource counts who refers to it, and cannot end before these.

Who refers is in the body and in an index entry; that the target lives is a condition of the
transaction in which somebody begins to refer to it.
"""

from collections.abc import Iterable

from scim.resource.record import Link, Pointer
from scim.store.dynamodb.write import Step, absent, exists
from scim.store.keys.directory import place_of, referrers_attribute


def pointing(tenant: str, type_name: str, pointers: Iterable[Pointer]) -> list[Step]:
    """Return the steps on what a resource of the type begins to refer to: it must live, and stay."""
    return [
        Step(
            "Update",
            place_of(tenant, pointer.target),
            (exists("v"), absent("d"), absent("x")),
            adds={referrers_attribute(Link(type_name, pointer.attribute)): 1},
        )
        for pointer in sorted(pointers)
    ]


def letting_go(tenant: str, type_name: str, pointers: Iterable[Pointer]) -> list[Step]:
    """Return the steps on what a resource of the type no longer refers to."""
    return [
        Step(
            "Update",
            place_of(tenant, pointer.target),
            (exists("v"),),
            adds={referrers_attribute(Link(type_name, pointer.attribute)): -1},
        )
        for pointer in sorted(pointers)
    ]
