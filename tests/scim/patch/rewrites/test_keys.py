"""Keys of path-less values, one rewrite at a time."""

from dataclasses import replace

import pytest

from scim.patch.operation import Op, PatchOperation
from scim.patch.rewrites import keys
from scim.patch.rewrites.rewrite import Rewrite, Setting
from tests.scim.patch.tables import ENTERPRISE, LENIENT, USER

SETTING = Setting(USER, LENIENT, "self", dict)


def without_path(key: str, value: object) -> PatchOperation:
    return PatchOperation(Op.REPLACE, None, {key: value})


def with_path(path: str, value: object) -> PatchOperation:
    return PatchOperation(Op.REPLACE, path, value)


@pytest.mark.parametrize(
    ("operation", "parts"),
    [
        pytest.param(
            PatchOperation(Op.ADD, None, {"title": "x", ENTERPRISE: {"department": "y", "b.c": 1}}),
            [{"title": "x"}, {ENTERPRISE: {"department": "y"}}, {ENTERPRISE: {"b.c": 1}}],
            id="without a path",
        ),
        pytest.param(
            PatchOperation(Op.ADD, ENTERPRISE, {"department": "y"}),
            [{ENTERPRISE: {"department": "y"}}],
            id="an extension's path",
        ),
        pytest.param(PatchOperation(Op.ADD, None, {ENTERPRISE: {}}), [], id="nothing in it"),
        pytest.param(PatchOperation(Op.ADD, None, {}), [], id="nothing at all"),
    ],
)
def test_a_set_of_attributes_is_taken_apart(operation: PatchOperation, parts: list[object]) -> None:
    found = list(keys.spread(operation, SETTING))
    assert [(each.path, each.value) for each in found] == [(None, part) for part in parts]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(PatchOperation(Op.ADD, "name", {"givenName": "x"}), id="an attribute's path"),
        pytest.param(PatchOperation(Op.REMOVE, None, {"title": "x"}), id="remove"),
        pytest.param(PatchOperation(Op.ADD, None, "x"), id="no attributes"),
    ],
)
def test_what_is_no_set_of_attributes_is_left_alone(operation: PatchOperation) -> None:
    assert list(keys.spread(operation, SETTING)) == [operation]


@pytest.mark.parametrize(
    ("rewrite", "operation", "plain"),
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
        (keys.unknown_null, without_path(ENTERPRISE, None), None),
        (keys.unknown_null, without_path("department", "x"), None),
        (
            keys.short_extension_name,
            without_path("department", "x"),
            (with_path(f"{ENTERPRISE}:department", "x"),),
        ),
        (
            keys.short_extension_name,
            with_path("MANAGER.value", "x"),
            (with_path(f"{ENTERPRISE}:manager.value", "x"),),
        ),
        (keys.short_extension_name, with_path("title", "x"), None),
        (keys.short_extension_name, with_path(f"{ENTERPRISE}:department", "x"), None),
        (
            keys.dotted_key,
            without_path("name.givenName", "x"),
            (with_path("name.givenName", "x"),),
        ),
        (
            keys.dotted_key,
            PatchOperation(Op.REPLACE, None, {ENTERPRISE: {"manager.value": "x"}}),
            (with_path(f"{ENTERPRISE}:manager.value", "x"),),
        ),
        (keys.dotted_key, without_path("title", "x"), None),
        (keys.dotted_key, without_path("colour.depth", "x"), None),
        (keys.plain_key, without_path("title", "x"), (with_path("title", "x"),)),
        (keys.plain_key, without_path("name.givenName", "x"), None),
        (keys.plain_key, without_path(f"{ENTERPRISE}:department", "x"), None),
        (
            keys.plain_key,
            PatchOperation(Op.REPLACE, None, {ENTERPRISE: {"department": "x"}}),
            (with_path(f"{ENTERPRISE}:department", "x"),),
        ),
        (keys.unknown_attribute, without_path("colour", "x"), ()),
        (keys.unknown_attribute, without_path("title", "x"), None),
        (keys.unknown_attribute, without_path(ENTERPRISE, "x"), None),
        (keys.unknown_attribute, with_path("colour", "x"), None),
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
    rewrite: Rewrite, operation: PatchOperation, plain: tuple[PatchOperation, ...] | None
) -> None:
    assert rewrite(operation, SETTING) == plain


@pytest.mark.parametrize(
    "operation",
    [
        PatchOperation(Op.ADD, None, {"urn:old:User": {"title": "x", "active": True}}),
        PatchOperation(Op.ADD, "URN:OLD:USER", {"title": "x", "active": True}),
    ],
    ids=["as key", "as path"],
)
def test_what_is_under_an_alias_of_the_base_schema_is_of_the_base_schema(
    operation: PatchOperation,
) -> None:
    setting = Setting(replace(USER, aliases=("urn:old:User",)), LENIENT, "self", dict)
    found = [(each.path, each.value) for each in keys.spread(operation, setting)]
    assert found == [(None, {"title": "x"}), (None, {"active": True})]
