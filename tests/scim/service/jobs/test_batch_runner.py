"""Creations of a batch in shared transactions: only their number shows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import Unavailable
from scim.fsck import open_work, violations
from scim.resource.change import Creation
from scim.resource.job import Job
from scim.service.jobs.batches import Sizes
from scim.service.jobs.export import Unfinished
from scim.service.jobs.states import do_batch, finish
from scim.service.system import SystemClock
from scim.store.directory.attribution import attribution_in
from tests.fakes.operations import ENTERPRISE, group, managed, named, user
from tests.fakes.workshop import Workshop, workshop
from tests.scim.store.faults import WRITE, dying, refusing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PEOPLE = [user(name) for name in ("ann", "bob", "cy", "dan", "eve", "fay")]

SIZES = Sizes(25, 50)


@pytest.fixture
def shop(client: "DynamoDBClient") -> Workshop:
    return workshop(client, sizes=SIZES)


@contextmanager
def counting(client: "DynamoDBClient") -> Iterator[list[int]]:
    """Note how many items each transaction inside the block writes."""
    written: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        written.append(str(params["body"]).count('"TableName"'))

    client.meta.events.register(f"before-call.{WRITE}", note)
    try:
        yield written
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", note)


@contextmanager
def asked_of(client: "DynamoDBClient") -> Iterator[list[str]]:
    """Note what is asked of the table inside the block."""
    asked: list[str] = []

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    client.meta.events.register("before-call.dynamodb", note)
    try:
        yield asked
    finally:
        client.meta.events.unregister("before-call.dynamodb", note)


def statuses(shop: Workshop, job: Job) -> list[str]:
    return [entry["status"] for entry in shop.entries(job)]


def users(shop: Workshop) -> list[str]:
    deployment = shop.job_context.deployment
    rows = [item for item in shop.items() if item["k"]["S"] == "resource"]
    assert deployment.directory.count("acme", "User") == len(rows)
    assert (violations(shop.items()), open_work(shop.items())) == ([], [])
    return sorted(item["sk"]["S"] for item in rows)


def test_a_batch_of_creations_is_two_transactions(shop: Workshop) -> None:
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    with counting(shop.client) as written:
        do_batch(shop.job_context, batch, lambda: False)
    # Six of resource, user name and result with one counter; then the batch and the job's counts.
    assert written == [6 * 3 + 1, 2]
    assert (statuses(shop, job), len(users(shop))) == (["201"] * 6, 6)
    assert [entry["version"] for entry in shop.entries(job)] == ['W/"1"'] * 6


@pytest.mark.parametrize(
    ("spread", "read"), [(4, "Query"), (0, "BatchGetItem")], ids=["neighbours", "far apart"]
)
def test_a_batch_reads_its_results_at_once_and_a_known_job_not_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, spread: int, read: str
) -> None:
    monkeypatch.setattr("scim.service.jobs.states.SPREAD", spread)
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    known = shop.state_of(job)
    with asked_of(shop.client) as asked:
        do_batch(shop.job_context, batch, lambda: False, known)
    assert asked == [read, "TransactWriteItems", "TransactWriteItems"]
    with asked_of(shop.client) as asked:
        do_batch(shop.job_context, batch, lambda: False, known)
    # All of it is done: whether it was closed, too, is asked then.
    assert asked == [read, "GetItem"]


def test_a_long_row_of_creations_is_cut_at_the_size_of_a_transaction(shop: Workshop) -> None:
    job = shop.accept([user(f"u{number}") for number in range(35)])
    ((batch,),) = shop.planned(job)
    with counting(shop.client) as written:
        do_batch(shop.job_context, batch, lambda: False)
    assert written == [33 * 3 + 1, 2 * 3 + 1, 2]
    assert len(users(shop)) == 35


def test_a_late_worker_makes_the_waiting_creations_and_leaves_the_rest(shop: Workshop) -> None:
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    late = iter([False] * 4)
    with counting(shop.client) as written, pytest.raises(Unfinished):
        do_batch(shop.job_context, batch, lambda: next(late, True))
    assert written == [4 * 3 + 1]
    do_batch(shop.job_context, batch, lambda: False)
    assert (statuses(shop, job), shop.state_of(job).done) == (["201"] * 6, 6)


def test_a_batch_that_is_closed_is_not_closed_again(shop: Workshop) -> None:
    ((batch,),) = shop.planned(shop.accept(PEOPLE))
    do_batch(shop.job_context, batch, lambda: False)
    with counting(shop.client) as written:
        do_batch(shop.job_context, batch, lambda: False)
    assert written == []


def test_a_user_with_a_manager_is_created_alone(shop: Workshop) -> None:
    shop.turn(shop.accept([user("boss")]))
    (boss,) = users(shop)
    manager = {ENTERPRISE: {"manager": {"value": boss}}}
    job = shop.accept([user("ann", **manager), user("bob"), user("cy", **manager)])
    ((batch,),) = shop.planned(job)
    with counting(shop.client) as written:
        do_batch(shop.job_context, batch, lambda: False)
    # Each with a counter: the one in between is made between them.
    assert written == [4, 4, 4, 2]
    assert statuses(shop, job) == ["201"] * 3


def test_only_the_creation_that_wants_a_taken_value_is_refused(shop: Workshop) -> None:
    shop.turn(shop.accept([user("CY"), user("fay")]))
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    with counting(shop.client) as written:
        do_batch(shop.job_context, batch, lambda: False)
    assert statuses(shop, job) == ["201", "201", "409", "201", "201", "409"]
    # Refused, made without the two; each of these is but told, which the store has said why already.
    assert written == [19, 13, 1, 1, 2]
    refused = shop.entries(job)[2]["response"]
    assert refused["scimType"] == "uniqueness"
    assert len(users(shop)) == 6


def test_the_first_of_two_creations_with_one_unique_value_succeeds(shop: Workshop) -> None:
    job = shop.accept([user("ann"), user("bob"), {**user("ANN"), "bulkId": "other"}, user("cy")])
    shop.turn(job)
    assert statuses(shop, job) == ["201", "201", "409", "201"]


def test_an_operation_finds_the_resources_it_needs(shop: Workshop) -> None:
    job = shop.accept(
        [
            user("ann"),
            user("bob"),
            named("/Users/bulkId:bob", "Bob"),
            managed("deputy", "ann"),
            group("staff", "ann", "bob", "deputy"),
            user("cy"),
        ]
    )
    shop.turn(job)
    assert statuses(shop, job) == ["201", "201", "200", "201", "201", "201"]
    assert (violations(shop.items()), open_work(shop.items())) == ([], [])


def test_an_error_is_reported_on_its_own_operation(shop: Workshop) -> None:
    wrong = user("x", active="perhaps")
    job = shop.accept([PEOPLE[0], wrong, PEOPLE[1], {**user("y"), "data": {}}])
    shop.turn(job)
    assert statuses(shop, job) == ["201", "400", "201", "400"]
    assert len(users(shop)) == 2


@pytest.mark.parametrize("moment", ["before-call", "after-call"])
@pytest.mark.parametrize("position", [0, 1])
def test_a_death_beside_the_transaction_is_made_good(
    shop: Workshop, moment: str, position: int
) -> None:
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    with dying(shop.client, moment, position):
        do_batch(shop.job_context, batch, lambda: False)
    made = users(shop)
    assert len(made) == (0 if (moment, position) == ("before-call", 0) else 6)
    do_batch(shop.job_context, batch, lambda: False)
    do_batch(shop.job_context, batch, lambda: False)
    assert finish(shop.job_context, job.tenant, job.id)
    assert (statuses(shop, job), shop.state_of(job).done) == (["201"] * 6, 6)
    assert len(users(shop)) == 6
    assert set(made) <= set(users(shop))


def test_another_worker_that_was_faster_is_believed(shop: Workshop) -> None:
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    overtaken: list[bool] = []

    def overtake(**_: Any) -> None:
        if not overtaken:
            overtaken.append(True)
            do_batch(shop.job_context, batch, lambda: False)

    shop.client.meta.events.register(f"before-call.{WRITE}", overtake)
    try:
        do_batch(shop.job_context, batch, lambda: False)
    finally:
        shop.client.meta.events.unregister(f"before-call.{WRITE}", overtake)
    places = {entry["location"].rpartition("/")[2] for entry in shop.entries(job)}
    assert (places, shop.state_of(job).done) == (set(users(shop)), 6)


def test_a_transaction_that_fails_is_done_step_by_step_at_once(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(SystemClock, "pause", lambda _, most: pauses.append(most))
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    with refusing(shop.client, 1, "TransactionCanceledException", "ValidationError") as refused:
        do_batch(shop.job_context, batch, lambda: False)
    assert len(refused.tokens) == 1 + 6 + 1
    assert (statuses(shop, job), len(users(shop))) == (["201"] * 6, 6)
    assert pauses == []


class Unanswered:
    """Makes nothing, and does not know that."""

    def create_many(
        self,
        tenant: str,
        creations: Sequence[Creation],
        lane: int | None = None,
    ) -> Sequence[Exception | None]:
        return [Unavailable("No answer.") for _ in creations]


def test_a_transaction_of_unknown_outcome_is_done_step_by_step(
    client: "DynamoDBClient",
) -> None:
    shop = workshop(client, creations=Unanswered(), sizes=SIZES)
    job = shop.accept(PEOPLE)
    ((batch,),) = shop.planned(job)
    do_batch(shop.job_context, batch, lambda: False)
    assert (statuses(shop, job), len(users(shop))) == (["201"] * 6, 6)


def test_failing_on_errors_each_step_is_done_before_the_next(shop: Workshop) -> None:
    job = shop.accept([PEOPLE[0], {**user("ANN"), "bulkId": "x"}, *PEOPLE[1:]], failOnErrors=1)
    shop.turn(job)
    assert (statuses(shop, job), len(users(shop))) == (["201", "409"], 1)


def shapes(shop: Workshop, job: Job) -> list[Any]:
    """Return every item by its kind and its attributes, with who made it where it says so."""
    found = []
    for item in shop.items():
        by = attribution_in({"by": item["by"]["B"]}) if "by" in item else None
        kind, names = item["k"]["S"], sorted(item)
        found += [] if kind == "count" else [(kind, names, str(by).replace(job.id, "job"))]
    return sorted(found)


def test_the_same_items_are_stored_as_for_steps_done_alone(shop: Workshop) -> None:
    alone = workshop(shop.client, creations=None, sizes=SIZES)
    jobs = [each.accept(PEOPLE) for each in (shop, alone)]
    shop.turn(jobs[0])
    alone.turn(jobs[1])
    assert "transaction='job'" in str(shapes(shop, jobs[0]))
    assert shapes(shop, jobs[0]) == shapes(alone, jobs[1])
    assert [dict(each, location="") for each in shop.entries(jobs[0])] == [
        dict(each, location="") for each in alone.entries(jobs[1])
    ]
