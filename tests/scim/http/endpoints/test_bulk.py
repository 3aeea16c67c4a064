"""`/Bulk` through the handler: one response for all operations."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scim.errors import MethodNotAllowed, PayloadTooLarge, TooManyRequests, Unavailable
from scim.http.endpoints import bulk as face
from scim.http.endpoints.bulk import bulk
from scim.principal import Principal
from scim.profile import Profile
from scim.profile.parts import BulkRules
from scim.resource.change import Creation
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.endpoint import Bounds
from tests.fakes.client import deployment_of, request
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import ENTERPRISE_URN, TENANT, FakeDeployment
from tests.fakes.operations import group, managed, user

Operations = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _fakes_are_for_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "SIDE_BY_SIDE", 1)


def sent(
    deployment: FakeDeployment, operations: Operations, **members: Any
) -> list[dict[str, Any]]:
    """Return the entries of the BulkResponse."""
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations, **members}
    reply = bulk(deployment_of(deployment), request("POST", body=body))
    assert reply.status == 200
    assert reply.body is not None
    assert reply.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]
    entries: Any = reply.body["Operations"]
    return list(entries)


def add(name: str, *members: str) -> dict[str, Any]:
    values = [{"value": f"bulkId:{each}"} for each in members]
    data = {"Operations": [{"op": "add", "path": "members", "value": values}]}
    return {"method": "PATCH", "path": f"/Groups/bulkId:{name}", "data": data}


def statuses(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["status"] for entry in entries]


def test_only_post_is_served() -> None:
    with pytest.raises(MethodNotAllowed):
        bulk(deployment_of(FakeDeployment()), request("GET"))


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)], ids=["N", "N+1"])
def test_the_payload_may_be_as_large_as_the_limit(more: int, *, is_taken: bool) -> None:
    body = {"schemas": [BULK_REQUEST_URN], "Operations": [user("anna")]}
    asked = request("POST", body=body)
    bounds = Bounds(bulk_payload_bytes=len(asked.body) - more)
    own = deployment_of(FakeDeployment(bounds=bounds))
    if is_taken:
        assert bulk(own, asked).status == 200
        return
    with pytest.raises(PayloadTooLarge) as refused:
        bulk(own, asked)
    limit = len(asked.body) - 1
    said = f"The size of the bulk operation exceeds the maxPayloadSize ({limit})."
    assert refused.value.detail == said


def test_a_request_may_have_as_many_operations_as_the_limit() -> None:
    deployment = FakeDeployment(bounds=Bounds(bulk_operations=3))
    assert statuses(sent(deployment, [user(name) for name in "abc"])) == ["201"] * 3
    with pytest.raises(PayloadTooLarge) as refused:
        sent(deployment, [user(name) for name in "defg"])
    assert refused.value.detail == "The number of operations exceeds the maxOperations (3)."
    assert deployment.search("User").total == 3


class PoisonedDirectory(FakeDirectory):
    """Fails on whatever is called poison."""

    def create(self, tenant: str, creation: Creation) -> int:
        if creation.body.get("userName") == "poison":
            raise ZeroDivisionError
        return super().create(tenant, creation)


def test_a_poison_operation_fails_alone_without_revealing_why() -> None:
    deployment = FakeDeployment(PoisonedDirectory())
    entries = sent(deployment, [user("a"), user("poison"), user("b"), group("g", "poison", "a")])
    assert statuses(entries) == ["201", "500", "201", "409"]
    assert "Zero" not in str(entries)


def test_a_poison_link_fails_alone() -> None:
    class Poisoned(FakeDirectory):
        update: Callable[..., int] = property(lambda self: 1 / 0)  # type: ignore[assignment]

    entries = sent(FakeDeployment(Poisoned()), [managed("a", "b"), managed("b", "a")])
    assert statuses(entries) == ["201", "409"]


def test_operations_without_time_left_are_answered_503_and_not_done() -> None:
    deployment = FakeDeployment()
    watch = iter([9.0, 2.9, 2.9])
    body = {"schemas": [BULK_REQUEST_URN], "Operations": [user("a"), user("b"), user("c")]}
    asked = replace(request("POST", body=body), time_left=lambda: next(watch))
    reply = bulk(deployment_of(deployment), asked)
    assert reply.body is not None
    entries: Any = reply.body["Operations"]
    assert statuses(entries) == ["201", "503", "503"]
    assert "Send it again" in entries[2]["response"]["detail"]
    assert deployment.search("User").total == 1


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("bulk", ["403", "403", "403", "403"]),
        ("bulk users:create", ["201", "403", "403", "403"]),
        ("bulk users:create groups:create groups:update", ["201", "201", "200", "403"]),
        ("bulk *:create users:delete", ["201", "201", "403", "204"]),
        ("bulk users:*", ["201", "403", "403", "204"]),
        ("*", ["201", "201", "200", "204"]),
    ],
)
def test_every_operation_needs_the_permission_it_needs_alone(
    scopes: str, expected: list[str]
) -> None:
    operations = [
        user("a"),
        group("g"),
        add("g", "a"),
        {"method": "DELETE", "path": "/Users/bulkId:a"},
    ]
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    caller = Principal(TENANT, "t1", frozenset(scopes.split()))
    reply = bulk(
        deployment_of(FakeDeployment()), replace(request("POST", body=body), principal=caller)
    )
    assert reply.body is not None
    entries: Any = reply.body["Operations"]
    assert statuses(entries) == expected


def test_after_the_error_limit_no_further_operation_is_performed() -> None:
    deployment = FakeDeployment()
    operations = [user("a"), user("a", x=1) | {"bulkId": "again"}, user("b")]
    assert statuses(sent(deployment, operations, failOnErrors=1)) == ["201", "409"]
    assert deployment.search("User").total == 1
    assert statuses(sent(deployment, operations, failOnErrors=0)) == ["409", "409", "201"]


def test_the_client_names_what_it_makes_in_any_order() -> None:
    deployment = FakeDeployment()
    operations = [
        {"method": "DELETE", "path": "/Users/bulkId:gone"},
        add("g", "u"),
        group("g", "gone"),
        user("u"),
        user("gone"),
    ]
    assert statuses(sent(deployment, operations)) == ["204", "200", "201", "201", "201"]
    assert names(deployment)[1] == {"g": ["u"]}


def names(deployment: FakeDeployment) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the directory by names: whom users report to, whom groups hold."""
    called = {
        each["id"]: each.get("userName", each.get("displayName"))
        for each in deployment.search("User", "Group").resources
    }
    users: dict[str, Any] = {}
    for each in deployment.search("User").resources:
        extension: Any = each.get(ENTERPRISE_URN, {})
        manager = extension.get("manager", {}).get("value")
        users[str(each["userName"])] = called.get(manager)
    groups: dict[str, Any] = {}
    for each in deployment.search("Group").resources:
        members: Any = each.get("members", [])
        groups[str(each["displayName"])] = sorted(str(called[one["value"]]) for one in members)
    return users, groups


