"""A link to the console from the command line: for a moment, shown once."""

import re

from scim.access.token import hash_of
from scim_cli.admin.portal import links_of
from scim_cli.connection import Connection
from scim_cli.output import Format
from tests.local.cli.conftest import Operator

URL = re.compile(r"https://scim\.example\.com/console/index\.html#([A-Za-z0-9_-]{43})")


def test_the_link_is_the_only_line_on_stdout_and_is_no_tenants(operator: Operator) -> None:
    base = ("--base-url", "https://scim.example.com/scim/v2")
    found = URL.fullmatch(operator.run("console", "open", *base).stdout.strip())
    assert found
    connection = Connection(operator.client, operator.table, operator.access, Format.TABLE)
    link = links_of(connection).find(hash_of(found[1]))
    assert link is not None
    assert (link.tenant, link.session_seconds) == ("", 3600)


def test_a_table_does_not_know_where_its_service_is(operator: Operator) -> None:
    assert "--base-url" in operator.refusal("console", "open")
