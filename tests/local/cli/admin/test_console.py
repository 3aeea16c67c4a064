"""A link to the console from the command line: for a moment, shown once."""

import re

from scim.access.token import hash_of
from scim.bootstrap.credentials import table_of_credentials
from scim.store.access.setup_links import SetupLinks
from tests.local.cli.conftest import Operator

URL = re.compile(r"https://scim\.example\.com/console/index\.html#([A-Za-z0-9_-]{43})")


def test_the_link_is_the_only_line_on_stdout_and_is_no_tenants(operator: Operator) -> None:
    base = ("--base-url", "https://scim.example.com/scim/v2")
    found = URL.fullmatch(operator.run("console", "open", *base).stdout.strip())
    assert found
    link = SetupLinks(table_of_credentials(operator.client, operator.table)).find(hash_of(found[1]))
    assert link is not None
    assert (link.tenant, link.session_seconds) == ("", 3600)
    (act,) = operator.json("audit", "--tenant", "scim", "--kind", "act")
    assert (act["operation"], act["outcome"]) == ("createConsoleLink", "done")


def test_a_table_does_not_know_where_its_service_is(operator: Operator) -> None:
    assert "--base-url" in operator.refusal("console", "open")
