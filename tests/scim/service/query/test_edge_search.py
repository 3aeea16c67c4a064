"""Lists of memberships: by group, by member, by both, or all; in pages of both kinds."""

from typing import Any

import pytest

from scim.errors import InvalidCursor, InvalidFilter, InvalidValue, TooMany
from scim.service.endpoint import Bounds
from scim.service.messages import Listing, Query
from scim.service.query.edge_search import search_edges
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.observed import ObservedDirectory


def listed(deployment: FakeDeployment, text: str | None = None, **query: Any) -> Listing:
    return search_edges(deployment.endpoint("GroupMember"), Query(filter=text, **query))


def ends_in(found: Listing) -> list[tuple[str, str]]:
    return [
        (each["group"]["value"], each["member"]["value"])  # type: ignore[index]
        for each in found.resources
    ]


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    """Two groups: the first users 1 to 7, the second users 5 to 9; user 10 is in none."""
    deployment = FakeDeployment(ObservedDirectory())
    users = [deployment.user(f"user{n}") for n in range(1, 11)]
    deployment.group("first", *users[:7])
    deployment.group("second", *users[4:9])
    return deployment


def user(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


FIRST, SECOND = user(11), user(12)


def test_the_members_of_a_group(deployment: FakeDeployment) -> None:
    found = listed(deployment, f'group.value eq "{FIRST}"')
    assert found.total == 7
    assert ends_in(found) == [(FIRST, user(n)) for n in range(1, 8)]
    assert found.next_cursor is None


def test_the_groups_of_a_member(deployment: FakeDeployment) -> None:
    found = listed(deployment, f'member.value eq "{user(6)}"')
    assert found.total == 2
    assert ends_in(found) == [(FIRST, user(6)), (SECOND, user(6))]
    assert [each["meta"]["created"] for each in found.resources] == [  # type: ignore[index]
        "2026-03-01T10:00:00.000Z"
    ] * 2


@pytest.mark.parametrize(("member", "total"), [(6, 1), (9, 0), (10, 0)])
@pytest.mark.parametrize(
    "form",
    [
        'group.value eq "{0}" and member.value eq "{1}"',
        'member.value eq "{1}" and group.value eq "{0}"',
        'id eq "{0}~{1}"',
    ],
)
def test_a_filter_by_group_and_member_finds_one_membership(
    deployment: FakeDeployment, member: int, total: int, form: str
) -> None:
    found = listed(deployment, form.format(FIRST, user(member)))
    assert found.total == total
    assert ends_in(found) == [(FIRST, user(member))] * total


def test_without_a_filter_all_edges_are_listed(deployment: FakeDeployment) -> None:
    found = listed(deployment)
    assert found.total == 12
    assert ends_in(found) == [
        *((FIRST, user(n)) for n in range(1, 8)),
        *((SECOND, user(n)) for n in range(5, 10)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'group.value eq "nothing"',
        'member.value eq "nothing"',
        f'group.value eq "{FIRST}" and group.value eq "{SECOND}"',
        'id eq "nothing"',
        f'group.value eq "{user(1)}"',
    ],
)
def test_a_filter_that_matches_nothing_gives_an_empty_list(
    deployment: FakeDeployment, text: str
) -> None:
    found = listed(deployment, text)
    assert (found.total, found.resources, found.next_cursor) == (0, (), None)


QUERIES = [None, f'group.value eq "{FIRST}"', f'member.value eq "{user(6)}"']


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_pages_by_index_join_to_the_whole(
    deployment: FakeDeployment, text: str | None, size: int
) -> None:
    whole = ends_in(listed(deployment, text))
    pages: list[tuple[str, str]] = []
    for start in range(1, len(whole) + 1, size):
        found = listed(deployment, text, start_index=start, count=size)
        assert found.start_index == start
        assert found.total == len(whole)
        pages += ends_in(found)
    assert pages == whole


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_pages_by_cursor_join_to_the_whole(
    deployment: FakeDeployment, text: str | None, size: int
) -> None:
    whole = ends_in(listed(deployment, text))
    found = listed(deployment, text, cursor="", count=size)
    pages = [ends_in(found)]
    while found.next_cursor is not None:
        found = listed(deployment, text, cursor=found.next_cursor, count=size)
        assert found.total == len(whole)
        pages.append(ends_in(found))
    assert [ends for page in pages for ends in page] == whole
    back = [pages[-1]]
    while found.previous_cursor is not None:
        found = listed(deployment, text, cursor=found.previous_cursor, count=size)
        back.append(ends_in(found))
    assert [ends for page in back[::-1] for ends in page] == whole


def test_a_page_reads_what_it_shows(deployment: FakeDeployment) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    listed(deployment, f'group.value eq "{FIRST}"', count=2)
    assert deployment.directory.asked == [
        "read_latest",
        "read",
        "edges",
        "read_many",
        "mark",
    ]


@pytest.mark.parametrize("is_pointed", [False, True], ids=["by index", "by cursor"])
def test_the_total_is_counted_on_the_first_page_and_carried_in_the_cursor(
    deployment: FakeDeployment, is_pointed: bool
) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    place = {"cursor": ""} if is_pointed else {"start_index": 1}
    first = listed(deployment, count=5, **place)
    deployment.directory.asked.clear()
    place = {"cursor": first.next_cursor} if is_pointed else {"start_index": 6}
    second = listed(deployment, count=5, **place)
    assert (first.total, second.total, len(second.resources)) == (12, 12, 5)
    assert deployment.directory.asked.count("records") == 1


def test_the_groups_of_a_member_are_read_together(deployment: FakeDeployment) -> None:
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    listed(deployment, f'member.value eq "{user(6)}"')
    assert deployment.directory.asked == [
        "read_latest",
        "edges_between",
        "read_many",
        "read_many",
    ]


def test_members_show_their_names_on_pages_of_a_hundred(deployment: FakeDeployment) -> None:
    (only,) = listed(deployment, f'id eq "{FIRST}~{user(3)}"').resources
    assert only["member"]["display"] == "user3"  # type: ignore[index]
    assert only["group"]["display"] == "first"  # type: ignore[index]


def test_a_projection_leaves_out_what_is_not_wanted(deployment: FakeDeployment) -> None:
    found = listed(deployment, f'group.value eq "{FIRST}"', attributes=("member.value",))
    assert found.resources[0] == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:GroupMember"],
        "id": f"{FIRST}~{user(1)}",
        "member": {"value": user(1)},
    }


