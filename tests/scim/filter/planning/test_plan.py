"""Plans are ranked by what they cost."""

from scim.filter.planning.plan import (
    ByBackLink,
    ByChange,
    ByIds,
    ByIndex,
    ByRange,
    ByRelation,
    Intersection,
    Nothing,
    Plan,
    Scan,
    Union,
    cost_of,
    is_exact,
    lists_ids_in_order,
)
from scim.resource.access_path import KeyRange, Limit
from scim.schema.resource_type import Index

NAME, MAIL = Index("userName", is_unique=True), Index("emails.value")
LONG, SHORT = ByRange(NAME, KeyRange(prefix="abc"), True), ByRange(NAME, KeyRange(prefix="a"), True)
CLOSED = ByRange(NAME, KeyRange(("a", Limit.WITH), ("b", Limit.WITH)), True)
OPEN = ByRange(NAME, KeyRange(("a", Limit.WITH)), True)
BY_RANK: list[Plan] = [
    Nothing(),
    ByIds(frozenset("a")),
    ByIds(frozenset("ab")),
    ByIndex(NAME, "a"),
    ByRelation("members", "u"),
    ByIndex(MAIL, "a"),
    Union((ByIndex(MAIL, "a"), ByIndex(NAME, "a"))),
    LONG,
    SHORT,
    CLOSED,
    OPEN,
    ByChange("2026-01-01T00"),
    Union((ByIndex(MAIL, "a"), OPEN)),
    Scan(),
]


def test_a_plan_that_reads_less_comes_first() -> None:
    backwards = [*reversed(BY_RANK)]
    assert sorted(backwards, key=cost_of) == BY_RANK
    lists = (ByBackLink("groups", "g"), ByIndex(MAIL, "a"))
    assert cost_of(Intersection(lists)) < cost_of(ByIndex(MAIL, "a"))


def test_only_lists_of_many_ids_in_order_are_cut() -> None:
    assert [type(plan) for plan in BY_RANK if lists_ids_in_order(plan)] == [ByIndex]
    assert lists_ids_in_order(ByBackLink("groups", "g"))
    assert not lists_ids_in_order(ByIndex(NAME, "a"))


def test_a_plan_that_yields_unread_ids_is_not_exact() -> None:
    inexact = [type(plan) for plan in BY_RANK if not is_exact(plan)]
    assert inexact == [ByIds, ByIds, ByRelation, ByChange]
