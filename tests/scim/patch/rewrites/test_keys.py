"""Keys of path-less values, one rewrite at a time."""

from dataclasses import replace

import pytest

from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites import keys
from scim.patch.rewrites.rewrite import Rewrite, RewriteContext
from tests.scim.patch.tables import ENTERPRISE, LENIENT, USER, operation, operation_on

CONTEXT = RewriteContext(USER, LENIENT, "self", dict)


def without_path(key: str, value: object) -> PatchOperation:
    (found,) = keys.spread(operation(Op.REPLACE, None, {key: value}), CONTEXT)
    return found


def with_path(path: str, value: object) -> PatchOperation:
    return operation_on(USER, operation(Op.REPLACE, path, value))


@pytest.mark.parametrize(
    ("sent", "parts"),
    [
        pytest.param(
            operation(Op.ADD, None, {"title": "x", ENTERPRISE: {"department": "y", "b.c": 1}}),
            [("title", "x"), ("department", "y"), (f"{ENTERPRISE}:b.c", 1)],
            id="without a path",
        ),
        pytest.param(
            operation(Op.ADD, ENTERPRISE, {"department": "y"}),
            [("department", "y")],
            id="an extension's path",
        ),
        pytest.param(operation(Op.ADD, None, {ENTERPRISE: {}}), [], id="nothing in it"),
        pytest.param(operation(Op.ADD, None, {}), [], id="nothing at all"),
    ],
)
def test_a_set_of_attributes_is_split_into_operations(
    sent: PatchOperation, parts: list[object]
) -> None:
    found = keys.spread(operation_on(USER, sent), CONTEXT)
    assert [(str(each.path), each.value) for each in found] == parts


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(operation(Op.ADD, "name", {"givenName": "x"}), id="an attribute's path"),
        pytest.param(operation(Op.REMOVE, None, {"title": "x"}), id="remove"),
        pytest.param(operation(Op.ADD, None, "x"), id="no attributes"),
    ],
)
def test_an_operation_without_a_set_of_attributes_is_left_alone(sent: PatchOperation) -> None:
    placed = operation_on(USER, sent)
    assert list(keys.spread(placed, CONTEXT)) == [placed]


@pytest.mark.parametrize(
    ("rewrite", "sent", "plain"),
    [
        (keys.read_only_echo, without_path("ID", "self"), ()),
        (keys.read_only_echo, without_path("id", "other"), None),
        (keys.read_only_echo, without_path("meta", {}), ()),
        (keys.read_only_echo, without_path("schemas", []), ()),
        (keys.read_only_echo, without_path("title", "x"), None),
        (keys.read_only_echo, with_path("id", "self"), ()),
        (keys.read_only_echo, with_path("id", "other"), None),
        (keys.read_only_echo, with_path("meta", {}), None),
        (keys.unknown_null, without_path("department", None), ()),
        (keys.unknown_null, without_path("a.b", None), ()),
        (keys.unknown_null, without_path("title", None), None),
        (keys.unknown_null, without_path("name.givenName", None), None),
        (keys.unknown_null, without_path('emails[type eq "work"]', None), None),
        (keys.unknown_null, without_path('colours[type eq "work"]', None), ()),
        (keys.unknown_null, without_path(ENTERPRISE, None), None),
        (keys.unknown_null, without_path("department", "x"), None),
        (
            keys.short_name,
            without_path("department", "x"),
            (with_path(f"{ENTERPRISE}:department", "x"),),
        ),
        (keys.short_name, without_path("givenName", "x"), (with_path("name.givenName", "x"),)),
        (keys.short_name, without_path("name.givenName", "x"), None),
        (keys.short_name, with_path("MANAGER.value", "x"), None),
        (keys.short_name, with_path("title", "x"), None),
        (keys.short_name, with_path(f"{ENTERPRISE}:department", "x"), None),
        (
            keys.dotted_key,
            without_path("name.givenName", "x"),
            (with_path("name.givenName", "x"),),
        ),
        (
            keys.dotted_key,
            without_path(ENTERPRISE, {"manager.value": "x"}),
            (with_path(f"{ENTERPRISE}:manager.value", "x"),),
        ),
        (keys.dotted_key, without_path("title", "x"), None),
        (keys.dotted_key, without_path("colour.depth", "x"), None),
        (keys.plain_key, without_path("title", "x"), (with_path("title", "x"),)),
        (keys.plain_key, without_path("name.givenName", "x"), None),
        (keys.plain_key, without_path(f"{ENTERPRISE}:department", "x"), None),
        (
            keys.plain_key,
            without_path(ENTERPRISE, {"department": "x"}),
            (with_path(f"{ENTERPRISE}:department", "x"),),
        ),
        (keys.unknown_attribute, without_path("colour", "x"), ()),
        (keys.unknown_attribute, without_path("title", "x"), None),
        (keys.unknown_attribute, without_path(ENTERPRISE, "x"), None),
        (
            keys.foreign_schemas,
            with_path("schemas", ["urn:x", USER.schema.id, 4]),
            (with_path("schemas", [USER.schema.id]),),
        ),
        (keys.foreign_schemas, without_path("Schemas", ["urn:x"]), (with_path("schemas", []),)),
        (keys.foreign_schemas, with_path("schemas", [ENTERPRISE]), None),
        (keys.foreign_schemas, with_path("schemas", "urn:x"), None),
        (keys.foreign_schemas, with_path("title", ["urn:x"]), None),
    ],
)
def test_a_key_becomes_a_plain_operation_or_is_left_alone(
    rewrite: Rewrite, sent: PatchOperation, plain: tuple[PatchOperation, ...] | None
) -> None:
    assert rewrite(sent, CONTEXT) == plain


def test_a_null_under_a_urn_without_dots_is_no_unknown_name() -> None:
    context = replace(CONTEXT, resource_type=replace(USER, aliases=("urn:old:User",)))
    sent = operation(Op.REPLACE, None, {"urn:old:User:title": None})
    (found,) = keys.spread(operation_on(context.resource_type, sent), context)
    assert keys.unknown_null(found, context) is None


@pytest.mark.parametrize(
    "sent",
    [
        operation(Op.ADD, None, {"urn:old:User": {"title": "x", "active": True}}),
        operation(Op.ADD, "URN:OLD:USER", {"title": "x", "active": True}),
    ],
    ids=["as key", "as path"],
)
def test_values_under_an_alias_belong_to_the_base_schema(
    sent: PatchOperation,
) -> None:
    context = RewriteContext(replace(USER, aliases=("urn:old:User",)), LENIENT, "self", dict)
    placed = operation_on(context.resource_type, sent)
    found = [(str(each.path), each.value) for each in keys.spread(placed, context)]
    assert found == [("title", "x"), ("active", True)]
