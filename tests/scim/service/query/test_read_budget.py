"""The work of a query, terms times resources, stays within the budget of a request.

Counted in comparisons, and nowhere in seconds: tests/scim/service/test_costly_queries.py measures what they take.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from scim.errors import TooMany
from scim.resource.budget import ENTRY, READ, TESTED, RequestBudget
from scim.resource.record import Key, Record
from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query.edge_search import search_edges
from scim.service.query.read_budget import ReadBudget
from tests.fakes.endpoint import ENTERPRISE_URN, NOW, FakeDeployment, type_of

PEOPLE = 30
MANAGER = f"{ENTERPRISE_URN}:manager.value"
Act = Callable[[FakeDeployment], Any]


@dataclass(frozen=True, slots=True)
class Town:
    """People, all but the first of whom have a manager, in groups that lie in each other."""

    deployment: FakeDeployment
    people: list[str]
    groups: list[str]


@pytest.fixture(scope="module", name="town")
def _town() -> Town:
    deployment = FakeDeployment()
    boss = deployment.user("boss", title="boss")
    people = [
        deployment.user(f"u{n}", title="t", **{ENTERPRISE_URN: {"manager": {"value": boss}}})
        for n in range(PEOPLE)
    ]
    groups: list[str] = []
    for number in range(10):
        inside = people[3 * number : 3 * number + 3]
        groups.append(deployment.group(f"g{number}", *inside, *groups[-1:]))
    return Town(deployment, people, groups)


def _found(*types: str, **query: Any) -> Callable[[Town], Act]:
    def of(town: Town) -> Act:
        text = query.get("filter", "")
        filled = text.format(top=town.groups[-1], bottom=town.groups[0], someone=town.people[0])
        asked = {**query, "filter": filled} if text else query
        return lambda deployment: deployment.search(*types or ("User",), **asked)

    return of


def _edges(_: Town) -> Act:
    return lambda deployment: search_edges(deployment.endpoint("GroupMember"), Query(count=0))


def _any(term: str) -> str:
    return " or ".join([term] * 10)


PRODUCTS: dict[str, tuple[Callable[[Town], Act], str]] = {
    "resources read": (_found(filter="nickName pr"), ""),
    "resources parsed": (_found(filter='title ne "x"'), ""),
    "resources by terms": (_found(filter=_any('title ne "x"')), ""),
    "resources ranked": (_found(sort_by="title"), ""),
    "resources of several types": (_found("User", "Group", filter="meta.created pr"), ""),
    "entries of an index": (_found(filter='userName sw "u"', count=0), ""),
    "entries, and resources behind": (_found(filter='userName sw "u" and title pr'), ""),
    "names of managers": (_found(filter=f"{MANAGER} pr"), '{"User": "title pr"}'),
    "ranks of managers": (_found(sort_by=MANAGER), '{"User": "title pr"}'),
    "resources a token does not see": (_found(), '{"User": "title eq \\"boss\\""}'),
    "types of members by questions": (_found("Group", filter=_any('members.type eq "User"')), ""),
    "members below": (_found(filter='groups.value eq "{top}"'), ""),
    "members below by questions": (_found(filter=_any('groups.value eq "{top}"')), ""),
    "groups above": (_found(filter='id eq "{someone}" and groups.value eq "{top}"'), ""),
    "memberships": (_edges, ""),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_query_ends_where_the_budget_does(town: Town, name: str) -> None:
    of, filters = PRODUCTS[name]
    act = of(town)
    whole = replace(town.deployment, filters=filters)
    act(whole)
    with pytest.raises(TooMany, match=r"narrow it by|ask by id|filter by|ask for less"):
        act(replace(whole, bounds=Bounds(comparisons=25)))


@pytest.mark.parametrize(
    ("length", "read", "looked_into"),
    [
        (0, READ, TESTED),
        (79, READ, TESTED),
        (80, READ, TESTED + 1),
        (20_000, READ + 100, TESTED + 250),
    ],
)
def test_the_cost_of_a_resource_grows_with_the_length_of_its_body(
    length: int, read: int, looked_into: int
) -> None:
    user = type_of("User")
    record = Record(Key("User", "u"), 1, NOW, NOW, {}, text="x" * length)
    for count, cost in (("read", read), ("look_up", read), ("look_into", looked_into)):
        spent = RequestBudget()
        budget = ReadBudget(5, spent)
        asked: Any = record if count == "look_into" else [record]
        getattr(budget, count)(asked, user)
        assert spent.compared == cost
        assert budget.items == (1 if count == "read" else 0)
    spent = RequestBudget()
    ReadBudget(5, spent).add(5, user)
    assert spent.compared == 5 * ENTRY


def test_a_query_beyond_the_budget_is_told_what_narrows_it() -> None:
    records = [Record(Key("User", f"u{n}"), 1, NOW, NOW, {}) for n in range(3)]
    budget = ReadBudget(100, RequestBudget(comparisons=2 * READ))
    with pytest.raises(
        TooMany,
        match=r"look at more of User than one request may; narrow it by one of: id, userName",
    ):
        budget.read(records, type_of("User"))


def test_items_up_to_the_limit_are_counted_and_one_more_is_refused() -> None:
    budget = ReadBudget(3)
    budget.add(2, type_of("User"))
    budget.add(1, type_of("Group"))
    assert budget.items == 3
    with pytest.raises(
        TooMany, match=r"more than 3 items of Group; .*: id, displayName, externalId"
    ):
        budget.add(1, type_of("Group"))
