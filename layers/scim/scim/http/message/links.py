"""Links to the values that a response omits for their size (RFC 8288, RFC 9652)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scim.http.message.response import Reply
from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.relations.values import listing_of

MOST = 12
"""The most links in one response: API Gateway limits the headers to 10,240 bytes."""
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


def with_links(reply: Reply, endpoints: Iterable[Endpoint]) -> Reply:
    """Return the response with a link for each relation that it omits.

    The relation type is the attribute's URN, the anchor is the resource. If there are more than
    `MOST`, link templates describe how to read the values of each.
    """
    omitted = [values for endpoint in endpoints for values in omitted_values(endpoint)]
    if not omitted or reply.status not in (200, 201):
        return reply
    headers = {**reply.headers, "Link": ", ".join(_link(values) for values in omitted[:MOST])}
    if len(omitted) > MOST:
        headers["Link-Template"] = ", ".join(dict.fromkeys(map(_template, omitted)))
    return replace(reply, headers=headers)


def _link(values: OmittedValues) -> str:
    parameters = f'rel="{values.relation}"; anchor="{values.location}"'
    if values.listing is None:
        return f'<{values.location}>; {parameters}; title="too many to be shown, and nothing lists them"'
    return f"<{values.listing}>; {parameters}"


def _template(values: OmittedValues) -> str:
    parameters = f'rel="{values.relation}"'
    if values.template is None:
        return f'"{values.location}"; {parameters}'
    return f'"{values.template}"; {parameters}'
