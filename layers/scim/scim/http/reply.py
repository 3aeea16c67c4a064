"""The gateway's answer: status, headers and a SCIM body (RFC 7644 section 3.1)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.errors import ScimError
from scim.service.answer import Answer, Listing

MEDIA_TYPE = "application/scim+json"
LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response; `body` is None where there is none, not even an empty object."""

    status: int
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str | None:
        return None if self.body is None else MEDIA_TYPE

    @property
    def text(self) -> str:
        return "" if self.body is None else encoded(self.body)


def encoded(body: Mapping[str, object]) -> str:
    """Return compact JSON text."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def refusal(error: ScimError) -> Reply:
    """Return the response an error stands for."""
    return Reply(error.status, error.body(), error.headers())


def created(answer: Answer) -> Reply:
    """Return 201 with Location and ETag (RFC 7644 section 3.3)."""
    return Reply(201, answer.resource, {"Location": answer.location, "ETag": answer.etag})


def shown(answer: Answer) -> Reply:
    """Return 200 with the resource, 304 where the client has it, 204 where no body is due."""
    headers = {"ETag": answer.etag}
    if answer.is_unmodified:
        return Reply(304, None, headers)
    if answer.resource is None:
        return Reply(204, None, headers)
    return Reply(200, answer.resource, {**headers, "Content-Location": answer.location})


def listed(listing: Listing) -> Reply:
    """Return a ListResponse (RFC 7644 section 3.4.2)."""
    return Reply(
        200,
        {
            "schemas": [LIST_URN],
            "totalResults": listing.total,
            "itemsPerPage": len(listing.resources),
            "startIndex": listing.start_index,
            "Resources": list(listing.resources),
        },
    )
