"""Taking in resources from POST and PUT."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import InvalidSyntax, InvalidValue
from scim.profile import Profile, Tolerance
from scim.profile.shipped import shipped
from scim.resource.body import schemas_of
from scim.resource.intake import intake_of
from scim.schema.loading import catalogue_of
from tests.scim.resource.types import ENTERPRISE, GROUP, GROUP_URN, USER, USER_URN

TOLERANT = Profile()
STRICT = Profile(name="strict", tolerances=frozenset())
EXAMPLES = Path(__file__).parents[2] / "rfc"


def _user(**values: Any) -> dict[str, Any]:
    return {"schemas": [USER_URN], "userName": "ada", **values}


def _example(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((EXAMPLES / name).read_text("utf-8"))
    return read


def test_the_minimal_user_is_accepted() -> None:
    taken = intake_of(USER, _example("after-rfc7643-8.1-user-minimal.json"), STRICT)
    assert taken.body == {"userName": "lovelace@example.org"}
    assert taken.id == "6b0c8a7e-3d55-4f0e-9a51-0f6c1d1c2b11"
    assert taken.tolerated == frozenset()


def test_the_full_user_is_accepted_without_its_read_only_values() -> None:
    sent = _example("after-rfc7643-8.2-user-full.json")
    expected = {
        name: value
        for name, value in sent.items()
        if name not in {"schemas", "id", "meta", "groups"}
    }
    assert intake_of(USER, sent, STRICT).body == expected


def test_the_enterprise_user_is_accepted_with_its_extension() -> None:
    taken = intake_of(USER, _example("after-rfc7643-8.3-user-enterprise.json"), STRICT)
    assert taken.body[ENTERPRISE] == {
        "employeeNumber": "842",
        "costCenter": "7301",
        "organization": "Analytical Engines",
        "division": "Research",
        "department": "Programs",
        "manager": {
            "value": "77777777-5c5d-4f5f-8b5b-121212121212",
            "$ref": "../Users/77777777-5c5d-4f5f-8b5b-121212121212",
        },
    }


def test_the_group_is_accepted_with_its_members() -> None:
    sent = _example("after-rfc7643-8.4-group.json")
    taken = intake_of(GROUP, sent, STRICT)
    assert taken.body == {"displayName": "Analysts", "members": sent["members"]}


def test_names_get_the_spelling_of_the_schema() -> None:
    sent = {"SCHEMAS": [USER_URN.upper()], "USERNAME": "ada", ENTERPRISE.lower(): {"DIVISION": "x"}}
    taken = intake_of(USER, sent, STRICT)
    assert taken.body == {"userName": "ada", ENTERPRISE: {"division": "x"}}


def test_unassigned_values_are_dropped() -> None:
    sent = _user(title=None, emails=[], name={"givenName": None}, **{ENTERPRISE: {"manager": None}})
    taken = intake_of(USER, sent, STRICT)
    assert taken.body == {"userName": "ada"}
    assert taken.tolerated == frozenset()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param([], "body: expected a JSON object, a resource", id="array"),
        pytest.param({"userName": "ada"}, f"schemas: expected an array with {USER_URN}", id="none"),
        pytest.param(_user(schemas=[]), f"schemas: expected an array with {USER_URN}", id="empty"),
        pytest.param(_user(schemas=USER_URN), "schemas: expected an array", id="string"),
        pytest.param(_user(schemas=[1]), "schemas[0]: expected a URI as string", id="number"),
        pytest.param(
            _user(schemas=[USER_URN, "urn:x"]), "schemas[1]: no schema of this", id="foreign"
        ),
        pytest.param(_user(schemas=[ENTERPRISE]), f"schemas: {USER_URN} is missing", id="no-base"),
        pytest.param(_user(USERNAME="eve"), "body: userName occurs more than once", id="twice"),
        pytest.param(_user(shoeSize=43), "shoeSize: no attribute of that name", id="unknown"),
        pytest.param(
            _user(**{ENTERPRISE: "x"}), f"{ENTERPRISE}: expected an object", id="extension"
        ),
        pytest.param(
            _user(**{ENTERPRISE: {"x": 1}}), f"{ENTERPRISE}:x: no attribute", id="unknown-in-it"
        ),
        pytest.param(_user(department="x"), "department: no attribute", id="short-name"),
        pytest.param(
            _user(**{"name.givenName": "x"}), "name.givenName: no attribute", id="dotted-key"
        ),
    ],
)
def test_a_wrong_structure_is_refused(body: object, told: str) -> None:
    with pytest.raises(InvalidSyntax) as refusal:
        intake_of(USER, body, STRICT)
    assert refusal.value.detail.startswith(told)


@pytest.mark.parametrize("body", [{"userName": "ada"}, {"userName": "ada", "schemas": []}])
def test_a_body_without_schemas_is_what_the_endpoint_serves(body: dict[str, object]) -> None:
    taken = intake_of(USER, body, TOLERANT)
    assert taken.body == {"userName": "ada"}
    assert taken.tolerated == {Tolerance.MISSING_SCHEMAS}


def test_a_wrong_value_in_an_extension_is_refused_with_its_full_name() -> None:
    with pytest.raises(InvalidValue, match=f"{ENTERPRISE}:department: expected a string"):
        intake_of(USER, _user(**{ENTERPRISE: {"department": True}}), TOLERANT)


ENTERPRISE_X = {"userName": "ada", ENTERPRISE: {"department": "x"}}


@pytest.mark.parametrize(
    ("body", "expected", "tolerated"),
    [
        pytest.param(
            _user(schemas=["urn:scim:schemas:core:1.0", USER_URN]),
            {"userName": "ada"},
            {Tolerance.FOREIGN_SCHEMAS},
            id="google-legacy-schema",
        ),
        pytest.param(
            _user(
                schemas=["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"]
            ),
            {"userName": "ada"},
            {Tolerance.FOREIGN_SCHEMAS},
            id="onelogin-legacy-schemas",
        ),
        pytest.param(
            _user(**{"urn:scim:schemas:extension:enterprise:1.0": {"department": "x"}}),
            ENTERPRISE_X,
            {Tolerance.FOREIGN_SCHEMAS},
            id="legacy-extension",
        ),
        pytest.param(
            _user(shoeSize=43), {"userName": "ada"}, {Tolerance.UNKNOWN_ATTRIBUTES}, id="unknown"
        ),
        pytest.param(
            _user(givenName="x", name={"givenName": "Ada"}),
            {"userName": "ada", "name": {"givenName": "Ada"}},
            {Tolerance.UNKNOWN_ATTRIBUTES},
            id="part-alone",
        ),
        pytest.param(
            _user(department=None, manager=None),
            {"userName": "ada"},
            {Tolerance.NULL_VALUES},
            id="entra-nulls-at-the-root",
        ),
        pytest.param(
            _user(department="x"), ENTERPRISE_X, {Tolerance.SHORT_EXTENSION_NAME}, id="short-name"
        ),
        pytest.param(
            _user(**{f"{ENTERPRISE}:department": "x"}),
            ENTERPRISE_X,
            {Tolerance.DOTTED_KEYS},
            id="flattened-extension",
        ),
        pytest.param(
            _user(**{f"{ENTERPRISE}:manager.value": "7", ENTERPRISE: {"department": "x"}}),
            {"userName": "ada", ENTERPRISE: {"department": "x", "manager": {"value": "7"}}},
            {Tolerance.DOTTED_KEYS},
            id="flattened-beside-nested",
        ),
        pytest.param(
            _user(**{"name.givenName": "Ada", "name": {"familyName": "King"}}),
            {"userName": "ada", "name": {"givenName": "Ada", "familyName": "King"}},
            {Tolerance.DOTTED_KEYS},
            id="dotted-key",
        ),
        pytest.param(
            _user(**{ENTERPRISE: [{"department": "x"}]}),
            ENTERPRISE_X,
            {Tolerance.LIST_OF_ONE},
            id="extension-in-a-list-of-one",
        ),
        pytest.param(
            {USER_URN.upper(): {"userName": "ada", "title": "x"}, ENTERPRISE: {"department": "x"}},
            {"userName": "ada", "title": "x", ENTERPRISE: {"department": "x"}},
            {Tolerance.BASE_SCHEMA_KEY, Tolerance.MISSING_SCHEMAS},
            id="base-schema-key",
        ),
        pytest.param(
            _user(roles=[{"value": "r", "primary": "True"}]),
            {"userName": "ada", "roles": [{"value": "r", "primary": True}]},
            {Tolerance.STRING_BOOLEAN},
            id="entra-string-boolean",
        ),
    ],
)
def test_a_dialect_is_understood_and_counted(
    body: object, expected: dict[str, object], tolerated: set[Tolerance]
) -> None:
    taken = intake_of(USER, body, TOLERANT)
    assert taken.body == expected
    assert taken.tolerated == tolerated


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            _user(**{f"{ENTERPRISE}:department": "x", ENTERPRISE: {"Department": "y"}}), id="urn"
        ),
        pytest.param(_user(**{"name.givenName": "x", "name": {"GIVENNAME": "y"}}), id="dotted"),
        pytest.param(_user(department="x", **{ENTERPRISE: {"department": "y"}}), id="short"),
    ],
)
def test_one_value_given_in_two_ways_is_refused(body: object) -> None:
    with pytest.raises(InvalidSyntax, match="occurs more than once"):
        intake_of(USER, body, TOLERANT)


_NUMBERS = [f"p{n:05}" for n in range(30_000)]


@pytest.mark.timeout(10)
def test_many_names_are_compared_in_the_time_that_their_number_allows() -> None:
    body = {USER.schema.id: dict.fromkeys([*_NUMBERS, "LAST"], 1), "last": 1}
    with pytest.raises(InvalidSyntax, match="body: LAST occurs more than once"):
        intake_of(USER, body, TOLERANT)


@pytest.mark.timeout(10)
def test_many_dotted_names_are_read_in_the_time_that_their_number_allows() -> None:
    profile = shipped("nevisidm")
    user_type = catalogue_of(profile).resource_type("User")
    assert user_type is not None
    body = {"properties": {"own": "x"}, **{f"Properties.{name}": "x" for name in _NUMBERS}}
    taken = intake_of(user_type, body, profile)
    assert taken.body["properties"] == {"own": "x", **dict.fromkeys(_NUMBERS, "x")}


def test_taking_in_changes_nothing_of_what_was_sent() -> None:
    sent = _user(**{"name.givenName": "Ada", "name": {"familyName": "King"}})
    before = json.dumps(sent)
    intake_of(USER, sent, TOLERANT)
    assert json.dumps(sent) == before


def test_an_id_that_is_no_string_claims_nothing() -> None:
    assert intake_of(USER, _user(id=7), TOLERANT).id is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab\n", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["value", "type", "primary", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
_NAMES = st.sampled_from(
    [
        *("displayName", "ACTIVE", "emails", "name.givenName", "addresses", "department", "id"),
        *("x", ENTERPRISE, f"{ENTERPRISE}:manager", "groups", "photos", "x509Certificates"),
    ]
)


@given(st.dictionaries(_NAMES, _JSON, max_size=5))
def test_an_accepted_body_is_accepted_again_unchanged(values: dict[str, object]) -> None:
    try:
        once = intake_of(USER, {"schemas": [USER_URN], **values}, TOLERANT).body
    except (InvalidSyntax, InvalidValue):
        return
    again = intake_of(USER, {"schemas": schemas_of(USER, once), **once}, STRICT)
    assert again.body == once
    assert again.tolerated == frozenset()


def test_members_sent_twice_are_kept_once() -> None:
    sent = {"schemas": [GROUP_URN], "displayName": "g", "members": [{"value": "1"}, {"value": "1"}]}
    taken = intake_of(GROUP, sent, TOLERANT)
    assert taken.body["members"] == [{"value": "1"}]
    assert taken.tolerated == {Tolerance.DUPLICATE_VALUES}


ALIASED = replace(USER, aliases=("urn:old:User",))


def test_values_nested_under_an_alias_are_moved_to_the_top_level() -> None:
    sent = {
        "schemas": [USER_URN, "urn:old:User"],
        "userName": "ada",
        "URN:OLD:User": {"title": "Dr.", "id": "ignored"},
    }
    assert intake_of(ALIASED, sent, STRICT).body == {"userName": "ada", "title": "Dr."}
    assert intake_of(ALIASED, {**sent, "URN:OLD:User": None}, STRICT).body == {"userName": "ada"}


@pytest.mark.parametrize(
    ("nested", "told"),
    [
        ("x", "expected an object"),
        ({"userName": "bob"}, "occurs more than once"),
        ({"USERNAME": "bob"}, "occurs more than once"),
    ],
)
def test_a_wrong_value_nested_under_an_alias_is_refused(nested: object, told: str) -> None:
    with pytest.raises(InvalidSyntax, match=told):
        intake_of(ALIASED, _user(**{"urn:old:User": nested}), TOLERANT)


def test_read_only_values_of_the_base_schema_are_ignored_and_reported() -> None:
    taken = intake_of(USER, {"schemas": [USER_URN], "userName": "a", "GROUPS": [1]}, Profile())
    assert taken.ignored == {"groups": [1]}
    assert "groups" not in taken.body
