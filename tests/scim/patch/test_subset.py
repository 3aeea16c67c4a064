"""A profile may limit its clients to some forms of PATCH."""

from typing import Any

import pytest

from scim.errors import BadRequest, InvalidFilter, InvalidPath, InvalidSyntax
from scim.patch.apply import applied
from scim.patch.operation import Op, PatchOperation, require_subset, resolved_operations
from scim.profile import Profile
from scim.profile.documents import profile_in
from scim.resource.budget import RequestBudget
from scim.schema.loading import shipped_catalogue
from tests.scim.patch.tables import operation

USER = shipped_catalogue().resource_type("User")
WORK = 'emails[type eq "work"]'
EMAILS = [{"value": "a@x.example", "type": "work"}, {"value": "b@x.example", "type": "work"}]


def _profile(**patch: Any) -> Profile:
    tolerances = {"*": True, "unknownPaths": False}
    return profile_in({"patch": patch, "tolerances": tolerances})


@pytest.mark.parametrize(
    ("switch", "sent", "error"),
    [
        ({"needsPath": True}, operation(Op.REPLACE, None, {"active": True}), InvalidSyntax),
        ({"needsArrays": True}, operation(Op.ADD, "emails", {"value": "a"}), InvalidSyntax),
        ({"needsArrays": True}, operation(Op.REPLACE, "emails", "a"), InvalidSyntax),
        ({"selectsPartsOnly": True}, operation(Op.REPLACE, WORK, {"value": "a"}), InvalidPath),
        ({"refusesUnknown": "invalidSyntax"}, operation(Op.ADD, "shoe", 1), InvalidSyntax),
        ({"needsPath": True}, operation(Op.ADD, "shoe", 1), InvalidPath),
    ],
)
def test_a_form_that_is_switched_off_is_refused(
    switch: dict[str, Any], sent: PatchOperation, error: type[BadRequest]
) -> None:
    assert USER is not None
    profile = _profile(**switch)
    assert profile.patch.is_subset
    with pytest.raises(error) as refused:
        require_subset(resolved_operations(USER, [sent], profile).operations, profile)
    assert refused.type is error


@pytest.mark.parametrize(
    "sent",
    [
        operation(Op.ADD, "emails", [{"value": "a"}]),
        operation(Op.REPLACE, f"{WORK}.value", "a"),
        operation(Op.REMOVE, WORK),
        operation(Op.REMOVE, "emails"),
        operation(Op.REPLACE, "name.givenName", "Anna"),
        operation(Op.ADD, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", {}),
    ],
)
def test_operations_in_the_subset_pass(sent: PatchOperation) -> None:
    assert USER is not None
    switches = dict.fromkeys(("needsPath", "needsArrays", "selectsPartsOnly"), True)
    profile = _profile(**switches, refusesUnknown="invalidSyntax")
    require_subset(resolved_operations(USER, [sent], profile).operations, profile)


FORMS = {
    "needsPath": operation(Op.REPLACE, None, {"active": True}),
    "needsArrays": operation(Op.ADD, "emails", {"value": "a"}),
    "selectsPartsOnly": operation(Op.REPLACE, WORK, {"value": "a"}),
}


@pytest.mark.parametrize("switch", FORMS)
def test_each_switch_is_about_one_form(switch: str) -> None:
    assert USER is not None
    profile = _profile(**{switch: True})
    others = [sent for name, sent in FORMS.items() if name != switch]
    require_subset(resolved_operations(USER, others, profile).operations, profile)


def test_without_a_switch_there_is_no_subset() -> None:
    assert not Profile().patch.is_subset


@pytest.mark.parametrize("path", [f"{WORK}.value", WORK])
def test_a_filter_may_have_to_select_one_value(path: str) -> None:
    assert USER is not None
    sent = operation(Op.REMOVE, path)
    body = {"userName": "anna", "emails": EMAILS}
    with pytest.raises(InvalidFilter, match="selects 2 values"):
        applied(USER, body, [sent], _profile(selectsOneOnly=True), RequestBudget())
    one = {**body, "emails": EMAILS[:1]}
    applied(USER, one, [sent], _profile(selectsOneOnly=True), RequestBudget())


@pytest.mark.parametrize(
    ("replaces_whole", "op", "name"),
    [
        (True, Op.REPLACE, {"givenName": "Anne"}),
        (True, Op.ADD, {"givenName": "Anne", "familyName": "Berg"}),
        (False, Op.REPLACE, {"givenName": "Anne", "familyName": "Berg"}),
    ],
)
def test_replace_may_clear_what_is_left_out(
    replaces_whole: bool, op: Op, name: dict[str, str]
) -> None:
    assert USER is not None
    body = {"userName": "anna", "name": {"givenName": "Anna", "familyName": "Berg"}}
    sent = operation(op, "name", {"givenName": "Anne"})
    patched = applied(USER, body, [sent], _profile(replacesWhole=replaces_whole), RequestBudget())
    assert patched.body["name"] == name
