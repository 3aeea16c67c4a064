"""The `schemas` of a resource."""

from scim.resource.body import schemas_of
from tests.scim.resource.types import ENTERPRISE, USER, USER_URN


def test_the_base_schema_comes_first_and_present_extensions_follow() -> None:
    assert schemas_of(USER, {"userName": "ada"}) == [USER_URN]
    assert schemas_of(USER, {ENTERPRISE: {"department": "x"}}) == [USER_URN, ENTERPRISE]
