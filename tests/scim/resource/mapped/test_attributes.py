"""Attributes that are made of others when a resource is written."""

from typing import Any

import pytest

from scim.resource.mapped.attributes import mapped
from scim.schema.loading import shipped_catalogue
from scim.schema.mapping import TypeMapping
from tests.scim.resource.types import ENTERPRISE

Body = dict[str, Any]
WORK = 'phoneNumbers[type eq "work"].value'


def _mapping(*attributes: Body, groups: tuple[Body, ...] = ()) -> TypeMapping:
    catalogue = shipped_catalogue().with_mapping({"attributes": attributes, "groups": groups})
    found = catalogue.mapping_of("User")
    assert found is not None
    return found


def _rule(source: str | None, target: str, **more: Any) -> Body:
    return {"target": target, **({} if source is None else {"source": source}), **more}


MADE: list[tuple[str, Body, Body, Body]] = [
    ("copied", _rule("nickName", "title"), {"nickName": "Kim"}, {"title": "Kim"}),
    (
        "over-what-was-sent",
        _rule("nickName", "title"),
        {"nickName": "Kim", "title": "Boss"},
        {"title": "Kim"},
    ),
    ("sent-where-there-is-no-source", _rule("nickName", "title"), {"title": "Boss"}, {}),
    ("default", _rule("nickName", "title", default="none"), {}, {"title": "none"}),
    ("constant", _rule(None, "userType", value="Employee"), {}, {"userType": "Employee"}),
    ("constant-anyhow", _rule(None, "userType", value="A"), {"userType": "B"}, {"userType": "A"}),
    ("lower", _rule("nickName", "title", change="lower"), {"nickName": "KIM"}, {"title": "kim"}),
    ("upper", _rule("title", "title", change="upper"), {"title": "Kim"}, {"title": "KIM"}),
    ("trim", _rule("nickName", "title", change="trim"), {"nickName": " k "}, {"title": "k"}),
    (
        "of-an-extension",
        _rule(f"{ENTERPRISE}:department", "title"),
        {ENTERPRISE: {"department": "R&D"}},
        {"title": "R&D"},
    ),
    (
        "into-an-extension",
        _rule("title", f"{ENTERPRISE}:department"),
        {"title": "R&D"},
        {ENTERPRISE: {"department": "R&D"}},
    ),
    (
        "part",
        _rule("nickName", "name.familyName"),
        {"nickName": "Kim", "name": {"givenName": "A"}},
        {"name": {"givenName": "A", "familyName": "Kim"}},
    ),
    (
        "one-of-several",
        _rule('emails[type eq "work"].value', "title"),
        {"emails": [{"value": "a@b", "type": "home"}, {"value": "c@d", "type": "Work"}]},
        {"title": "c@d"},
    ),
    (
        "new-one-of-several",
        _rule("nickName", WORK),
        {"nickName": "12", "phoneNumbers": [{"value": "1", "type": "fax"}]},
        {"phoneNumbers": [{"value": "1", "type": "fax"}, {"type": "work", "value": "12"}]},
    ),
    (
        "old-one-of-several",
        _rule("nickName", WORK),
        {"nickName": "12", "phoneNumbers": [{"value": "1", "type": "work", "primary": True}]},
        {"phoneNumbers": [{"value": "12", "type": "work", "primary": True}]},
    ),
    (
        "several-of-several",
        _rule("nickName", WORK),
        {
            "nickName": "12",
            "phoneNumbers": [
                {"value": "1", "type": "work"},
                {"value": "2", "type": "Work", "primary": True},
            ],
        },
        {"phoneNumbers": [{"value": "12", "type": "work", "primary": True}]},
    ),
    (
        "beside-two-primary-ones-that-an-earlier-release-stored",
        _rule("nickName", 'emails[type eq "work"].display'),
        {
            "nickName": "Kim",
            "emails": [
                {"value": "a", "type": "home", "primary": True},
                {"value": "b", "type": "work", "primary": True},
            ],
        },
        {
            "emails": [
                {"value": "a", "type": "home", "primary": True},
                {"value": "b", "type": "work", "primary": True, "display": "Kim"},
            ]
        },
    ),
    (
        "the-primary-one",
        _rule(None, 'emails[type eq "work"].primary', value=True),
        {
            "emails": [
                {"value": "a", "type": "home", "primary": True},
                {"value": "b", "type": "work"},
                {"value": "c", "type": "work"},
            ]
        },
        {
            "emails": [
                {"value": "a", "type": "home", "primary": False},
                {"value": "b", "type": "work", "primary": True},
                {"value": "c", "type": "work"},
            ]
        },
    ),
]


@pytest.mark.parametrize(
    ("rule", "body", "changed"), [row[1:] for row in MADE], ids=[row[0] for row in MADE]
)
def test_a_target_is_what_its_rule_makes(rule: Body, body: Body, changed: Body) -> None:
    made = mapped(_mapping(rule), body)
    assert made == {**body, **changed}
    assert mapped(_mapping(rule), made, made) == made


LEFT: list[tuple[str, Body, Body, Body, Body]] = [
    (
        "made",
        _rule("nickName", "title"),
        {"nickName": "Kim", "title": "Kim"},
        {"title": "Kim"},
        {},
    ),
    (
        "set-by-somebody",
        _rule("nickName", "title"),
        {"nickName": "Kim", "title": "Kim"},
        {"title": "Boss"},
        {"title": "Boss"},
    ),
    (
        "a-value-of-several",
        _rule("nickName", WORK),
        {"nickName": "12", "phoneNumbers": [{"type": "work", "value": "12"}]},
        {"phoneNumbers": [{"type": "work", "value": "12"}]},
        {},
    ),
    (
        "a-part-of-a-value-of-several",
        _rule("nickName", 'emails[type eq "work"].display'),
        {
            "nickName": "Kim",
            "emails": [
                {"type": "work", "value": "a@b", "display": "Kim"},
                {"type": "work", "value": "c@d", "display": "Kim"},
                {"type": "work", "display": "Kim"},
            ],
        },
        {
            "emails": [
                {"type": "work", "value": "a@b", "display": "Kim"},
                {"type": "work", "value": "c@d", "display": "own"},
                {"type": "work", "display": "Kim"},
            ]
        },
        {
            "emails": [
                {"type": "work", "value": "a@b"},
                {"type": "work", "value": "c@d", "display": "own"},
            ]
        },
    ),
    (
        "a-part",
        _rule("nickName", "name.familyName"),
        {"nickName": "Kim", "name": {"familyName": "Kim", "givenName": "A"}},
        {"name": {"familyName": "Kim", "givenName": "A"}},
        {"name": {"givenName": "A"}},
    ),
]


@pytest.mark.parametrize(
    ("rule", "before", "body", "after"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT]
)
def test_a_mapped_value_is_removed_with_its_source(
    rule: Body, before: Body, body: Body, after: Body
) -> None:
    assert mapped(_mapping(rule), body, before) == after


def test_roles_given_by_groups_are_not_stored() -> None:
    mapping = _mapping(groups=({"displayName": "Admins", "roles": ["admin"]},))
    own = {"value": "admin", "type": "app"}
    given = {"value": "admin", "type": "Group"}
    assert mapped(mapping, {"roles": [own, given]}) == {"roles": [own]}
    assert mapped(mapping, {"roles": [given], "entitlements": [given]}) == {"entitlements": [given]}
