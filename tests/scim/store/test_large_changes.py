"""A reader sees a resource as it was before a large change or after it, never a part."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import Unavailable
from scim.service.messages import Query
from scim.service.query.edge_search import search_edges
from scim.store.directory.adapter import DynamoDirectory
from tests.fakes.endpoint import FakeDeployment, SetClock
from tests.scim.store.faults import Passing, dying_or_done

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WIDTH = 3
"""Edges of one transaction here, so that twelve that come or go are a large change."""
NEXT = "2026-03-01T10:00:01.000Z"

Look = Callable[[FakeDeployment, str], set[str]]


def _listed(page: Any) -> set[str]:
    return {each["value"] for group in page.resources for each in group.get("members", ())}


def by_id(deployment: FakeDeployment, group: str) -> set[str]:
    return set(deployment.member_ids(group))


def by_name(deployment: FakeDeployment, _: str) -> set[str]:
    return _listed(deployment.search("Group", filter='displayName eq "staff"'))


def by_list(deployment: FakeDeployment, _: str) -> set[str]:
    return _listed(deployment.search("Group"))


def by_unindexed(deployment: FakeDeployment, _: str) -> set[str]:
    return _listed(deployment.search("Group", filter='displayName co "taf"'))


def by_order(deployment: FakeDeployment, _: str) -> set[str]:
    return _listed(deployment.search("Group", sort_by="meta.created"))


def by_all_types(deployment: FakeDeployment, _: str) -> set[str]:
    return _listed(deployment.search("User", "Group", attributes=("members",)))


def by_memberships(deployment: FakeDeployment, group: str) -> set[str]:
    endpoint = deployment.endpoint("GroupMember")
    page = search_edges(endpoint, Query(filter=f'group.value eq "{group}"'))
    return {each["member"]["value"] for each in page.resources}  # type: ignore[index]


def by_every_membership(deployment: FakeDeployment, _: str) -> set[str]:
    page = search_edges(deployment.endpoint("GroupMember"), Query())
    return {each["member"]["value"] for each in page.resources}  # type: ignore[index]


LOOKS = [by_id, by_name, by_list, by_unindexed, by_order, by_all_types]
MEMBERSHIPS = [by_memberships, by_every_membership]


class Meanwhile(Passing):
    """Lets others act just before the edges of a group are read, once; `left` is whether it is to come."""

    def __init__(self, client: "DynamoDBClient", act: Callable[[], object]) -> None:
        super().__init__(client)
        self._act: Callable[[], object] | None = act

    @property
    def left(self) -> bool:
        return self._act is not None

    def query(self, **request: Any) -> Any:
        partition = request["ExpressionAttributeValues"][":p"]["S"]
        if partition.endswith("#members") and self._act is not None:
            act, self._act = self._act, None
            act()
        return self._client.query(**request)


def deployment_on(client: Any, table_name: str, time: str, begin: int) -> FakeDeployment:
    """Return the use cases on a table; each deployment makes ids of its own."""
    deployment = FakeDeployment(DynamoDirectory(client, table_name, width=WIDTH))
    deployment.clock = SetClock(time)
    deployment.ids.made = begin
    return deployment


@pytest.fixture(name="writer")
def _writer(client: "DynamoDBClient", table_name: str) -> FakeDeployment:
    return deployment_on(client, table_name, NEXT, 0)


def people(writer: FakeDeployment) -> tuple[str, list[str], list[str]]:
    """Return a group of six and the six who shall take their places."""
    users = [writer.user(f"p{number}") for number in range(12)]
    writer.clock.time = "2026-03-01T10:00:00.000Z"
    group = writer.group("staff", *users[:6])
    writer.clock.time = NEXT
    return group, users[:6], users[6:]


def exchange(writer: FakeDeployment, group: str, members: list[str]) -> None:
    """PUT the group with other members."""
    values = [{"value": each} for each in members]
    writer.replace("Group", group, {"displayName": "staff", "members": values})


def seen_after_a_death(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment, look: Look, writes: int
) -> tuple[bool, set[str], set[str], set[str]]:
    """Return whether the writer died, then what is seen, what was there and what was to come."""
    group, old, new = people(writer)
    with dying_or_done(client, "before-call", writes) as fault:
        exchange(writer, group, new)
    seen = look(deployment_on(client, table_name, NEXT, 500), group)
    return fault.has_died, seen, set(old), set(new)


@pytest.mark.parametrize("look", [by_name, by_memberships], ids=lambda look: look.__name__)
def test_a_change_interrupted_by_a_death_is_seen_whole(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment, look: Look
) -> None:
    died, seen, _, new = seen_after_a_death(client, table_name, writer, look, 3)
    assert died
    assert seen == new


@pytest.mark.long
@pytest.mark.parametrize("look", [*LOOKS, *MEMBERSHIPS], ids=lambda look: look.__name__)
@pytest.mark.parametrize("writes", range(7))
def test_a_change_interrupted_at_any_write_is_seen_whole(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment, look: Look, writes: int
) -> None:
    died, seen, old, new = seen_after_a_death(client, table_name, writer, look, writes)
    # One write that marks the group and stores what is to be done, four slices, one that ends it.
    assert died is (writes < 6)
    assert seen == (old if writes == 0 else new)


@pytest.mark.parametrize(
    ("look", "writes"),
    [
        pytest.param(
            look,
            writes,
            id=f"{look.__name__} {writes}",
            marks=() if (look, writes) in [(by_id, 3), (by_name, 99)] else pytest.mark.long,
        )
        for look in LOOKS
        for writes in (0, 1, 3, 99)
    ],
)
def test_a_change_begun_between_the_reading_of_a_group_and_of_its_members_is_seen_whole(
    client: "DynamoDBClient",
    table_name: str,
    writer: FakeDeployment,
    look: Look,
    writes: int,
) -> None:
    group, old, new = people(writer)

    def act() -> None:
        with dying_or_done(client, "before-call", writes):
            exchange(writer, group, new)

    meanwhile = Meanwhile(client, act)
    reader = deployment_on(meanwhile, table_name, NEXT, 500)
    assert look(reader, group) in (set(old), set(new))
    assert not meanwhile.left


def test_a_group_that_ends_while_its_members_are_read_is_shown_whole_or_not_at_all(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment
) -> None:
    group, _, _ = people(writer)

    def end() -> None:
        writer.delete("Group", group)
        writer.directory.sweep("2026-03-02T10:00:00.000Z", 1000)  # type: ignore[attr-defined]

    reader = deployment_on(Meanwhile(client, end), table_name, NEXT, 500)
    assert by_list(reader, group) == set()
    assert reader.search("Group").resources == ()


def test_members_decided_before_the_last_change_and_stored_after_it_are_of_the_version_shown(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment
) -> None:
    first, second, third = (writer.user(f"p{number}") for number in range(3))
    group = writer.group("staff", first)
    writer.clock.time = "2026-03-01T10:00:02.000Z"
    writer.add(group, second)

    def act() -> None:
        writer.clock.time = NEXT
        writer.add(group, third)
        writer.remove(group, second)

    reader = deployment_on(Meanwhile(client, act), table_name, "2026-03-01T10:00:02.000Z", 500)
    shown: Any = reader.shown("Group", group)
    assert shown["meta"]["version"].startswith('W/"4')
    assert {each["value"] for each in shown["members"]} == {first, third}


class Always(Meanwhile):
    """Lets others act before the edges of a group are read, each time."""

    def query(self, **request: Any) -> Any:
        act = self._act
        answer = super().query(**request)
        self._act = act
        return answer


def test_a_group_that_changes_all_the_time_is_not_shown_as_it_never_was(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment
) -> None:
    users = [writer.user(f"p{number}") for number in range(20)]
    group, rest = writer.group("staff", users[0]), iter(users[1:])
    reader = deployment_on(
        Always(client, lambda: writer.add(group, next(rest))), table_name, NEXT, 500
    )
    with pytest.raises(Unavailable):
        reader.shown("Group", group)


class BetweenSlices(Passing):
    """Lets others act before one of the transactions, once."""

    def __init__(self, client: "DynamoDBClient", number: int, act: Callable[[], object]) -> None:
        super().__init__(client)
        self._left, self._act = number, act

    def transact_write_items(self, **request: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self._act()
        return self._client.transact_write_items(**request)


def test_a_large_group_is_made_with_the_version_it_is_found_at(writer: FakeDeployment) -> None:
    users = [writer.user(f"p{number}") for number in range(6)]
    made = writer.create("Group", {"displayName": "all", "members": [{"value": u} for u in users]})
    assert made.resource is not None
    found = writer.read("Group", str(made.resource["id"]))
    assert (made.etag, made.resource) == (found.etag, found.resource)


def test_a_large_change_is_answered_as_it_is_though_a_member_was_deleted_meanwhile(
    client: "DynamoDBClient", table_name: str, writer: FakeDeployment
) -> None:
    group, old, new = people(writer)
    between = BetweenSlices(client, 2, lambda: writer.delete("User", old[-1]))
    other = deployment_on(between, table_name, NEXT, 500)
    body = {"displayName": "staff", "members": [{"value": each} for each in new]}
    answer, found = other.replace("Group", group, body), writer.read("Group", group)
    assert (answer.etag, answer.resource) == (found.etag, found.resource)
    assert found.etag.startswith('W/"5'), "two to make it, two of the exchange, one of the deletion"
