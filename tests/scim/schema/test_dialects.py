"""Names of attributes and of messages, as clients write them and the RFC does not."""

from dataclasses import replace

import pytest

from scim.profile import Profile, Tolerance
from scim.schema.dialect_names import (
    LONGEST_ECHO,
    attribute_hint,
    below_former,
    dotted,
    echo_of,
    listed,
    part_alone,
    short,
    spelt_otherwise,
)
from scim.schema.message_uri import needed_to_read
from scim.schema.resource_type import ResourceType
from scim.schema.schema import (
    Attribute,
    AttributeMutability,
    AttributeType,
    Returned,
    Schema,
    split_name,
)
from tests.scim.patch.tables import BADGE, ENTERPRISE, GROUP, STRICT, USER

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
EVERY = frozenset(Tolerance)
URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
DRAFT = "urn:ietf:params:scim:schemas:core:2.0:PatchOp"


@pytest.mark.parametrize(
    ("name", "sub", "place"),
    [
        ("Department", None, f"{ENTERPRISE}:department"),
        ("manager", "value", f"{ENTERPRISE}:manager.value"),
        ("manager", "colour", None),
        ("title", None, None),
        ("shoeSize", None, None),
    ],
)
def test_a_short_name_is_one_that_a_single_extension_has(
    name: str, sub: str | None, place: str | None
) -> None:
    found = short(USER, name, sub)
    assert (None if found is None else str(found)) == place


@pytest.mark.parametrize(
    ("type_", "name", "sub", "place"),
    [
        (USER, "givenname", None, "name.givenName"),
        (USER, "formatted", None, "name.formatted"),
        (USER, "givenName", "x", None),
        (USER, "title", None, None),
        (USER, "department", None, None),
        (USER, "value", None, None),
        (USER, "locality", None, None),
        (USER, "resourceType", None, None),
        (BADGE, "floor", None, "place.floor"),
        (BADGE, "note", None, None),
    ],
)
def test_a_part_of_a_single_value_is_known_without_it(
    type_: ResourceType, name: str, sub: str | None, place: str | None
) -> None:
    found = part_alone(type_, name, sub)
    assert (None if found is None else str(found)) == place


def test_a_part_that_two_attributes_have_is_not_known_without_them() -> None:
    place = AttributeType.COMPLEX
    parts = (Attribute("site"), Attribute("values", multi_valued=True))
    schema = Schema("urn:x", "X", "", (Attribute("a", place, sub_attributes=parts[:1]),))
    both = replace(
        schema, attributes=(*schema.attributes, Attribute("b", place, sub_attributes=parts))
    )
    shape = ResourceType(name="X", endpoint="/Xs", description="", schema=schema)
    assert part_alone(shape, "site") is not None
    assert part_alone(replace(shape, schema=both), "site") is None
    set_by_server = replace(parts[0], mutability=AttributeMutability.READ_ONLY)
    closed = replace(schema.attributes[0], sub_attributes=(set_by_server,))
    assert part_alone(replace(shape, schema=replace(schema, attributes=(closed,))), "site") is None
    anything = Attribute("b", place, is_open=True)
    assert (
        part_alone(replace(shape, schema=replace(schema, attributes=(anything,))), "site") is None
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{ENTERPRISE}.department", f"{ENTERPRISE}:department"),
        (f"{ENTERPRISE.upper()}.manager.value", f"{ENTERPRISE}:manager.value"),
        (f"{CORE}.name.givenName", "name.givenName"),
        (f"{ENTERPRISE}.shoeSize", None),
        ("urn:x.department", None),
    ],
)
def test_a_dot_after_a_urn_stands_for_the_colon(text: str, place: str | None) -> None:
    found = dotted(USER, text)
    assert (None if found is None else str(found)) == place


@pytest.mark.parametrize(
    ("name", "sub", "place"),
    [
        ("tags", "value", "tags"),
        ("tags", "VALUE", "tags"),
        ("tags", None, None),
        ("tags", "type", None),
        ("label", "value", None),
        ("doors", "value", None),
        ("colour", "value", None),
    ],
)
def test_the_value_of_a_simple_list_is_what_it_lists(
    name: str, sub: str | None, place: str | None
) -> None:
    found = listed(BADGE, None, name, sub)
    assert (None if found is None else str(found)) == place


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("manager.value", Tolerance.SHORT_EXTENSION_NAME),
        ("givenName", Tolerance.PART_ALONE),
        (f"{ENTERPRISE}.department", Tolerance.DOTTED_URN),
        ("Schemas.Value", Tolerance.WRAPPED_VALUES),
    ],
)
def test_each_spelling_has_a_switch(text: str, needed: Tolerance) -> None:
    ref, tolerated = spelt_otherwise(USER, text, EVERY)
    assert (ref is not None, tolerated) == (True, {needed})
    assert spelt_otherwise(USER, text, EVERY - {needed}) == (None, frozenset())
    assert spelt_otherwise(USER, "shoeSize", EVERY) == (None, frozenset())


