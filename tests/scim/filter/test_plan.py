"""How the resources that can match a filter are come by."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim.filter.bind import bound
from scim.filter.bound import IdIn, all_of, any_of
from scim.filter.plan import (
    ByBackLink,
    ByIds,
    ByIndex,
    ByRelation,
    Nothing,
    Plan,
    Scan,
    Union,
    explained,
    planned,
)
from scim.filter.predicate import predicate
from scim.filter.relation import questions, resolved
from scim.filter.tree import Filter
from scim.resource.entries import entries_of
from scim.resource.fold import key_of
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
        case Union(plans):
            return " + ".join(map(_line, plans))
        case Nothing():
            return "nothing"
        case Scan():
            return "scan"


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
            "emails.value=a",
            id="two-values-of-many",
        ),
        pytest.param(
            "User", '(userName eq "a" and userName eq "b") or id eq "i"', "ids i", id="or-nothing"
        ),
        pytest.param("User", 'userName ne "a"', "scan", id="ne"),
        pytest.param("User", 'not (userName eq "a")', "scan", id="not"),
        pytest.param("User", 'userName sw "a"', "scan", id="sw"),
        pytest.param("User", "userName pr", "scan", id="pr"),
        pytest.param(
            "User", 'meta.lastModified gt "2020-01-01T00:00:00Z"', "scan", id="last-modified"
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
    assert _line(planned(bound_text(type_name, text).tree, TYPES[type_name])) == expected


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
    assert _line(planned(tree, THING)) == expected


def test_a_value_too_long_for_an_index_key_is_looked_up_as_it_is_stored() -> None:
    long = "x" * 3000
    assert planned(bound_text("Thing", f'title eq "{long}"').tree, THING) == ByIndex(
        THING.indexes[1], key_of(long)
    )


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        ("User", 'userName eq "a"', {"plan": "index", "attribute": "userName", "unique": True}),
        ("User", 'id eq "a" or id eq "b"', {"plan": "ids", "count": 2}),
        ("User", 'groups.value eq "g"', {"plan": "backLink", "attribute": "groups"}),
        ("Group", 'members.value eq "u"', {"plan": "relation", "attribute": "members"}),
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
    assert explained(planned(bound_text(type_name, text).tree, TYPES[type_name])) == expected


@settings(max_examples=400, deadline=None)
@given(wanted=thing_filters, directory=directories, is_answered=st.booleans())
def test_a_plan_yields_at_least_what_matches(
    wanted: Filter, directory: dict[str, dict[str, Any]], is_answered: bool
) -> None:
    tree = bound(THING, wanted, TOLERANT, BACK_LINKS).tree
    answers = {
        each: frozenset(i for i, body in directory.items() if each.target_id in body["peers"])
        for each in questions(tree)
    }
    holds = predicate(resolved(tree, answers))
    found = {each for each in directory if holds(view_of(directory, each))}
    plan = planned(resolved(tree, answers) if is_answered else tree, THING)
    assert found <= _yielded(plan, directory)


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
        case Union(plans):
            return set().union(*(_yielded(each, directory) for each in plans))
        case Scan():
            return set(directory)


def _is_under(plan: ByIndex, body: dict[str, Any]) -> bool:
    entries = entries_of(THING, {name: value for name, value in body.items() if name != "peers"})
    return (plan.attribute, plan.value) in {(entry.attribute, entry.value) for entry in entries}
