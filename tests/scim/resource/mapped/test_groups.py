"""Roles and entitlements that groups give."""

from typing import Any

import pytest

from scim.resource.mapped.groups import with_given
from scim.resource.record import Key, Record
from scim.schema.loading import shipped_catalogue

ROLES = [{"displayName": "Straße", "roles": ["b", "a"]}, {"externalId": "X-1", "roles": ["a", "c"]}]
OWN = {"value": "a", "type": "app"}


def _group(id_: str, **body: Any) -> Record:
    return Record(Key("Group", id_), 1, "", "", body)


def _roles(shown: dict[str, Any], *groups: Record, rules: Any = ROLES) -> Any:
    catalogue = shipped_catalogue().with_mapping({"groups": rules})
    mapping = catalogue.mapping_of("User")
    assert mapping is not None
    return with_given(mapping, catalogue, shown, groups).get("roles")


@pytest.mark.parametrize(
    ("group", "given"),
    [
        (_group("1", displayName="STRASSE"), ["b", "a"]),
        (_group("1", displayName="Strasse 2"), None),
        (_group("1", externalId="X-1"), ["a", "c"]),
        (_group("1", externalId="x-1"), None),
        (_group("X-1"), None),
        (_group("1", displayName=5), None),
    ],
    ids=["name-in-any-case", "other-name", "external-id", "case-exact", "id-is-no-name", "no-name"],
)
def test_a_group_is_named_as_its_attribute_compares(group: Record, given: list[str] | None) -> None:
    roles = _roles({}, group)
    assert (roles and [each["value"] for each in roles]) == given


def test_a_rule_may_name_an_id() -> None:
    rules = [{"id": "g1", "roles": ["a"]}]
    assert _roles({}, _group("g1"), rules=rules) == [{"value": "a", "type": "group"}]
    assert _roles({}, _group("g2", displayName="g1"), rules=rules) is None


def test_given_values_follow_the_users_own_once_each_in_the_order_of_the_rules() -> None:
    groups = (_group("1", externalId="X-1"), _group("2", displayName="straße"))
    stored = {"value": "old", "type": "group"}
    assert _roles({"roles": [OWN, stored]}, *groups) == [
        OWN,
        *({"value": value, "type": "group"} for value in ("b", "a", "c")),
    ]
    assert _roles({"roles": [stored]}) is None
