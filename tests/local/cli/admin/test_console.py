"""Links to the console from the command line: shown once, listed and revoked by their ids."""

import re
from datetime import timedelta

import pytest

from scim.access.setup_link import ConsoleSession
from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.moments import later
from scim.store.access.setup_links import SetupLinks
from tests.local.cli.conftest import Operator

BASE = ("--base-url", "https://scim.example.com/scim/v2")
URL = re.compile(r"https://scim\.example\.com/console/index\.html#([A-Za-z0-9_-]{43})")


def test_the_link_is_the_only_line_on_stdout_and_is_no_tenants(operator: Operator) -> None:
    found = URL.fullmatch(operator.run("console", "open", *BASE).stdout.strip())
    assert found
    link = SetupLinks(table_of_credentials(operator.client, operator.table)).find(hash_of(found[1]))
    assert link is not None
    assert (link.tenant, link.session_seconds) == ("", 3600)
    (act,) = operator.json("audit", "--tenant", "scim", "--kind", "act")
    assert (act["operation"], act["outcome"]) == ("createConsoleLink", "done")


def test_a_table_does_not_know_where_its_service_is(operator: Operator) -> None:
    assert "--base-url" in operator.refusal("console", "open")


def _links(operator: Operator) -> SetupLinks:
    return SetupLinks(table_of_credentials(operator.client, operator.table))


def test_only_links_that_give_access_are_listed_and_without_their_secrets(
    operator: Operator,
) -> None:
    opened = operator.json("console", "open", *BASE)
    operator.run("console", "open", "--valid", "0m", *BASE)
    (link,) = operator.json("console", "list")
    assert link == {
        "link_id": opened["link_id"],
        "person": "",
        "created_at": opened["created_at"],
        "used_at": None,
        "ends_at": opened["expires_at"],
    }


def test_a_used_link_is_listed_until_its_session_ends(operator: Operator) -> None:
    opened = operator.json("console", "open", "--valid", "1m", "--session", "2h", *BASE)
    now, link_hash = opened["created_at"], hash_of(opened["url"].partition("#")[2])
    assert _links(operator).exchange(hash_of("cookie"), ConsoleSession(link_hash, now, now))
    (link,) = operator.json("console", "list")
    assert link["used_at"] == now
    assert link["ends_at"] == later(now, timedelta(hours=2))


def test_a_link_is_revoked_by_its_id(operator: Operator) -> None:
    first, second = (operator.json("console", "open", *BASE)["link_id"] for _ in range(2))
    assert operator.run("console", "revoke", first).exit_code == 0
    assert [link["link_id"] for link in operator.json("console", "list")] == [second]
    assert f"id {first}x" in operator.refusal("console", "revoke", f"{first}x")
    act = operator.json("audit", "--tenant", "scim", "--kind", "act")[1]
    assert (act["operation"], act["outcome"]) == ("revokeConsoleLink", "done")


def test_one_command_revokes_every_link(operator: Operator) -> None:
    for _ in range(2):
        operator.run("console", "open", *BASE)
    assert operator.run("console", "revoke", "--all").stderr.count("is revoked") == 2
    assert operator.json("console", "list") == []
    assert "No link" in operator.run("console", "revoke", "--all").stderr


@pytest.mark.parametrize("words", [(), ("abc", "--all")], ids=["neither", "both"])
def test_revoking_takes_ids_or_all(operator: Operator, words: tuple[str, ...]) -> None:
    assert "--all" in operator.refusal("console", "revoke", *words)
