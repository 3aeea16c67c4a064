"""What a tenant is served, as administration sees it."""

import json
from collections.abc import Iterator

import pytest

from scim.access.tenant import Tenant
from scim.bootstrap.administration import administration_on
from scim.errors import InvalidValue
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from scim.service.administration.ports import Administration
from scim.service.administration.tenant_lookups import (
    catalogue_served,
    catalogue_under,
    filters_checked,
    profile_named,
)
from scim.settings import Settings
from tests.contract.stores import moto_client, new_table
from tests.fakes.devices import DOCUMENT, document


@pytest.fixture(name="administration")
def _administration() -> Iterator[Administration]:
    with moto_client() as client:
        found = administration_on(client, Settings(table_name=new_table(client)))
        found.tenants.create(Tenant("acme", "2026", "okta"))
        found.definitions.put("acme", DefinitionVersion(1, definitions_of(DOCUMENT), "2026"), 10)
        yield found


def test_a_tenant_is_served_its_profile_and_its_own(administration: Administration) -> None:
    assert catalogue_served(administration, "acme").by_endpoint("Devices") is not None
    assert catalogue_served(administration, "nobody").by_endpoint("Devices") is None
    assert catalogue_served(administration, "nobody").by_endpoint("Users") is not None


def test_an_unknown_profile_is_refused() -> None:
    assert profile_named("").name == "default"
    with pytest.raises(InvalidValue, match="There is no profile nobody"):
        profile_named("nobody")


def test_definitions_that_do_not_fit_the_profile_are_refused(
    administration: Administration,
) -> None:
    broken = DefinitionVersion(2, definitions_of(document(variables={})), "2026")
    administration.definitions.put("acme", broken, 10)
    with pytest.raises(InvalidValue, match="The definitions of acme and the profile"):
        catalogue_under(administration, "acme", "rfc")


@pytest.mark.parametrize(
    ("filters", "complaint"),
    [
        ({"": "*"}, "no resource type ''"),
        ({"user": "*"}, "no resource type 'user'"),
        ({"User": ""}, "line|column|empty|end"),
        ({"Group": "members pr"}, "own attributes"),
        ({"User": 1}, "object of filters"),
    ],
    ids=str,
)
def test_an_invalid_filter_is_refused(
    administration: Administration, filters: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidValue, match=complaint):
        filters_checked(administration, "acme", filters)


def test_filters_are_kept_as_they_were_given(administration: Administration) -> None:
    given = {"User": 'displayName eq "a=b"', "Group": "*"}
    assert json.loads(filters_checked(administration, "acme", given)) == given
