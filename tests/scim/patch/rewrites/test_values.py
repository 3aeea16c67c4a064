"""Values in a client's spelling, one rewrite at a time."""

import pytest

from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites.keys import spread
from scim.patch.rewrites.rewrite import RewriteContext
from scim.patch.rewrites.values import bare_reference, null_value
from scim.patch.target import Target
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute, AttributeType
from tests.scim.patch.tables import (
    ENTERPRISE,
    GROUP,
    LENIENT,
    USER,
    operation,
    operation_on,
    target_at,
)

CONTEXT = RewriteContext(USER, LENIENT, "self", dict)
OPEN = Target(AttributeRef(None, Attribute("x", AttributeType.COMPLEX, is_open=True)))
MANAGER = f"{ENTERPRISE}:manager"


def _placed(sent: PatchOperation) -> PatchOperation:
    (found,) = spread(operation_on(USER, sent), CONTEXT)
    return found


def add(path: str | None, value: object) -> PatchOperation:
    return _placed(operation(Op.ADD, path, value))


def replace(path: str | None, value: object) -> PatchOperation:
    return _placed(operation(Op.REPLACE, path, value))


def remove(path: str) -> PatchOperation:
    return _placed(operation(Op.REMOVE, path))


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (replace("title", None), (remove("title"),)),
        (add("title", None), ()),
        (remove("title"), None),
        (replace("title", "x"), None),
        (replace(None, {ENTERPRISE: None}), (remove(ENTERPRISE),)),
        (add(None, {ENTERPRISE: None}), ()),
        (replace(None, {"colour": None}), None),
        (replace(None, {ENTERPRISE: "x"}), None),
        (
            add("emails", [None, {"value": "a", "display": None}]),
            (add("emails", [{"value": "a"}]),),
        ),
        (add("emails", [{"value": "a"}]), None),
        (replace("name", {"givenName": None}), None),
    ],
)
def test_a_null_becomes_the_operation_it_means(
    sent: PatchOperation, plain: tuple[PatchOperation, ...] | None
) -> None:
    assert null_value(sent, CONTEXT) == plain


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (add(MANAGER, "u2"), (add(MANAGER, {"value": "u2"}),)),
        (add(MANAGER, ["u2", "u3"]), (add(MANAGER, {"value": "u2"}),)),
        (add(MANAGER, [{"value": "u2"}]), (add(MANAGER, {"value": "u2"}),)),
        (add(MANAGER, {"value": "u2"}), None),
        (add(MANAGER, ""), (remove(MANAGER),)),
        (add(MANAGER, []), (remove(MANAGER),)),
        (add(MANAGER, [""]), (remove(MANAGER),)),
        (replace(MANAGER, {"VALUE": ""}), (remove(MANAGER),)),
        (replace(MANAGER, {"value": None}), (remove(MANAGER),)),
        (replace(MANAGER, {"managerId": "u2"}), (replace(MANAGER, {"value": "u2"}),)),
        (replace(MANAGER, [{"managerId": ""}]), (remove(MANAGER),)),
        (replace(f"{MANAGER}.value", ""), (remove(MANAGER),)),
        (replace(f"{MANAGER}.value", "u2"), None),
        (replace(MANAGER, None), None),
        (replace(MANAGER, 7), None),
        (remove(MANAGER), None),
        (add("emails", "a"), (add("emails", [{"value": "a"}]),)),
        (add("emails", {"value": "a"}), (add("emails", [{"value": "a"}]),)),
        (
            add("emails", ["a", {"value": "b"}, ""]),
            (add("emails", [{"value": "a"}, {"value": "b"}]),),
        ),
        (add("emails", [{"value": "a"}]), None),
        (add("emails", None), None),
        (add("emails.value", "a"), None),
        (add('emails[type eq "work"]', "a"), None),
        (add("name", "a"), None),
        (add("title", "a"), None),
        (add(ENTERPRISE, "a"), None),
        (add(None, {"title": "a"}), None),
    ],
)
def test_a_reference_becomes_an_object(
    sent: PatchOperation, plain: tuple[PatchOperation, ...] | None
) -> None:
    assert bare_reference(sent, CONTEXT) == plain


@pytest.mark.parametrize("value", ["", [""], {}])
def test_empty_text_is_no_list_of_values_only_where_that_does_no_harm(value: object) -> None:
    emails = PatchOperation(Op.REPLACE, target_at(USER, "emails", LENIENT), value)
    assert bare_reference(emails, CONTEXT) == (emails.at(emails.path, []),)
    members = PatchOperation(Op.REPLACE, target_at(GROUP, "members", LENIENT), value)
    of_group = RewriteContext(GROUP, LENIENT, "self", dict)
    assert bare_reference(members, of_group) is None
    added = PatchOperation(Op.ADD, members.path, value)
    assert bare_reference(added, of_group) == (added.at(added.path, []),)


@pytest.mark.parametrize("value", ["x", "", [{"a": "1"}], {"a": "1", "value": ""}])
def test_an_attribute_with_names_of_the_clients_is_no_reference(value: object) -> None:
    assert bare_reference(PatchOperation(Op.REPLACE, OPEN, value), CONTEXT) is None
