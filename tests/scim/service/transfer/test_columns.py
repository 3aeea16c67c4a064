"""Columns of a CSV file by a document of the operator's."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.schema.loading import shipped_catalogue
from scim.schema.schema import Attribute, AttributeType
from scim.service.transfer.columns import Column
from scim.service.transfer.elements import with_lists
from scim.service.transfer.mapping import Columns
from tests.fakes.endpoint import type_of

CATALOGUE = shipped_catalogue()
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def column(path: str, **more: Any) -> Column:
    (found,) = Columns.of_json({"columns": {"c": {"path": path, **more}}}).columns
    return found


@pytest.mark.parametrize(
    ("path", "cell", "resource"),
    [
        ("userName", "ann", {"userName": "ann"}),
        ("externalId", "e 1", {"externalId": "e 1"}),
        ("name.givenName", "Ann", {"name": {"givenName": "Ann"}}),
        ("active", "true", {"active": True}),
        ("emails", "a@x;b@x", {"emails": [{"value": "a@x"}, {"value": "b@x"}]}),
        ("emails.value", "a@x", {"emails": [{"value": "a@x"}]}),
        (
            'emails[type eq "work"].value',
            "a@x",
            {'emails[type eq "work"]': {"type": "work", "value": "a@x"}},
        ),
        (
            'emails[type eq "work"]',
            "a@x",
            {'emails[type eq "work"]': {"type": "work", "value": "a@x"}},
        ),
        (
            "emails[primary eq true]",
            "a@x",
            {"emails[primary eq true]": {"primary": True, "value": "a@x"}},
        ),
        (f"{WORK}:department", "D1", {WORK: {"department": "D1"}}),
        (f"{WORK}:manager.value", "m1", {WORK: {"manager": {"value": "m1"}}}),
        (f"{WORK}:manager", "m1", {WORK: {"manager": {"value": "m1"}}}),
    ],
)
def test_a_cell_and_its_value_are_the_same(path: str, cell: str, resource: dict[str, Any]) -> None:
    made: dict[str, object] = {}
    column(path).put(made, type_of("User"), cell)
    assert made == resource
    assert column(path).cell(with_lists(resource), type_of("User")) == cell


def test_columns_of_one_attribute_complete_each_other() -> None:
    made: dict[str, object] = {}
    for path, text in (
        ('emails[type eq "work"].value', "a@x"),
        ('emails[type eq "home"].value', "b@x"),
        ('emails[type eq "work"].display', "Ann"),
    ):
        column(path).put(made, type_of("User"), text)
    assert with_lists(made) == {
        "emails": [
            {"type": "work", "value": "a@x", "display": "Ann"},
            {"type": "home", "value": "b@x"},
        ]
    }
    members: dict[str, object] = {}
    for path, text in (("members.value", "u1 g1"), ("members.type", "User Group")):
        column(path, separator=" ").put(members, type_of("Group"), text)
    assert members == {
        "members": [{"value": "u1", "type": "User"}, {"value": "g1", "type": "Group"}]
    }


def test_a_column_of_one_kind_of_element_has_all_of_that_kind() -> None:
    made: dict[str, object] = {}
    home = column('emails[type eq "home"].value', separator=",")
    home.put(made, type_of("User"), 'a@x,,"b,c@x" , d@x')
    values = ("a@x", "b,c@x", "d@x")
    assert with_lists(made) == {"emails": [{"type": "home", "value": each} for each in values]}
    assert home.cell(with_lists(made), type_of("User")) == 'a@x,"b,c@x",d@x'
    held = [
        {"type": "work", "value": "w@x", "primary": True},
        {"type": "home", "value": "gone@x"},
        {"type": "home", "value": "a@x", "display": "A"},
    ]
    assert with_lists(made, {"emails": held})["emails"] == [
        held[0],
        held[2],
        {"type": "home", "value": "b,c@x"},
        {"type": "home", "value": "d@x"},
    ]
    with pytest.raises(InvalidValue, match="two columns"):
        column('emails[type eq "home"].display').put(made, type_of("User"), "A")
    made = {'emails[type eq "home"]': {"type": "home", "display": "A"}}
    with pytest.raises(InvalidValue, match="two columns"):
        home.put(made, type_of("User"), "a@x")


@pytest.mark.parametrize(
    ("path", "text"), [("active", "perhaps"), ("members", "x"), ("nothing", "x")]
)
def test_an_invalid_cell_is_reported_by_its_column(path: str, text: str) -> None:
    with pytest.raises(InvalidValue, match="Column c"):
        column(path).put({}, type_of("User"), text)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        (AttributeType.INTEGER, " -7\u00a0", -7),
        (AttributeType.INTEGER, "5.0", 5),
        (AttributeType.INTEGER, "5.5", None),
        (AttributeType.INTEGER, "5.", None),
        (AttributeType.INTEGER, "1_000", None),
        (AttributeType.INTEGER, "1.2E+10", None),
        (AttributeType.DECIMAL, "1.5e3", 1500.0),
        (AttributeType.DECIMAL, "-9007199254740993", -(2**53) - 1),
        (AttributeType.DECIMAL, "18446744073709551615", 2**64 - 1),
        (AttributeType.DECIMAL, "1" + 30 * "0", 1e30),
        (AttributeType.DECIMAL, "nan", None),
        (AttributeType.DECIMAL, "1_0", None),
        (AttributeType.DECIMAL, "1,5", None),
    ],
)
def test_numbers_are_what_people_take_for_numbers(
    type_: AttributeType, text: str, expected: float | None
) -> None:
    user = type_of("User")
    attributes = (*user.schema.attributes, Attribute("level", type_))
    leveled = replace(user, schema=replace(user.schema, attributes=attributes))
    made: dict[str, object] = {}
    if expected is None:
        with pytest.raises(InvalidValue, match=f"Column c: expected {type_}"):
            column("level").put(made, leveled, text)
    else:
        column("level").put(made, leveled, text)
        assert made == {"level": expected}


def test_a_part_with_several_values_is_a_list_in_its_cell() -> None:
    user = type_of("User")
    parts = (Attribute("model"), Attribute("codes", AttributeType.INTEGER, multi_valued=True))
    spec = Attribute("spec", AttributeType.COMPLEX, sub_attributes=parts)
    specs = replace(spec, name="specs", multi_valued=True)
    attributes = (*user.schema.attributes, spec, specs)
    own = replace(user, schema=replace(user.schema, attributes=attributes))
    for path, cell, resource in (
        ("spec.codes", "1;2", {"spec": {"codes": [1, 2]}}),
        ("specs.codes", '"1;2";3', {"specs": [{"codes": [1, 2]}, {"codes": [3]}]}),
    ):
        made: dict[str, object] = {}
        column(path).put(made, own, cell)
        assert made == resource
        assert column(path).cell(made, own) == cell


def test_columns_that_contradict_each_other_are_refused() -> None:
    made: dict[str, object] = {}
    column("emails").put(made, type_of("User"), "a@x")
    made["name"] = "Ann"
    with pytest.raises(InvalidValue):
        column("name.givenName").put(made, type_of("User"), "Ann")


@pytest.mark.parametrize("text", ["TRUE", "yes", "1"])
def test_people_write_true_in_many_ways(text: str) -> None:
    made: dict[str, object] = {}
    column("active").put(made, type_of("User"), text)
    assert made == {"active": True}


def test_a_missing_value_is_an_empty_cell() -> None:
    for path in ("name.givenName", 'emails[type eq "work"].value', "emails", "members", "active"):
        assert column(path).cell({}, type_of("User")) == ""
    assert column("meta.resourceType").cell({}, type_of("Group")) == "Group"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "mapping"),
        ([], "mapping"),
        ({}, "columns"),
        ({"columns": {}}, "columns"),
        ({"columns": {"a": 3}}, "columns.a"),
        (
            {"columns": {"a": {"path": "x", "colour": 1}}},
            "columns.a.colour: there is no such member",
        ),
        ({"columns": {"a": {"path": "x", "separator": ""}}}, "columns.a.separator"),
        ({"columns": {"a": ""}}, "columns.a.path"),
        ({"columns": {"a": []}}, "columns.a.path"),
        ({"columns": {"a": ["title", ""]}}, "columns.a.path"),
        ({"columns": {"a": {"path": "active", "true": ""}}}, "columns.a.true"),
        ({"columns": {"a": "x"}, "more": 1}, "more"),
        ({"columns": {"a": "x"}, "delimiter": '"'}, "delimiter"),
        ({"columns": {"a": "emails[type co 1]"}}, "columns.a"),
        ({"columns": {"a": "title", "A ": "userName"}}, "named twice"),
        (
            {"columns": {f"c{n}": f"x{n}" for n in range(1001)}},
            "mapping.columns: expected at most 1000 elements",
        ),
        ({"columns": {"a": "title"}, "values": {"userName": "x" * 4097}}, "4096 characters"),
        ({"columns": {"a": "title", "b": "Title"}}, "already filled by a"),
        ({"columns": {"a": ["title", "title"]}}, "already filled by a"),
        ({"columns": {"a": "title"}, "values": {"title": "x"}}, "already filled by a"),
        ({"columns": {"a": "x"}, "encoding": "ebcdic"}, "encoding"),
        ({"columns": {"a": "x"}, "encoding": "utf-8\0"}, "encoding"),
    ],
)
def test_a_document_that_is_no_mapping_is_refused(document: object, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Columns.of_json(document)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"columns": {"a": "nothing"}}, "columns.a: there is no attribute nothing"),
        ({"columns": {"a": "userName"}, "resourceType": "Robot"}, "no type Robot"),
    ],
)
def test_a_column_for_an_unknown_attribute_is_refused(document: object, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Columns.of_json(document).require_served(CATALOGUE.resource_types)


def test_a_column_for_an_attribute_of_any_type_is_accepted() -> None:
    mapping = Columns.of_json(
        {"resourceType": "user", "columns": {"t": "meta.resourceType", "i": "id", "m": "members"}}
    )
    mapping.require_served(CATALOGUE.resource_types)
    assert mapping.delimiter == ""


@pytest.mark.parametrize("path", ["groups.value", "meta.created", "groups"])
def test_importing_a_read_only_attribute_is_refused(path: str) -> None:
    mapping = Columns.of_json({"resourceType": "User", "columns": {"a": "userName", "b": path}})
    with pytest.raises(InvalidValue, match=r"columns.b: .* is readOnly"):
        mapping.require_writable(CATALOGUE.resource_types)


@pytest.mark.parametrize(
    ("more", "cell", "expected"),
    [
        ({"bit": 2, "inverse": True}, " 512 ", True),
        ({"bit": 2, "inverse": True}, "4194818", False),
        ({"bit": 8}, "9", True),
        ({"bit": 8}, "-2147483640", True),
        ({"bit": 8}, "0", False),
    ],
)
def test_a_bit_of_a_number_is_a_boolean(more: dict[str, Any], cell: str, expected: bool) -> None:
    made: dict[str, object] = {}
    used = column("active", **more)
    used.put(made, type_of("User"), cell)
    assert made == {"active": expected}
    again: dict[str, object] = {}
    used.put(again, type_of("User"), used.cell(made, type_of("User")))
    assert again == made
    with pytest.raises(InvalidValue, match="Column c: expected a number"):
        used.put(made, type_of("User"), "1_0")


MISFITS = [
    ("members.value", "a User has no attribute members.value"),
    ("name", "name has no single value; expected one of .*name.givenName"),
    ("addresses", "addresses has no single value; expected one of .*addresses.formatted"),
    ('addresses[type eq "work"]', "addresses has no single value"),
    ('emails[kind eq "work"].value', "emails has no kind"),
    ('title[type eq "work"]', "title has one value only"),
    ('name[type eq "work"].givenName', "name has one value only"),
]


@pytest.mark.parametrize(("path", "said"), MISFITS)
def test_a_column_that_would_fit_in_no_row_is_refused(path: str, said: str) -> None:
    mapping = Columns.of_json({"resourceType": "User", "columns": {"a": "userName", "b": path}})
    with pytest.raises(InvalidValue, match=rf"columns\.b: {said}"):
        mapping.require_writable(CATALOGUE.resource_types)


def test_rows_need_a_type() -> None:
    columns = {"login": "userName", "in": "members"}
    with pytest.raises(InvalidValue, match=r"mapping.resourceType: .* one of .*Group"):
        Columns.of_json({"columns": columns}).require_writable(CATALOGUE.resource_types)
    told = {"resourceType": "User", "columns": {"type": "meta.resourceType", **columns}}
    Columns.of_json(told).require_writable(CATALOGUE.resource_types)
    Columns.of_json({"key": "userName"}, needs_columns=False).require_writable(
        CATALOGUE.resource_types
    )


@pytest.mark.parametrize(
    ("more", "cell", "expected"),
    [
        ({}, "\u00a0TRUE ", True),
        ({"true": ["Active", "on"], "false": "Suspended"}, "ACTIVE", True),
        ({"true": ["Active", "on"], "false": "Suspended"}, " suspended", False),
        ({"inverse": True}, "No", True),
        ({}, "WAHR", True),
        ({"inverse": True}, "FAUX", True),
    ],
)
def test_a_column_has_words_of_its_own(more: dict[str, Any], cell: str, expected: bool) -> None:
    made: dict[str, object] = {}
    column("active", **more).put(made, type_of("User"), cell)
    assert made == {"active": expected}


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidValue, match="expected boolean: one of Y or N"):
        column("active", true="Y", false="N").put({}, type_of("User"), "yes")
    with pytest.raises(
        InvalidValue, match=r"one of true, yes, 1, wahr, .* or false, no, 0, falsch,"
    ):
        column("active").put({}, type_of("User"), "ja")


def test_a_mapping_may_have_a_thousand_columns() -> None:
    columns = {f"c{n}": f'emails[type eq "t{n}"].value' for n in range(1000)}
    assert len(Columns.of_json({"columns": columns}).columns) == 1000
