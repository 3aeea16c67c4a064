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
    found = [each for endpoint in endpoints for each in omitted_values(endpoint)]
    if not found or reply.status not in (200, 201):
        return reply
    headers = {**reply.headers, "Link": ", ".join(_link(each) for each in found[:MOST])}
    if len(found) > MOST:
        headers["Link-Template"] = ", ".join(dict.fromkeys(map(_template, found)))
    return replace(reply, headers=headers)


def _link(left_out: OmittedValues) -> str:
    where = f'rel="{left_out.relation}"; anchor="{left_out.location}"'
    if left_out.listing is None:
        return (
            f'<{left_out.location}>; {where}; title="too many to be shown, and nothing lists them"'
        )
    return f"<{left_out.listing}>; {where}"


def _template(left_out: OmittedValues) -> str:
    where = f'rel="{left_out.relation}"'
    if left_out.template is None:
        return f'"{left_out.location}"; {where}'
    return f'"{left_out.template}"; {where}'
