"""Operations taken apart into edits of one attribute each."""

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.patch.edit import edits_of
from scim.patch.operation import Op, PatchOperation
from scim.profile.shipped import shipped
from tests.scim.patch.tables import (
    BADGE,
    BEFORE,
    ENTERPRISE,
    LENIENT,
    STRICT,
    USER,
    ZONE,
    operation,
)


def test_a_value_without_path_is_one_edit_for_each_attribute() -> None:
    value = {"title": "x", ENTERPRISE: {"department": "y", "costCenter": "z"}}
    sent = operation(Op.ADD, None, value)
    edits = edits_of(USER, sent, {}, STRICT)
    assert [(str(each.target), each.value) for each in edits] == [
        ("title", "x"),
        (f"{ENTERPRISE}:department", "y"),
        (f"{ENTERPRISE}:costCenter", "z"),
    ]


def test_removing_an_extension_removes_its_attributes() -> None:
    edits = edits_of(USER, operation(Op.REMOVE, ENTERPRISE), BEFORE["User"], STRICT)
    assert [str(each.target) for each in edits] == [
        f"{ENTERPRISE}:employeeNumber",
        f"{ENTERPRISE}:department",
        f"{ENTERPRISE}:manager",
    ]


def test_an_edit_knows_the_tolerances_of_its_path() -> None:
    (edit,) = edits_of(USER, operation(Op.ADD, "emails[type eq work]", {}), {}, LENIENT)
    assert [each.value for each in edit.tolerated] == ["unquotedLiteral"]


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        pytest.param(operation(Op.ADD, None, "x"), InvalidValue, id="no attributes"),
        pytest.param(operation(Op.ADD, ZONE, ["x"]), InvalidValue, id="no attributes in it"),
        pytest.param(operation(Op.ADD, ZONE, {"Zone": 1, "zone": 2}), InvalidSyntax, id="twice"),
        pytest.param(operation(Op.ADD, "schemas", [4]), InvalidSyntax, id="no schema"),
    ],
)
def test_a_value_that_is_no_set_of_attributes_is_refused(
    sent: PatchOperation, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        list(edits_of(BADGE, sent, {}, STRICT))


@pytest.mark.parametrize(
    ("path", "value"),
    [("schemas", ["urn:example:none"]), (None, {"schemas": ["urn:example:none"]})],
    ids=["with a path", "without a path"],
)
def test_an_unknown_schema_is_what_the_profile_calls_it(path: str | None, value: object) -> None:
    sent = operation(Op.ADD, path, value)
    with pytest.raises(InvalidSyntax, match="has no schema"):
        list(edits_of(USER, sent, {}, shipped("interop-strict")))
    with pytest.raises(InvalidValue, match="has no schema"):
        list(edits_of(USER, sent, {}, shipped("rfc")))
