"""What jobs are done with, for tenants of one profile and another."""

from scim.profile import Profile
from scim.schema.loading import catalogue_of
from scim.schema.tenant_definitions import definitions_of
from tests.fakes.devices import DOCUMENT
from tests.fakes.workshop import Workshop


def test_a_tenants_bench_has_its_profile_its_types_and_its_pages(shop: Workshop) -> None:
    profile = Profile.model_validate({"name": "small", "paging": {"most": 7}})
    catalogue = catalogue_of(profile, definitions_of(DOCUMENT).additions())
    bench = shop.bench.under(profile, catalogue)
    assert (bench.profile.name, bench.bounds.max_page_size) == ("small", 7)
    assert bench.catalogue.by_endpoint("Devices") is not None
    assert (bench.office, bench.directory) == (shop.bench.office, shop.bench.directory)
