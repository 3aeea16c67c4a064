"""What use cases take and return: a query, a precondition, one resource, a page of a list.

The version of a resource is sent as an entity tag (RFC 7644 section 3.14). Attributes that show other
resources, such as a user's groups, change without a new version. A tag must vouch for everything shown
(RFC 9110 section 8.8), so it contains a digest of those attributes after the version.
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
from scim.resource.body import AttributeKey

if TYPE_CHECKING:
    from scim.patch.operation import PatchOperation


_TAG = re.compile(r'\s*+(?:(?:W/)?"([^"]*)"\s*+)?(?:,|$)')
"""One element of a list of tags, which may be empty (RFC 9110 section 5.6.1.2).

The blanks are possessive: a header, or the version of an operation of Bulk, can be long.
"""


def etag_of(version: int, of_others: Mapping[AttributeKey, object] | None = None) -> str:
    """Return the weak entity tag of a version and of what the resource shows of others."""
    if not of_others:
        return f'W/"{version}"'
    by_name = {f"{container}:{name}": value for (container, name), value in of_others.items()}
    text = json.dumps(by_name, sort_keys=True, separators=(",", ":"), default=dict)
    return f'W/"{version}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def names_version(header: str, version: int) -> bool:
    """Tell whether a header lists the resource's own version, or is `*`.

    Tags are compared weakly, since ours are weak. A header that is not a list of tags names nothing.
    """
    is_any = header.strip() == "*"
    return is_any or str(version) in {tag.partition("-")[0] for tag in _tags_in(header)}


def names_tag(header: str, etag: str) -> bool:
    """Tell whether a header lists exactly this tag, or is `*`."""
    return header.strip() == "*" or not _tags_in(etag).isdisjoint(_tags_in(header))


def _tags_in(header: str) -> frozenset[str]:
    position, tags = 0, set[str]()
    while position < len(header):
        match = _TAG.match(header, position)
        if match is None:
            return frozenset()
        if match[1] is not None:
            tags.add(match[1])
        position = match.end()
    return frozenset(tags)


@immutable
class Answer:
    """One resource after a use case; `resource` is None when the response has no body.

    `is_unmodified` asks for 304 instead of the body, `ignored` lists what was ignored and why,
    `operations` are the plain operations that a PATCH was rewritten to.
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

    `start_index` is None on a page requested by cursor (RFC 9865). `explanation` says how the query
    was answered, if the client asked for it.
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
    """The precondition headers of a request; None = not sent.

    If-Match, and If-None-Match of a write, compare only the resource's own version in a tag;
    If-None-Match of a read compares the whole tag.
    """

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def asks_for_version(self) -> bool:
        """Tell whether a write requires a particular version."""
        return self.if_match is not None and self.if_match.strip() != "*"

    def require(self, version: int) -> None:
        """Raise PreconditionFailed unless the headers allow a write to this version."""
        if self.if_match is None and self.if_none_match is None:
            return
        self.require_match(version)
        if self.if_none_match is not None and names_version(self.if_none_match, version):
            raise PreconditionFailed(f"If-None-Match names the present version {etag_of(version)}.")

    def require_match(self, version: int) -> None:
        """Raise PreconditionFailed unless If-Match allows a request, also a GET, for this version.

        RFC 9110 section 13.1.1 knows no method that is exempt.
        """
        if self.if_match is not None and not names_version(self.if_match, version):
            raise PreconditionFailed(
                f"If-Match does not name the present version {etag_of(version)}."
            )

    def is_unmodified(self, etag: str) -> bool:
        """Tell whether the client already has what this tag vouches for."""
        return self.if_none_match is not None and names_tag(self.if_none_match, etag)


@immutable
class Query:
    """Filter, order, page and projection, as the client wrote them; None = not given.

    An empty cursor asks for the first page of a walk by cursor. `walker` identifies the client by its
    identity and by what it may see: no other client continues its walk. `domain` restricts the result to
    one domain, if names contain a domain. `is_exported` asks for the list as a BulkRequest that creates
    its resources again. `tolerated` are the tolerances used to read the query.
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
