"""What a reference is called, and what is declared of it."""

from scim.schema.resource_type import OnDelete, Reference


def test_a_reference_is_found_by_the_index_of_its_value() -> None:
    assert Reference("user", ("User",)).index == "user.value"
    assert Reference("urn:example:Ext:boss", ("User",)).index == "urn:example:Ext:boss.value"


def test_by_default_a_referenced_resource_cannot_be_deleted() -> None:
    assert Reference("user", ("User",)).on_delete is OnDelete.REFUSE
