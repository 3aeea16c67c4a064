"""A filter is explained without its values."""

import pytest

from scim.filter.binding.bound_tree import IdIn
from scim.filter.planning.explain import described
from tests.scim.filter.things import bound_text


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        ("User", 'userName eq "anna"', "userName eq ?"),
        ("User", 'title pr and not (userName co "x")', "title pr and not (userName co ?)"),
        (
            "User",
            '(title pr or active eq true) and id eq "1"',
            "(title pr or active eq ?) and id eq ?",
        ),
        (
            "User",
            'emails[type eq "work" and value sw "x"]',
            "emails[emails.type eq ? and emails.value sw ?]",
        ),
        ("User", "emails.primary eq true", "emails.primary eq ?"),
        ("User", "emails.primary eq false", "emails[not (emails.primary eq ?)]"),
        ("User", 'groups.value eq "g"', "groups eq ?"),
        ("Group", 'members.value eq "u"', "members eq ?"),
        ("Group", "members pr", "members pr"),
        ("User", 'meta.resourceType eq "User"', "true"),
        ("User", 'meta.resourceType eq "Group"', "false"),
    ],
)
def test_values_are_question_marks(type_name: str, text: str, expected: str) -> None:
    assert described(bound_text(type_name, text).tree) == expected


def test_answered_relations_are_ids() -> None:
    assert described(IdIn(frozenset({"secret"}))) == "id eq ?"
