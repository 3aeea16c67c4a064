"""Entity tags: the version of a resource as clients see and send it (RFC 7644 section 3.14)."""

import re

_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def etag_of(version: int) -> str:
    """Return the weak entity tag of a version."""
    return f'W/"{version}"'


def names_version(header: str, version: int) -> bool:
    """Tell whether an If-Match or If-None-Match header names the version, or any (`*`).

    Tags compare weakly, as ours are weak; a header that is no list of tags names nothing.
    """
    if header.strip() == "*":
        return True
    position, tags = 0, set[str]()
    while position < len(header):
        found = _TAG.match(header, position)
        if found is None:
            return False
        tags.add(found[1])
        position = found.end()
    return str(version) in tags
