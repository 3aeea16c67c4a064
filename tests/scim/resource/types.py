"""The shipped resource types, and one of this test's own with every characteristic."""

from scim.schema.resource_type import Extension, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType, Returned, Schema
from tests.fakes.endpoint import type_of

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
THING_URN = "urn:example:core:1.0:Thing"
EXTRA_URN = "urn:example:extra:1.0:Thing"


USER = type_of("User")
GROUP = type_of("Group")
THING = ResourceType(
    name="Thing",
    endpoint="/Things",
    description="",
    schema=Schema(
        THING_URN,
        "Thing",
        "",
        (
            Attribute("label", required=True),
            Attribute("serial", mutability=AttributeMutability.IMMUTABLE),
            Attribute("made", AttributeType.DATE_TIME, mutability=AttributeMutability.READ_ONLY),
            Attribute("pin", mutability=AttributeMutability.WRITE_ONLY, returned=Returned.NEVER),
            Attribute("kind", returned=Returned.ALWAYS),
            Attribute("notes", multi_valued=True, returned=Returned.REQUEST),
            Attribute(
                "maker",
                AttributeType.COMPLEX,
                sub_attributes=(
                    Attribute("value", required=True, mutability=AttributeMutability.IMMUTABLE),
                    Attribute("site", returned=Returned.ALWAYS),
                    Attribute("rating", AttributeType.INTEGER, returned=Returned.REQUEST),
                    Attribute("secret", returned=Returned.NEVER),
                    Attribute("title"),
                ),
            ),
            Attribute(
                "parts",
                AttributeType.COMPLEX,
                multi_valued=True,
                sub_attributes=(Attribute("value", required=True), Attribute("type")),
            ),
        ),
    ),
    extensions=(
        Extension(
            Schema(
                EXTRA_URN,
                "Extra",
                "",
                (
                    Attribute("color", required=True),
                    Attribute("batch", mutability=AttributeMutability.IMMUTABLE),
                    Attribute(
                        "made", AttributeType.DATE_TIME, mutability=AttributeMutability.READ_ONLY
                    ),
                    Attribute(
                        "code", mutability=AttributeMutability.WRITE_ONLY, returned=Returned.NEVER
                    ),
                ),
            ),
            is_required=True,
        ),
    ),
)
