"""GET of one resource (RFC 7644 section 3.4.1)."""

from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.service.attempt import not_found, settled
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import consistent_views, etag_shown


def read(
    endpoint: Endpoint, id_: str, precondition: Precondition, projection: Projection
) -> Answer:
    """Return the resource, or that the client already has it (If-None-Match).

    Raises NotFound when no such resource lives, and PreconditionFailed when If-Match names
    another version.
    """
    key = Key(endpoint.resource_type.name, id_)
    stored = endpoint.directory.read(endpoint.tenant, key)
    record = settled(endpoint, stored) if stored is not None and stored.is_unsettled else stored
    if record is None:
        raise not_found(key.type)
    if precondition.if_match is not None:
        precondition.require_match(record.version)
    location = endpoint.location_of(*key)
    spliced = spliced_alone(endpoint, record, projection)
    if spliced is not None:
        if precondition.if_none_match is not None and precondition.is_unmodified(spliced.etag):
            return Answer(None, spliced.etag, location, is_unmodified=True)
        return Answer(spliced, spliced.etag, location)
    for consistent, view in consistent_views(endpoint, [record], projection):
        etag = etag_shown(endpoint, consistent, view)
        if precondition.is_unmodified(etag):
            return Answer(None, etag, location, is_unmodified=True)
        return Answer(view, etag, location, projection.tolerated)
    raise not_found(key.type)
