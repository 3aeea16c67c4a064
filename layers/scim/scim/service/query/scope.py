"""A resource type as filters and orders see it, with the attributes that mirror relations."""

from scim.filter.binding.bind import Scope
from scim.service.endpoint import Endpoint


def scope_of(endpoint: Endpoint) -> Scope:
    """Return the endpoint's resource type and back links."""
    mirrored = endpoint.catalogue.back_links_of(endpoint.resource_type.name)
    return Scope(endpoint.resource_type, [each.attribute for each in mirrored])
