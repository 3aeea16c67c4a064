"""Filters see a type with the attributes that mirror other types' relations."""

import pytest

from scim.service.query.filtering import scope_of
from tests.fakes.endpoint import FakeDeployment


@pytest.mark.parametrize(
    ("type_name", "back_links"), [("User", ["groups"]), ("Group", ["groups"]), ("GroupMember", [])]
)
def test_the_back_links_of_a_type_are_in_its_scope(type_name: str, back_links: list[str]) -> None:
    scope = scope_of(FakeDeployment().endpoint(type_name))
    assert scope.resource_type.name == type_name
    assert list(scope.back_links) == back_links
