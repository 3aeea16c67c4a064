"""A ranked result: by the attribute, then by id; a type without the attribute has no values."""

import pytest

from scim.errors import InvalidPath, InvalidValue
from scim.resource.access_path import Direction
from scim.service.messages import Query
from scim.service.query.read_budget import ReadBudget
from scim.service.query.search import strategy_of
from scim.service.query.sorting import SortedInMemory
from scim.service.query.walk import Slice, Walk
from tests.fakes.endpoint import FakeDeployment, id_

DEPLOYMENT = FakeDeployment()
for _name in ("carl", "Anna", "bert"):
    DEPLOYMENT.user(_name)
DEPLOYMENT.group("aardvarks")
USERS, GROUPS = DEPLOYMENT.endpoint("User"), DEPLOYMENT.endpoint("Group")


def _walk(sort_by: str, sort_order: str | None = None) -> Walk:
    query = Query(sort_by=sort_by, sort_order=sort_order)
    return strategy_of([USERS, GROUPS], query, ReadBudget(100)).walk


def _numbers(part: Slice) -> list[int]:
    return [int(match.record.key.id[-2:]) for match in part.matches]


@pytest.mark.parametrize(
    ("sort_by", "sort_order", "numbers"),
    [
        ("userName", None, [2, 3, 1, 4]),
        ("userName", "ascending", [2, 3, 1, 4]),
        ("userName", "descending", [4, 1, 3, 2]),
        ("displayName", None, [4, 1, 2, 3]),
        ("id", None, [1, 2, 3, 4]),
        ("meta.created", "descending", [4, 3, 2, 1]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", None, [2, 3, 1, 4]),
    ],
)
def test_hits_are_ranked_from_anywhere(
    sort_by: str, sort_order: str | None, numbers: list[int]
) -> None:
    walk = _walk(sort_by, sort_order)
    assert isinstance(walk, SortedInMemory)
    whole = walk.first_and_total(0, 10)
    assert (_numbers(whole), whole.total, whole.has_more) == (numbers, 4, False)
    for at, match in enumerate(whole.matches):
        assert _numbers(walk.onward(match.position, 0, 10)) == numbers[at + 1 :]
        assert _numbers(walk.back(match.position, 10)) == numbers[:at]


def test_a_page_knows_whether_there_is_more() -> None:
    walk = _walk("userName")
    first = walk.onward(None, 1, 2)
    assert (_numbers(first), first.has_more) == ([3, 1], True)
    assert not walk.onward(None, 2, 2).has_more
    back = walk.back(first.matches[-1].position, 1)
    assert (_numbers(back), back.has_more) == ([3], True)
    counted = walk.first_and_total(0, 0)
    assert (counted.matches, counted.total) == ((), 4)


def test_a_resource_deleted_since_it_was_ranked_is_left_out() -> None:
    deployment = FakeDeployment()
    for name in ("anna", "bert"):
        deployment.user(name, title=name)
    walk = strategy_of([deployment.endpoint("User")], Query(sort_by="title"), ReadBudget(100)).walk
    position = walk.first_and_total(0, 1).matches[0].position
    deployment.delete("User", id_(2))
    assert walk.onward(position, 0, 5).matches == ()


def test_an_indexed_attribute_needs_no_ranking() -> None:
    query = Query(sort_by="userName", sort_order="descending")
    walk = strategy_of([USERS], query, ReadBudget(100)).walk
    assert not isinstance(walk, SortedInMemory)
    assert walk.order == f"{Direction.DOWN} User index userName"


def test_an_attribute_of_no_type_queried_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'userName' is not an attribute of Group"):
        strategy_of([GROUPS], Query(sort_by="userName"), ReadBudget(100))


def test_a_path_that_does_not_parse_is_refused() -> None:
    with pytest.raises(InvalidPath):
        strategy_of([USERS], Query(sort_by="userName eq"), ReadBudget(100))
