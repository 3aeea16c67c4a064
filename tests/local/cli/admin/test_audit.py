"""The audit at the command line."""

from scim_cli.admin.audit import row_of
from tests.local.cli.conftest import Operator


def test_a_mistyped_tenant_is_not_one_without_entries(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    result = operator.run("audit", "--tenant", "acmee")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "There is no tenant acmee. Did you mean acme?" in result.stderr


def test_the_audit_of_a_deleted_tenant_is_shown(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.run("tenant", "delete", "acme", "--yes")
    result = operator.run("audit", "--tenant", "acme")
    assert "deleteTenant" in result.stdout
    assert result.stderr == ""


def test_an_entry_names_a_client_rather_than_one_of_its_tokens() -> None:
    entry = {"at": "2026-03-01T10:00:00.000Z", "kind": "change", "operation": "patch"}
    client = {"token": "jwt-0afe", "owner": "client:8f06"}
    token = {"token": "a8e58def70aa", "owner": "token:d5c447dfb07a"}
    assert [row_of({**entry, "principal": each})["who"] for each in (client, token)] == [
        "client:8f06",
        "a8e58def70aa",
    ]


def test_tolerances_are_reported_with_their_counts(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    operator.access.tolerances.note("acme", ["stringBoolean"])
    (row,) = operator.json("report", "--tenant", "acme")
    assert (row["tolerance"], row["count"]) == ("stringBoolean", 1)


def test_an_unknown_tenant_is_an_error(operator: Operator) -> None:
    assert operator.run("report", "--tenant", "nobody").exit_code != 0
