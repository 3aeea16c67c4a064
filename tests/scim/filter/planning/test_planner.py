"""Plans that find the resources which can match a filter."""

from typing import Any

import pytest
from hypothesis import given, settings

from scim.filter.binding.bind import bound
from scim.filter.binding.bound_tree import IdIn, all_of, any_of, questions, with_answers
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.tree import Filter
from scim.filter.planning.explain import described
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
    Union,
    explained,
)
from scim.filter.planning.planner import plan_of, planned
from scim.resource.access_path import KeyRange, Limit
from scim.resource.fold import key_of
from scim.resource.index_entries import entries_of
from tests.scim.filter.naive import directories, thing_filters, view_of
from tests.scim.filter.things import BACK_LINKS, EXTENSION, THING, TOLERANT, TYPES, bound_text


def _line(plan: Plan) -> str:
    match plan:
        case ByIds(ids):
            return " ".join(["ids", *sorted(ids)])
        case ByIndex():
            return f"{plan.attribute}={plan.value}"
        case ByRelation(attribute, target_id):
            return f"{attribute}->{target_id}"
        case ByBackLink(attribute, source_id):
            return f"{attribute}<-{source_id}"
        case ByRange(index, key_range):
            return " ".join([index.attribute, *_ends(key_range)])
        case ByChange(since, until):
            return f"changed since {since}" + (f" until {until}" if until else "")
        case Union(plans):
            return " + ".join(map(_line, plans))
        case Intersection(plans):
            return " & ".join(map(_line, plans))
        case _:
            return type(plan).__name__.lower()


def _ends(key_range: KeyRange) -> list[str]:
    if key_range.prefix is not None:
        return [f"{key_range.prefix}…"]
    lower = (
        [] if key_range.lower is None else [_MARKS[">", key_range.lower[1]] + key_range.lower[0]]
    )
    upper = (
        [] if key_range.upper is None else [_MARKS["<", key_range.upper[1]] + key_range.upper[0]]
    )
    return [*lower, *upper]


