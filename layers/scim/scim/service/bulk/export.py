"""A BulkRequest that makes resources anew: what a list of them answers to who wants to keep it."""

from collections.abc import Iterable, Mapping

from scim.schema.common import SCHEMAS
from scim.schema.resource_type import ResourceType
from scim.service.bulk.operation import BULK_REQUEST_URN, Method


def request_to_make(
    resource_type: ResourceType, resources: Iterable[Mapping[str, object]]
) -> dict[str, object]:
    """Return the request; the id a resource has becomes the bulkId of the operation that makes it.

    What the server gives, such as id and meta, is left out.
    """
    return {
        "schemas": [BULK_REQUEST_URN],
        "Operations": [
            {
                "method": Method.POST,
                "bulkId": each["id"],
                "path": resource_type.endpoint,
                "data": _given(resource_type, each),
            }
            for each in resources
        ],
    }


def _given(resource_type: ResourceType, resource: Mapping[str, object]) -> dict[str, object]:
    """Return what a client may give of a resource; an extension is left as it is."""
    return {
        name: value for name, value in resource.items() if not _is_the_servers(resource_type, name)
    }


def _is_the_servers(resource_type: ResourceType, name: str) -> bool:
    attribute = resource_type.attribute(name)
    return attribute is not None and attribute is not SCHEMAS and attribute.is_read_only
