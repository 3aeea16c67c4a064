"""The URI of a message, as clients write it."""

import pytest

from scim.profile import Profile, Tolerance
from scim.schema.message_uri import needed_to_read

URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
DRAFT = "urn:ietf:params:scim:schemas:core:2.0:PatchOp"
STRICT = Profile(name="strict", tolerances=frozenset())


@pytest.mark.parametrize("schemas", [[URN], [URN.upper()], ["urn:x", URN], [None, URN]])
def test_a_message_that_is_named_needs_nothing(schemas: object) -> None:
    assert needed_to_read(schemas, URN, STRICT) == frozenset()


@pytest.mark.parametrize(
    ("schemas", "needed"),
    [
        (None, {Tolerance.MISSING_SCHEMAS}),
        ([], {Tolerance.MISSING_SCHEMAS}),
        ("", {Tolerance.MISSING_SCHEMAS}),
        (URN, {Tolerance.LONE_OBJECTS}),
        ([DRAFT], {Tolerance.FOREIGN_SCHEMAS}),
        (["urn:scim:schemas:core:2.0:patchop"], {Tolerance.FOREIGN_SCHEMAS}),
        (DRAFT, {Tolerance.FOREIGN_SCHEMAS, Tolerance.LONE_OBJECTS}),
    ],
)
def test_each_dialect_has_a_switch(schemas: object, needed: set[Tolerance]) -> None:
    assert needed_to_read(schemas, URN, Profile()) == needed
    for each in needed:
        profile = Profile(tolerances=frozenset(Tolerance) - {each})
        assert needed_to_read(schemas, URN, profile) is None


@pytest.mark.parametrize(
    "schemas",
    [["urn:ietf:params:scim:schemas:core:2.0:User"], ["urn:x"], "urn:x", [7], 7, {"a": URN}],
)
def test_no_other_message_is_taken_for_it(schemas: object) -> None:
    assert needed_to_read(schemas, URN, Profile()) is None
