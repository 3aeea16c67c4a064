"""What use cases take and answer: a query, a precondition, a representation, a page of a list.

The version of a resource goes in and out as an entity tag (RFC 7644 section 3.14). What is shown of
other resources in one, as a user's groups, changes without it. A tag vouches for all that is shown
(RFC 9110 section 8.8), so a digest of that stands in it behind the version.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from scim.errors import PreconditionFailed
from scim.immutable import immutable
from scim.profile import Tolerance

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation


Place = tuple[str | None, str]
"""The URN that an attribute is nested under, None for the base schema, and its name."""
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def etag_of(version: int, of_others: Mapping[Place, object] | None = None) -> str:
    """Return the weak entity tag of a version, and of what is shown of other resources with it."""
    if not of_others:
        return f'W/"{version}"'
    by_name = {f"{container}:{name}": value for (container, name), value in of_others.items()}
    told = json.dumps(by_name, sort_keys=True, separators=(",", ":"), default=dict)
    return f'W/"{version}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"'


def names_version(header: str, version: int) -> bool:
    """Tell whether a header names the resource's own version, or any (`*`), with whatever others.

    Tags compare weakly, as ours are weak; a header that is no list of tags names nothing.
    """
    is_any = header.strip() == "*"
    return is_any or str(version) in {tag.partition("-")[0] for tag in _tags_in(header)}


def names_tag(header: str, etag: str) -> bool:
    """Tell whether a header names exactly this tag, or any (`*`)."""
    return header.strip() == "*" or not _tags_in(etag).isdisjoint(_tags_in(header))


def _tags_in(header: str) -> frozenset[str]:
    position, tags = 0, set[str]()
    while position < len(header):
        found = _TAG.match(header, position)
        if found is None:
            return frozenset()
        tags.add(found[1])
        position = found.end()
    return frozenset(tags)


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
