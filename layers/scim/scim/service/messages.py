"""What use cases take and answer: a query, a precondition, a representation, a page of a list."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from scim.errors import PreconditionFailed
from scim.immutable import immutable
from scim.profile import Tolerance
from scim.resource.etag import etag_of, names_tag, names_version

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation


@immutable
class Answer:
    """One resource after a use case; `resource` is None where the answer has no body.

    `is_unmodified` asks for 304 instead of the body, `ignored` says what was passed over and why,
    `operations` are the plain ones that a PATCH came to.
    """

    resource: Mapping[str, object] | None
    etag: str
    location: str
    tolerated: frozenset[Tolerance] = frozenset()
    is_unmodified: bool = False
    ignored: tuple[str, ...] = ()
    operations: "tuple[PatchOperation, ...]" = field(default=(), repr=False)


@immutable
class Listing:
    """One page of a query, already projected (RFC 7644 section 3.4.2).

    `start_index` is None on a page that was asked for by cursor (RFC 9865), `explanation` how
    the query was answered where that was asked for.
    """

    resources: tuple[Mapping[str, object], ...]
    total: int
    start_index: int | None
    tolerated: frozenset[Tolerance] = frozenset()
    next_cursor: str | None = None
    previous_cursor: str | None = None
    explanation: Mapping[str, object] | None = None


@immutable
class Precondition:
    """The header values a client sent, None where it sent none.

    Writes look at the resource's own version in a tag, readers at all that it vouches for.
    """

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def asks_for_version(self) -> bool:
        """Tell whether a write must find the version that was read."""
        return self.if_match is not None and self.if_match.strip() != "*"

    def require(self, version: int) -> None:
        """Raise PreconditionFailed unless a write to this version is wanted."""
        if self.if_match is None and self.if_none_match is None:
            return
        present = etag_of(version)
        if self.if_match is not None and not names_version(self.if_match, version):
            raise PreconditionFailed(
                f"If-Match names another version; the resource is at {present}."
            )
        if self.if_none_match is not None and names_version(self.if_none_match, version):
            raise PreconditionFailed(f"If-None-Match names the present version {present}.")

    def is_unmodified(self, etag: str) -> bool:
        """Tell whether a reader already has what this tag vouches for."""
        return self.if_none_match is not None and names_tag(self.if_none_match, etag)


@immutable
class Query:
    """Filter, order, page and projection, as the client wrote them; None = not given.

    An empty cursor asks for the first page of a walk by cursor. `walker` tells clients apart
    by who they are and what they see: a walk is one client's, which no other goes on with. `domain` is the only one
    wanted, where names say which domain they are of. What `is_exported` is answered as a
    request that makes it anew. `tolerated` are those it took to read the query.
    """

    filter: str | None = None
    attributes: tuple[str, ...] = ()
    excluded_attributes: tuple[str, ...] = ()
    sort_by: str | None = None
    sort_order: str | None = None
    start_index: int | None = None
    count: int | None = None
    cursor: str | None = None
    is_explained: bool = False
    is_exported: bool = False
    walker: str = ""
    domain: str | None = None
    tolerated: frozenset[Tolerance] = frozenset()
