"""The order of a result that was asked for with sortBy (RFC 7644 section 3.4.2.3)."""

from collections.abc import Sequence

from scim.filter.order import is_descending, ordered_across
from scim.filter.parse import parse_attribute
from scim.service.endpoint import Endpoint
from scim.service.hit import Hit
from scim.service.scope import scope_of
from scim.service.view import plain_view


def ranked(
    hits: Sequence[Hit], endpoints: Sequence[Endpoint], sort_by: str, sort_order: str | None
) -> list[Hit]:
    """Return the hits in the order asked for; a type without the attribute has no values.

    Raises InvalidPath and InvalidValue when no type queried has the attribute, or when it
    has no order.
    """
    scopes = [scope_of(endpoint) for endpoint in endpoints]
    found = ordered_across(scopes, parse_attribute(sort_by), endpoints[0].profile)
    orders = {
        endpoint.resource_type.name: order for endpoint, order in zip(endpoints, found, strict=True)
    }

    def key(hit: Hit) -> tuple[bool, str, str]:
        order = orders[hit.endpoint.resource_type.name]
        return order.key(plain_view(hit.endpoint, hit.record))

    return sorted(hits, key=key, reverse=is_descending(sort_order))
