"""What jobs are done with, for tenants of one profile and another; what their callers may do."""

import pytest

from scim.profile import Profile
from scim.schema.definitions import definitions_of
from scim.schema.shipped import catalogue_of
from scim.service.bulk.operation import Method
from scim.service.job.bench import allowing
from tests.fakes.devices import DOCUMENT
from tests.fakes.workshop import Workshop


def test_a_tenants_bench_has_its_profile_its_types_and_its_pages(shop: Workshop) -> None:
    profile = Profile.model_validate({"name": "small", "paging": {"most": 7}})
    catalogue = catalogue_of(profile, definitions_of(DOCUMENT).additions())
    bench = shop.bench.under(profile, catalogue)
    assert (bench.profile.name, bench.bounds.max_page_size) == ("small", 7)
    assert bench.catalogue.by_endpoint("Devices") is not None
    assert (bench.office, bench.directory) == (shop.bench.office, shop.bench.directory)


@pytest.mark.parametrize(
    ("scope", "method", "is_allowed"),
    [
        ("devices:create", Method.POST, True),
        ("devices:create", Method.DELETE, False),
        ("*:delete", Method.DELETE, True),
        ("users:*", Method.POST, False),
    ],
)
def test_a_caller_may_in_a_job_what_it_may_alone(
    scope: str, method: Method, is_allowed: bool
) -> None:
    catalogue = catalogue_of(Profile(), definitions_of(DOCUMENT).additions())
    device = catalogue.resource_type("Device")
    assert device is not None
    assert allowing(frozenset({scope}))(method, device) is is_allowed
