"""Filters are given by resource type and kept as one text."""

import json

import click
import pytest

from scim_cli.admin.filters import checked, filters_in
from scim_cli.connection import Connection
from scim_cli.output import Format
from tests.local.cli.conftest import Operator


@pytest.fixture(name="connection")
def _connection(operator: Operator) -> Connection:
    operator.run("tenant", "create", "acme")
    return Connection(operator.client, operator.table, operator.access, Format.TABLE)


def test_no_filter_is_none(connection: Connection) -> None:
    assert filters_in(connection, "acme", ()) is None


def test_a_filter_may_hold_what_parts_it_from_its_type(connection: Connection) -> None:
    given = ('User=displayName eq "a=b"', "Group=*")
    text = filters_in(connection, "acme", given)
    assert text is not None
    assert json.loads(text) == {"User": 'displayName eq "a=b"', "Group": "*"}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (("User",), "TYPE=FILTER"),
        (("=*",), "no resource type ''"),
        (("User=*", "User=active eq true"), "one TYPE=FILTER for each type"),
        (("user=*",), "no resource type 'user'"),
        (("User=",), "line|column|empty|end"),
        (("Group=members pr",), "own attributes"),
    ],
)
def test_what_is_no_filter_is_refused(
    connection: Connection, given: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(click.ClickException, match=complaint):
        filters_in(connection, "acme", given)


def test_what_an_issuers_document_says_is_checked_as_well(connection: Connection) -> None:
    assert checked(connection, "acme", {"User": "*"}) == '{"User":"*"}'
    with pytest.raises(click.ClickException, match="object of filters"):
        checked(connection, "acme", {"User": 1})
