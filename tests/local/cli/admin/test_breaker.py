"""Breakers from the command line."""

from scim.access.breaker import BreakerLimits
from scim.errors import BreakerOpen
from tests.local.cli.conftest import Operator

NOW = "2026-03-01T10:00:00.000Z"


def test_an_open_breaker_is_shown_and_released(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    breaker = operator.access.breaker
    most = BreakerLimits().minimum
    breaker.take("acme", most, NOW)
    try:
        breaker.take("acme", 1, NOW)
    except BreakerOpen:
        shown = operator.json("breaker", "show", "--tenant", "acme")
    assert (shown["opened_at"], shown["allowed"], shown["left"]) == (NOW, most, 0)
    assert f"window_began  {NOW}" in operator.run("breaker", "show", "--tenant", "acme").stdout
    released = operator.json("breaker", "release", "--tenant", "acme", "--allow", "12000")
    assert (released["opened_at"], released["left"]) == ("", 12_000)


def test_a_tenant_is_given_limits_and_they_are_taken_back(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    words = ["breaker", "set", "--tenant", "acme"]
    given = operator.json(*words, "--number", "200", "--percent", "5")
    assert (given["number"], given["percent"]) == (200, 5)
    lines = operator.run("breaker", "show", "--tenant", "acme").stdout.splitlines()
    assert [line.split() for line in lines if "allowed" in line or "left" in line] == [
        ["allowed", "-"],
        ["left", "-"],
    ]
    taken_back = operator.json(*words)
    assert (taken_back["number"], taken_back["percent"]) == (None, None)


def test_a_window_without_a_limit_has_no_numbers(operator: Operator) -> None:
    operator.run("tenant", "create", "acme")
    words = ("breaker", "set", "--tenant", "acme", "--number", "0", "--percent", "0")
    assert "BreakerNewSeconds" in operator.run(*words).stderr
    operator.access.breaker.take("acme", 3, NOW)
    shown = operator.json("breaker", "show", "--tenant", "acme")
    assert shown["window_began"] > 0
    assert (shown["allowed"], shown["left"]) == (None, None)


def test_the_breaker_of_an_unknown_tenant_cannot_be_released(operator: Operator) -> None:
    assert "no tenant" in operator.refusal("breaker", "release", "--tenant", "nobody")
