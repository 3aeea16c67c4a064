"""Tests here talk to the whole service, and none of its functions may do what its role does not grant."""

from collections.abc import Iterator

import pytest

from tests.gateway.fixture import gateway_on_checked_table
from tests.gateway.roles.watched import Roles, watched_roles

__all__ = ["gateway_on_checked_table"]


@pytest.fixture(name="roles", scope="module", autouse=True)
def _roles() -> Iterator[Roles]:
    with watched_roles() as roles:
        yield roles
        assert roles.denied == set(), "grant it in template.yaml, or do not ask for it"


@pytest.fixture(autouse=True)
def _nothing_denied(roles: Roles) -> Iterator[None]:
    yield
    denied = set(roles.denied)
    roles.denied.clear()
    assert denied == set(), "grant it in template.yaml, or do not ask for it"
