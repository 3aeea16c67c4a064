"""Names of the primary domain are kept without it, wherever the profile says they stand."""

from typing import Any

import pytest

from scim.profile.parts import Domains
from scim.resource.domain_names import with_plain_names
from tests.fakes.endpoint import type_of

DOMAINS = Domains(
    names={
        "User": ("userName", "emails.display", "nowhere"),
        "Group": ("displayName", "members.display"),
    }
)


@pytest.mark.parametrize(
    ("type_name", "body", "expected"),
    [
        (
            "User",
            {"userName": "PRIMARY/kim", "title": "PRIMARY/x"},
            {"userName": "kim", "title": "PRIMARY/x"},
        ),
        ("User", {"userName": "TEST/kim"}, {"userName": "TEST/kim"}),
        ("User", {"title": "x"}, {"title": "x"}),
        (
            "User",
            {"emails": [{"value": "a", "display": "primary/kim"}, {"value": "b"}]},
            {"emails": [{"value": "a", "display": "kim"}, {"value": "b"}]},
        ),
        (
            "Group",
            {"displayName": "primary/staff", "members": [{"value": "1", "display": "TEST/kim"}]},
            {"displayName": "staff", "members": [{"value": "1", "display": "TEST/kim"}]},
        ),
    ],
)
def test_names_become_plain_where_they_are_names(
    type_name: str, body: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert with_plain_names(type_of(type_name), body, DOMAINS) == expected


def test_a_type_without_domain_names_is_left_alone() -> None:
    body: dict[str, object] = {"userName": "PRIMARY/kim"}
    assert with_plain_names(type_of("User"), body, Domains()) is body
