"""One operation is the single request it stands for: same rules, same refusals."""

from collections.abc import Mapping
from typing import Any

import pytest

from scim.schema.message_uri import BULK_REQUEST_URN
from scim.schema.resource_type import ResourceType
from scim.service.bulk.perform import BulkScope, missed, performed
from scim.service.bulk.plan import Step, planned
from scim.service.bulk.request import Method, bulk_of
from scim.service.bulk.response import Outcome
from scim.service.endpoint import Bounds
from tests.fakes.endpoint import BASE, ENTERPRISE_URN, GROUP_URN, USER_URN, FakeDeployment

METADATA = "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group"
PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TITLE = {"schemas": [PATCH_URN], "Operations": [{"op": "add", "path": "title", "value": "Dr."}]}
LEAD = {"op": "add", "path": "title", "value": "Lead"}
BERT = {"schemas": [USER_URN], "userName": "bert"}


def bulk_scope(
    deployment: FakeDeployment, *makes: str, denied: tuple[Method, ...] = ()
) -> BulkScope:
    def allows(method: Method, resource_type: ResourceType) -> bool:
        return method not in denied

    return BulkScope(
        deployment.catalogue,
        lambda resource_type: deployment.endpoint(resource_type.name),
        allows,
        frozenset(makes),
    )


def steps(*sent: dict[str, Any]) -> tuple[Step, ...]:
    message = {"schemas": [BULK_REQUEST_URN], "Operations": list(sent)}
    return planned(bulk_of(message, FakeDeployment().profile, 100).operations)


def done(
    deployment: FakeDeployment,
    sent: dict[str, Any],
    ids: Mapping[str, str] | None = None,
    *makes: str,
    denied: tuple[Method, ...] = (),
) -> Outcome:
    (step,) = steps(sent)
    return performed(bulk_scope(deployment, *makes, denied=denied), step, ids or {}, None)


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    return FakeDeployment()


def test_post_creates(deployment: FakeDeployment) -> None:
    made = done(deployment, {"method": "POST", "path": "/Users", "bulkId": "b", "data": BERT})
    assert (made.status, made.version, made.error) == (201, 'W/"1"', None)
    assert made.location == f"{BASE}/Users/{made.id}"
    assert deployment.shown("User", str(made.id))["userName"] == "bert"


def test_put_patch_and_delete_are_performed(deployment: FakeDeployment) -> None:
    anna = deployment.user("anna")
    path, location = f"/Users/{anna}", f"{BASE}/Users/{anna}"
    put = done(deployment, {"method": "PUT", "path": path, "data": BERT})
    assert (put.status, put.version, put.location) == (200, 'W/"2"', location)
    patch = done(deployment, {"method": "PATCH", "path": path, "data": TITLE})
    assert (patch.status, patch.version, patch.location) == (200, 'W/"3"', location)
    assert deployment.shown("User", anna)["title"] == "Dr."
    end = done(deployment, {"method": "DELETE", "path": path})
    assert (end.status, end.version, end.location) == (204, None, location)


def test_a_put_of_a_group_that_is_too_large_to_show_keeps_its_members() -> None:
    deployment = FakeDeployment(bounds=Bounds(inline_members=1))
    group = deployment.group("All", deployment.user("anna"), deployment.user("bert"))
    data = {**deployment.shown("Group", group), "displayName": "Everybody"}
    assert (
        done(deployment, {"method": "PUT", "path": f"/Groups/{group}", "data": data}).status == 200
    )
    shown = deployment.shown("Group", group)
    assert shown["displayName"] == "Everybody"
    assert shown[METADATA]["membersMetadata"]["memberCount"] == 2


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("version", "fails"), [('W/"1"', False), ('W/"7"', True), ("*", False)])
def test_a_version_is_a_condition(
    deployment: FakeDeployment, method: str, version: str, *, fails: bool
) -> None:
    anna = deployment.user("anna")
    data = TITLE if method == "PATCH" else BERT
    sent = {"method": method, "path": f"/Users/{anna}", "version": version, "data": data}
    outcome = done(deployment, sent)
    assert outcome.status == 412 if fails else outcome.error is None
    assert outcome.location == f"{BASE}/Users/{anna}"


