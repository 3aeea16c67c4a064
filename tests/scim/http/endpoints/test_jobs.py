"""`/Bulk` as a job, and `/Jobs`, over HTTP."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import InvalidValue, MethodNotAllowed, NotFound, PayloadTooLarge
from scim.http.endpoints.jobs import bulk_or_job, collection, item, result, started
from scim.http.message.response import Reply
from scim.http.routes.jobs import job_routes
from scim.profile import Profile
from scim.profile.parts import BulkRules
from scim.resource.job import Job
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.endpoint import Bounds
from scim.service.jobs.context import JobContext
from tests.contract.stores import moto_client
from tests.fakes.client import deployment_of, request
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.operations import user
from tests.fakes.workshop import Workshop, workshop

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEPLOYMENT = deployment_of(FakeDeployment())
BODY = {"schemas": [BULK_REQUEST_URN], "Operations": [user("ann"), user("bob")]}
ASYNC = {"prefer": "respond-async"}


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


@pytest.fixture
def shop(client: "DynamoDBClient") -> Workshop:
    return workshop(client)


def asked(
    shop: Workshop,
    headers: dict[str, str],
    body: dict[str, Any] = BODY,
    tenant: str = "acme",
    job_context: JobContext | None = None,
) -> Reply:
    given = request("POST", headers=headers, body=body, tenant=tenant)
    return bulk_or_job(DEPLOYMENT, job_context or shop.job_context, given)


@pytest.mark.parametrize(
    ("prefer", "status"),
    [
        ("respond-async", 202),
        ("Respond-Async", 202),
        ("wait=5, respond-async", 202),
        ('return=minimal,respond-async=""; x=1', 202),
        ("return=minimal", 200),
        ("respond-asynchronously", 200),
        ("", 200),
    ],
)
def test_a_job_is_made_where_the_client_prefers_it(
    shop: Workshop, prefer: str, status: int
) -> None:
    assert asked(shop, {"prefer": prefer}).status == status


def test_an_accepted_request_says_where_to_ask(shop: Workshop) -> None:
    reply = asked(shop, ASYNC)
    (job,) = shop.job_context.backend.jobs.all("acme")
    assert reply.body is None
    assert reply.headers == {
        "Location": job.location,
        "Preference-Applied": "respond-async",
        "Set-Txn": job.id,
    }


@pytest.mark.parametrize(
    ("bounds", "is_taken"),
    [
        pytest.param(Bounds(job_operations=2), True, id="as many operations as allowed"),
        pytest.param(Bounds(job_operations=1), False, id="one more"),
        pytest.param(Bounds(job_payload_bytes=10), False, id="too many bytes"),
        pytest.param(Bounds(bulk_operations=1), True, id="more than one request may have"),
    ],
)
def test_a_job_has_limits_of_its_own(shop: Workshop, bounds: Bounds, is_taken: bool) -> None:
    job_context = replace(
        shop.job_context, deployment=replace(shop.job_context.deployment, bounds=bounds)
    )
    if is_taken:
        assert asked(shop, ASYNC, job_context=job_context).status == 202
    else:
        with pytest.raises(PayloadTooLarge):
            asked(shop, ASYNC, job_context=job_context)
        assert shop.job_context.backend.jobs.all("acme") == []


def test_a_job_is_seen_by_its_tenant_only(shop: Workshop) -> None:
    asked(shop, ASYNC)
    (job,) = shop.job_context.backend.jobs.all("acme")
    other = request("GET", tenant="umbrella")
    assert item(shop.job_context, request("GET", tenant="acme"), job.id).body == job.json()
    for face in (item, result):
        with pytest.raises(NotFound):
            face(shop.job_context, other, job.id)
    with pytest.raises(NotFound):
        item(shop.job_context, request("DELETE", tenant="umbrella"), job.id)
    listed = collection(shop.job_context, other).body
    assert listed is not None
    assert listed["totalResults"] == 0


def test_the_list_of_jobs_has_pages(shop: Workshop) -> None:
    for _ in range(3):
        asked(shop, ASYNC)
    jobs = [job.json() for job in shop.job_context.backend.jobs.all("acme")]
    page = collection(
        shop.job_context, request("GET", {"startindex": "2", "count": "1"}, tenant="acme")
    )
    assert page.body is not None
    assert (page.body["totalResults"], page.body["Resources"]) == (3, jobs[1:2])


@pytest.mark.parametrize(
    ("start", "count", "known", "read"),
    [(1, 2, 3, 103), (3, 2, 5, 105), (6, 3, 7, 109), (1, 0, 7, 1000), (9, 1, 7, 110)],
)
@pytest.mark.sampled(3)
def test_a_list_is_counted_as_far_as_it_is_read(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, start: int, count: int, known: int, read: int
) -> None:
    backend, sizes = shop.job_context.backend, []
    made = [asked(shop, ASYNC).headers["Set-Txn"] for _ in range(7)]
    youngest = backend.jobs.youngest

    def noted(tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        sizes.append(limit)
        return youngest(tenant, beyond, limit)

    monkeypatch.setattr(backend.jobs, "youngest", noted)
    query = {"startindex": str(start), "count": str(count)}
    body = collection(shop.job_context, request("GET", query, tenant="acme")).body
    assert body is not None
    assert [each["id"] for each in body["Resources"]] == made[::-1][start - 1 :][:count]
    assert (body["totalResults"], sizes) == (known, [read])


def test_a_result_has_pages(shop: Workshop) -> None:
    job = shop.accept([user("ann"), user("bob")])
    shop.turn(job)
    page = result(shop.job_context, request("GET", {"startindex": "2"}, tenant="acme"), job.id).body
    assert page is not None
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (2, 2, 1)
    with pytest.raises(InvalidValue):
        result(shop.job_context, request("GET", {"count": "many"}, tenant="acme"), job.id)


def test_a_job_is_ended_early_by_delete(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    assert item(shop.job_context, request("DELETE", tenant="acme"), job.id).status == 204
    assert shop.state_of(job).status == "cancelled"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_other_methods_are_refused(shop: Workshop, method: str) -> None:
    for face in (item, result):
        with pytest.raises(MethodNotAllowed):
            face(shop.job_context, request(method, tenant="acme"), "j1")
    if method != "POST":
        for face in (lambda *given: collection(*given[:2]), started):
            with pytest.raises(MethodNotAllowed):
                face(shop.job_context, request(method, tenant="acme"), "j1")


def test_jobs_have_paths(shop: Workshop) -> None:
    assert list(job_routes(DEPLOYMENT, shop.job_context.backend)) == [
        "/Bulk",
        "/Jobs",
        "/Jobs/<id_>",
        "/Jobs/<id_>/Result",
        "/Jobs/<id_>/Start",
    ]


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ({}, 202),
        ({"exceeded_status": 422}, 202),
        ({"methods": ("DELETE", "PATCH", "POST", "PUT")}, 202),
        ({"methods": ("POST",)}, 200),
        ({"methods": ("GET", "POST", "PUT", "PATCH", "DELETE")}, 200),
        ({"nameless_posts": True}, 200),
        ({"sequential": True}, 200),
    ],
)
def test_rules_a_job_does_not_know_are_kept_at_once(
    shop: Workshop, rules: dict[str, Any], status: int
) -> None:
    job_context = replace(
        shop.job_context,
        deployment=replace(shop.job_context.deployment, profile=Profile(bulk=BulkRules(**rules))),
    )
    assert asked(shop, ASYNC, job_context=job_context).status == status