LONG = '"' + "x" * 400 + '"'
LONG_PREFIX = 'userName sw "' + "é" * 200 + '"'
_MARKS = {
    (">", Limit.WITH): ">=",
    (">", Limit.WITHOUT): ">",
    ("<", Limit.WITH): "<=",
    ("<", Limit.WITHOUT): "<",
}


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        pytest.param("User", 'id eq "a"', "ids a", id="id"),
        pytest.param("User", 'id eq "a" or id eq "b" or id eq "a"', "ids a b", id="ids"),
        pytest.param("User", 'id eq "a" and id eq "b"', "nothing", id="two-ids-at-once"),
        pytest.param(
            "User", '(id eq "a" or id eq "b") and (id eq "b" or id eq "c")', "ids b", id="ids-cut"
        ),
        pytest.param(
            "User",
            '(id eq "a" or id eq "b") and (id eq "c" or id eq "d")',
            "nothing",
            id="ids-apart",
        ),
        pytest.param("User", 'userName eq "BJensen"', "userName=bjensen", id="unique"),
        pytest.param("User", 'externalId eq "X"', "externalId=X", id="not-unique"),
        pytest.param("User", 'emails.value eq "A@x"', "emails.value=a@x", id="sub"),
        pytest.param("User", 'emails eq "A@x"', "emails.value=a@x", id="complex"),
        pytest.param("User", 'emails[value eq "A@x"]', "emails.value=a@x", id="brackets"),
        pytest.param(
            "User",
            'emails[type eq "work" and value eq "A@x"]',
            "emails.value=a@x",
            id="brackets-and",
        ),
        pytest.param(
            "User", 'emails[type eq "work"].value eq "A@x"', "emails.value=a@x", id="entra-tail"
        ),
        pytest.param(
            "User",
            'emails[value eq "a" or value eq "b"]',
            "emails.value=a + emails.value=b",
            id="brackets-or",
        ),
        pytest.param(
            "User", 'emails[value eq "a" or type eq "work"]', "scan", id="brackets-or-unindexed"
        ),
        pytest.param(
            "User",
            'employeeNumber eq "7"',
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber=7",
            id="extension",
        ),
        pytest.param("Group", 'displayName eq "Tour"', "displayName=tour", id="group-name"),
        pytest.param("Group", 'members.value eq "u"', "members->u", id="relation"),
        pytest.param("Group", 'id eq "g" and members eq "u"', "ids g", id="entra-membership"),
        pytest.param(
            "Group",
            'displayName eq "t" and members eq "u"',
            "displayName=t",
            id="unique-before-relation",
        ),
        pytest.param(
            "Group",
            'externalId eq "t" and members eq "u"',
            "members->u",
            id="relation-before-not-unique",
        ),
        pytest.param(
            "Group", 'members eq "u" or members eq "v"', "members->u + members->v", id="relations"
        ),
        pytest.param("Group", "members pr", "scan", id="relation-present"),
        pytest.param("User", 'groups.value eq "g"', "groups<-g", id="back-link"),
        pytest.param(
            "User", 'groups.value eq "g" and active eq true', "groups<-g", id="back-link-and"
        ),
        pytest.param("User", 'groups.value ne "g"', "scan", id="not-back-link"),
        pytest.param("User", "groups pr", "scan", id="back-link-present"),
        pytest.param(
            "User", 'active eq true and userName eq "a"', "userName=a", id="and-with-unindexed"
        ),
        pytest.param(
            "User", 'externalId eq "e" and userName eq "a"', "userName=a", id="unique-first"
        ),
        pytest.param("User", 'userName eq "a" and id eq "i"', "ids i", id="id-before-unique"),
        pytest.param(
            "User",
            '(userName eq "a" or userName eq "b") and externalId eq "e"',
            "externalId=e",
            id="index-before-union",
        ),
        pytest.param(
            "User",
            '(userName eq "a" or userName eq "b") and active eq true',
            "userName=a + userName=b",
            id="union-before-scan",
        ),
        pytest.param(
            "User",
            'userName eq "a" or externalId eq "e" or userName eq "a"',
            "userName=a + externalId=e",
            id="union-without-repetition",
        ),
        pytest.param(
            "User",
            'userName eq "a" or id eq "i" or id eq "j"',
            "ids i j + userName=a",
            id="union-with-ids",
        ),
        pytest.param("User", 'userName eq "a" or active eq true', "scan", id="or-unindexed"),
        pytest.param(
            "User", 'userName eq "a" and userName eq "b"', "nothing", id="two-values-of-one"
        ),
        pytest.param(
            "User",
            "active eq true and active eq false",
            "nothing",
            id="two-unindexed-values-of-one",
        ),
        pytest.param(
            "User", 'userName eq "a" and userName eq "A"', "userName=a", id="same-value-twice"
        ),
        pytest.param(
            "User",
            'emails.value eq "a" and emails.value eq "b"',
            "emails.value=a & emails.value=b",
            id="two-values-of-many",
        ),
        pytest.param(
            "User", '(userName eq "a" and userName eq "b") or id eq "i"', "ids i", id="or-nothing"
        ),
        pytest.param("User", 'userName ne "a"', "scan", id="ne"),
        pytest.param("User", 'not (userName eq "a")', "scan", id="not"),
        pytest.param("User", 'userName sw "A"', "userName a…", id="sw"),
        pytest.param("User", 'userName sw ""', "scan", id="sw-nothing"),
        pytest.param("User", 'userName gt "a"', "userName >a", id="gt"),
        pytest.param("User", 'userName ge "a"', "userName >=a", id="ge"),
        pytest.param("User", 'userName le "a"', "userName <=a", id="le"),
        pytest.param(
            "User", 'userName ge "a" and userName lt "c"', "userName >=a <c", id="two-ends"
        ),
        pytest.param(
            "User",
            'userName gt "a" and userName ge "a" and userName le "c" and userName lt "c"',
            "userName >a <c",
            id="narrowest-ends",
        ),
        pytest.param(
            "User",
            'emails.value gt "a" and emails.value lt "c"',
            "emails.value >a",
            id="two-ends-of-many",
        ),
        pytest.param(
            "User",
            'userName sw "a" and displayName sw "abc"',
            "displayName abc…",
            id="longer-prefix",
        ),
        pytest.param(
            "User", 'userName sw "a" and externalId eq "e"', "externalId=e", id="eq-before-sw"
        ),
        pytest.param("User", 'title sw "a"', "scan", id="sw-unindexed"),
        pytest.param("User", 'userName co "a"', "scan", id="co"),
        pytest.param("User", LONG_PREFIX, "userName " + "é" * 150 + "…", id="sw-long"),
        pytest.param("User", "userName lt " + LONG, "scan", id="lt-long"),
        pytest.param(
            "User",
            'externalId eq "e" and emails.value eq "a" and active eq true',
            "externalId=e & emails.value=a",
            id="intersection",
        ),
        pytest.param(
            "User",
            'externalId eq "e" and groups.value eq "g"',
            "groups<-g & externalId=e",
            id="intersection-with-back-link",
        ),
        pytest.param(
            "User",
            'userName sw "a" or externalId eq "e"',
            "userName a… + externalId=e",
            id="union-with-range",
        ),
        pytest.param(
            "User",
            'meta.lastModified gt "2020-01-01T05:30:00Z" or userName eq "a"',
            "scan",
            id="union-with-change",
        ),
        pytest.param("User", "userName pr", "scan", id="pr"),
        pytest.param(
            "User",
            'meta.lastModified gt "2020-01-01T05:30:00Z"',
            "changed since 2020-01-01T05",
            id="last-modified",
        ),
        pytest.param(
            "User", 'meta.lastModified lt "2020-01-01T00:00:00Z"', "scan", id="modified-before"
        ),
        pytest.param(
            "User",
            'meta.lastModified ge "2020-01-01T00:00:00Z" and userName sw "a"',
            "userName a…",
            id="range-before-change",
        ),
        pytest.param("User", 'title eq "x"', "scan", id="unindexed"),
        pytest.param(
            "User", 'meta.resourceType eq "Group" and title pr', "nothing", id="other-type"
        ),
        pytest.param("User", 'meta.resourceType eq "User"', "scan", id="own-type"),
        pytest.param("Thing", 'tags eq "Red"', "tags=red", id="simple-many"),
        pytest.param("Thing", 'tags[value eq "Red"]', "tags=red", id="simple-many-in-brackets"),
        pytest.param(
            "Thing",
            'box.labels eq "a" and box.labels eq "b"',
            "scan",
            id="two-values-of-many-below-one",
        ),
        pytest.param("Thing", "count eq 5.0", "count=2100005", id="number"),
        pytest.param(
            "Thing", f'{EXTENSION}:label eq "G"', f"{EXTENSION}:label=g", id="extension-index"
        ),
        pytest.param("Thing", f'{EXTENSION}:title eq "G"', "scan", id="same-name-in-extension"),
    ],
)
def test_the_cheapest_plan_is_chosen(type_name: str, text: str, expected: str) -> None:
    assert _line(plan_of(bound_text(type_name, text).tree, TYPES[type_name])) == expected


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        pytest.param(IdIn(frozenset({"a", "b"})), "ids a b", id="ids"),
        pytest.param(IdIn(frozenset()), "nothing", id="none"),
        pytest.param(
            all_of([IdIn(frozenset({"a", "b"})), IdIn(frozenset({"b"}))]), "ids b", id="both"
        ),
        pytest.param(any_of([IdIn(frozenset({"a"})), IdIn(frozenset())]), "ids a", id="either"),
    ],
)
def test_an_answered_relation_is_planned_as_ids(tree: Any, expected: str) -> None:
    assert _line(plan_of(tree, THING)) == expected


