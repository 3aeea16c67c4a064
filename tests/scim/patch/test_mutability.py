"""Every readOnly and immutable attribute stays, however an operation is written."""

from collections.abc import Iterator
from typing import Any

import pytest

from scim.errors import BadRequest, Mutability
from scim.patch.apply import applied
from scim.patch.edit import refuse_read_only, refuse_resetting, refuse_unassigning
from scim.patch.operation import Op, PatchOperation, resolved_operations
from scim.patch.rewrites.normalise import normalised
from scim.profile import Profile
from scim.resource.body import attributes_of
from scim.resource.budget import RequestBudget
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import ID, META, Attribute, Returned
from scim.schema.schema import AttributeMutability as Mutable
from tests.scim.patch.tables import BADGE, BEFORE, GROUP, LENIENT, STRICT, USER, operation

FIXED = (Mutable.READ_ONLY, Mutable.IMMUTABLE)
VALUES: list[object] = ["victim", [{"value": "victim"}], {"value": "victim"}, None, ["victim"]]


def fixed_places(resource_type: ResourceType) -> Iterator[AttributeRef]:
    """Yield the places whose values a PATCH must not change."""
    found = [*attributes_of(resource_type), (None, ID), (None, META)]
    for container, attribute in found:
        if attribute.mutability in FIXED:
            yield AttributeRef(container, attribute)
        for sub in attribute.sub_attributes:
            if sub.mutability in FIXED or attribute.mutability in FIXED:
                yield AttributeRef(container, attribute, sub)


def spellings(
    resource_type: ResourceType, ref: AttributeRef, value: object
) -> Iterator[PatchOperation]:
    """Yield the operations that name the place, in each way there is to name it."""
    uri = ref.container or resource_type.schema.id
    bare = str(ref).removeprefix(f"{uri}:")
    names = [str(ref), str(ref).upper(), f"{uri}:{bare}", f"{uri}:{bare}".upper()]
    if ref.attribute.multi_valued:
        suffix = "" if ref.sub is None else f".{ref.sub.name}"
        names += [f"{ref.attribute.name}[value pr]{suffix}"]
    for op in Op:
        for name in names:
            yield operation(op, name, value)
            if op is not Op.REMOVE:
                yield operation(op, None, {name: value})
                yield operation(op, uri, {bare: value})
                yield operation(op, None, {uri: {bare: value}})


TABLE = [
    pytest.param(resource_type, ref, id=f"{resource_type.name} {ref}")
    for resource_type in (USER, GROUP, BADGE)
    for ref in fixed_places(resource_type)
]


@pytest.mark.parametrize("profile", [LENIENT, STRICT], ids=["lenient", "strict"])
@pytest.mark.parametrize(("resource_type", "ref"), TABLE)
@pytest.mark.sampled(4)
def test_a_fixed_attribute_stays_however_an_operation_spells_it(
    resource_type: ResourceType, ref: AttributeRef, profile: Profile
) -> None:
    before = with_part(BEFORE[resource_type.name], ref)
    for value in VALUES:
        for sent in spellings(resource_type, ref, value):
            after, steps = outcome(resource_type, before, sent, profile)
            # values of a multi-valued attribute, of which parts are fixed, come and go whole
            if ref.sub is not None and ref.attribute.multi_valued:
                assert not changed_parts(before, after, ref), sent
            else:
                assert after == before, sent
            assert steps == (), sent


def with_part(body: dict[str, Any], ref: AttributeRef) -> dict[str, Any]:
    """Return the resource with the part in each value of a list: an immutable part can be set where there is none."""
    name, values = ref.attribute.name, body.get(ref.attribute.name)
    if ref.container or ref.sub is None or not isinstance(values, list):
        return body
    return {**body, name: [{ref.sub.name: "set", **element} for element in values]}


def outcome(
    resource_type: ResourceType, before: dict[str, Any], sent: PatchOperation, profile: Profile
) -> tuple[dict[str, object], tuple[object, ...]]:
    """Return what the operation makes of the resource; where it is refused, what was there."""
    try:
        placed = resolved_operations(resource_type, [sent], profile).operations
        plain = normalised(
            resource_type, {"id": "self", **before}, placed, profile, RequestBudget()
        )
        patched = applied(resource_type, before, plain.operations, profile, RequestBudget())
    except BadRequest:
        return before, ()
    return patched.body, patched.steps


def changed_parts(before: dict[str, Any], after: dict[str, Any], ref: AttributeRef) -> bool:
    name = ref.attribute.name
    return after.get(name, before.get(name)) != before.get(name)


def test_a_read_only_part_is_read_only() -> None:
    part = Attribute("x", mutability=Mutable.READ_ONLY)
    with pytest.raises(Mutability, match=r"^a\.x is readOnly"):
        refuse_read_only(AttributeRef(None, Attribute("a", sub_attributes=(part,)), part))


def test_an_immutable_secret_cannot_be_set_twice() -> None:
    hidden = Attribute("a", mutability=Mutable.IMMUTABLE, returned=Returned.NEVER)
    with pytest.raises(Mutability, match=r"^a is immutable and can be set at creation only"):
        refuse_read_only(AttributeRef(None, hidden))
    refuse_read_only(AttributeRef(None, Attribute("a", mutability=Mutable.IMMUTABLE)))
    refuse_read_only(
        AttributeRef(None, Attribute("a", mutability=Mutable.WRITE_ONLY, returned=Returned.NEVER))
    )


def test_a_required_attribute_keeps_a_value() -> None:
    refuse_unassigning(Attribute("a"), None, "a")
    refuse_unassigning(Attribute("a", required=True), "x", "a")
    with pytest.raises(Mutability, match=r"^a is required"):
        refuse_unassigning(Attribute("a", required=True), None, "a")


def test_an_immutable_value_is_compared_as_json() -> None:
    fixed = Attribute("a", mutability=Mutable.IMMUTABLE)
    refuse_resetting(fixed, None, 1, "a")
    refuse_resetting(fixed, {"x": 1, "y": 2}, {"y": 2, "x": 1}, "a")
    with pytest.raises(Mutability, match=r"^a is immutable"):
        refuse_resetting(fixed, 1, True, "a")