@pytest.mark.parametrize("count", [0, -1])
def test_no_count_shows_the_total_alone(deployment: FakeDeployment, count: int) -> None:
    found = listed(deployment, f'group.value eq "{FIRST}"', count=count)
    assert (found.total, found.resources) == (7, ())


@pytest.mark.parametrize(
    "text",
    [
        'member.type eq "User"',
        'group.value sw "0"',
        f'group.value eq "{FIRST}" or member.value eq "{user(1)}"',
        f'not (group.value eq "{FIRST}")',
        "group pr",
    ],
)
def test_an_unsupported_filter_is_refused_with_the_supported_ones(
    deployment: FakeDeployment, text: str
) -> None:
    with pytest.raises(InvalidFilter, match=r"Possible are 'group\.value eq"):
        listed(deployment, text)


def test_memberships_are_not_sorted(deployment: FakeDeployment) -> None:
    with pytest.raises(InvalidValue, match="sortBy"):
        listed(deployment, sort_by="member.value")


def test_explain_is_refused_for_memberships(deployment: FakeDeployment) -> None:
    with pytest.raises(InvalidValue, match="explain"):
        listed(deployment, is_explained=True)


@pytest.mark.parametrize("cursor", ["x", "%%%", "W10", "bnVsbA", "e30", "é"])
def test_a_foreign_cursor_is_refused(deployment: FakeDeployment, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        listed(deployment, cursor=cursor)


def test_a_cursor_belongs_to_its_query(deployment: FakeDeployment) -> None:
    cursor = listed(deployment, cursor="", count=1).next_cursor
    with pytest.raises(InvalidCursor):
        listed(deployment, f'group.value eq "{FIRST}"', cursor=cursor)


def test_all_memberships_of_too_many_groups_are_too_many() -> None:
    deployment = FakeDeployment(bounds=Bounds(scanned=1))
    deployment.group("one")
    deployment.group("two")
    with pytest.raises(TooMany, match=r"filter by group\.value or member\.value"):
        listed(deployment)


def test_a_group_that_is_gone_has_no_memberships(deployment: FakeDeployment) -> None:
    deployment.delete("Group", FIRST)
    assert listed(deployment, f'group.value eq "{FIRST}"').total == 0
    assert ends_in(listed(deployment, f'member.value eq "{user(6)}"')) == [(SECOND, user(6))]


def test_nothing_of_another_tenant_is_listed(deployment: FakeDeployment) -> None:
    endpoint = deployment.endpoint("GroupMember", "other")
    for text in (None, f'group.value eq "{FIRST}"', f'id eq "{FIRST}~{user(1)}"'):
        assert search_edges(endpoint, Query(filter=text)).total == 0
