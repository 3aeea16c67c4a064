"""Links to the values that a response omits for their size (RFC 8288, RFC 9652)."""

from collections.abc import Iterable
from dataclasses import replace

from scim.http.message.response import Reply
from scim.service.endpoint import Endpoint
from scim.service.relations.omitted_values import OmittedValues, omitted_values

MOST = 12
"""The most links in one response: API Gateway limits the headers to 10,240 bytes."""


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