@pytest.mark.parametrize("schemas", [[URN], [URN.upper()], ["urn:x", URN], [None, URN]])
def test_a_message_that_is_named_needs_nothing(schemas: object) -> None:
    assert needed_to_read(schemas, URN, STRICT) == frozenset()


@pytest.mark.parametrize(
    ("schemas", "needed"),
    [
        (None, {Tolerance.MISSING_SCHEMAS}),
        ([], {Tolerance.MISSING_SCHEMAS}),
        ("", {Tolerance.MISSING_SCHEMAS}),
        (URN, {Tolerance.LONE_OBJECTS}),
        ([DRAFT], {Tolerance.FOREIGN_SCHEMAS}),
        (["urn:scim:schemas:core:2.0:patchop"], {Tolerance.FOREIGN_SCHEMAS}),
        (["urn:scim:schemas:core:1.0"], {Tolerance.FOREIGN_SCHEMAS}),
        (DRAFT, {Tolerance.FOREIGN_SCHEMAS, Tolerance.LONE_OBJECTS}),
    ],
)
def test_each_way_to_name_a_message_has_a_switch(schemas: object, needed: set[Tolerance]) -> None:
    assert needed_to_read(schemas, URN, Profile()) == needed
    for each in needed:
        profile = Profile(tolerances=frozenset(Tolerance) - {each})
        assert needed_to_read(schemas, URN, profile) is None


@pytest.mark.parametrize(
    "schemas",
    [["urn:ietf:params:scim:schemas:core:2.0:User"], ["urn:x"], "urn:x", [7], 7, {"a": URN}],
)
def test_another_message_is_not_accepted(schemas: object) -> None:
    assert needed_to_read(schemas, URN, Profile()) is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("email", "emails"),
        ("USRNAME", "userName"),
        ("name.givename", "name.givenName"),
        (f"{ENTERPRISE}:manager.valu", f"{ENTERPRISE}:manager.value"),
        (f"{CORE}:displayNme", "displayName"),
        ("member", "members"),
        ("externalID2", "externalId"),
        ("userName.value", None),
        ("passwrd", None),
        ("FAMILYNAME", "name.familyName"),
        ("zzz", None),
        ("name.zzz", None),
        ("urn:nobody:1.0:User:title", None),
        (f"{ENTERPRISE}:titel", None),
        ("x" * 5000, None),
    ],
)
def test_an_unknown_name_has_the_nearest_as_a_hint(name: str, meant: str | None) -> None:
    expected = "" if meant is None else f"; did you mean '{meant}'?"
    assert attribute_hint([USER, GROUP], split_name(name)) == expected


def test_a_part_that_is_never_returned_is_no_hint() -> None:
    hidden = Attribute("site", returned=Returned.NEVER)
    place = Attribute("a", AttributeType.COMPLEX, sub_attributes=(hidden,))
    shape = ResourceType(
        name="X", endpoint="/Xs", description="", schema=Schema("urn:x", "X", "", (place,))
    )
    assert attribute_hint([shape], split_name("site")) == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("urn:scim:schemas:core:1.0:active", "active"),
        ("URN:scim:schemas:core:2.0:name.givenName", "name.givenName"),
        ("urn:scim:schemas:core:2.0:User:title", "title"),
        ("urn:scim:schemas:core:2.0:Group:title", None),
        ("urn:scim:schemas:core:3.0:title", None),
        ("urn:scim:schemas:core:1.0:colour", None),
        ("title", None),
    ],
)
def test_a_former_urn_means_the_base_schema(name: str, meant: str | None) -> None:
    found = below_former(USER, *split_name(name))
    assert (None if found is None else str(found)) == meant
    expected = frozenset() if meant is None else frozenset({Tolerance.FOREIGN_SCHEMAS})
    if ":" in name:
        assert spelt_otherwise(USER, name, EVERY) == (found, expected)
    assert spelt_otherwise(USER, name, frozenset())[0] is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("title", "title"),
        (f"{ENTERPRISE}:department", f"{ENTERPRISE}:department"),
        ("x" * LONGEST_ECHO, "x" * LONGEST_ECHO),
        ("x" * LONGEST_ECHO + "y", "x" * LONGEST_ECHO + "…"),
        (7, "7"),
    ],
)
def test_the_end_of_a_long_name_is_not_repeated(name: object, shown: str) -> None:
    assert echo_of(name) == shown
