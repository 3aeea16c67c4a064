"""Pages by cursor lead on and back, and only for the query they belong to (RFC 9865)."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import ExpiredCursor, InvalidCount, InvalidCursor, TooMany
from scim.service.endpoint import Bounds
from scim.service.messages import Listing
from tests.fakes.endpoint import LATER, FakeDeployment, names_in

NAMES = ["anna", "bert", "carl", "dora", "emil"]


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    deployment = FakeDeployment(bounds=Bounds(max_page_size=10, page_size=3))
    for name in NAMES:
        deployment.user(name)
    return deployment


def _pages(deployment: FakeDeployment, **query: Any) -> list[Listing]:
    pages = [deployment.search("User", cursor="", **query)]
    while (cursor := pages[-1].next_cursor) is not None:
        pages.append(deployment.search("User", cursor=cursor, **query))
    return pages


def test_an_empty_cursor_begins_and_each_page_names_the_next(deployment: FakeDeployment) -> None:
    pages = _pages(deployment, count=2)
    assert [names_in(page) for page in pages] == [["anna", "bert"], ["carl", "dora"], ["emil"]]
    assert {page.total for page in pages} == {5}
    assert {page.start_index for page in pages} == {None}
    assert [page.previous_cursor is None for page in pages] == [True, False, False]


def test_previous_cursors_lead_back_over_the_same_pages(deployment: FakeDeployment) -> None:
    pages = _pages(deployment, count=2)
    back = deployment.search("User", cursor=pages[2].previous_cursor, count=2)
    assert names_in(back) == ["carl", "dora"]
    first = deployment.search("User", cursor=back.previous_cursor, count=2)
    assert (names_in(first), first.previous_cursor) == (["anna", "bert"], None)
    again = deployment.search("User", cursor=first.next_cursor, count=2)
    assert names_in(again) == ["carl", "dora"]


def test_going_back_to_deleted_resources_leads_to_the_first_page(
    deployment: FakeDeployment,
) -> None:
    second = _pages(deployment, count=2)[1]
    for name in ("anna", "bert"):
        (found,) = deployment.search("User", filter=f'userName eq "{name}"').resources
        deployment.delete("User", str(found["id"]))
    back = deployment.search("User", cursor=second.previous_cursor, count=2)
    assert (names_in(back), back.previous_cursor) == ([], None)
    onward = deployment.search("User", cursor=back.next_cursor, count=2)
    assert names_in(onward) == ["carl", "dora"]


def test_all_on_one_page_needs_no_cursor(deployment: FakeDeployment) -> None:
    (page,) = _pages(deployment, count=5)
    assert (page.next_cursor, page.previous_cursor, page.total) == (None, None, 5)


def test_without_a_count_the_page_is_the_usual_one(deployment: FakeDeployment) -> None:
    assert [len(page.resources) for page in _pages(deployment)] == [3, 2]


@pytest.mark.parametrize("count", [11, 10**20])
def test_a_count_no_page_can_have_is_refused(deployment: FakeDeployment, count: int) -> None:
    with pytest.raises(InvalidCount, match="between 0 and 10"):
        deployment.search("User", cursor="", count=count)


@pytest.mark.parametrize("count", [0, -1, -(10**20)])
@pytest.mark.parametrize(
    "query", [{}, {"sort_by": "title"}, {"filter": 'userName co "a"'}], ids=str
)
def test_a_count_of_0_asks_for_the_total_only(
    deployment: FakeDeployment, query: dict[str, Any], count: int
) -> None:
    first = deployment.search("User", cursor="", count=2, **query)
    assert first.next_cursor is not None
    for cursor in ("", first.next_cursor):
        page = deployment.search("User", cursor=cursor, count=count, **query)
        assert (page.resources, page.total) == ((), first.total)
        assert (page.next_cursor, page.previous_cursor, page.start_index) == (None, None, None)
    with pytest.raises(InvalidCursor):
        deployment.search("User", cursor="made up", count=count, **query)


def test_the_size_of_the_page_and_the_projection_may_change_on_the_way(
    deployment: FakeDeployment,
) -> None:
    first = deployment.search("User", cursor="", count=2)
    rest = deployment.search("User", cursor=first.next_cursor, count=3, attributes=("userName",))
    assert names_in(rest) == ["carl", "dora", "emil"]


@pytest.mark.parametrize(
    "changed",
    [
        {"filter": "userName pr"},
        {"sort_by": "userName"},
        {"tenant": "other"},
    ],
    ids=str,
)
def test_a_cursor_of_another_query_is_invalid(
    deployment: FakeDeployment, changed: dict[str, Any]
) -> None:
    cursor = deployment.search("User", cursor="", count=2).next_cursor
    with pytest.raises(InvalidCursor):
        deployment.search("User", cursor=cursor, count=2, **changed)


def test_a_cursor_of_another_type_is_invalid(deployment: FakeDeployment) -> None:
    cursor = deployment.search("User", cursor="", count=2).next_cursor
    with pytest.raises(InvalidCursor):
        deployment.search("Group", cursor=cursor, count=2)


def test_a_cursor_expires(deployment: FakeDeployment) -> None:
    cursor = deployment.search("User", cursor="", count=2).next_cursor
    deployment.clock.time = "2026-03-01T11:00:00.000Z"
    assert deployment.search("User", cursor=cursor, count=2).resources
    deployment.clock.time = "2026-03-01T11:00:01.000Z"
    with pytest.raises(ExpiredCursor):
        deployment.search("User", cursor=cursor, count=2)


def test_a_cursor_takes_the_place_of_an_index(deployment: FakeDeployment) -> None:
    page = deployment.search("User", cursor="", start_index=4, count=2)
    assert names_in(page) == ["anna", "bert"]


def test_the_total_of_a_list_is_of_now_and_of_a_filter_of_its_first_page(
    deployment: FakeDeployment,
) -> None:
    listed = deployment.search("User", cursor="", count=2)
    found = deployment.search("User", cursor="", count=2, filter="userName pr")
    deployment.clock.time = LATER
    deployment.user("zoe")
    assert deployment.search("User", cursor=listed.next_cursor, count=2).total == 6
    following = deployment.search("User", cursor=found.next_cursor, count=2, filter="userName pr")
    assert following.total == 5


def test_a_profile_may_call_a_page_that_is_too_large_too_many(deployment: FakeDeployment) -> None:
    deployment.bounds = replace(deployment.bounds, refuses_larger_pages=True)
    with pytest.raises(TooMany, match="at most 10"):
        deployment.search("User", cursor="", count=11)
