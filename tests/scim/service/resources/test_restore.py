"""A kept resource is restored under its id with its relations."""

import json
from typing import Any

import pytest

from scim.errors import Conflict, NotFound, Uniqueness
from scim.profile import Profile
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.service.endpoint import Bounds
from scim.service.messages import Precondition
from scim.service.resources.create import create
from scim.service.resources.delete import delete
from scim.service.resources.restore import restore, restore_or_create
from tests.fakes.endpoint import FakeDeployment, type_of

BEFORE, LONG_AFTER = "2026-03-01T09:59:55.000Z", "2026-04-01T10:00:00.000Z"


def keeping() -> FakeDeployment:
    return FakeDeployment(profile=Profile(keeps_deleted=True))


def restored(deployment: FakeDeployment, type_name: str, id_: str) -> Any:
    answer = restore(deployment.endpoint(type_name), id_)
    assert answer.resource == {"id": id_}
    return deployment.shown(type_name, id_)


def joins(deployment: FakeDeployment, group: str, member: str) -> None:
    deployment.modify(
        "Group", group, {"op": "add", "path": "members", "value": [{"value": member}]}
    )


def test_a_user_comes_back_to_its_groups_with_the_next_version() -> None:
    deployment = keeping()
    anna, bert = deployment.user("anna", title="Dr"), deployment.user("bert")
    group = deployment.group("All", anna, bert)
    before = deployment.shown("User", anna)
    deployment.delete("User", anna)
    after = restored(deployment, "User", anna)
    assert {**after, "meta": 0} == {**before, "meta": 0}
    assert after["meta"]["version"].startswith('W/"3')
    assert deployment.member_ids(group) == [anna, bert]


def test_a_resource_that_a_slower_clock_restores_is_not_modified_before_it_was_created() -> None:
    deployment = keeping()
    anna = deployment.user("anna")
    deployment.delete("User", anna)
    deployment.clock.time = BEFORE
    meta = restored(deployment, "User", anna)["meta"]
    assert meta["lastModified"] == meta["created"] > BEFORE


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_chain_of_groups_comes_back_in_any_order(order: tuple[int, ...]) -> None:
    deployment = keeping()
    anna = deployment.user("anna")
    inner = deployment.group("inner", anna)
    outer = deployment.group("outer", inner)
    ends = ("User", anna), ("Group", inner), ("Group", outer)
    for each in ends:
        deployment.delete(*each)
    for place in order:
        restored(deployment, *ends[place])
    assert (deployment.member_ids(outer), deployment.member_ids(inner)) == ([inner], [anna])


def test_a_group_that_would_contain_itself_by_now_stays_deleted() -> None:
    deployment = keeping()
    low = deployment.group("low")
    middle = deployment.group("middle", low)
    top = deployment.group("top", middle)
    deployment.delete("Group", middle)
    joins(deployment, low, top)
    with pytest.raises(Conflict, match="contain itself"):
        restore(deployment.endpoint("Group"), middle)
    with pytest.raises(NotFound):
        deployment.read("Group", middle)


def test_a_group_that_would_nest_too_deep_by_now_stays_deleted() -> None:
    deployment = FakeDeployment(profile=Profile(keeps_deleted=True), bounds=Bounds(nesting=4))
    lowest = deployment.group("lowest")
    low = deployment.group("low", lowest)
    middle = deployment.group("middle", low)
    top = deployment.group("top", middle)
    deployment.delete("Group", middle)
    joins(deployment, deployment.group("over"), top)
    restored(deployment, "Group", middle)
    deployment.delete("Group", middle)
    joins(deployment, lowest, deployment.group("inner"))
    with pytest.raises(Conflict, match="4 levels deep"):
        restore(deployment.endpoint("Group"), middle)


def test_a_name_given_away_is_not_taken_back() -> None:
    deployment = keeping()
    anna = deployment.user("anna")
    deployment.delete("User", anna)
    deployment.user("Anna")
    with pytest.raises(Uniqueness):
        restore(deployment.endpoint("User"), anna)


@pytest.mark.parametrize("profile", [Profile(), Profile(keeps_deleted=True)], ids=["hard", "kept"])
def test_a_resource_that_is_not_kept_or_expired_cannot_be_restored(profile: Profile) -> None:
    deployment = FakeDeployment(profile=profile)
    anna = deployment.user("anna")
    with pytest.raises(NotFound):
        restore(deployment.endpoint("User"), anna)
    deployment.delete("User", anna)
    deployment.clock.time = LONG_AFTER
    with pytest.raises(NotFound):
        restore(deployment.endpoint("User"), anna)


def test_a_resource_that_is_not_kept_is_created_under_another_id() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.delete("User", anna)
    only_id = Projection.of(type_of("User"), ["id"])
    data = {"id": anna, "userName": "anna"}
    status, answer = restore_or_create(deployment.endpoint("User"), data, only_id)
    assert (status, answer.resource is not None) == (201, True)
    assert answer.resource != {"id": anna}


BOX = "urn:example:core:1.0:Box"
SLOT = {"name": "slot"}


def boxes(*attributes: dict[str, Any], indexed: bool = False) -> Catalogue:
    """Return the definitions of a tenant that has boxes with these attributes."""
    urn = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"
    hints = {"indexes": [{"attribute": "slot"}] if indexed else []}
    schema = {"id": BOX, "name": "Box", "attributes": attributes}
    type_ = {"name": "Box", "endpoint": "/Boxes", "schema": BOX, urn: hints}
    return Catalogue.of({BOX: json.dumps(schema)}, {"Box": json.dumps(type_)})


@pytest.mark.parametrize(
    ("now", "indexed"),
    [
        pytest.param({"name": "slot", "type": "integer"}, False, id="another type"),
        pytest.param({"name": "slot", "type": "integer"}, True, id="another type, indexed"),
        pytest.param({"name": "slot", "multiValued": True}, False, id="several values"),
        pytest.param({"name": "place"}, False, id="no such attribute"),
    ],
)
def test_a_resource_that_no_longer_fits_its_definition_stays_deleted(
    now: dict[str, Any], indexed: bool
) -> None:
    deployment = keeping()
    deployment.catalogue = boxes(SLOT, indexed=indexed)
    endpoint = deployment.endpoint("Box")
    made = create(endpoint, {"schemas": [BOX], "slot": "left"}, endpoint.projection((), ()))
    assert made.resource is not None
    id_ = str(made.resource["id"])
    delete(endpoint, id_, Precondition())
    deployment.catalogue = boxes(now, indexed=indexed)
    with pytest.raises(Conflict, match="defined otherwise since"):
        restore(deployment.endpoint("Box"), id_)
    deployment.catalogue = boxes({**SLOT, "required": True}, {"name": "new"}, indexed=indexed)
    assert restore(deployment.endpoint("Box"), id_).resource == {"id": id_}
