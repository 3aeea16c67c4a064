"""The BulkResponse of a job, as a whole and page by page, while it runs and after."""

from dataclasses import replace

from scim.resource.job import Status
from scim.schema.message_uri import BULK_RESPONSE_URN
from scim.service.endpoint import ENVELOPE
from scim.service.jobs.states import do_batch, do_step
from tests.fakes.operations import managed, user
from tests.fakes.workshop import Workshop, with_bounds


def test_a_whole_answer_is_a_plain_bulk_response(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    shop.turn(job)
    answer = shop.response(job)
    assert list(answer) == ["schemas", "Operations"]
    assert answer["schemas"] == [BULK_RESPONSE_URN]


def test_pages_are_the_whole_in_parts(shop: Workshop) -> None:
    job = shop.accept([user(f"u{n}") for n in range(5)])
    shop.turn(job)
    pages = [shop.response(job, start, 2) for start in (1, 3, 5)]
    assert [entry for page in pages for entry in page["Operations"]] == shop.entries(job)
    assert [(page["totalResults"], page["startIndex"], page["itemsPerPage"]) for page in pages] == [
        (5, 1, 2),
        (5, 3, 2),
        (5, 5, 1),
    ]


def test_a_page_ends_before_it_outgrows_a_response(shop: Workshop) -> None:
    names = ["u0", *(f"u{n}{'é' * 900}" for n in range(1, 6)), "u6"]
    job = shop.accept([{**user(name[:2]), "bulkId": name} for name in names])
    shop.turn(job)
    every_entry = shop.entries(job)
    bounds = {"answer_bytes": ENVELOPE + 5000}
    deployment = with_bounds(shop.job_context.deployment, **bounds)
    narrow = replace(shop, job_context=replace(shop.job_context, deployment=deployment))
    start, pages = 1, []
    while start <= len(names):
        pages.append(narrow.response(job, start))
        start += pages[-1]["itemsPerPage"]
    assert [page["itemsPerPage"] for page in pages] == [3, 2, 2]
    assert [entry for page in pages for entry in page["Operations"]] == every_entry
    tiny = replace(deployment, bounds=replace(deployment.bounds, answer_bytes=ENVELOPE))
    alone = replace(shop, job_context=replace(shop.job_context, deployment=tiny))
    assert alone.response(job, 2)["itemsPerPage"] == 1


def test_a_page_beyond_the_end_is_empty(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    assert shop.response(job, 7, 10)["Operations"] == []


def test_operations_not_done_yet_are_left_out(shop: Workshop) -> None:
    job = shop.accept([user(f"u{n}") for n in range(4)])
    first, *_ = (batch for batches in shop.planned(job) for batch in batches)
    do_batch(shop.job_context, first, lambda: False)
    assert [entry["bulkId"] for entry in shop.entries(job)] == ["u0", "u1"]


def test_links_that_were_never_made_are_reported_when_the_job_is_over(shop: Workshop) -> None:
    job = shop.accept([managed("chief", "deputy"), managed("deputy", "chief")])
    ((batch,),) = shop.planned(job)
    for number in batch.steps[:2]:
        do_step(shop.job_context, batch, number)
    assert [entry["status"] for entry in shop.entries(job)] == ["201", "201"]
    shop.job_context.backend.jobs.turn(shop.state_of(job), Status.CANCELLED, "2026-01-01")
    told = shop.entries(job)
    assert sorted(entry["status"] for entry in told) == ["201", "409"]
    assert all("location" in entry for entry in told)
