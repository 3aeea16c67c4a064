"""Where to read relation values that a response has no room for and no metadata mentions."""

from collections.abc import Iterator
from dataclasses import dataclass

from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.relations.values import listing_of

_ID = "{id}"


@dataclass(frozen=True, slots=True)
class OmittedValues:
    """Values omitted from a response: `relation` is the URN of their attribute.

    `location` is the URI of their resource, `listing` the URI that lists them, None if no list
    does; `template` (RFC 6570) is the listing URI for any resource of the type by its `id`.
    """

    relation: str
    location: str
    listing: str | None
    template: str | None


def omitted_values(endpoint: Endpoint) -> Iterator[OmittedValues]:
    """Yield the values that the responses of an endpoint have omitted so far."""
    resource_type = endpoint.resource_type
    relations = {relation.attribute: relation for relation in resource_type.relations}
    for key, attribute in endpoint.unshown:
        relation = relations[attribute]
        template = listing_of(endpoint, Key(key.type, _ID), relation)
        yield OmittedValues(
            f"{resource_type.schema.id}:{attribute}",
            endpoint.location_of(*key),
            listing_of(endpoint, key, relation),
            template and template.replace("%7Bid%7D", _ID),
        )
