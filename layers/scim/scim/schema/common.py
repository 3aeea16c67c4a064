"""The attributes every resource has beside its schemas (RFC 7643 section 3.1)."""

from scim.schema.attribute import Attribute, AttributeType, Mutability, Returned, Uniqueness

SCHEMAS = Attribute(
    "schemas",
    AttributeType.REFERENCE,
    multi_valued=True,
    description="The URIs of the schemas present in the resource.",
    required=True,
    case_exact=True,
    returned=Returned.ALWAYS,
    reference_types=("uri",),
)
ID = Attribute(
    "id",
    description="The service provider's identifier of the resource.",
    required=True,
    case_exact=True,
    mutability=Mutability.READ_ONLY,
    returned=Returned.ALWAYS,
    uniqueness=Uniqueness.SERVER,
)
EXTERNAL_ID = Attribute(
    "externalId",
    description="The provisioning client's identifier of the resource.",
    case_exact=True,
)


def _meta(name: str, type_: AttributeType, description: str) -> Attribute:
    return Attribute(
        name, type_, description=description, case_exact=True, mutability=Mutability.READ_ONLY
    )


META = Attribute(
    "meta",
    AttributeType.COMPLEX,
    description="Metadata of the resource, made by the service provider.",
    mutability=Mutability.READ_ONLY,
    sub_attributes=(
        _meta("resourceType", AttributeType.STRING, "The name of the resource type."),
        _meta("created", AttributeType.DATE_TIME, "When the resource was created."),
        _meta("lastModified", AttributeType.DATE_TIME, "When the resource was last changed."),
        _meta("location", AttributeType.REFERENCE, "The URI of the resource."),
        _meta("version", AttributeType.STRING, "The version (entity tag) of the resource."),
    ),
)

COMMON = (SCHEMAS, ID, EXTERNAL_ID, META)
