"""Definitions that state what the service would neither store nor enforce."""

from typing import Any

import pytest

from scim.profile import Profile
from scim.profile.shipped import names, shipped
from scim.schema.compatibility import incompatibilities
from scim.schema.enforceable import require_enforceable
from scim.schema.loading import catalogue_of
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import definitions_of
from tests.fakes.devices import DEVICE, MAB, STORAGE, changed

ATTRIBUTES = "schemas.0.attributes"
MEMBERS = "schemas.2.attributes.1"
PART = f"{MEMBERS}.subAttributes"
SECRET = {"mutability": "writeOnly", "returned": "never"}
DEVICE_HINTS, GROUP_HINTS = 0, 1
OWNER = {
    "name": "owner",
    "type": "complex",
    "subAttributes": [{"name": "value", "caseExact": True}],
}
RELATION = {"attribute": "members", "targets": ["Device"]}
REFERENCE = {"attribute": "owner", "targets": ["User"]}
OWN_PARTS = [{"name": "value"}, {"name": "role"}]
NOT_UNIQUE = "it is not stored, so that it cannot be unique"
NO_ID = "must be a string with one value that clients can write and read"


Changes = list[tuple[str | int, Any]]
"""New values by their path in the document, and new hints by the position of their type."""


def _catalogue(changes: Changes) -> Any:
    made = changed(*((path, value) for path, value in changes if isinstance(path, str)))
    for position, hints in changes:
        if isinstance(position, int):
            made["resourceTypes"][position][STORAGE] = hints
    return catalogue_of(Profile(), definitions_of(made).additions())


def _referring(**value: Any) -> Changes:
    part = {"name": "value", "caseExact": True, **value}
    return [
        (f"{ATTRIBUTES}.2", {**OWNER, "subAttributes": [part]}),
        (DEVICE_HINTS, {"references": [REFERENCE]}),
    ]


@pytest.mark.parametrize("name", names())
def test_the_types_of_a_shipped_profile_state_nothing_without_effect(name: str) -> None:
    require_enforceable(catalogue_of(shipped(name)))


