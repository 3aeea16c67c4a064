"""The tables beside this file, and the resource types they are about.

A case is written as what is sent and what comes of it: `changes` are the attributes that
are different afterwards (null: gone), `steps` what is asked of a relation, or `error` the
scimType of the refusal. `before` is the resource, where it is not the usual one.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from scim.filter.parsing.parse import parse_path
from scim.patch.apply import Patched
from scim.patch.operation import Op, PatchOperation, resolved_operations
from scim.patch.relation import RemoveAll, RemoveMatching, RemoveTargets
from scim.patch.request import request_of
from scim.patch.target import Target, target_of
from scim.profile import Profile
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import Extension, Relation, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType, Schema
from tests.fakes.endpoint import type_of

LENIENT = Profile()
STRICT = Profile(name="strict", tolerances=frozenset())
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ZONE = "urn:example:zone:1.0:Badge"
LOAN = "urn:example:loan:1.0:Badge"


USER = type_of("User")
GROUP = type_of("Group")
_ID = Attribute("value", required=True, case_exact=True, mutability=AttributeMutability.IMMUTABLE)
BADGE = ResourceType(
    name="Badge",
    endpoint="/Badges",
    description="",
    schema=Schema(
        "urn:example:core:1.0:Badge",
        "Badge",
        "",
        (
            Attribute("label", required=True),
            Attribute("serial", mutability=AttributeMutability.IMMUTABLE),
            Attribute("tags", multi_valued=True),
            Attribute(
                "owner",
                AttributeType.COMPLEX,
                sub_attributes=(_ID, Attribute("note"), Attribute("phones", multi_valued=True)),
            ),
            Attribute(
                "doors",
                AttributeType.COMPLEX,
                multi_valued=True,
                sub_attributes=(
                    _ID,
                    Attribute("note"),
                    Attribute("lock", mutability=AttributeMutability.IMMUTABLE),
                ),
            ),
            Attribute(
                "issuer",
                AttributeType.COMPLEX,
                mutability=AttributeMutability.IMMUTABLE,
                sub_attributes=(Attribute("value"), Attribute("note")),
            ),
            Attribute("stamps", multi_valued=True, mutability=AttributeMutability.IMMUTABLE),
            Attribute(
                "audit",
                AttributeType.COMPLEX,
                mutability=AttributeMutability.READ_ONLY,
                sub_attributes=(Attribute("note"),),
            ),
            Attribute(
                "place",
                AttributeType.COMPLEX,
                required=True,
                sub_attributes=(Attribute("site"), Attribute("floor")),
            ),
            Attribute("levels", AttributeType.INTEGER, multi_valued=True, required=True),
            Attribute(
                "holders",
                AttributeType.COMPLEX,
                multi_valued=True,
                required=True,
                sub_attributes=(Attribute("value"),),
            ),
        ),
    ),
    relations=(Relation("holders", ("User",)),),
    extensions=(
        Extension(
            Schema(
                ZONE,
                "Zone",
                "",
                (
                    Attribute("zone", required=True),
                    Attribute("made", mutability=AttributeMutability.READ_ONLY),
                ),
            ),
            is_required=True,
        ),
        Extension(
            Schema(
                LOAN,
                "Loan",
                "",
                (
                    Attribute("until", required=True),
                    Attribute("keys", multi_valued=True, required=True),
                    Attribute("lender", mutability=AttributeMutability.IMMUTABLE),
                ),
            )
        ),
    ),
)
TYPES = {each.name: each for each in (USER, GROUP, BADGE)}
BEFORE: dict[str, dict[str, Any]] = {
    "User": {
        "userName": "bjensen@example.com",
        "name": {"familyName": "Jensen", "givenName": "Barbara"},
        "displayName": "Babs Jensen",
        "active": True,
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "addresses": [
            {
                "type": "work",
                "streetAddress": "100 Universal City Plaza",
                "locality": "Hollywood",
            },
            {"type": "home", "streetAddress": "456 Hollywood Blvd"},
        ],
        ENTERPRISE: {
            "employeeNumber": "701984",
            "department": "Tour Operations",
            "manager": {"value": "26118915"},
        },
    },
    "Group": {"displayName": "g"},
    "Badge": {
        "label": "a",
        "serial": "1",
        "tags": ["a"],
        "owner": {"value": "u1"},
        "doors": [{"value": "d1"}],
        "issuer": {"value": "i1"},
        "stamps": ["s1"],
        "audit": {"note": "made"},
        "place": {"site": "x"},
        "levels": [1, 2],
        ZONE: {"zone": "z"},
    },
}


def cases(name: str) -> list[Any]:
    rows = json.loads((Path(__file__).parent / name).read_text("utf-8"))
    return [pytest.param(row, id=row["name"]) for row in rows]


def resource_type_of(row: dict[str, Any]) -> ResourceType:
    return TYPES[row.get("type", "User")]


def before_of(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = row.get("before", BEFORE[row.get("type", "User")])
    return found


def after_of(row: dict[str, Any]) -> dict[str, Any]:
    changed = before_of(row) | row["changes"]
    return {name: value for name, value in changed.items() if value is not None}


def operation(
    op: Op, path: str | None = None, value: object = None, position: int = 0
) -> PatchOperation:
    """Return an operation as it is read, before anyone knows what its path points at."""
    return PatchOperation(op, None if path is None else parse_path(path), value, position)


def operation_on(resource_type: ResourceType, sent: PatchOperation) -> PatchOperation:
    """Return the operation with what its path points at in a tolerant profile."""
    (found,) = resolved_operations(resource_type, [sent], LENIENT).operations
    return found


def target_at(resource_type: ResourceType, path: str, profile: Profile) -> Target:
    return target_of(resource_type, parse_path(path), profile)


def written(operations: Iterable[PatchOperation]) -> list[tuple[str, str | None, object, int]]:
    """Write operations down, their paths as text."""
    return [
        (each.op.value, None if each.path is None else str(each.path), each.value, each.position)
        for each in operations
    ]


def operations_of(row: dict[str, Any], profile: Profile) -> tuple[PatchOperation, ...]:
    body = {"schemas": [PATCH_OP_URN], "Operations": row["operations"]}
    return request_of(body, profile).operations


def steps_of(patched: Patched) -> list[list[Any]]:
    """Write the steps as the tables do."""
    written: list[list[Any]] = []
    for step in patched.steps:
        name = type(step).__name__
        match step:
            case RemoveTargets(_, ids):
                written.append([name, list(ids)])
            case RemoveMatching(_, filter):
                written.append([name, str(filter)])
            case RemoveAll():
                written.append([name])
            case _:
                written.append([name, list(step.values)])
    return written


PATHS = [
    None,
    "title",
    "active",
    "name",
    "name.givenName",
    "emails",
    "emails.type",
    'emails[type eq "work"]',
    'emails[type eq "home"].value',
    "emails[value pr].primary",
    'addresses[type eq "work"].locality',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "userName",
    "groups",
    "id",
    "colour",
]
EMAIL = st.fixed_dictionaries(
    {"value": st.sampled_from(["a", "A", "b", "bjensen@example.com"])},
    optional={"type": st.sampled_from(["work", "home", "other"]), "primary": st.booleans()},
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", "x", "True"]),
    st.lists(EMAIL, max_size=3),
    EMAIL,
    st.fixed_dictionaries({}, optional={"givenName": st.sampled_from(["G", None])}),
    st.fixed_dictionaries(
        {}, optional={"title": st.just("t"), "emails": st.lists(EMAIL, max_size=2)}
    ),
)
OPERATIONS = st.lists(
    st.builds(operation, st.sampled_from(Op), st.sampled_from(PATHS), VALUES), max_size=5
)
