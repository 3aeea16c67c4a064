"""What jobs are done with, for tenants of one profile and another."""

from dataclasses import replace

from scim.profile.documents import profile_in
from scim.resource.history.origin import Origin
from scim.schema.loading import catalogue_of
from scim.schema.tenant_definitions import definitions_of
from scim.service.jobs.context import origin_of_job
from tests.fakes.devices import DOCUMENT
from tests.fakes.operations import user
from tests.fakes.workshop import CALLER, Workshop


def test_a_tenants_bench_has_its_profile_its_types_and_its_pages(shop: Workshop) -> None:
    profile = profile_in({"name": "small", "paging": {"most": 7}})
    catalogue = catalogue_of(profile, definitions_of(DOCUMENT).additions())
    job_context = shop.job_context.for_profile(profile, catalogue)
    assert (job_context.deployment.profile.name, job_context.deployment.bounds.max_page_size) == (
        "small",
        7,
    )
    assert job_context.deployment.catalogue.by_endpoint("Devices") is not None
    assert (job_context.backend, job_context.deployment.directory) == (
        shop.job_context.backend,
        shop.job_context.deployment.directory,
    )


def test_the_writes_of_a_job_are_those_of_who_started_it(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    assert origin_of_job(job) == Origin(CALLER.token_id, CALLER.owner, transaction=job.id)
    started = replace(job, starter="token:t9", starter_token="t9")
    assert origin_of_job(started) == Origin("t9", "token:t9", transaction=job.id)
