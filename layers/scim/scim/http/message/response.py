"""The response: status, headers and a SCIM body (RFC 7644 section 3.1)."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from scim.compact import json_text
from scim.errors import ScimError
from scim.immutable import immutable
from scim.profile import Tolerance
from scim.resource.body import Spliced
from scim.schema.message_uri import LIST_URN
from scim.service.messages import Answer, Listing

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation

MEDIA_TYPE = "application/scim+json"
EXPLAIN_URN = "urn:serverless-scim:params:scim:api:messages:1.0:Explanation"


@immutable
class Reply:
    """One HTTP response; `body` is None if the response has no body, not even an empty object.

    The type of the body is that of SCIM unless `headers` has a Content-Type.

    `tolerated` are the tolerances that applied to the request; `raw` is a body that already is JSON
    text.
    """

    status: int
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tolerated: frozenset[Tolerance] = frozenset()
    raw: str | None = None
    ignored: tuple[str, ...] = ()
    """The parts of the request that were ignored, and why: names of attributes, never values."""
    operations: "tuple[PatchOperation, ...]" = field(default=(), repr=False)
    """The operations of a PATCH, converted to plain RFC 7644."""
    refused_operations: Mapping[str, object] | None = field(default=None, repr=False)
    """How many operations of a bulk request were refused, and why the first of them: for the log."""

    @property
    def content_type(self) -> str | None:
        if self.body is None and self.raw is None:
            return None
        return self.headers.get("Content-Type", MEDIA_TYPE)

    @property
    def text(self) -> str:
        if self.raw is not None:
            return self.raw
        return "" if self.body is None else encoded(self.body)


def encoded(body: Mapping[str, object]) -> str:
    """Return compact JSON text; resources that already are text are inserted unchanged."""
    if isinstance(body, Spliced):
        return body.text
    resources = body.get("Resources")
    if not isinstance(resources, list) or not resources or not isinstance(resources[0], Spliced):
        return json_text(body)
    envelope = json_text({name: value for name, value in body.items() if name != "Resources"})
    texts = [
        resource.text if isinstance(resource, Spliced) else json_text(resource)
        for resource in resources
    ]
    return f'{envelope[:-1]},"Resources":[{",".join(texts)}]}}'


def refusal(error: ScimError) -> Reply:
    """Return the response that an error stands for."""
    return Reply(error.status, error.body(), error.headers())


def created_reply(answer: Answer) -> Reply:
    """Return 201 with Location and ETag (RFC 7644 section 3.3)."""
    headers = {"Location": answer.location, "ETag": answer.etag}
    return Reply(201, answer.resource, headers, answer.tolerated)


def resource_reply(answer: Answer) -> Reply:
    """Return 200 with the resource, 304 if the client has this version, 204 if the answer has no resource.

    A 304 has the headers of the 200 that a cache needs (RFC 9110 section 15.4.5).
    """
    headers = {"ETag": answer.etag}
    if answer.is_unmodified:
        return Reply(304, None, {**headers, "Content-Location": answer.location})
    status, body = 204, answer.resource
    if body is not None:
        headers["Content-Location"], status = answer.location, 200
    return Reply(status, body, headers, answer.tolerated, None, answer.ignored, answer.operations)


def without_resource(answer: Answer) -> Answer:
    """Return the answer without the resource, for a client that does not want it."""
    return replace(answer, resource=None)


def list_reply(listing: Listing) -> Reply:
    """Return a ListResponse (RFC 7644 section 3.4.2, RFC 9865 section 2)."""
    body: dict[str, object] = {
        "schemas": [LIST_URN],
        "totalResults": listing.total,
        "itemsPerPage": len(listing.resources),
    }
    optional = {
        "startIndex": listing.start_index,
        "previousCursor": listing.previous_cursor,
        "nextCursor": listing.next_cursor,
    }
    body |= {name: value for name, value in optional.items() if value is not None}
    body["Resources"] = list(listing.resources)
    if listing.explanation is not None:
        body |= {"schemas": [LIST_URN, EXPLAIN_URN], EXPLAIN_URN: listing.explanation}
    return Reply(200, body, tolerated=listing.tolerated)
