"""Late indexes from the command line."""

from dataclasses import replace

import pytest

from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Index, ResourceType
from scim.service.administration import tenants
from tests.local.cli.conftest import Operator


def _late(*_: object) -> list[tuple[ResourceType, Index]]:
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    late = Index("title", is_late=True)
    return [(replace(user, indexes=(*user.indexes, late)), late)]


def test_late_indexes_are_listed_and_filled(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "late_indexes", _late)
    operator.run("tenant", "create", "acme")
    row = {"type": "User", "attribute": "title"}
    assert operator.json("index", "list", "--tenant", "acme") == [{**row, "inUse": False}]
    assert operator.run("index", "backfill", "--tenant", "acme").exit_code == 0
    assert operator.json("index", "list", "--tenant", "acme") == [{**row, "inUse": True}]
    (act, *_) = operator.json("audit", "--tenant", "acme", "--kind", "act")
    assert (act["operation"], act["outcome"]) == ("backfillIndex", "done")


def test_no_shipped_index_is_late(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert operator.json("index", "list", "--tenant", "acme") == []
