"""Links to what an answer has no room for (RFC 8288, RFC 9652)."""

from collections.abc import Iterable
from dataclasses import replace

from scim.http.message.response import Reply
from scim.service.endpoint import Endpoint
from scim.service.relations.elsewhere import Elsewhere, elsewhere

MOST = 12
"""Links in one answer: API Gateway has room for 10,240 bytes of headers."""


def with_links(reply: Reply, endpoints: Iterable[Endpoint]) -> Reply:
    """Return the answer with a link for each relation that was left out of it.

    The relation type is the attribute's URN, the anchor the resource. Where there are too many, templates say
    how the values of each are read.
    """
    found = [each for endpoint in endpoints for each in elsewhere(endpoint)]
    if not found or reply.status not in (200, 201):
        return reply
    headers = {**reply.headers, "Link": ", ".join(_link(each) for each in found[:MOST])}
    if len(found) > MOST:
        headers["Link-Template"] = ", ".join(dict.fromkeys(map(_template, found)))
    return replace(reply, headers=headers)


def _link(left_out: Elsewhere) -> str:
    where = f'rel="{left_out.relation}"; anchor="{left_out.location}"'
    if left_out.listing is None:
        return (
            f'<{left_out.location}>; {where}; title="too many to be shown, and nothing lists them"'
        )
    return f"<{left_out.listing}>; {where}"


def _template(left_out: Elsewhere) -> str:
    where = f'rel="{left_out.relation}"'
    if left_out.template is None:
        return f'"{left_out.location}"; {where}'
    return f'"{left_out.template}"; {where}'
