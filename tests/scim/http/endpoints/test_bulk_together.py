"""Creations of a Bulk request in shared transactions: only their number shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Self

import pytest

from scim.errors import Unavailable
from scim.fsck import violations
from scim.http.endpoints import bulk as face
from scim.http.endpoints.bulk import bulk
from scim.http.message.response import Reply
from scim.profile import Profile
from scim.profile.parts import BulkRules
from scim.resource.change import Creation
from scim.resource.record import Stale
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.dry_run import DryRunDirectory, OverlayInMemory
from scim.service.visibility.deployment import origin_of
from scim.service.visibility.remembered_names import RememberedNames
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from tests.contract.stores import moto_client, new_table
from tests.fakes.client import deployment_of, request
from tests.fakes.endpoint import TENANT, FakeDeployment
from tests.fakes.joining import JoiningDirectory
from tests.fakes.operations import group, user


@pytest.fixture(autouse=True)
def _fakes_are_for_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "SIDE_BY_SIDE", 1)


def asked(deployment: FakeDeployment, operations: list[Any], **members: Any) -> Reply:
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations, **members}
    sent = request("POST", body=body)
    principal = replace(sent.principal, filters=deployment.filters)
    return bulk(deployment_of(deployment), replace(sent, principal=principal))


def statuses(reply: Reply) -> list[str]:
    assert reply.body is not None
    entries: Any = reply.body["Operations"]
    return [entry["status"] for entry in entries]


def people(*names: str) -> list[Any]:
    return [user(name) for name in names]


def sent(directory: JoiningDirectory, *names: str) -> list[str]:
    return statuses(asked(FakeDeployment(directory), people(*names)))


@pytest.mark.parametrize(
    ("number", "lanes", "parts"),
    [
        (1, 1, []),
        (2, 8, [2]),
        (8, 8, [8]),
        (9, 8, [8, 1]),
        (100, 8, [13] * 7 + [9]),
        (40, 1, [16, 16, 8]),
    ],
)
def test_creations_are_divided_evenly_into_transactions(
    number: int, lanes: int, parts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "SIDE_BY_SIDE", lanes)
    monkeypatch.setattr("scim.service.bulk.run.ThreadPoolExecutor", OneThread)
    directory = JoiningDirectory()
    assert sent(directory, *(f"u{n}" for n in range(number))) == ["201"] * number
    # One alone is a creation like any other.
    assert [len(each) for each in directory.together] == [each for each in parts if each > 1]
    assert directory.count(TENANT, "User") == number


class OneThread:
    """Does everything at once, in the thread that asks for it."""

    map = staticmethod(map)

    def __init__(self, _: int) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


def test_each_creation_is_answered_as_if_it_came_alone() -> None:
    directory = JoiningDirectory()
    deployment = FakeDeployment(directory)
    deployment.user("bob")
    reply = asked(deployment, [*people("ann", "BOB", "cy"), user("")])
    assert reply.body is not None
    entries: Any = reply.body["Operations"]
    assert statuses(reply) == ["201", "409", "201", "400"]
    assert [entry.get("version") for entry in entries] == ['W/"1"', None, 'W/"1"', None]
    assert entries[1]["response"]["scimType"] == "uniqueness"
    ids = [entry["location"].rpartition("/")[2] for entry in entries if "location" in entry]
    assert [deployment.shown("User", id_)["userName"] for id_ in ids] == ["ann", "cy"]
    assert directory.together == [["ann", "BOB", "cy"]]


def test_the_caller_is_recorded_with_each_creation() -> None:
    directory = JoiningDirectory()
    sent(directory, "ann", "bob")
    principal = request("POST").principal
    assert [each.origin for each in directory.changes] == [origin_of(principal)] * 2


def test_a_creation_with_references_is_made_alone_and_once() -> None:
    directory = JoiningDirectory()
    deployment = FakeDeployment(directory)
    boss = deployment.user("boss")
    operations = [group("all"), user("bob"), user("cy"), user("dan")]
    operations[0]["data"]["members"] = [{"value": boss}]
    assert statuses(asked(deployment, operations)) == ["201"] * 4
    assert directory.together == [["bob", "cy", "dan"]]
    assert (directory.count(TENANT, "User"), directory.count(TENANT, "Group")) == (4, 1)


@pytest.mark.parametrize(
    ("profile", "filters", "members"),
    [
        (Profile(), "", {"failOnErrors": 1}),
        (Profile(bulk=BulkRules(sequential=True)), "", {}),
        (Profile(), '{"User": "userName pr"}', {}),
    ],
    ids=["errors end it", "one after the other", "a token with filters"],
)
def test_creations_are_made_one_by_one_where_the_difference_would_show(
    profile: Profile, filters: str, members: dict[str, Any]
) -> None:
    directory = JoiningDirectory()
    deployment = FakeDeployment(directory, profile=profile, filters=filters)
    assert statuses(asked(deployment, people("ann", "bob"), **members)) == ["201", "201"]
    assert (directory.together, directory.count(TENANT, "User")) == ([], 2)


def test_a_dry_run_makes_no_creations_together() -> None:
    principal = request("POST").principal
    deployment = deployment_of(FakeDeployment(JoiningDirectory()))
    assert deployment.creations(principal) is not None
    dry_run = DryRunDirectory(deployment.directory, OverlayInMemory())
    assert replace(deployment, directory=dry_run).creations(principal) is None


class Changing(JoiningDirectory):
    """Tells something else than it should of those that are made together, and makes none."""

    def __init__(self, told: Exception) -> None:
        super().__init__()
        self.told = told

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        return [self.told for _ in creations]


def test_creations_refused_as_stale_are_made_alone() -> None:
    directory = Changing(Stale())
    assert sent(directory, "ann", "bob") == ["201", "201"]
    assert directory.count(TENANT, "User") == 2


def test_creations_of_unknown_outcome_are_answered_503_and_not_repeated() -> None:
    directory = Changing(Unavailable("No answer.", retry_after=5))
    reply = asked(FakeDeployment(directory), people("ann", "bob"))
    assert (statuses(reply), reply.headers) == (["503", "503"], {"Retry-After": "5"})
    assert directory.count(TENANT, "User") == 0


class Poisoned(JoiningDirectory):
    """Fails on whatever is made together."""

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        raise ZeroDivisionError


def test_poison_fails_every_operation_it_may_have_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim.service.bulk.run.MOST", 2)
    monkeypatch.setattr("scim.service.bulk.run.LEAST", 2)
    reply = asked(FakeDeployment(Poisoned()), people("ann", "bob", "cy"))
    assert statuses(reply) == ["500", "500", "201"]
    assert "Zero" not in str(reply.body)


def test_poison_in_one_operation_fails_that_operation_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory = JoiningDirectory()
    deployment = FakeDeployment(directory)
    made, failures = deployment.ids.new, [ZeroDivisionError()]

    def new() -> str:
        if failures:
            raise failures.pop()
        return made()

    monkeypatch.setattr(deployment.ids, "new", new)
    assert statuses(asked(deployment, people("ann", "bob"))) == ["500", "201"]


@pytest.fixture
def stored() -> Iterator[tuple[FakeDeployment, Meter]]:
    with moto_client() as client:
        table = new_table(client)
        meter = Meter()
        directory = DynamoDirectory(client, table, meter=meter)
        yield FakeDeployment(directory), meter
        assert violations(client.scan(TableName=table)["Items"]) == []


def test_many_are_one_round_trip_and_one_counter(stored: tuple[FakeDeployment, Meter]) -> None:
    deployment, meter = stored
    asked(deployment, people("other"))
    meter.reset()
    assert statuses(asked(deployment, people(*"abcdefgh"))) == ["201"] * 8
    # The resource, with its key in the index, and the user name, each for two units; and the counter.
    assert (meter.reading().round_trips, meter.reading().wcu) == (1, 8 * 5 + 2)
    assert deployment.directory.count(TENANT, "User") == 9


def test_a_taken_name_does_not_stop_the_other_creations(
    stored: tuple[FakeDeployment, Meter],
) -> None:
    deployment, meter = stored
    asked(deployment, people("bob"))
    meter.reset()
    assert statuses(asked(deployment, people("ann", "bob", "cy"))) == ["201", "409", "201"]
    assert meter.reading().round_trips == 2
    assert deployment.directory.count(TENANT, "User") == 3


def test_names_that_are_remembered_are_those_that_were_just_given(
    stored: tuple[FakeDeployment, Meter],
) -> None:
    deployment, meter = stored
    remembering = RememberedNames(deployment.directory, 60, lambda: 0.0)
    meter.reset()
    assert statuses(
        asked(FakeDeployment(remembering, ids=deployment.ids), people("ann", "bob"))
    ) == ["201", "201"]
    assert meter.reading().round_trips == 1
