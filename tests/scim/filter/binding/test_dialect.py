"""Filters on names with a domain."""

from dataclasses import replace

import pytest

from scim.filter.binding.bind import Scope, bound_across
from scim.filter.binding.names import within, within_values
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.parse import parse_filter
from scim.profile import Profile
from scim.profile.parts import Domains
from tests.fakes.endpoint import type_of

USER, GROUP = type_of("User"), type_of("Group")
DOMAINS = Domains(names={"User": ("userName",)})
NAMES = ("kim", "kimberly", "alex", "TEST/kim", "TEST/alex", "OTHER/kim")


def _told(text: str | None, domain: str | None = None, domains: Domains = DOMAINS) -> str:
    return str(within(USER, parse_filter(text).filter if text else None, domains, domain))


def _found(text: str | None, domain: str | None, domains: Domains = DOMAINS) -> list[str]:
    wanted = parse_filter(text).filter if text else None
    (bound,) = bound_across([Scope(USER)], wanted, Profile(domains=domains), domain)
    holds = predicate(bound.tree)
    return [name for name in NAMES if holds({"userName": name, "title": "kim"})]


@pytest.mark.parametrize(
    ("text", "domain", "names"),
    [
        ('userName eq "kim"', None, ["kim"]),
        ('userName eq "PRIMARY/kim"', None, ["kim"]),
        ('userName eq "test/KIM"', None, ["TEST/kim"]),
        ('userName eq "kim"', "TEST", ["TEST/kim"]),
        ('userName eq "kim"', "primary", ["kim"]),
        ('userName eq "OTHER/kim"', "TEST", []),
        ('userName ne "kim"', "TEST", ["TEST/alex"]),
        ('userName ne "PRIMARY/kim"', None, [name for name in NAMES if name != "kim"]),
        ('userName sw "ki"', None, ["kim", "kimberly", "TEST/kim", "OTHER/kim"]),
        ('userName sw "PRIMARY/ki"', None, ["kim", "kimberly"]),
        ('userName sw "TEST/"', None, ["TEST/kim", "TEST/alex"]),
        ('userName sw "PRIMARY/"', None, ["kim", "kimberly", "alex"]),
        ('userName sw "ki"', "TEST", ["TEST/kim"]),
        ('userName co "im"', "PRIMARY", ["kim", "kimberly"]),
        ('userName co "TEST/le"', None, ["TEST/alex"]),
        ('userName co "TEST/"', None, ["TEST/kim", "TEST/alex"]),
        ('userName ew "OTHER/im"', None, ["OTHER/kim"]),
        ('userName ew "im"', "TEST", ["TEST/kim"]),
        ('userName gt "TEST/b"', None, ["TEST/kim"]),
        ('not (userName eq "kim") and userName sw "k"', "PRIMARY", ["kimberly"]),
        ('userName eq "kim" or userName eq "alex"', "TEST", ["TEST/kim", "TEST/alex"]),
        ("userName pr", "OTHER", ["OTHER/kim"]),
        ('title eq "kim"', "OTHER", ["OTHER/kim"]),
        (None, "TEST", ["TEST/kim", "TEST/alex"]),
        (None, "PRIMARY", ["kim", "kimberly", "alex"]),
        (None, "NONE", []),
        (None, None, list(NAMES)),
    ],
)
def test_a_filter_finds_the_names_it_means(
    text: str | None, domain: str | None, names: list[str]
) -> None:
    assert _found(text, domain) == names


def test_eq_may_mean_the_name_in_every_domain() -> None:
    every = replace(DOMAINS, eq_is_exact=False)
    assert _found('userName eq "kim"', None, every) == ["kim", "TEST/kim", "OTHER/kim"]
    assert _found('userName ne "kim"', None, every) == ["kimberly", "alex", "TEST/alex"]
    assert _found('userName eq "PRIMARY/kim"', None, every) == ["kim"]


@pytest.mark.parametrize(
    ("text", "domain", "told"),
    [
        ('userName eq "PRIMARY/kim"', None, 'userName eq "kim"'),
        ('userName sw "TEST/ki"', None, 'userName sw "TEST/ki"'),
        ('USERNAME eq "TEST/kim"', None, 'USERNAME eq "TEST/kim"'),
        ('emails[display eq "PRIMARY/kim"]', None, 'emails[display eq "PRIMARY/kim"]'),
        (None, "TEST", 'userName sw "TEST/"'),
    ],
)
def test_names_with_a_domain_are_still_answered_by_the_index(
    text: str | None, domain: str | None, told: str
) -> None:
    assert _told(text, domain) == told


def test_filters_of_a_type_without_domain_names_stay() -> None:
    wanted = parse_filter('displayName eq "PRIMARY/kim"').filter
    assert within(GROUP, wanted, DOMAINS, "TEST") is wanted
    assert within(USER, wanted, Domains(), "TEST") is wanted


def test_within_brackets_the_names_of_sub_attributes_are_rewritten() -> None:
    domains = Domains(names={"Group": ("displayName", "members.display")})
    wanted = parse_filter('display eq "PRIMARY/kim" and type eq "PRIMARY/User"').filter
    told = within_values(GROUP, "members", wanted, domains)
    assert str(told) == 'display eq "kim" and type eq "PRIMARY/User"'
    assert within_values(GROUP, "members", wanted, Domains()) == wanted
