"""Links to the setup portal from the command line: shown once, and kept nowhere."""

import json
import re

import pytest

from scim.access.setup_link import SetupLink
from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.fsck import violations
from scim.store.access.setup_links import SetupLinks
from tests.local.cli.conftest import Operator

BASE = ("--base-url", "https://scim.example.com/live/scim/v2")
URL = re.compile(r"https://scim\.example\.com/live/setup/index\.html#([A-Za-z0-9_-]{43})")


@pytest.fixture(name="operator")
def _operator(operator: Operator) -> Operator:
    operator.run("tenant", "create", "acme")
    return operator


def stored(operator: Operator, secret: str) -> SetupLink | None:
    table = table_of_credentials(operator.client, operator.table)
    return SetupLinks(table).find(hash_of(secret))


def test_the_link_is_the_only_line_on_stdout_and_its_secret_is_behind_the_hash(
    operator: Operator,
) -> None:
    result = operator.run("portal", "link", "acme", *BASE, "--contact", "help@example.com")
    found = URL.fullmatch(result.stdout.strip())
    assert found
    link = stored(operator, found[1])
    assert link is not None
    assert (link.tenant, link.contact, link.session_seconds) == ("acme", "help@example.com", 43_200)
    items = operator.client.scan(TableName=operator.table)["Items"]
    assert found[1] not in json.dumps(items, default=repr)
    assert violations(items) == []


def test_links_are_listed_without_their_secrets_and_revoked_by_id(operator: Operator) -> None:
    made = operator.json("portal", "link", "acme", *BASE)
    (listed,) = operator.json("portal", "list", "acme")
    assert listed == {name: value for name, value in made.items() if name != "url"}
    assert "person" not in listed  # that is of the console
    assert listed["opens"]
    operator.run("portal", "revoke", "acme", made["link_id"])
    (listed,) = operator.json("portal", "list", "acme")
    assert not listed["opens"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("portal", "link", "nobody", *BASE), "nobody"),
        (("portal", "link", "acme"), "--base-url"),
        (("portal", "revoke", "acme", "abc"), "Tenant acme has no link abc."),
    ],
    ids=["no tenant", "no service", "no link"],
)
def test_an_impossible_command_is_refused_with_the_reason(
    operator: Operator, words: tuple[str, ...], told: str
) -> None:
    assert told in operator.refusal(*words)
