"""GET of one resource (RFC 7644 section 3.4.1)."""

from scim.resource.etag import etag_of
from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.service.attempt import Reading, not_found
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.view import full_views


def read(
    endpoint: Endpoint, id_: str, precondition: Precondition, projection: Projection
) -> Answer:
    """Return the resource, or that the client has it already (If-None-Match).

    Raises NotFound when no such resource lives.
    """
    key = Key(endpoint.resource_type.name, id_)
    record = endpoint.directory.read(endpoint.tenant, key)
    if record is None:
        raise not_found(key.type)
    if record.is_unsettled:
        # Somebody may have died in the middle of it: nobody is shown a half of a change.
        record = Reading(endpoint).one(key)
    etag, location = etag_of(record.version), endpoint.location_of(*key)
    if precondition.is_unmodified(record.version):
        return Answer(None, etag, location, is_unmodified=True)
    return Answer(full_views(endpoint, [record], projection)[0], etag, location)
