"""After the death of a worker at any moment, each operation is applied once and answered the same."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from scim.fsck import open_work, violations
from scim.service.jobs.states import do_batch, finish
from tests.fakes.operations import gone, group, managed, named, user
from tests.fakes.workshop import UUID, WIDTH, Workshop, stands, workshop
from tests.scim.store.faults import Death, dying_or_done

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from scim.resource.job import Job

LONG = pytest.mark.long

WRITE = "dynamodb.TransactWriteItems"
OPERATIONS = [
    group("staff", "ann", "bob", "cy"),  # more members than a transaction of this width holds
    *[user(name) for name in ("ann", "bob", "cy")],
    managed("chief", "deputy"),
    managed("deputy", "chief"),
    user("ANN"),
    named("/Users/bulkId:bob", "Bob"),
    gone("/Users/bulkId:cy"),
    gone("/Users/bulkId:cy"),
]


def told(shop: Workshop, job: "Job") -> str:
    """Return the answer with ids named in the order in which they appear."""
    names: dict[str, str] = {}
    text = json.dumps(shop.response(job))
    return UUID.sub(lambda found: names.setdefault(found[0], f"id{len(names)}"), text)


def results(shop: Workshop) -> list[Any]:
    """Return the results as they are stored."""
    return [item for item in shop.items() if item["k"]["S"] == "result"]


def undisturbed(client: "DynamoDBClient") -> tuple[str, list[Any]]:
    shop = workshop(client, WIDTH)
    job = shop.accept(OPERATIONS)
    shop.turn(job)
    return told(shop, job), stands(shop)


@pytest.mark.parametrize(
    ("moment", "stride"),
    [
        ("before-call", 23),
        pytest.param("before-call", 1, marks=LONG),
        pytest.param("after-call", 1, marks=LONG),
    ],
)
@pytest.mark.timeout(400)
def test_after_a_death_at_any_write_the_next_worker_completes_the_work(
    client: "DynamoDBClient", moment: str, stride: int
) -> None:
    answer, state = undisturbed(client)
    position = 0
    while True:
        shop = workshop(client, WIDTH)
        job = shop.accept(OPERATIONS)
        with dying_or_done(client, moment, position) as death:
            shop.turn(job)
        kept = results(shop)
        assert violations(shop.items()) == []
        shop.turn(job)
        assert told(shop, job) == answer
        assert stands(shop) == state
        # What was known before the death stays, to the byte.
        assert [each for each in results(shop) if each in kept] == kept
        assert (violations(shop.items()), open_work(shop.items())) == ([], [])
        if not death.has_died:
            break
        position += stride
    assert position > len(OPERATIONS)


@LONG
@pytest.mark.timeout(400)
def test_a_job_ends_although_its_workers_die_one_after_another(client: "DynamoDBClient") -> None:
    answer, state = undisturbed(client)
    shop = workshop(client, WIDTH)
    job = shop.accept(OPERATIONS)
    deaths = 0
    while True:
        with dying_or_done(client, ("before-call", "after-call")[deaths % 2], 1) as death:
            shop.turn(job)
        if not death.has_died:
            break
        deaths += 1
    assert deaths > 5
    assert (told(shop, job), stands(shop)) == (answer, state)
    assert (violations(shop.items()), open_work(shop.items())) == ([], [])


@pytest.mark.parametrize("stride", [23, pytest.param(1, marks=LONG)])
@pytest.mark.timeout(400)
def test_two_workers_at_one_batch_do_it_once(client: "DynamoDBClient", stride: int) -> None:
    """Another worker does the whole batch just before a write of the first, at every write."""
    answer, state = undisturbed(client)
    position = 0
    while True:
        shop = workshop(client, WIDTH)
        job = shop.accept(OPERATIONS)
        left = position
        met = False
        for batch in (batch for batches in shop.planned(job) for batch in batches):

            def overtake(**_: Any) -> None:
                nonlocal left, met
                left -= 1
                if left == -1:
                    met = True
                    do_batch(shop.job_context, batch, lambda: False)  # noqa: B023 - within its round

            client.meta.events.register(f"before-call.{WRITE}", overtake)
            try:
                do_batch(shop.job_context, batch, lambda: False)
            finally:
                client.meta.events.unregister(f"before-call.{WRITE}", overtake)
        assert finish(shop.job_context, job.tenant, job.id)
        assert told(shop, job) == answer
        assert stands(shop) == state
        assert violations(shop.items()) == []
        if not met:
            break
        position += stride
    assert position > len(OPERATIONS)


def test_a_second_run_of_the_whole_job_gives_the_same_response(client: "DynamoDBClient") -> None:
    shop = workshop(client, WIDTH)
    job = shop.accept(OPERATIONS)
    layers = shop.planned(job)
    for _ in range(2):
        for batch in (batch for batches in layers for batch in batches):
            do_batch(shop.job_context, batch, lambda: False)
    first, items = json.dumps(shop.response(job)), shop.items()
    for batch in (batch for batches in layers for batch in reversed(batches)):
        do_batch(shop.job_context, batch, lambda: False)
    assert json.dumps(shop.response(job)) == first
    assert shop.items() == items


def test_a_worker_does_not_catch_its_death() -> None:
    assert not issubclass(Death, Exception)
