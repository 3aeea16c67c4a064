"""The report on the clients of a tenant."""

from tests.local.cli.conftest import Operator


def test_tolerances_are_reported_with_their_counts(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.access.tolerances.note("acme", ["stringBoolean"])
    (row,) = operator.json("report", "--tenant", "acme")
    assert (row["tolerance"], row["count"]) == ("stringBoolean", 1)


def test_an_unknown_tenant_is_an_error(operator: Operator) -> None:
    assert operator.run("report", "--tenant", "nobody").exit_code != 0