COMPANY: Operations = [
    managed("a", "b"),
    managed("b", "c"),
    managed("c", "a"),
    managed("d", "d"),
    user("e"),
    group("all", "a", "b", "some"),
    group("some", "c"),
    add("some", "d"),
    add("all", "e"),
    {"method": "PATCH", "path": "/Users/bulkId:e", "data": {"Operations": [
        {"op": "add", "path": f"{ENTERPRISE_URN}:manager", "value": {"value": "bulkId:a"}}
    ]}},
]  # fmt: skip
EXPECTED = (
    {"a": "b", "b": "c", "c": "a", "d": "d", "e": "a"},
    {"all": ["a", "b", "e", "some"], "some": ["c", "d"]},
)


@hypothesis_settings(max_examples=20)
@given(st.permutations(COMPANY))
def test_any_order_of_a_company_makes_the_same_directory(operations: Operations) -> None:
    deployment = FakeDeployment()
    entries = sent(deployment, operations)
    assert {entry["status"] for entry in entries} == {"200", "201"}
    assert names(deployment) == EXPECTED


@hypothesis_settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(2, 8))
def test_any_web_of_managers_is_made_as_it_was_sent(chance: random.Random, size: int) -> None:
    web = {f"u{n}": f"u{chance.randrange(size)}" for n in range(size)}
    deployment = FakeDeployment()
    entries = sent(deployment, [managed(*pair) for pair in web.items()])
    assert statuses(entries) == ["201"] * size
    assert names(deployment)[0] == web