def test_a_membership_can_be_made_and_ended_but_is_nothing_to_change(
    deployment: FakeDeployment,
) -> None:
    anna = deployment.user("anna")
    group = deployment.group("All")
    data = {"group": {"value": "bulkId:g"}, "member": {"value": anna}}
    sent = {"method": "POST", "path": "/GroupMembers", "bulkId": "m", "data": data}
    made = done(deployment, sent, {"g": group}, "g")
    assert made.status == 201
    assert deployment.member_ids(group) == [anna]
    path = f"/GroupMembers/{made.id}"
    assert done(deployment, {"method": "PUT", "path": path, "data": {}}).status == 405
    assert done(deployment, {"method": "DELETE", "path": path}).status == 204
    assert deployment.member_ids(group) == []


@pytest.mark.parametrize(
    ("sent", "status", "scim_type"),
    [
        pytest.param({"method": "POST", "path": "/Users/1"}, 405, None, id="POST an item"),
        pytest.param({"method": "PUT", "path": "/Users"}, 405, None, id="PUT a collection"),
        pytest.param({"method": "DELETE", "path": "/Users"}, 405, None, id="DELETE all"),
        pytest.param({"method": "PATCH", "path": "/Users/x"}, 404, None, id="PATCH nobody"),
        pytest.param({"method": "PUT", "path": "/Users/x"}, 404, None, id="PUT nobody"),
        pytest.param({"method": "DELETE", "path": "/Users/x"}, 404, None, id="DELETE nobody"),
        pytest.param({"method": "POST", "path": "/Nothing"}, 404, None, id="unknown endpoint"),
        pytest.param({"method": "POST", "path": "/users"}, 404, None, id="other case"),
        pytest.param({"method": "POST", "path": "/Bulk"}, 404, None, id="bulk in bulk"),
        pytest.param({"method": "PUT", "path": "/Users/a/b"}, 404, None, id="too deep"),
        pytest.param(
            {"method": "POST", "path": "/Users", "data": {}}, 400, "invalidValue", id="no name"
        ),
        pytest.param(
            {"method": "POST", "path": "/Users", "data": {"userName": "ANNA"}},
            409,
            "uniqueness",
            id="name taken",
        ),
        pytest.param({"method": "GET", "path": "/Users/1"}, 400, "invalidSyntax", id="GET"),
    ],
)
def test_an_operation_is_refused_like_a_single_request(
    deployment: FakeDeployment, sent: dict[str, Any], status: int, scim_type: str | None
) -> None:
    deployment.user("anna")
    data = TITLE if sent["method"] == "PATCH" else BERT
    outcome = done(deployment, {"bulkId": "x", "data": data, **sent})
    assert outcome.error is not None
    assert (outcome.status, outcome.error.scim_type) == (status, scim_type)
    assert deployment.search("User").total == 1


def test_the_id_in_the_data_of_a_put_is_ignored(deployment: FakeDeployment) -> None:
    anna, victim = deployment.user("anna"), deployment.user("victim")
    sent = {"method": "PUT", "path": f"/Users/{anna}", "data": {**BERT, "id": victim}}
    assert done(deployment, sent).status == 200
    assert deployment.shown("User", victim)["userName"] == "victim"
    assert deployment.shown("User", anna)["userName"] == BERT["userName"]


@pytest.mark.parametrize("data", [[LEAD], LEAD], ids=["an array", "one"])
def test_operations_alone_can_be_the_data_of_a_patch(
    deployment: FakeDeployment, data: object
) -> None:
    anna = deployment.user("anna")
    sent = {"method": "PATCH", "path": f"/Users/{anna}", "data": data}
    assert done(deployment, sent).status == 200
    assert deployment.shown("User", anna)["title"] == "Lead"


@pytest.mark.parametrize(
    ("ids", "status"), [({"b": "1"}, 403), ({}, 403)], ids=["resolved", "unresolved"]
)
def test_an_operation_needs_the_permission_of_the_single_request(
    deployment: FakeDeployment, ids: dict[str, str], status: int
) -> None:
    sent = {"method": "DELETE", "path": "/Users/bulkId:b"}
    outcome = done(deployment, sent, ids, denied=(Method.DELETE,))
    assert outcome.status == status
    assert outcome.error is not None
    assert "DELETE on /Users" in outcome.error.detail


