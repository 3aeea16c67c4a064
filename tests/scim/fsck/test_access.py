"""The check finds a token or tenant that is missing from one of two lists."""

from typing import Any

import pytest

from scim.fsck import violations

HASH = "a" * 64
TOKEN = {
    "pk": f"TOKEN#{HASH}",
    "sk": "-",
    "k": "token",
    "tenant": "acme",
    "id": "t1",
    "scopes": "*",
    "expires": "2027",
}
LISTED = {"pk": "TENANT#acme", "sk": "token#t1", "k": "tokenName", "h": HASH}
SETTLED = {
    "pk": "TENANT#acme",
    "sk": "-",
    "k": "settings",
    "name": "acme",
    "at": "2026",
    "schemes": "bearer",
}
NAMED = {"pk": "TENANT#~", "sk": "acme", "k": "tenantName"}


def _found(*items: dict[str, str]) -> list[str]:
    wires: list[dict[str, dict[str, Any]]] = [
        {name: {"S": value} for name, value in item.items()} | {"s": {"N": "1"}} for item in items
    ]
    return violations(wires)


def test_items_that_agree_are_no_violation() -> None:
    assert _found(TOKEN, LISTED, SETTLED, NAMED) == []


@pytest.mark.parametrize(
    "items",
    [(TOKEN,), (LISTED,), (TOKEN, {**LISTED, "h": "b" * 64})],
    ids=["not listed", "not there", "another's hash"],
)
def test_a_token_and_its_list_must_agree(items: tuple[dict[str, str], ...]) -> None:
    assert _found(*items) == ["token t1 of acme: the token and the tenant's list differ"]


@pytest.mark.parametrize("item", [SETTLED, NAMED], ids=["not named", "not settled"])
def test_a_tenant_has_both_settings_and_a_name_entry(item: dict[str, str]) -> None:
    assert _found(item) == ["tenant acme: settled or named, not both"]
