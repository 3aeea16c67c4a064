"""Mappings checked against the types that a tenant is served."""

from typing import Any

import pytest

from scim.profile.shipped import shipped
from scim.schema.loading import Additions, catalogue_of, shipped_catalogue
from scim.schema.mapping_document import read_mapping
from scim.schema.schema import DefinitionError
from tests.contract.references import CATALOGUE

WORK = 'emails[type eq "work"].value'


def _rule(target: str, source: str | None = "nickName", **more: Any) -> dict[str, Any]:
    return {"target": target, **({} if source is None else {"source": source}), **more}


REFUSED: list[tuple[str, list[dict[str, Any]], str]] = [
    ("unknown-type", [_rule("title", type="Robot")], "type: there is no resource type Robot"),
    ("unknown-target", [_rule("titel")], "target: User has no attribute titel"),
    ("unknown-source", [_rule("title", "nick")], "source: User has no attribute nick"),
    ("unique", [_rule("userName")], "userName is unique"),
    ("external-id", [_rule("externalId")], "externalId is set only by the provider"),
    ("active", [_rule("active", None, value=True)], "active is set only by the provider"),
    ("read-only", [_rule("meta.location")], "meta.location is not readWrite"),
    ("back-link", [_rule('groups[type eq "direct"].display')], "is not readWrite"),
    ("password", [_rule("password")], "is not readWrite"),
    ("of-a-password", [_rule("title", "password")], "password is a secret"),
    ("given", [_rule('roles[type eq "a"].value')], "is given by groups"),
    ("relation", [_rule('members[type eq "User"].display', "displayName", type="Group")], "members"),
    ("whole", [_rule("name")], "name is not one value; expected a sub-attribute"),
    ("several", [_rule("emails.value")], 'expected one, such as emails[type eq "work"].value'),
    ("no-part", [_rule('emails[colour eq "x"].value')], "colour does not distinguish the values of emails"),
    ("other-type", [_rule("title", "active")], "active is boolean and title string"),
    ("change-of-boolean", [_rule('emails[type eq "work"].primary', "active", change="lower")], "change: active is boolean"),
    ("itself", [_rule("title", "title")], "title is the target itself; expected another attribute"),
    ("twice", [_rule("title"), _rule("title", "displayName")], "another rule already sets title"),
    ("chain", [_rule("title"), _rule("displayName", "title")], "title is the source of one rule"),
    ("mistyped", [_rule("title", None, value=3)], "value: expected a string"),
    ("mistyped-default", [_rule("title", default=True)], "default: expected a string"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_an_impossible_mapping_is_refused_with_its_place(
    rules: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        shipped_catalogue().with_mapping({"attributes": rules})
    assert str(refused.value).startswith(f"mapping.attributes[{len(rules) - 1}]")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("type_name", "target"),
    [("Seat", "person.value"), ("Seat", 'tags[value eq "x"].value'), ("Note", "about.type")],
)
def test_a_reference_and_a_relation_are_not_mapped(type_name: str, target: str) -> None:
    rule = {"type": type_name, "source": "name", "target": target}
    with pytest.raises(DefinitionError, match="refers to other resources"):
        CATALOGUE.with_mapping({"attributes": [rule]})


def test_groups_give_what_a_type_in_groups_has() -> None:
    document = {"groups": [{"id": "1", "roles": ["a"]}, {"displayName": "b", "roles": ["c"]}]}
    catalogue = shipped_catalogue().with_mapping(document)
    mapping = catalogue.mapping_of("User")
    assert mapping is not None
    assert (mapping.given, len(mapping.groups)) == (("roles",), 2)
    assert catalogue.mapping_of("GroupMember") is None


@pytest.mark.parametrize(
    ("profile", "named"), [("wso2", "eng"), ("default", "PRIMARY/eng")], ids=["wso2", "default"]
)
def test_a_rule_names_a_group_as_the_profile_stores_its_name(profile: str, named: str) -> None:
    names = ({"displayName": "PRIMARY/eng"}, {"externalId": "PRIMARY/eng"})
    rules = [{**name, "roles": ["developer"]} for name in names]
    catalogue = catalogue_of(shipped(profile), Additions(mapping={"groups": rules}))
    mapping = catalogue.mapping_of("User")
    assert mapping is not None
    assert [rule.text for rule in mapping.groups] == [named, "PRIMARY/eng"]


def test_a_catalogue_without_a_mapping_maps_nothing() -> None:
    assert shipped_catalogue().mappings == ()
    assert shipped_catalogue().mapping_of("User") is None


def test_a_document_is_kept_without_what_says_nothing() -> None:
    rules = [{"type": "User", "source": WORK, "target": "title", "change": None}]
    assert read_mapping({"attributes": rules, "groups": []}) == {
        "attributes": [{"source": WORK, "target": "title"}]
    }
    assert read_mapping({}) == {}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"attributes": [{"target": "title"}]}, "attributes.0: either a source or a value"),
        (
            {"attributes": [{"target": "title", "value": "a", "default": "b"}]},
            "a default and a change are expected beside a source only",
        ),
        ({"attributes": [{"source": "a", "target": 5}]}, "attributes.0.target: expected a string"),
        ({"groups": [{"id": "1"}]}, "groups.0: roles or entitlements are expected"),
        ({"groups": [{"id": "1", "roles": "a"}]}, "groups.0.roles: expected an array"),
        ({"groups": [{"id": "1", "externalId": "2", "roles": ["a"]}]}, "groups.0: one of id"),
    ],
)
def test_a_malformed_document_is_refused(document: dict[str, Any], told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_mapping(document)
    assert told in str(refused.value)
    assert str(refused.value).startswith("mapping.")
