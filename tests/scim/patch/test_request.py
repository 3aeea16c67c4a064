"""Reading PATCH requests: the table beside this file says what becomes of each body."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from scim.errors import BadRequest, InvalidPath, InvalidSyntax, InvalidValue, PayloadTooLarge
from scim.filter.parsing.parse import parse_path
from scim.patch.operation import Op
from scim.patch.request import request_of
from scim.profile import Profile, Tolerance
from scim.profile.parts import PatchRules
from scim.schema.message_uri import PATCH_OP_URN
from tests.scim.patch.tables import LENIENT, STRICT, cases

TABLE = cases("bodies.json")


@pytest.mark.parametrize("row", [case for case in TABLE if "error" not in case.values[0]])
def test_a_body_becomes_operations(row: dict[str, Any]) -> None:
    request = request_of(row["body"], LENIENT)
    found = [
        [each.op.value, None if each.path is None else str(each.path), each.value]
        for each in request.operations
    ]
    assert found == row["operations"]
    assert sorted(request.tolerated) == row.get("tolerated", [])


@pytest.mark.parametrize("row", [case for case in TABLE if "error" in case.values[0]])
def test_a_broken_body_is_refused_saying_where(row: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as refusal:
        request_of(row["body"], LENIENT)
    assert (refusal.value.scim_type, refusal.value.detail) == (row["error"], row["detail"])


@pytest.mark.parametrize("value", [[{"title": "x"}], '{"title": "x"}'])
def test_a_strict_profile_wants_an_object_without_a_path(value: object) -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "add", "value": value}]}
    assert request_of(body, LENIENT).operations[0].value == {"title": "x"}
    with pytest.raises(InvalidValue, match="must be an object of attributes"):
        request_of(body, STRICT)


def test_a_strict_profile_wants_op_in_lower_case() -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "Remove", "path": "title"}]}
    with pytest.raises(InvalidSyntax, match=r"^Operations\[0\]\.op must be written in lower case"):
        request_of(body, STRICT)


@pytest.mark.parametrize("op", ["Update", "update", "UPDATE"])
def test_update_is_replace_where_it_is_tolerated(op: str) -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": op, "path": "title", "value": "x"}]}
    found = request_of(body, LENIENT)
    assert (found.operations[0].op, found.tolerated) == (Op.REPLACE, {Tolerance.CAPITALISED_OP})
    with pytest.raises(InvalidSyntax, match=r"^Operations\[0\]\.op is unknown; expected add"):
        request_of(body, STRICT)


@pytest.mark.parametrize("schemas", [{}, {"schemas": None}, {"schemas": []}])
def test_a_strict_profile_wants_the_message_named(schemas: dict[str, Any]) -> None:
    with pytest.raises(InvalidSyntax, match=r"^schemas does not name the message"):
        request_of({**schemas, "Operations": [{"op": "remove", "path": "title"}]}, STRICT)


def test_a_strict_profile_wants_an_operation() -> None:
    with pytest.raises(
        InvalidSyntax, match=r"^Operations is empty; expected at least one operation"
    ):
        request_of({"schemas": [PATCH_OP_URN], "Operations": []}, STRICT)


def test_operations_are_counted_before_they_are_read() -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "remove", "path": "title"}] * 3}
    assert len(request_of(body, STRICT, most=3).operations) == 3
    with pytest.raises(PayloadTooLarge, match="Operations has 3 entries; at most 2 are taken"):
        request_of(body, STRICT, most=2)


OWN = Profile(patch=PatchRules(perform_get=True, quoted_selectors=True))
REMOVAL = {"op": "remove", "path": "emails[value='a']"}


@pytest.mark.parametrize(
    ("sent", "is_silent"),
    [({}, False), ({"performGet": True}, False), ({"PERFORMGET": False}, True)],
)
def test_a_profile_may_let_clients_do_without_the_resource(
    sent: dict[str, Any], *, is_silent: bool
) -> None:
    request = request_of({"operations": [REMOVAL], **sent}, OWN)
    assert request.is_silent is is_silent
    plain = {"op": "remove", "path": "emails"}
    assert request_of({"operations": [plain], **sent}, LENIENT).is_silent is False


@pytest.mark.parametrize(("text", "is_silent"), [("false", True), ("False", True), ("true", False)])
def test_perform_get_may_be_text_where_that_is_tolerated(text: str, *, is_silent: bool) -> None:
    body = {"schemas": [PATCH_OP_URN], "operations": [REMOVAL], "performGet": text}
    request = request_of(body, OWN)
    assert (request.is_silent, request.tolerated) == (is_silent, {Tolerance.STRING_BOOLEAN})
    strict = replace(OWN, tolerances=frozenset())
    with pytest.raises(InvalidSyntax, match=r"^performGet must be true or false\.$"):
        request_of(body, strict)


def test_perform_get_must_be_true_or_false() -> None:
    body = {"operations": [REMOVAL], "performGet": "no"}
    with pytest.raises(InvalidSyntax, match=r"^performGet must be true or false\.$"):
        request_of(body, OWN)
    body = {"operations": [{"op": "remove", "path": "emails"}], "performGet": "false"}
    assert request_of(body, LENIENT).is_silent is False


def test_a_profile_may_have_selectors_of_its_own() -> None:
    body = {"operations": [REMOVAL]}
    assert request_of(body, OWN).operations[0].path == parse_path('emails[value eq "a"]')
    with pytest.raises(InvalidPath, match=r"^Operations\[0\]: path"):
        request_of(body, LENIENT)


def test_a_remove_without_a_path_is_no_syntax_where_each_operation_needs_one() -> None:
    profile = Profile(patch=TypeAdapter(PatchRules).validate_python({"needsPath": True}))
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "remove"}]}
    with pytest.raises(InvalidSyntax, match="remove needs one"):
        request_of(body, profile)
