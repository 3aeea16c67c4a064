"""The plan and the order of a query decide how it is walked, and an explanation says so."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.schema.resource_type import Index
from scim.service.messages import Query
from scim.service.query.read_budget import ReadBudget
from scim.service.query.search import strategy_of
from tests.fakes.endpoint import FakeDeployment

DEPLOYMENT = FakeDeployment()


@pytest.mark.parametrize(
    ("query", "walk"),
    [
        ({}, "up User id"),
        ({"filter": "title pr"}, "up User id"),
        ({"filter": 'userName eq "a"'}, "up User id"),
        ({"filter": 'userName sw "a"'}, "up User index userName"),
        ({"filter": 'emails.value sw "a"'}, "up User id"),
        ({"filter": 'userName sw "a" or title pr'}, "up User id"),
        ({"filter": 'meta.lastModified gt "2026-01-01T00:00:00Z"'}, "up User change"),
        ({"sort_by": "userName"}, "up User index userName"),
        ({"sort_by": "userName", "sort_order": "Descending"}, "down User index userName"),
        ({"sort_by": "displayName"}, "up User index displayName, User id"),
        (
            {"sort_by": "displayName", "sort_order": "descending"},
            "down User id, User index displayName",
        ),
        ({"sort_by": "userName", "filter": "title pr"}, "up User index userName"),
        ({"sort_by": "userName", "filter": 'userName sw "a"'}, "up User index userName"),
        ({"sort_by": "displayName", "filter": 'userName sw "a"'}, "ranked up User displayName"),
        ({"sort_by": "userName", "filter": 'externalId eq "a"'}, "ranked up User userName"),
        ({"sort_by": "id"}, "up User id"),
        ({"sort_by": "ID", "sort_order": "descending"}, "down User id"),
        ({"sort_by": "id", "filter": 'userName sw "a"'}, "up User id"),
        ({"sort_by": "id", "filter": 'externalId eq "a" or title pr'}, "up User id"),
        (
            {"sort_by": "id", "filter": 'meta.lastModified gt "2026-01-01T00:00:00Z"'},
            "ranked up User id",
        ),
        ({"sort_by": "title"}, "ranked up User title"),
        ({"sort_by": "emails"}, "ranked up User emails.value"),
    ],
    ids=str,
)
def test_an_index_is_walked_where_it_has_the_order(query: dict[str, Any], walk: str) -> None:
    found = strategy_of([DEPLOYMENT.endpoint("User")], Query(**query), ReadBudget(10))
    assert found.walk.order == walk
    assert [plan["walk"] for plan in found.plans] == [walk]


def test_a_late_index_of_a_required_attribute_does_not_end_the_list() -> None:
    endpoint = DEPLOYMENT.endpoint("User")
    type_ = replace(endpoint.resource_type, indexes=(Index("userName", is_late=True),))
    query = Query(sort_by="userName")
    late = strategy_of([replace(endpoint, resource_type=type_)], query, ReadBudget(10))
    assert late.walk.order == "up User index userName, User id"


def test_types_come_one_after_the_other_unless_they_are_sorted() -> None:
    endpoints = [DEPLOYMENT.endpoint("Group"), DEPLOYMENT.endpoint("User")]
    assert strategy_of(endpoints, Query(), ReadBudget(10)).walk.order == "up Group id, User id"
    ranked = strategy_of(endpoints, Query(sort_by="displayName"), ReadBudget(10)).walk
    assert ranked.order == "ranked up Group displayName, User displayName"


def test_a_plan_says_what_is_left_to_be_tested_and_no_value() -> None:
    query = Query(filter='externalId eq "secret" and title co "hidden"')
    (plan,) = strategy_of([DEPLOYMENT.endpoint("User")], query, ReadBudget(10)).plans
    assert plan == {
        "resourceType": "User",
        "plan": "index",
        "attribute": "externalId",
        "unique": False,
        "remainder": "title co ?",
        "walk": "up User id",
    }


@pytest.mark.parametrize("sort_by", [None, "userName"])
def test_an_unknown_sort_order_is_refused_for_every_attribute(sort_by: str | None) -> None:
    with pytest.raises(InvalidValue, match="sortOrder"):
        FakeDeployment().search("User", sort_order="AAA", sort_by=sort_by)
