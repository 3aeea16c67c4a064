"""Entity tags: the version of a resource as clients see and send it (RFC 7644 section 3.14).

What is shown of other resources in one, as a user's groups, changes without it. A tag vouches for
all that is shown (RFC 9110 section 8.8), so a digest of that stands in it behind the version.
"""

import hashlib
import json
import re
from collections.abc import Mapping

_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def etag_of(version: int, of_others: Mapping[str, object] | None = None) -> str:
    """Return the weak entity tag of a version, and of what is shown of other resources with it."""
    if not of_others:
        return f'W/"{version}"'
    told = json.dumps(of_others, sort_keys=True, separators=(",", ":"), default=dict)
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
