"""The id of a new resource: random, or the next number of its type where the profile counts."""

from scim.service.endpoint import Endpoint


def fresh_id(endpoint: Endpoint) -> str:
    """Return an id no resource of the endpoint ever had."""
    kind = endpoint.profile.wire.ids.get(endpoint.resource_type.endpoint, "uuid")
    if kind == "uuid":
        return endpoint.ids.new()
    return str(endpoint.directory.next_number(endpoint.tenant, endpoint.resource_type.name))
