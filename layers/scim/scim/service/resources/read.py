"""GET of one resource (RFC 7644 section 3.4.1)."""

from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.service.attempt import Reading, not_found
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.view import etag_shown, full_views


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
    shown = full_views(endpoint, [record], projection)[0]
    etag, location = etag_shown(endpoint, record, shown), endpoint.location_of(*key)
    if precondition.is_unmodified(etag):
        return Answer(None, etag, location, is_unmodified=True)
    return Answer(shown, etag, location)
