"""While DynamoDB throttles or is silent, clients get the whole answer or an error in time."""

from typing import TYPE_CHECKING

import pytest

from scim.errors import NotFound, TooManyRequests, Unavailable
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import Write, absent
from scim.store.keys.directory import ItemKey
from tests.fakes.endpoint import FakeDeployment, names_in
from tests.scim.store.faults import Lagging, Partial, SetWatch, Silent, refusing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WITHIN = 10.0
"""Seconds within which an answer is promised, the authorizer's included."""
AUTHORIZER = 2.0
"""Seconds the authorizer may have taken of them."""


@pytest.fixture(name="watch")
def _watch() -> SetWatch:
    return SetWatch()


def patient(watch: SetWatch, deadline: Deadline | None = None) -> Retry:
    """Return the retries of the deployment, as slow as their dice can make them."""
    return Retry(
        sleep=watch.sleep,
        clock=watch,
        chance=lambda: 0.999,
        deadline=deadline or Deadline(),
    )


@pytest.fixture(name="throttled")
def _throttled(client: "DynamoDBClient", table_name: str, watch: SetWatch) -> Partial:
    return Partial(client, 2)


@pytest.fixture(name="deployment")
def _deployment(throttled: Partial, table_name: str, watch: SetWatch) -> FakeDeployment:
    return FakeDeployment(DynamoDirectory(throttled, table_name, retry=patient(watch)))


def test_members_that_throttling_held_back_are_read_on(
    deployment: FakeDeployment, throttled: Partial
) -> None:
    people = [deployment.user(f"p{number}", displayName=f"P {number}") for number in range(7)]
    group = deployment.group("staff", *people)
    throttled.cut = 0
    shown = deployment.shown("Group", group)["members"]
    assert [each["display"] for each in sorted(shown, key=lambda each: str(each["value"]))] == [
        f"P {number}" for number in range(7)
    ]
    assert throttled.cut > 0


def test_groups_of_a_user_that_throttling_held_back_are_read_on(
    deployment: FakeDeployment, throttled: Partial
) -> None:
    user = deployment.user("kim")
    for number in range(6):
        deployment.group(f"g{number}", user)
    throttled.cut = 0
    shown = deployment.shown("User", user)["groups"]
    assert sorted(each["display"] for each in shown) == [f"g{number}" for number in range(6)]
    assert throttled.cut > 0


def test_users_of_a_page_that_throttling_held_back_are_read_on(
    deployment: FakeDeployment, throttled: Partial
) -> None:
    for number in range(7):
        deployment.user(f"sam{number}")
    throttled.cut = 0
    page = deployment.search("User", filter='userName sw "sam"', sort_by="userName")
    assert names_in(page) == [f"sam{number}" for number in range(7)]
    assert page.total == 7
    assert throttled.cut > 0


def test_live_targets_that_throttling_held_back_are_no_unknown_members(
    deployment: FakeDeployment, throttled: Partial
) -> None:
    people = [deployment.user(f"p{number}") for number in range(7)]
    group = deployment.group("staff")
    throttled.cut = 0
    deployment.add(group, *people)
    assert deployment.member_ids(group) == sorted(people)
    assert throttled.cut > 0


