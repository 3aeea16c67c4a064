"""Operations as JSON never show a secret."""

import pytest

from scim.patch.operation import Op, resolved_operations
from scim.patch.operations_json import operations_json
from scim.patch.request import request_of
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import PATCH_OP_URN
from tests.scim.patch.tables import operation

SAFE = """
{"id": "urn:example:Safe", "name": "Safe", "attributes": [
  {"name": "lock", "type": "complex", "returned": "never", "subAttributes": [{"name": "code"}]},
  {"name": "card", "type": "complex", "subAttributes": [
    {"name": "pin", "returned": "never"}, {"name": "holder"}]},
  {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [
    {"name": "pin", "returned": "never"}, {"name": "label"}]}]}
"""
TYPE = '{"name": "Safe", "endpoint": "/Safes", "schema": "urn:example:Safe"}'


def test_an_operation_whose_path_is_not_known_shows_no_value() -> None:
    operation = {"op": "add", "path": "password", "value": "t0pSecret!"}
    message = {"schemas": [PATCH_OP_URN], "Operations": [operation]}
    read = request_of(message, Profile())
    assert operations_json(read.operations) == [{"op": "add", "path": "password"}]


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("lock", {"code": "1234"}, None),
        ("lock.code", "1234", None),
        ("card.pin", "1234", None),
        ("card.holder", "Ann", "Ann"),
        ("card", {"pin": "1234", "holder": "Ann"}, {"holder": "Ann"}),
        ("card", {"pin": "1234"}, None),
        ("card", {}, {}),
        ("keys", [], []),
        ("keys", [{"pin": "1234"}, {"label": "a"}], [{"label": "a"}]),
    ],
)
def test_a_value_that_no_response_contains_is_not_shown(
    path: str, value: object, shown: object
) -> None:
    resource_type = Catalogue.of({"safe": SAFE}, {"safe": TYPE}).resource_type("Safe")
    assert resource_type is not None
    sent = operation(Op.REPLACE, path, value)
    resolved = resolved_operations(resource_type, [sent], Profile())
    (written,) = operations_json(resolved.operations)
    assert written == {"op": "replace", "path": path} | ({} if shown is None else {"value": shown})