@pytest.mark.parametrize(
    ("makes", "status", "said"),
    [((), 400, "no POST of this request has it"), (("u",), 409, "its POST failed")],
    ids=["unknown", "failed"],
)
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(
            {"method": "POST", "path": "/Groups", "data": {"members": [{"value": "bulkId:u"}]}},
            id="data",
        ),
        pytest.param({"method": "DELETE", "path": "/Users/bulkId:u"}, id="path"),
        pytest.param(
            {
                "method": "PATCH",
                "path": "/Groups/1",
                "data": {"Operations": [{"op": "remove", "path": 'members[value eq "bulkId:u"]'}]},
            },
            id="filter",
        ),
    ],
)
def test_an_unresolved_bulk_id_is_refused(
    deployment: FakeDeployment, sent: dict[str, Any], makes: tuple[str, ...], status: int, said: str
) -> None:
    outcome = done(deployment, {"bulkId": "x", **sent}, {}, *makes)
    assert outcome.status == status
    assert outcome.error is not None
    assert said in outcome.error.detail
    assert deployment.search("Group").total == 0


def test_a_long_bulk_id_is_not_repeated_whole(deployment: FakeDeployment) -> None:
    sent = {"method": "DELETE", "path": "/Users/bulkId:" + "x" * 10_000}
    outcome = done(deployment, sent)
    assert outcome.error is not None
    assert len(outcome.error.detail) < 200


CIRCLE = [
    {
        "method": "POST",
        "path": "/Users",
        "bulkId": "a",
        "data": {"userName": "a", ENTERPRISE_URN: {"manager": {"value": "bulkId:b"}}},
    },
    {
        "method": "POST",
        "path": "/Users",
        "bulkId": "b",
        "data": {"userName": "b", ENTERPRISE_URN: {"manager": {"value": "bulkId:a"}}},
    },
]


def test_a_circle_is_created_open_and_closed_by_a_link(deployment: FakeDeployment) -> None:
    first, second, link = steps(*CIRCLE)
    own = bulk_scope(deployment, "a", "b")
    b = performed(own, first, {}, None)
    assert b.is_unlinked
    assert ENTERPRISE_URN not in deployment.shown("User", str(b.id))
    a = performed(own, second, {"b": str(b.id)}, None)
    assert not a.is_unlinked
    ids = {"a": str(a.id), "b": str(b.id)}
    linked = performed(own, link, ids, b)
    assert (linked.status, linked.version, linked.is_unlinked) == (201, 'W/"2"', False)
    for name, other in (("a", "b"), ("b", "a")):
        manager = deployment.shown("User", ids[name])[ENTERPRISE_URN]["manager"]
        assert manager["value"] == ids[other]


def test_a_link_keeps_changes_made_by_others(deployment: FakeDeployment) -> None:
    first, second, link = steps(*CIRCLE)
    own = bulk_scope(deployment, "a", "b")
    b = performed(own, first, {}, None)
    a = performed(own, second, {"b": str(b.id)}, None)
    deployment.modify("User", str(b.id), {"op": "add", "path": "title", "value": "Dr."})
    linked = performed(own, link, {"a": str(a.id), "b": str(b.id)}, b)
    assert (linked.status, linked.location) == (409, b.location)
    assert deployment.shown("User", str(b.id))["title"] == "Dr."


def test_a_group_that_would_contain_itself_is_created_and_says_what_it_lacks(
    deployment: FakeDeployment,
) -> None:
    data = {"schemas": [GROUP_URN], "displayName": "A", "members": [{"value": "bulkId:g"}]}
    make, link = steps({"method": "POST", "path": "/Groups", "bulkId": "g", "data": data})
    own = bulk_scope(deployment, "g")
    made = performed(own, make, {}, None)
    linked = performed(own, link, {"g": str(made.id)}, made)
    assert (linked.status, linked.location) == (409, made.location)
    assert linked.error is not None
    assert "contain" in linked.error.detail
    assert deployment.member_ids(str(made.id)) == []


def test_an_operation_without_time_is_answered_503_or_as_unlinked(
    deployment: FakeDeployment,
) -> None:
    step, _, link = steps(*CIRCLE)
    own = bulk_scope(deployment, "a", "b")
    late = missed(own, step, {}, None)
    assert (late.status, late.location) == (503, None)
    made = performed(own, step, {}, None)
    unlinked = missed(own, link, {}, made)
    assert (unlinked.status, unlinked.location) == (409, made.location)
    (delete,) = steps({"method": "DELETE", "path": "/Users/1"})
    assert missed(own, delete, {}, None).location == f"{BASE}/Users/1"
    assert deployment.search("User").total == 1
