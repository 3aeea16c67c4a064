"""Every error that a client can get, one class for each row of RFC 7644 table 9.

ScimError
├── BadRequest (400)
│   ├── InvalidFilter      invalidFilter
│   ├── TooMany            tooMany
│   ├── InvalidCursor      invalidCursor
│   ├── ExpiredCursor      expiredCursor
│   ├── InvalidCount       invalidCount
│   ├── Mutability         mutability
│   ├── InvalidSyntax      invalidSyntax
│   │   └── InvalidSchemas  invalidSyntax
│   ├── InvalidPath        invalidPath
│   ├── NoTarget           noTarget
│   ├── InvalidValue       invalidValue
│   │   ├── MissingExtension  invalidValue
│   │   └── UnknownTarget  invalidValue
│   └── InvalidVersion     invalidVers
├── Uniqueness (409)       uniqueness
├── Unauthorized (401)
├── Forbidden (403)
│   └── Sensitive          sensitive
├── NotFound (404)
│   └── UnknownResource
├── MethodNotAllowed (405)
├── Conflict (409)
├── PreconditionFailed (412)
├── PayloadTooLarge (413)
├── UnsupportedMediaType (415)
├── KeyReused (422)
├── TooManyRequests (429)
│   └── BreakerOpen
├── NotImplementedHere (501)
├── InternalError (500)
└── Unavailable (503)

A class has its status and scimType; the detail tells the client what to change. A profile can reword an
error by the class's `kind`.
"""

from collections.abc import Mapping
from typing import ClassVar

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"
LONGEST_DETAIL = 1000
"""The most characters of a detail: whatever a client names, its responses and the results of its jobs stay small."""


class ScimError(Exception):
    """A request that cannot be served.

    `detail` is shown to the client: what was wrong, where, and what was expected; it never
    contains internals, secrets or personal data (RFC 7644 section 3.12).
    """

    status: ClassVar[int] = 500
    scim_type: ClassVar[str | None] = None
    kind: ClassVar[str | None] = None

    def __init__(self, detail: str) -> None:
        self.detail = detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…"
        super().__init__(self.detail)

    @property
    def subject(self) -> str:
        """Return the name of the resource type that the error is about, empty for none."""
        return ""

    def headers(self) -> Mapping[str, str]:
        """Return the response headers that this error needs in addition to the usual ones."""
        return {}

    def body(self) -> dict[str, object]:
        """Return the error message of RFC 7644 section 3.12."""
        kind = {} if self.scim_type is None else {"scimType": self.scim_type}
        return {"schemas": [ERROR_URN], "status": str(self.status), **kind, "detail": self.detail}


class _About(ScimError):
    """An error that names the resource type it is about."""

    def __init__(self, detail: str, subject: str = "") -> None:
        super().__init__(detail)
        self._subject = subject

    @property
    def subject(self) -> str:
        return self._subject


class BadRequest(ScimError):
    """A malformed request for which RFC 7644 has no scimType."""

    status = 400


class InvalidFilter(BadRequest):
    """The filter does not parse, or makes a comparison that its attribute does not allow."""

    scim_type = "invalidFilter"


class TooMany(BadRequest):
    """The query would return or read more than this server allows."""

    scim_type = "tooMany"


class InvalidCursor(BadRequest):
    """The cursor was not made for this query (RFC 9865 section 2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(BadRequest):
    """The cursor has expired; the walk has to start over (RFC 9865 section 2.1)."""

    scim_type = "expiredCursor"


class InvalidCount(BadRequest):
    """The count is too large or too small for a page of a walk by cursor (RFC 9865 section 2.1)."""

    scim_type = "invalidCount"


class Uniqueness(ScimError):
    """A value that must be unique is taken."""

    status = 409
    scim_type = "uniqueness"


class Mutability(BadRequest):
    """The change is not allowed by the attribute's mutability."""

    scim_type = "mutability"


class InvalidSyntax(BadRequest):
    """The body's structure does not conform to the request schema."""

    scim_type = "invalidSyntax"


class InvalidSchemas(InvalidSyntax):
    """`schemas` does not name the schemas that the endpoint serves."""

    kind = "schemas"


class InvalidPath(BadRequest):
    """A path names no attribute, or does not parse."""

    scim_type = "invalidPath"


class NoTarget(BadRequest):
    """A path with a filter selects nothing that could be changed."""

    scim_type = "noTarget"


class InvalidValue(BadRequest):
    """A required value is missing, or a value has the wrong type."""

    scim_type = "invalidValue"


class MissingExtension(InvalidValue):
    """A resource lacks an extension its type requires."""

    kind = "extension"


class UnknownTarget(_About, InvalidValue):
    """A reference names a resource that does not exist."""

    kind = "target"


class InvalidVersion(BadRequest):
    """The requested protocol version is not supported."""

    scim_type = "invalidVers"


class Unauthorized(ScimError):
    """The caller is not authenticated."""

    status = 401

    def headers(self) -> Mapping[str, str]:
        return {"WWW-Authenticate": 'Bearer realm="scim"'}


class Forbidden(ScimError):
    """The caller lacks the permission."""

    status = 403


class Sensitive(Forbidden):
    """The request would put personal data into a URI (RFC 7644 section 7.5.2)."""

    scim_type = "sensitive"


class NotFound(ScimError):
    """There is no such resource or endpoint."""

    status = 404


class UnknownResource(_About, NotFound):
    """There is no resource of that type with that id."""

    kind = "resource"


class MethodNotAllowed(ScimError):
    """The endpoint does not serve this method."""

    status = 405

    # A job stores an error as its detail alone.
    def __init__(self, detail: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.allowed = allowed

    def headers(self) -> Mapping[str, str]:
        return {"Allow": ", ".join(self.allowed)}


class Conflict(ScimError):
    """The resource cannot be changed in its current state."""

    status = 409


class PreconditionFailed(ScimError):
    """The resource is no longer at the version the client named."""

    status = 412


class PayloadTooLarge(ScimError):
    """The body, or something in it, is larger than this server accepts."""

    status = 413


class UnsupportedMediaType(ScimError):
    """The body has a media type that this server does not read."""

    status = 415


class KeyReused(ScimError):
    """An Idempotency-Key was used for a different request (draft-ietf-httpapi-idempotency-key-header)."""

    status = 422


class _Passing(ScimError):
    """The same request may succeed `retry_after` seconds later."""

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    def headers(self) -> Mapping[str, str]:
        """Return Retry-After in whole seconds, the only form that Okta understands."""
        return {"Retry-After": str(self.retry_after)}


class TooManyRequests(_Passing):
    """The caller must slow down."""

    status = 429


class BreakerOpen(TooManyRequests):
    """Nothing is removed until an operator releases the tenant's breaker."""


class NotImplementedHere(ScimError):
    """The standard defines it, but this deployment does not offer it."""

    status = 501


class InternalError(ScimError):
    """The service failed; the log says why, the answer does not."""


class Unavailable(_Passing):
    """The store is too busy at the moment; the same request may succeed later."""

    status = 503
