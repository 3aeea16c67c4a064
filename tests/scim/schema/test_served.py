"""Schemas and resource types as they are served."""

import json
from importlib.resources import files

import pytest

from scim.schema.loading import shipped_catalogue
from scim.schema.served import (
    resource_type_json,
    schema_json,
    with_enforced_uniqueness,
    writable,
)

DEFINITIONS = files("scim") / "definitions"


@pytest.mark.parametrize(
    "file", sorted(each.name for each in (DEFINITIONS / "schemas").iterdir() if each.is_file())
)
def test_a_shipped_schema_is_served_as_it_is_written(file: str) -> None:
    written = json.loads((DEFINITIONS / "schemas" / file).read_text("utf-8"))
    schema = shipped_catalogue().schema(written["id"])
    assert schema is not None
    assert schema_json(schema) == written, "write every characteristic, also the defaults"


def test_a_resource_type_is_served_without_the_hints_of_this_server() -> None:
    user = shipped_catalogue().resource_type("User")
    assert user is not None
    assert resource_type_json(user, writable(user)) == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "User Account",
        "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
        "schemaExtensions": [
            {
                "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                "required": False,
            }
        ],
    }


def test_a_read_only_extension_is_not_listed_for_clients_to_send() -> None:
    group = shipped_catalogue().resource_type("Group")
    assert group is not None
    assert [each.schema.name for each in group.extensions] == ["GroupMembersMetadata"]
    assert writable(group) == ()
    listed = resource_type_json(group, group.extensions)["schemaExtensions"]
    assert listed == [{"schema": group.extensions[0].schema.id, "required": False}]


def test_a_served_schema_shows_the_uniqueness_that_is_enforced() -> None:
    catalogue = shipped_catalogue()
    group, user = catalogue.resource_type("Group"), catalogue.resource_type("User")
    assert group is not None
    assert user is not None
    told = with_enforced_uniqueness(group.schema, [user, group])
    name, members = told.attribute("displayName"), told.attribute("members")
    assert name is not None
    assert members is not None
    assert (name.uniqueness, members.uniqueness) == ("server", "none")
    assert with_enforced_uniqueness(user.schema, [user, group]) == user.schema
