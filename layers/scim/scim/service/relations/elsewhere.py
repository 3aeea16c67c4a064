"""Where the values of a relation are read that an answer has no room for, and no metadata tells of."""

from collections.abc import Iterator
from dataclasses import dataclass

from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.relations.values import listing_of

_ID = "{id}"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Values that do not stand in an answer: `relation` is the URN of their attribute.

    `location` is that of the resource they are of, `listing` the URI that lists them, None where
    nothing does; `template` (RFC 6570) is the URI for any resource of the type by its `id`.
    """

    relation: str
    location: str
    listing: str | None
    template: str | None


def elsewhere(endpoint: Endpoint) -> Iterator[Elsewhere]:
    """Yield what was left out of the answers of an endpoint so far."""
    type_ = endpoint.resource_type
    relations = {each.attribute: each for each in type_.relations}
    for key, attribute in endpoint.unshown:
        relation = relations[attribute]
        template = listing_of(endpoint, Key(key.type, _ID), relation)
        yield Elsewhere(
            f"{type_.schema.id}:{attribute}",
            endpoint.location_of(*key),
            listing_of(endpoint, key, relation),
            template and template.replace("%7Bid%7D", _ID),
        )