OWN = Profile(bulk=BulkRules(methods=("GET", "POST", "DELETE"), exceeded_status=422))


def test_a_profile_may_read_in_bulk() -> None:
    deployment = FakeDeployment(profile=OWN)
    anna = deployment.user("anna")
    found, gone = sent(
        deployment,
        [
            {"method": "GET", "path": f"/Users/{anna}"},
            {"method": "GET", "path": "/Users/nobody"},
        ],
    )
    assert (found["status"], found["response"]["userName"]) == ("200", "anna")
    assert (gone["status"], gone["response"]["status"]) == ("404", "404")


def test_a_result_too_large_for_the_response_is_an_error_of_its_operation() -> None:
    in_order = replace(OWN, bulk=replace(OWN.bulk, sequential=True))
    deployment = FakeDeployment(profile=in_order, bounds=Bounds(answer_bytes=100_000))
    anna = deployment.user("anna", title='"' * 15_000)  # four bytes each, as Lambda counts them
    read = {"method": "GET", "path": f"/Users/{anna}"}
    short = {"method": "GET", "path": f"/Users/{anna}?attributes=userName"}
    listed = {"method": "GET", "path": "/Users"}
    entries = sent(deployment, [read, read, {**user("bert"), "bulkId": "b"}, short, listed])
    assert statuses(entries) == ["200", "413", "201", "200", "413"]
    assert "no room for this result" in entries[1]["response"]["detail"]
    assert len(json.dumps(json.dumps(entries))) < 100_000


@pytest.mark.parametrize(
    ("most", "status", "done"),
    [(1, 422, ["409"]), (2, 422, ["409", "409"]), (3, 200, ["409", "409", "201"])],
)
def test_a_profile_may_fail_as_a_whole_where_errors_are_too_many(
    most: int, status: int, done: list[str]
) -> None:
    deployment = FakeDeployment(profile=OWN)
    deployment.user("anna")
    operations = [{**user("anna"), "bulkId": "1"}, {**user("anna"), "bulkId": "2"}, user("bert")]
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations, "failOnErrors": most}
    reply = bulk(deployment_of(deployment), request("POST", body=body))
    assert reply.body is not None
    entries: Any = reply.body["Operations"]
    assert (reply.status, statuses(entries)) == (status, done)


THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Query")


class Slowing(FakeDirectory):
    """Is busy with one name, throttled for another."""

    def create(self, tenant: str, creation: Creation) -> int:
        match creation.body.get("userName"):
            case "busy":
                raise Unavailable("Others are in the way.", retry_after=5)
            case "slow":
                raise TooManyRequests("Slow down.", retry_after=2) from THROTTLED
        return super().create(tenant, creation)


@pytest.mark.parametrize(
    ("names", "wait"),
    [
        (("kim",), None),
        (("kim", "slow"), "2"),
        (("slow", "busy", "kim"), "5"),
        (("kim", "kim"), None),
    ],
    ids=["all done", "one throttled", "the longest wait serves all", "a conflict does not pass"],
)
def test_the_response_says_when_to_send_throttled_operations_again(
    names: tuple[str, ...], wait: str | None
) -> None:
    deployment = deployment_of(FakeDeployment(Slowing()))
    operations = [{**user(name), "bulkId": f"b{n}"} for n, name in enumerate(names)]
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    reply = bulk(deployment, request("POST", body=body))
    assert reply.status == 200
    assert reply.headers.get("Retry-After") == wait


def test_the_log_has_what_kept_operations_from_being_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No alarm tells it: the request has status 200."""
    operations = [{**user(name), "bulkId": name} for name in ("kim", "slow", "KIM")]
    with caplog.at_level("ERROR"):
        entries = sent(FakeDeployment(Slowing()), operations)
    assert statuses(entries) == ["201", "429", "409"]
    (line,) = caplog.records
    assert line.message == "operations not done"
    assert (vars(line)["tenant"], vars(line)["cause"]) == (TENANT, "Query: ThrottlingException")
