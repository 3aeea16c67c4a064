"""An operation needs the permission that it needs alone."""

import pytest

from scim.profile import Profile
from scim.schema.loading import catalogue_of
from scim.schema.tenant_definitions import definitions_of
from scim.service.bulk.permission import allowing
from scim.service.bulk.request import Method
from tests.fakes.devices import DOCUMENT


@pytest.mark.parametrize(
    ("scope", "method", "is_allowed"),
    [
        ("devices:create", Method.POST, True),
        ("devices:create", Method.DELETE, False),
        ("*:delete", Method.DELETE, True),
        ("users:*", Method.POST, False),
    ],
)
def test_a_caller_has_the_same_permissions_in_a_job(
    scope: str, method: Method, is_allowed: bool
) -> None:
    catalogue = catalogue_of(Profile(), definitions_of(DOCUMENT).additions())
    device = catalogue.resource_type("Device")
    assert device is not None
    assert allowing(frozenset({scope}))(method, device) is is_allowed
