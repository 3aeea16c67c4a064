"""The catalogue of schemas and resource types."""

import json

import pytest

from scim.schema.catalogue import BackLink, Catalogue
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Index
from scim.schema.schema import DefinitionError

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SHIPPED = shipped_catalogue()


def test_the_shipped_catalogue_is_read_once() -> None:
    # Not the one of when this was imported: another test may have let it be forgotten since.
    assert shipped_catalogue() is shipped_catalogue()


def test_users_and_groups_are_shipped_with_the_schemas_of_the_standard() -> None:
    assert {each.name for each in SHIPPED.resource_types} == {"User", "Group", "GroupMember"}
    assert {each.id for each in SHIPPED.schemas} == {
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:Group",
        "urn:ietf:params:scim:schemas:core:2.0:GroupMember",
        "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
        "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
        "urn:ietf:params:scim:schemas:core:2.0:Schema",
        "urn:serverless-scim:params:scim:schemas:core:1.0:Job",
    }


def test_a_resource_type_is_found_by_name_and_endpoint() -> None:
    user = SHIPPED.resource_type("User")
    assert user is not None
    assert SHIPPED.by_endpoint("Users") is user
    assert SHIPPED.by_endpoint("users") is None
    assert SHIPPED.by_endpoint_in_any_case("users") is user
    assert SHIPPED.resource_type("Robot") is None


def test_a_schema_is_found_by_its_uri_in_any_case() -> None:
    schema = SHIPPED.schema(ENTERPRISE.upper())
    assert schema is not None
    assert schema.id == ENTERPRISE
    assert SHIPPED.schema("urn:none") is None


@pytest.mark.parametrize("member", ["User", "Group"])
def test_the_groups_of_a_member_mirror_the_members_of_groups(member: str) -> None:
    assert SHIPPED.back_links_of(member) == (BackLink("groups", "Group", "members"),)


def test_a_type_without_the_mirroring_attribute_has_no_back_link() -> None:
    assert SHIPPED.back_links_of("GroupMember") == ()


def test_memberships_are_served_but_not_stored_as_resources() -> None:
    served = SHIPPED.edge_type_of("Group", "members")
    assert served is not None
    assert served.name == "GroupMember"
    assert {each.name for each in SHIPPED.stored_types} == {"User", "Group"}
    assert SHIPPED.edge_type_of("User", "members") is None


def test_the_names_that_must_be_unique_are_guarded() -> None:
    unique = {
        (resource_type.name, index.attribute)
        for resource_type in SHIPPED.resource_types
        for index in resource_type.indexes
        if index.is_unique
    }
    assert unique == {("User", "userName"), ("Group", "displayName")}


def test_an_attribute_its_schema_declares_unique_is_guarded_without_a_hint() -> None:
    schema = {
        "id": "urn:example:Thing",
        "name": "Thing",
        "attributes": [
            {"name": "id", "uniqueness": "server"},
            {"name": "serial", "uniqueness": "global"},
            {
                "name": "tags",
                "type": "complex",
                "multiValued": True,
                "subAttributes": [{"name": "value", "uniqueness": "server"}],
            },
        ],
    }
    thing = {"name": "Thing", "endpoint": "/Things", "schema": "urn:example:Thing"}
    catalogue = Catalogue.of({"s.json": json.dumps(schema)}, {"t.json": json.dumps(thing)})
    assert catalogue.resource_types[0].indexes == (
        Index("serial", is_unique=True),
        Index("tags.value", is_unique=True),
    )


def test_a_schema_cannot_be_defined_twice() -> None:
    schema = {"id": "urn:example:Thing", "name": "Thing", "attributes": []}
    again = {**schema, "id": "urn:example:THING"}
    with pytest.raises(DefinitionError, match="more than once"):
        Catalogue.of({"a.json": json.dumps(schema), "b.json": json.dumps(again)}, {})
