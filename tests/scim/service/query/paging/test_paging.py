"""The pages of one walk share a name, and nothing else does."""

from dataclasses import replace
from typing import Any

import pytest

from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query.paging import Pages, pages_of
from scim.service.query.read_budget import ReadBudget
from scim.service.query.search import strategy_of
from tests.fakes.endpoint import FakeDeployment

DEPLOYMENT = FakeDeployment(bounds=Bounds(cursor_seconds=60))
USERS, GROUPS = DEPLOYMENT.endpoint("User"), DEPLOYMENT.endpoint("Group")
QUERY = Query(filter="title pr", sort_by="userName")


def _pages(query: Query = QUERY, *others: Any) -> Pages:
    endpoints = [USERS, *others]
    return pages_of(endpoints, query, strategy_of(endpoints, query, ReadBudget(10)).walk)


@pytest.mark.parametrize(
    "changed",
    [
        {"count": 7},
        {"start_index": 30},
        {"cursor": "x"},
        {"attributes": ("userName",)},
        {"excluded_attributes": ("groups",)},
        {"is_explained": True},
    ],
    ids=str,
)
def test_the_name_of_a_walk_does_not_depend_on_count_or_projection(changed: dict[str, Any]) -> None:
    assert _pages(replace(QUERY, **changed)).name == _pages().name


@pytest.mark.parametrize(
    "changed",
    [
        {"filter": "title pr and active pr"},
        {"filter": None},
        {"sort_by": "displayName"},
        {"sort_by": None},
        {"sort_order": "descending"},
        {"walker": "somebody"},
    ],
    ids=str,
)
def test_another_query_is_another_walk(changed: dict[str, Any]) -> None:
    assert _pages(replace(QUERY, **changed)).name != _pages().name


def test_other_types_are_another_walk() -> None:
    query = Query(filter="displayName pr")
    walk = strategy_of([USERS], query, ReadBudget(10)).walk
    names = {
        pages_of(endpoints, query, walk).name
        for endpoints in ([USERS], [GROUPS], [USERS, GROUPS], [GROUPS, USERS])
    }
    assert len(names) == 4


def test_a_walk_in_another_order_has_another_name() -> None:
    one, other = (
        strategy_of([USERS], Query(sort_by=name), ReadBudget(10)).walk
        for name in ("userName", "title")
    )
    assert pages_of([USERS], QUERY, one).name != pages_of([USERS], QUERY, other).name


def test_the_name_fits_into_a_key() -> None:
    assert len(_pages().name) == 32
    assert _pages().name.isalnum()


def test_page_markers_last_as_long_as_configured() -> None:
    pages = _pages()
    assert pages.now == 1772359200  # 2026-03-01T10:00:00Z
    assert pages.end == pages.now + 60
    assert pages.endpoint is USERS