def test_a_value_too_long_for_an_index_key_is_looked_up_as_it_is_stored() -> None:
    long = "x" * 3000
    assert plan_of(bound_text("Thing", f'title eq "{long}"').tree, THING) == ByIndex(
        THING.indexes[1], key_of(long)
    )


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        ("User", 'userName eq "a"', {"plan": "index", "attribute": "userName", "unique": True}),
        ("User", 'id eq "a" or id eq "b"', {"plan": "ids", "count": 2}),
        ("User", 'groups.value eq "g"', {"plan": "backLink", "attribute": "groups"}),
        ("Group", 'members.value eq "u"', {"plan": "relation", "attribute": "members"}),
        ("User", 'userName sw "a"', {"plan": "prefix", "attribute": "userName"}),
        ("User", 'userName gt "a"', {"plan": "range", "attribute": "userName"}),
        (
            "User",
            'meta.lastModified gt "2026-01-01T00:00:00Z"',
            {"plan": "changed", "attribute": "meta.lastModified", "consistent": False},
        ),
        ("User", "title pr", {"plan": "scan"}),
        ("User", 'id eq "a" and id eq "b"', {"plan": "nothing"}),
        (
            "User",
            'id eq "a" or externalId eq "e"',
            {
                "plan": "union",
                "of": [
                    {"plan": "ids", "count": 1},
                    {"plan": "index", "attribute": "externalId", "unique": False},
                ],
            },
        ),
    ],
)
def test_a_plan_is_explained_without_the_values(
    type_name: str, text: str, expected: dict[str, object]
) -> None:
    assert explained(plan_of(bound_text(type_name, text).tree, TYPES[type_name])) == expected