def test_lasting_throttling_is_an_error_and_not_a_shorter_list(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    open_ = FakeDeployment(DynamoDirectory(client, table_name))
    people = [open_.user(f"sam{number}") for number in range(4)]
    open_.group("staff", *people)
    blocked = Partial(client, 0)
    deployment = FakeDeployment(DynamoDirectory(blocked, table_name, retry=patient(watch)))
    with pytest.raises(TooManyRequests) as told:
        deployment.search("User", filter='userName sw "sam"')
    assert "Retry-After" in told.value.headers()
    assert watch.now < WITHIN - AUTHORIZER


def test_a_silent_store_is_one_503_in_time(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    deadline = Deadline()
    silent = Silent(client, watch)
    retry = patient(watch, deadline)
    deployment = FakeDeployment(DynamoDirectory(silent, table_name, retry=retry))
    deadline.begin(lambda: 25.0 - watch.now)
    with pytest.raises(Unavailable) as told:
        deployment.user("kim")
    assert "Retry-After" in told.value.headers()
    assert len(silent.asked) == 2
    assert watch.now < WITHIN - AUTHORIZER


def test_a_store_that_is_silent_now_and_then_costs_a_request_no_more_than_one_that_always_is(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    silent = Silent(client, watch)
    deadline = Deadline()
    directory = DynamoDirectory(silent, table_name, retry=patient(watch, deadline))
    deadline.begin(lambda: 25.0 - watch.now)
    for _ in range(20):
        silent.is_silent = True
        with pytest.raises(Unavailable):
            directory.count("acme", "User")
        silent.is_silent = False
        with pytest.raises(Unavailable):
            directory.count("acme", "User")
    assert watch.now < WITHIN - AUTHORIZER
    assert len(silent.asked) == 2


def test_the_next_request_asks_the_store_again(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    silent = Silent(client, watch)
    deadline = Deadline()
    directory = DynamoDirectory(silent, table_name, retry=patient(watch, deadline))
    deadline.begin(lambda: 25.0)
    with pytest.raises(Unavailable):
        directory.count("acme", "User")
    silent.is_silent = False
    deadline.begin(lambda: 25.0)
    assert directory.count("acme", "User") == 0


def test_the_store_is_not_asked_after_the_deadline(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    silent = Silent(client, watch)
    deadline = Deadline()
    directory = DynamoDirectory(silent, table_name, retry=patient(watch, deadline))
    deadline.begin(lambda: 0.0)
    with pytest.raises(Unavailable):
        directory.count("acme", "User")
    assert not silent.asked


def test_repetitions_stop_at_the_deadline_of_the_request(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    deadline = Deadline()
    directory = DynamoDirectory(client, table_name, retry=patient(watch, deadline))
    deadline.begin(lambda: 1.0 - watch.now)
    with refusing(client, 99, "ThrottlingException") as asked, pytest.raises(TooManyRequests):
        FakeDeployment(directory).user("kim")
    assert watch.now <= 1.0
    assert len(asked.tokens) <= 5


def test_a_throttled_write_is_sent_nine_times_at_most(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    directory = DynamoDirectory(client, table_name, retry=patient(watch))
    with refusing(client, 99, "ThrottlingException") as asked, pytest.raises(TooManyRequests):
        FakeDeployment(directory).user("kim")
    assert len(asked.tokens) <= 9
    assert watch.now < WITHIN - AUTHORIZER


def test_a_write_that_was_not_answered_is_repeated_as_the_same(
    client: "DynamoDBClient", table_name: str, watch: SetWatch
) -> None:
    silent = Silent(client, watch)
    table = Table(silent, table_name, Meter(), patient(watch))
    write = Write("Put", ItemKey("p", "a"), (absent(),), item={"k": "x"})
    with pytest.raises(Unavailable):
        table.write([write])
    assert len({request["ClientRequestToken"] for request in silent.asked}) == 1
    assert len(silent.asked) == 2


def acknowledged(client: "DynamoDBClient", table_name: str) -> tuple[FakeDeployment, str, str]:
    """Return a deployment on replicas that lag, a user deleted and a group renamed since."""
    now = FakeDeployment(DynamoDirectory(client, table_name))
    gone, staff = now.user("kim"), now.group("staff")
    behind = Lagging(client, table_name)
    now.delete("User", gone)
    now.replace("Group", staff, {"displayName": "crew"})
    return FakeDeployment(DynamoDirectory(behind, table_name)), gone, staff


def test_a_deleted_resource_is_not_found_by_the_next_request(
    client: "DynamoDBClient", table_name: str
) -> None:
    deployment, gone, _ = acknowledged(client, table_name)
    with pytest.raises(NotFound):
        deployment.read("User", gone)
    assert deployment.search("User", filter='userName eq "kim"').total == 0


def test_a_version_is_never_older_than_the_one_acknowledged(
    client: "DynamoDBClient", table_name: str
) -> None:
    deployment, _, staff = acknowledged(client, table_name)
    assert deployment.read("Group", staff).etag == 'W/"2"'
    found = deployment.search("Group", filter=f'id eq "{staff}"').resources[0]
    assert (found["displayName"], found["meta"]["version"]) == ("crew", 'W/"2"')  # type: ignore[index]


def test_names_of_groups_are_those_acknowledged(client: "DynamoDBClient", table_name: str) -> None:
    now = FakeDeployment(DynamoDirectory(client, table_name))
    kim = now.user("kim")
    groups = [now.group(name, kim) for name in ("a", "b")]
    behind = Lagging(client, table_name)
    for group, name in zip(groups, ("c", "d"), strict=True):
        now.modify("Group", group, {"op": "replace", "path": "displayName", "value": name})
    shown = FakeDeployment(DynamoDirectory(behind, table_name)).shown("User", kim)["groups"]
    assert sorted(each["display"] for each in shown) == ["c", "d"]


def test_a_lagging_index_shows_no_deleted_resource(
    client: "DynamoDBClient", table_name: str
) -> None:
    deployment, _, _ = acknowledged(client, table_name)
    since = 'meta.lastModified ge "2026-01-01T00:00:00Z"'
    assert deployment.search("User", filter=since).total == 0
    assert names_in(deployment.search("Group", filter=since)) == ["crew"]
