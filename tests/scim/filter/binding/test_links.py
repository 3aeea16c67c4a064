"""Relations and their back links in filters."""

import pytest

from scim.errors import InvalidFilter
from scim.filter.binding.bind import bound
from scim.filter.binding.links import link_at
from scim.filter.parsing.parse import parse_filter
from tests.scim.filter.things import BACK_LINKS, STRICT, THING, TOLERANT, bound_text, line


@pytest.mark.parametrize(
    ("name", "is_link"),
    [
        ("peers", True),
        ("peers.value", True),
        ("friends", True),
        ("parts.value", False),
        ("id", False),
    ],
)
def test_relations_and_back_links_are_links(name: str, is_link: bool) -> None:
    ref = THING.named(name)
    assert ref is not None
    assert (link_at(THING, BACK_LINKS, ref) is not None) == is_link


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        pytest.param("Group", 'members.value eq "u"', "members -> u", id="relation-value"),
        pytest.param("Group", 'MEMBERS.VALUE eq "u"', "members -> u", id="relation-in-any-case"),
        pytest.param(
            "Group",
            'members.value ne "u"',
            "(!members -> u | members -> any beyond 1)",
            id="relation-ne",
        ),
        pytest.param("Group", 'members[value eq "u"]', "members -> u", id="relation-brackets"),
        pytest.param(
            "Group",
            'members[Value eq "u" or value eq "v"]',
            "(members -> u | members -> v)",
            id="relation-or",
        ),
        pytest.param("Group", "members pr", "members -> any", id="relation-present"),
        pytest.param("Group", "members.value pr", "members -> any", id="relation-value-present"),
        pytest.param(
            "Group", "members[value pr]", "members -> any", id="relation-brackets-present"
        ),
        pytest.param("Group", "members eq null", "!members -> any", id="relation-null"),
        pytest.param("Group", "members.value ne null", "members -> any", id="relation-not-null"),
        pytest.param(
            "Group",
            'id eq "g" and members.value eq "u"',
            "(id eq 'g' & members -> u)",
            id="entra-membership",
        ),
        pytest.param("User", 'groups.value eq "g"', "groups <- g", id="back-link"),
        pytest.param("User", 'groups[value eq "g"]', "groups <- g", id="back-link-brackets"),
        pytest.param("User", 'groups.value ne "g"', "!groups <- only g", id="back-link-ne"),
        pytest.param("User", "groups pr", "groups pr", id="back-link-present"),
        pytest.param("Group", 'members.type eq "group"', "members -> Group", id="type"),
        pytest.param("Group", 'members[type eq "Group"]', "members -> Group", id="type-brackets"),
        pytest.param(
            "Group", 'members.type ne "Group"', "(members -> User | !members -> any)", id="type-ne"
        ),
        pytest.param("Group", 'members.type eq "Device"', "false", id="type-of-none"),
        pytest.param("Group", "members.type pr", "members -> any", id="type-present"),
        pytest.param("Group", "members.type eq null", "!members -> any", id="type-null"),
        pytest.param(
            "Group",
            'members[value eq "u" and type eq "User"]',
            "members -> User u",
            id="value-and-type",
        ),
        pytest.param(
            "Group",
            'members[(value eq "u" or value eq "v") and value eq "v" and type ne "User"]',
            "members -> Group v",
            id="value-or-value-and-type",
        ),
        pytest.param(
            "Group", 'members[value eq "u" and value eq "v"]', "false", id="no-value-is-two"
        ),
        pytest.param("User", 'groups.type eq "direct"', "groups pr", id="direct"),
        pytest.param(
            "User", 'groups[value eq "g" and type eq "direct"]', "groups <= g", id="value-direct"
        ),
        pytest.param(
            "User",
            'groups[value eq "g" and type eq "indirect"]',
            "(groups <- g & !groups <= g)",
            id="value-indirect",
        ),
        pytest.param("User", "groups eq null", "!groups pr", id="back-link-null"),
        pytest.param(
            "Thing",
            'peers.value eq "t" or friends.value eq "t"',
            "(peers -> t | friends <- t)",
            id="both-ends",
        ),
    ],
)
def test_a_link_is_asked_by_the_other_resource_s_id(
    type_name: str, text: str, expected: str
) -> None:
    made = bound_text(type_name, text, STRICT)
    assert (line(made.tree), made.tolerated) == (expected, frozenset())


@pytest.mark.parametrize(
    ("type_name", "name", "text"),
    [
        pytest.param("Group", "members", 'members.display eq "Babs"', id="relation-display"),
        pytest.param("Group", "members", 'members.value sw "u"', id="relation-sw"),
        pytest.param("Group", "members", "members.value eq 5", id="relation-number"),
        pytest.param("Group", "members", "members.value gt null", id="relation-gt-null"),
        pytest.param(
            "Group", "members", 'members[value eq "u" and display eq "x"]', id="relation-and"
        ),
        pytest.param("Group", "members", 'members[not (value eq "u")]', id="relation-not"),
        pytest.param("Group", "members", 'members[type sw "User"]', id="relation-brackets-type"),
        pytest.param("Group", "members", "members.type eq 5", id="relation-type-number"),
        pytest.param("Group", "members", 'members[value ne "u"]', id="relation-brackets-ne"),
        pytest.param(
            "Group", "members", 'members.value[value eq "u"]', id="relation-brackets-on-sub"
        ),
        pytest.param("User", "groups", 'groups.display eq "Tour Guides"', id="back-link-display"),
        pytest.param("User", "groups", 'groups co "g"', id="back-link-co"),
        pytest.param("User", "groups", 'groups[type eq "indirect"]', id="back-link-indirect"),
    ],
)
def test_an_unsupported_filter_on_a_relation_is_refused_with_the_supported_ones(
    type_name: str, name: str, text: str
) -> None:
    with pytest.raises(InvalidFilter) as refused:
        bound_text(type_name, text)
    assert f"possible are '{name}.value eq \"id\"'" in refused.value.detail
    assert f"'{name} pr'" in refused.value.detail


def test_without_the_catalogue_a_back_link_is_an_attribute_like_others() -> None:
    made = bound(THING, parse_filter('friends.display eq "x"').filter, TOLERANT)
    assert line(made.tree) == "friends.display eq 'x'"
