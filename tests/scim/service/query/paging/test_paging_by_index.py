"""Pages by startIndex continue where the page before ended, whatever changed in between."""

from typing import Any

import pytest

from tests.fakes.endpoint import FakeDeployment, id_, names_in
from tests.fakes.observed import ObservedDirectory

NAMES = ["anna", "bert", "carl", "dora", "emil", "fred"]
QUERIES: list[dict[str, Any]] = [
    {},
    {"filter": "active eq true"},
    {"filter": 'externalId eq "same"'},
    {"sort_by": "userName"},
]


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    deployment = FakeDeployment(ObservedDirectory())
    for name in NAMES:
        deployment.user(name, externalId="same", active=True)
    return deployment


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_deletion_before_the_page_does_not_move_it(
    deployment: FakeDeployment, query: dict[str, Any]
) -> None:
    assert names_in(deployment.search("User", count=2, **query)) == ["anna", "bert"]
    deployment.delete("User", id_(1))
    assert names_in(deployment.search("User", start_index=3, count=2, **query)) == ["carl", "dora"]
    last = deployment.search("User", start_index=5, count=2, **query)
    assert (names_in(last), last.total) == (["emil", "fred"], 6)


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_the_total_never_ends_a_walk_too_early(
    deployment: FakeDeployment, query: dict[str, Any]
) -> None:
    deployment.search("User", count=4, **query)
    for number in (1, 2, 3):
        deployment.delete("User", id_(number))
    page = deployment.search("User", start_index=5, count=1, **query)
    assert (names_in(page), page.total) == (["emil"], 6)


def test_paging_beyond_the_end_repeats_nobody(deployment: FakeDeployment) -> None:
    deployment.search("User", count=4)
    assert names_in(deployment.search("User", start_index=5, count=4)) == ["emil", "fred"]
    deployment.delete("User", id_(1))
    beyond = deployment.search("User", start_index=7, count=4)
    assert (beyond.resources, beyond.total) == ((), 6)


def test_a_jump_is_counted_off(deployment: FakeDeployment) -> None:
    for query in QUERIES:
        page = deployment.search("User", start_index=4, count=2, **query)
        assert (names_in(page), page.total) == (["dora", "emil"], 6)


def test_a_jump_is_counted_off_from_the_nearest_page(deployment: FakeDeployment) -> None:
    deployment.search("User", count=3)
    deployment.delete("User", id_(1))
    page = deployment.search("User", start_index=5, count=1)
    assert names_in(page) == ["emil"]


def test_clients_do_not_disturb_each_other(deployment: FakeDeployment) -> None:
    deployment.search("User", count=2, walker="one")
    deployment.delete("User", id_(1))
    deployment.search("User", count=2, walker="other")
    one = deployment.search("User", start_index=3, count=2, walker="one")
    other = deployment.search("User", start_index=3, count=2, walker="other")
    assert (names_in(one), names_in(other)) == (["carl", "dora"], ["dora", "emil"])


def _walked(deployment: FakeDeployment, begin: int, size: int, **query: Any) -> list[object]:
    """Return whom a client gets that goes on from an index until it is told there is nobody more."""
    found: list[object] = []
    index, total = begin, begin
    while index <= total:
        page = deployment.search("User", start_index=index, count=size, **query)
        found += names_in(page)
        index, total = index + max(len(page.resources), 1), page.total
    return found


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_two_walks_of_one_client_are_both_complete_though_some_are_deleted(
    deployment: FakeDeployment, query: dict[str, Any]
) -> None:
    names = [f"user{number}" for number in range(10, 34)]
    for name in names:
        deployment.user(name, externalId="same", active=True)
    one = names_in(deployment.search("User", count=10, **query))
    for number in range(1, 6):
        deployment.delete("User", id_(number))
    other = names_in(deployment.search("User", count=10, **query))
    one += names_in(deployment.search("User", start_index=11, count=10, **query))
    other += _walked(deployment, 11, 10, **query)
    one += _walked(deployment, 21, 10, **query)
    there = {"fred", *names}
    assert there - {*one} == there - {*other} == set()


def test_walks_with_pages_of_different_sizes_are_both_complete(deployment: FakeDeployment) -> None:
    one = names_in(deployment.search("User", count=2))
    deployment.delete("User", id_(1))
    other = [*names_in(deployment.search("User", count=1)), *_walked(deployment, 2, 1)]
    one += _walked(deployment, 3, 2)
    assert {*one} >= {"bert", "carl", "dora", "emil", "fred"} <= {*other}


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_walk_that_begins_after_another_has_ended_repeats_nobody(
    deployment: FakeDeployment, size: int, query: dict[str, Any]
) -> None:
    left = list(NAMES)
    for number in range(1, 7):
        deployment.clock.time = f"2026-03-01T10:0{number}:00.000Z"
        assert _walked(deployment, 1, size, **query) == left
        gone = left.pop(len(left) // 2)
        deployment.delete("User", id_(NAMES.index(gone) + 1))


def test_an_abandoned_walk_does_not_disturb_later_ones(deployment: FakeDeployment) -> None:
    deployment.search("User", count=2)
    deployment.delete("User", id_(1))
    deployment.clock.time = "2026-03-01T10:30:00.000Z"
    assert {*_walked(deployment, 1, 2)} == {"bert", "carl", "dora", "emil", "fred"}


def test_an_old_mark_is_forgotten(deployment: FakeDeployment) -> None:
    deployment.search("User", count=2)
    deployment.delete("User", id_(1))
    deployment.clock.time = "2026-03-01T12:00:00.000Z"
    assert names_in(deployment.search("User", start_index=3, count=2)) == ["dora", "emil"]


@pytest.mark.parametrize(
    "query",
    [{}, {"count": 10}, {"count": 6}, {"filter": 'userName eq "anna"', "count": 1}],
    ids=str,
)
def test_a_list_of_one_page_stores_no_page_marker(
    deployment: FakeDeployment, query: dict[str, Any]
) -> None:
    deployment.search("User", **query)
    assert isinstance(deployment.directory, ObservedDirectory)
    assert "mark" not in deployment.directory.asked


def test_the_page_after_the_last_is_empty_until_a_resource_is_added(
    deployment: FakeDeployment,
) -> None:
    assert len(deployment.search("User", count=6).resources) == 6
    beyond = deployment.search("User", start_index=7, count=6)
    assert (beyond.resources, beyond.total) == ((), 6)
    deployment.user("gerd")
    assert names_in(deployment.search("User", start_index=7, count=6)) == ["gerd"]