def test_references_and_unique_parts_of_a_tenant_are_enforced() -> None:
    unique_part = {"name": "serial", "uniqueness": "server"}
    part = {**OWNER, "name": "label", "subAttributes": [unique_part]}
    require_enforceable(_catalogue([*_referring(), ("schemas.1.attributes.0", part)]))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [(f"{ATTRIBUTES}.2", {**OWNER, "uniqueness": "server"})],
            "Device: owner: only the parts of a complex attribute can be unique",
            id="unique object",
        ),
        pytest.param(
            [(f"{ATTRIBUTES}.2", {"name": "pin", "uniqueness": "global", **SECRET})],
            f"Device: pin: {NOT_UNIQUE}",
            id="unique secret",
        ),
        pytest.param(
            [
                (
                    "schemas.1.attributes.0",
                    {
                        **OWNER,
                        **SECRET,
                        "subAttributes": [{"name": "pin", "uniqueness": "server"}],
                    },
                )
            ],
            f"Device: owner.pin: {NOT_UNIQUE}",
            id="unique part of a secret in an extension",
        ),
        pytest.param(
            [
                (f"{ATTRIBUTES}.2", {"name": "pin", **SECRET}),
                (DEVICE_HINTS, {"indexes": [{"attribute": "pin"}]}),
            ],
            "Device: index: pin is not stored, so that it cannot be indexed",
            id="indexed secret",
        ),
        *(
            pytest.param(
                [(position, {**hints, "indexes": [{"attribute": name}]})],
                f"{type_}: index: {name} is not stored, so that it cannot be indexed",
                id=f"indexed {name}",
            )
            for position, type_, hints, name in (
                (DEVICE_HINTS, "Device", {}, "id"),
                (DEVICE_HINTS, "Device", {}, "schemas"),
                (DEVICE_HINTS, "Device", {}, "meta.created"),
                (GROUP_HINTS, "DeviceGroup", {"relations": [RELATION]}, "members.value"),
            )
        ),
        *(
            pytest.param(
                [
                    (
                        "resourceTypes.0.schemaExtensions",
                        [{"schema": u, "required": False} for u in uris],
                    )
                ],
                f"Device: schema: {uris[-1]} is declared 2 times",
                id=f"{uris[-1]} twice",
            )
            for uris in ([MAB, MAB], [DEVICE])
        ),
        pytest.param(
            [(PART, OWN_PARTS)],
            "DeviceGroup: relation: members.role would not be stored;"
            " expected value, $ref, display, type",
            id="part of a relation",
        ),
        pytest.param(
            [(f"{PART}.0.uniqueness", "server")],
            "DeviceGroup: relation: members.value cannot be unique",
            id="unique members",
        ),
        pytest.param(
            [(f"{MEMBERS}.mutability", "immutable")],
            "DeviceGroup: relation: members cannot be immutable",
            id="immutable relation",
        ),
        pytest.param(
            [(GROUP_HINTS, {"relations": [RELATION, RELATION]})],
            "DeviceGroup: relation: members is declared 2 times",
            id="relation twice",
        ),
        pytest.param(
            [*_referring(), (DEVICE_HINTS, {"references": [REFERENCE, REFERENCE]})],
            "Device: reference: owner is declared 2 times",
            id="reference twice",
        ),
        *(
            pytest.param(
                [(f"{PART}.0", {"name": "value", **value})],
                f"DeviceGroup: relation: members.value {NO_ID}",
                id=f"id of a member {value}",
            )
            for value in (
                {"type": "integer"},
                {"multiValued": True},
                {"mutability": "readOnly"},
                {"returned": "never"},
            )
        ),
        *(
            pytest.param(
                _referring(**value),
                f"Device: reference: owner.value {NO_ID}",
                id=f"id of a reference {value}",
            )
            for value in (
                {"multiValued": True},
                {"mutability": "readOnly"},
                SECRET,
                {"name": "Value"},
            )
        ),
    ],
)
def test_what_would_have_no_effect_is_refused(changes: Changes, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        require_enforceable(_catalogue(changes))
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("changes", "repairs"),
    [
        pytest.param([(PART, OWN_PARTS)], [(PART, OWN_PARTS[:1])], id="part of a relation"),
        pytest.param(
            [(f"{ATTRIBUTES}.2", {"name": "pin", "uniqueness": "server", **SECRET})],
            [(f"{ATTRIBUTES}.2", {"name": "pin", **SECRET})],
            id="unique secret",
        ),
        pytest.param(
            [(f"{ATTRIBUTES}.2", {**OWNER, "uniqueness": "server"})],
            [(f"{ATTRIBUTES}.2", OWNER)],
            id="unique object",
        ),
        pytest.param(
            [
                (
                    f"{ATTRIBUTES}.2",
                    {
                        **OWNER,
                        **SECRET,
                        "subAttributes": [{"name": "pin", "uniqueness": "server"}],
                    },
                )
            ],
            [(f"{ATTRIBUTES}.2", {**OWNER, **SECRET, "subAttributes": [{"name": "pin"}]})],
            id="unique part of a secret",
        ),
        pytest.param([(f"{PART}.0.uniqueness", "server")], [], id="unique members"),
        pytest.param([(f"{PART}.0", {"name": "value", "type": "integer"})], [], id="id as number"),
        pytest.param([(f"{MEMBERS}.mutability", "immutable")], [], id="immutable relation"),
        *(
            pytest.param(
                _referring(**value),
                [*_referring(**value)[:1], (DEVICE_HINTS, {"indexes": indexes})],
                id=f"reference {value}",
            )
            for value, indexes in (
                ({"multiValued": True}, [{"attribute": "owner.value"}]),
                ({"mutability": "readOnly"}, [{"attribute": "owner.value"}]),
                (SECRET, []),
            )
        ),
        *(
            pytest.param(
                [(DEVICE_HINTS, {"indexes": [{"attribute": name}]})], [(DEVICE_HINTS, {})], id=name
            )
            for name in ("id", "schemas", "meta.created")
        ),
        pytest.param(
            _referring(returned="never"), _referring(), id="id of a reference that is not shown"
        ),
    ],
)
def test_what_had_no_effect_can_go_while_resources_are_stored(
    changes: Changes, repairs: Changes
) -> None:
    before, after = _catalogue(changes), _catalogue(repairs)
    assert [*incompatibilities(before, after)] == []
    require_enforceable(after)


def test_the_devices_state_nothing_without_effect() -> None:
    require_enforceable(_catalogue([]))
