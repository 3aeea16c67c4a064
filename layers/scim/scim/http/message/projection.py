"""What a URL asks to be shown of a resource: names of attributes (RFC 7644 section 3.9)."""

from collections.abc import Mapping
from itertools import pairwise

from scim.resource.projection import Projection
from scim.service.endpoint import Endpoint


def projection_of(endpoint: Endpoint, query: Mapping[str, str]) -> Projection:
    """Return what a URL asks to be shown of a resource (RFC 7644 section 3.9)."""
    if "attributes" not in query and "excludedattributes" not in query:
        return endpoint.projection(())
    return endpoint.projection(
        names_in(query.get("attributes")),
        names_in(query.get("excludedattributes")),
    )


def names_in(value: list[str] | str | None) -> tuple[str, ...]:
    """Return the attribute names of a comma-separated list or an array.

    A comma in the brackets of a filter parts nothing.
    """
    if not value:
        return ()
    parts = _parted(value) if isinstance(value, str) else value
    return tuple(name for part in parts if (name := part.strip()))


def _parted(text: str) -> list[str]:
    if "[" not in text:
        return text.split(",")
    cuts, is_inside, is_quoted, is_escaped = [-1], False, False, False
    for position, character in enumerate(text):
        if is_quoted:
            is_quoted = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif is_inside:
            is_quoted, is_inside = character == '"', character != "]"
        elif character == ",":
            cuts.append(position)
        else:
            is_inside = character == "["
    return [text[a + 1 : b] for a, b in pairwise([*cuts, len(text)])]
