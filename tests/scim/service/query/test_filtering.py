"""What one type contributes to a query: what it has to find, how, and what is left to be tested."""

from typing import Any

import pytest

from scim.errors import InvalidFilter
from scim.profile import Tolerance
from scim.resource.access_path import Direction
from scim.service.query.filtering import TypeQuery, scope_of, segment_name, type_queries_of
from scim.service.query.read_budget import ReadBudget
from tests.fakes.endpoint import STRICT, FakeDeployment, id_


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> FakeDeployment:
    """Users 1 to 3, the group 4 of the first two, the group 5 of that group."""
    deployment = FakeDeployment()
    for name in ("anna", "bert", "carl"):
        deployment.user(name, externalId="same", active=name != "bert")
    deployment.group("inner", id_(1), id_(2))
    deployment.group("outer", id_(4))
    return deployment


def _share(deployment: FakeDeployment, type_name: str, filter_: str | None) -> TypeQuery:
    (type_query,), _ = type_queries_of([deployment.endpoint(type_name)], filter_, ReadBudget(1000))
    return type_query


def _found(type_query: TypeQuery) -> list[int]:
    reader = type_query.matches_opener(type_query.source())(Direction.UP, None, 10)
    return [int(match.record.key.id[-2:]) for match in reader.take(100)]


@pytest.mark.parametrize(
    ("type_name", "filter_", "plan", "is_exact", "numbers"),
    [
        ("User", None, {"plan": "scan"}, True, [1, 2, 3]),
        (
            "User",
            'externalId eq "same"',
            {"plan": "index", "attribute": "externalId", "unique": False},
            True,
            [1, 2, 3],
        ),
        (
            "User",
            'externalId eq "same" and active eq true',
            {
                "plan": "index",
                "attribute": "externalId",
                "unique": False,
                "remainder": "active eq ?",
            },
            False,
            [1, 3],
        ),
        ("User", "active eq false", {"plan": "scan", "remainder": "active eq ?"}, False, [2]),
        ("User", f'id eq "{id_(2)}"', {"plan": "ids", "count": 1}, False, [2]),
        ("User", f'groups.value eq "{id_(5)}"', {"plan": "ids", "count": 2}, False, [1, 2]),
        ("Group", f'members.value eq "{id_(1)}"', {"plan": "ids", "count": 1}, False, [4]),
        ("Group", f'members.value eq "{id_(3)}"', {"plan": "nothing"}, True, []),
        ("Group", 'members.value eq "nobody"', {"plan": "nothing"}, True, []),
    ],
    ids=str,
)
def test_a_share_is_planned_and_found(
    deployment: FakeDeployment,
    type_name: str,
    filter_: str | None,
    plan: dict[str, Any],
    is_exact: bool,
    numbers: list[int],
) -> None:
    type_query = _share(deployment, type_name, filter_)
    assert type_query.name == type_name
    assert type_query.explained() == {"resourceType": type_name, **plan}
    assert type_query.planned.is_exact is is_exact
    assert _found(type_query) == numbers


def test_each_type_has_a_share_of_its_own(deployment: FakeDeployment) -> None:
    endpoints = [deployment.endpoint("User"), deployment.endpoint("Group")]
    type_queries, tolerated = type_queries_of(endpoints, 'displayName eq "inner"', ReadBudget(1000))
    assert [(type_query.name, _found(type_query)) for type_query in type_queries] == [
        ("User", []),
        ("Group", [4]),
    ]
    assert tolerated == frozenset()


def test_all_shares_are_counted_together(deployment: FakeDeployment) -> None:
    budget = ReadBudget(1000)
    endpoints = [deployment.endpoint("User"), deployment.endpoint("Group")]
    for type_query in type_queries_of(endpoints, None, budget)[0]:
        _found(type_query)
    assert budget.items == 5


def test_a_hit_says_in_which_segment_it_stands(deployment: FakeDeployment) -> None:
    type_query = _share(deployment, "User", 'userName sw "b"')
    source = type_query.source()
    (match,) = type_query.matches_opener(source)(Direction.UP, None, 10).take(5)
    assert match.position[0] == segment_name("User", source) == "User index userName"


def test_a_caller_may_supply_another_test_than_the_filter(deployment: FakeDeployment) -> None:
    type_query = _share(deployment, "User", 'externalId eq "same"')
    opened = type_query.matches_opener(type_query.source(), test=lambda view: not view["active"])
    assert [match.record.key.id for match in opened(Direction.UP, None, 10).take(5)] == [id_(2)]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("userName eq 'anna'", Tolerance.UNQUOTED_LITERAL),
        (r'userName eq "anna" and title ne "A\K"', Tolerance.UNESCAPED_BACKSLASH),
    ],
)
def test_a_tolerance_used_by_a_filter_is_reported_or_refused(
    deployment: FakeDeployment, text: str, needed: Tolerance
) -> None:
    type_queries, tolerated = type_queries_of([deployment.endpoint("User")], text, ReadBudget(10))
    assert _found(type_queries[0]) == [1]
    assert tolerated == {needed}
    strict = FakeDeployment(deployment.directory, profile=STRICT)
    with pytest.raises(InvalidFilter, match="not of RFC 7644's grammar"):
        type_queries_of([strict.endpoint("User")], text, ReadBudget(10))


@pytest.mark.parametrize("text", ["userName eq", "noSuchThing eq 1 and", "("])
def test_a_filter_that_cannot_be_read_is_refused(deployment: FakeDeployment, text: str) -> None:
    with pytest.raises(InvalidFilter):
        type_queries_of([deployment.endpoint("User")], text, ReadBudget(10))


@pytest.mark.parametrize(
    ("type_name", "back_links"), [("User", ["groups"]), ("Group", ["groups"]), ("GroupMember", [])]
)
def test_the_back_links_of_a_type_are_in_its_scope(type_name: str, back_links: list[str]) -> None:
    scope = scope_of(FakeDeployment().endpoint(type_name))
    assert scope.resource_type.name == type_name
    assert list(scope.back_links) == back_links
