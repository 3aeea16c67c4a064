"""The settings of a tenant's request log, from the command line."""

from tests.local.cli.conftest import Operator


def test_the_request_log_of_a_tenant_is_configured_and_shown(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    words = ["request-log", "set", "--tenant", "acme"]
    assert operator.json(*words, "--off")["on"] is False
    settled = operator.json(*words, "--on", "--bodies", "30")
    assert (settled["on"], settled["bodiesUntil"] is None) == (True, False)
    assert operator.json("request-log", "show", "--tenant", "acme") == settled
    assert operator.json(*words, "--bodies", "0")["bodiesUntil"] is None
    assert operator.run(*words).exit_code == 2
