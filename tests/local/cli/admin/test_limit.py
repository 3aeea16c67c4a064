"""Limits and profiles from the command line."""

from tests.local.cli.conftest import Operator


def test_a_limit_is_set_and_taken_back(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": None}
    operator.run("limit", "set", "--tenant", "acme", "--rate", "40")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": 40}
    operator.run("limit", "set", "--tenant", "acme", "--rate", "0")
    assert operator.json("limit", "show", "--tenant", "acme") == {"tenant": "acme", "rate": None}


def test_a_limit_is_a_number_of_requests(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    assert "--rate" in operator.refusal("limit", "set", "--tenant", "acme", "--rate", "-1")