@pytest.mark.parametrize(
    ("type_name", "text", "remainder", "is_exact"),
    [
        ("User", 'userName eq "a"', "true", True),
        ("User", 'userName sw "a"', "true", True),
        ("User", "userName sw " + LONG, "userName sw ?", False),
        ("User", 'userName eq "a" and active eq true', "active eq ?", False),
        ("User", 'userName ge "a" and userName lt "b"', "true", True),
        ("User", 'id eq "a"', "true", False),
        ("User", 'emails[value eq "a"]', "true", True),
        ("User", 'emails[value eq "a" and type eq "work"]', "emails[(…)]", False),
        ("User", 'emails[value eq "a" and value eq "b"]', "emails[(…)]", False),
        (
            "User",
            'emails[value eq "a" or (value eq "b" and value eq "c")]',
            "emails[(…)]",
            False,
        ),
        ("User", 'emails[value eq "a" or value eq "b"]', "true", True),
        ("User", 'emails.value eq "a" and emails.value eq "b"', "true", True),
        ("User", 'externalId eq "a" or userName sw "b"', "true", True),
        ("User", 'externalId eq "a" and emails.value eq "b"', "true", True),
        ("User", 'groups.value eq "g"', "true", True),
        ("User", 'meta.lastModified gt "2020-01-01T00:00:00Z"', "meta.lastModified gt ?", False),
        ("User", "title pr", "title pr", False),
    ],
)
def test_the_remainder_of_a_plan_is_tested_on_each_resource(
    type_name: str, text: str, remainder: str, is_exact: bool
) -> None:
    found = planned(bound_text(type_name, text).tree, TYPES[type_name])
    told = described(found.remainder)
    assert (told if "[" not in told else "emails[(…)]", found.is_exact) == (remainder, is_exact)


@settings(max_examples=60, deadline=None)
@given(wanted=thing_filters, directory=directories)
def test_a_plan_and_its_remainder_are_equivalent_to_the_filter(
    wanted: Filter, directory: dict[str, dict[str, Any]]
) -> None:
    _is_the_filter(wanted, directory)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(wanted=thing_filters, directory=directories)
def test_plans_and_remainders_are_equivalent_to_many_filters(
    wanted: Filter, directory: dict[str, dict[str, Any]]
) -> None:
    _is_the_filter(wanted, directory)


def _is_the_filter(wanted: Filter, directory: dict[str, dict[str, Any]]) -> None:
    asked = bound(THING, wanted, TOLERANT, BACK_LINKS).tree
    answers = {
        each: frozenset(i for i, body in directory.items() if each.target_id in body["peers"])
        for each in questions(asked)
    }
    tree = with_answers(asked, answers)
    found = planned(tree, THING)
    holds, rest_holds = predicate(tree), predicate(found.remainder)
    views = {each: view_of(directory, each) for each in directory}
    there = _yielded(found.plan, directory) & directory.keys()
    assert {each for each in there if rest_holds(views[each])} == {
        each for each in directory if holds(views[each])
    }


def _yielded(plan: Plan, directory: dict[str, dict[str, Any]]) -> set[str]:
    match plan:
        case Nothing():
            return set()
        case ByIds(ids):
            return set(ids)
        case ByIndex():
            return {each for each, body in directory.items() if _is_under(plan, body)}
        case ByRelation(_, target_id):
            return {each for each, body in directory.items() if target_id in body["peers"]}
        case ByBackLink(_, source_id):
            return set(directory.get(source_id, {}).get("peers", ()))
        case ByRange():
            return {each for each, body in directory.items() if _is_in(plan, body)}
        case Intersection(plans):
            return set(directory).intersection(*(_yielded(each, directory) for each in plans))
        case Union(plans):
            return set().union(*(_yielded(each, directory) for each in plans))
        case _:
            return set(directory)


def _is_under(plan: ByIndex, body: dict[str, Any]) -> bool:
    entries = entries_of(THING, {name: value for name, value in body.items() if name != "peers"})
    return (plan.attribute, plan.value) in {(entry.attribute, entry.value) for entry in entries}


def _is_in(plan: ByRange, body: dict[str, Any]) -> bool:
    entries = entries_of(THING, {name: value for name, value in body.items() if name != "peers"})
    values = [entry.value for entry in entries if entry.attribute == plan.attribute]
    return any(_lies_in(value, plan.key_range) for value in values)


def _lies_in(value: str, key_range: KeyRange) -> bool:
    if key_range.prefix is not None:
        return value.startswith(key_range.prefix)
    is_above = key_range.lower is None or (value, Limit.WITH) >= key_range.lower
    is_below = (
        key_range.upper is None
        or value < key_range.upper[0]
        or (value, Limit.WITH) == key_range.upper
    )
    return is_above and is_below
